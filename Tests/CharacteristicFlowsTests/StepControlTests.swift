import OptimalTransport
import PhaseSpace
import TestSupport
import Testing

@testable import CharacteristicFlows

/// Step control: what it claims is not less than the true error.
@Suite struct StepControlTests {
  enum Force: CaseIterable { case sheets, quadraticMesh, cubicMesh }

  private func field(_ force: Force, _ box: ProductDomain) throws -> any ForceField {
    switch force {
    case .sheets: try SheetField(epsilon: 0.2)
    case .quadraticMesh: try ParticleMeshField(epsilon: 0.2, box: box, cells: [16])
    case .cubicMesh: try ParticleMeshField(epsilon: 0.2, box: box, cells: [16], shape: .cubic)
    }
  }

  /// The force of sheets jumps and that of a mesh has kinks, so no method has its order there. The true
  /// error, against a run whose steps are far shorter, stays below the tolerance all the same.
  @Test(arguments: Force.allCases, Integrator.allCases)
  func theErrorIsNotMoreThanIsClaimed(force: Force, integrator: Integrator) throws {
    for (count, seed) in [(5, 11), (24, 1), (60, 2), (300, 3)] as [(Int, UInt64)] {
      let box = try torus()
      let measure = try cloud(count: count, seed: seed, box: box)
      let field = try field(force, box)
      let tolerances = force == .sheets ? [1e-1, 1e-2] : [1e-2, 1e-4, 1e-6]
      var reference = try CharacteristicFlow(
        measure: measure, field: field, integrator: force == .sheets ? .strang : .yoshida4,
        step: force == .sheets ? 0x1p-16 : 0x1p-11)
      try reference.advance(to: 1)
      for tolerance in tolerances {
        var flow = try CharacteristicFlow(
          measure: measure, field: field, integrator: integrator, step: 0.1)
        let control = try flow.advance(to: 1, tolerance: tolerance)
        let error = try flow.particles.pairedDistance(to: reference.particles)
        #expect(control.error <= tolerance)
        #expect(error <= control.error, "\(count): \(error) claimed \(control.error)")
      }
    }
  }

  /// The rate is measured: without it, or with the order of the method, errors count for too little.
  @Test func differencesSayWhatIsLeft() throws {
    func estimate(_ values: [Double], order: Int, isContinuous: Bool = true) -> Double? {
      var differences = HalvingDifferences(order: order, isContinuous: isContinuous)
      for value in values { differences.append(value, rounding: 1e-15) }
      return differences.estimate?.error
    }
    // Two step sizes show no rate, and differences that do not fall neither.
    #expect(estimate([1], order: 2) == nil && estimate([1, 1], order: 2) == nil)
    // A fall by 1.5 leaves twice the last difference; faster ones leave at most the last.
    #expect(estimate([9, 6, 4], order: 4) == 8)
    #expect(estimate([64, 4, 0.25], order: 4) == 0.25)
    // What is small by chance does not count.
    #expect(estimate([8, 4, 1e-3], order: 4) == 2)
    #expect(estimate([8, 4, 2], order: 6, isContinuous: false) == 8)
    // Rounding is no rate.
    #expect(estimate([1e-3, 1e-16], order: 2) == 1e-15)
  }

  @Test func stepsAreCounted() throws {
    func count(_ start: Double, _ end: Double, _ step: Double) throws -> Int {
      try StepCount.steps(from: start, to: end, step: step)
    }
    #expect(try count(0, 1, 0.1) == 10 && count(1, 0, 0.3) == 4 && count(2, 2, 1) == 0)
    #expect(try count(-1e308, 1e308, 1e308) == 2)
    for (start, end, step) in [
      (0.0, 1, 1e-300), (0, 1e300, 1), (-1e308, 1e308, 1), (1e17, 1e17 + 64, 1), (0, .nan, 1),
      (0, .infinity, 1),
    ] {
      #expect(throws: FlowError.self) { try count(start, end, step) }
    }
  }
}
