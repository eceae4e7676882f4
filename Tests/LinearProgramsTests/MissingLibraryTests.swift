import CharacteristicFlows
import LinearPrograms
import OptimalTransport
import PhaseSpace
import Testing

/// What a build without GLPK or FFTW says where it would need them. In a build with them, the sentences
/// alone are tested.
@Suite struct MissingLibraryTests {
  @Test func sentencesNameTheLibraryAndTheTrait() {
    let solver = SolverError.missingLibrary(solver: "flat", name: "GLPK")
    #expect(
      solver.description
        == "The flat solver needs GLPK, and this kwass was built without it (package trait GLPK); every "
        + "other solver is there.")
    let flow = FlowError.missingLibrary(user: "field particle mesh", name: "FFTW")
    #expect(
      flow.description
        == "The field particle mesh needs FFTW, and this kwass was built without it (package trait FFTW)."
    )
  }

  @Test(.enabled(if: !LinearProgramSolver.isAvailable)) func linearPrograms() throws {
    let points = try DiscreteMeasure(axes: [[0, 1]])
    let problem = try TransportProblem(from: points, to: points, exponent: 1)
    let missing = SolverError.missingLibrary(
      solver: "linear program (simplex)", name: "GLPK")
    #expect(throws: missing) { try LinearProgramSolver().solve(problem) }
    #expect(throws: SolverError.missingLibrary(solver: "bounded-Lipschitz", name: "GLPK")) {
      try BoundedLipschitzDistance(of: problem)
    }
    // Every other solver remains.
    #expect(try AutomaticSolver().solve(problem).cost == 0)
    #expect(try NetworkSimplex().solve(problem).cost == 0)
  }

  @Test func meshes() throws {
    let box = try ProductDomain([.circle(length: 1)])
    let make = { () throws(FlowError) in
      try ParticleMesh(box: box, cells: [8], degree: 2, for: "particle mesh")
    }
    if FourierLibrary.isPresent {
      #expect(try make().cells == [8])
    } else {
      let missing = FlowError.missingLibrary(user: "field particle mesh", name: "FFTW")
      #expect(throws: missing) { try make() }
    }
  }
}
