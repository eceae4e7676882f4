import Foundation

/// Plain numpy, LAPACK and fplanck beside the kinetic models, each in a process of its own on one core.
///
/// There is no library to stand beside Cucker's and Smale's model: the package `mvkit` of PyPI is a tool for
/// videos.
struct ModelPeer {
  /// The second eigenvalue of each matrix as a solver for symmetric tridiagonal matrices finds it.
  struct Eigenvalues: Codable {
    /// By dsterf, without vectors.
    let sterf: [Double]
    /// By dstev.
    let stev: [Double]
    let version: String
  }

  /// The accelerations of agents, component by component.
  struct Accelerations: Codable {
    let seconds: [Double]
    let accelerations: [Double]
    let version: String
  }

  /// Densities of particles without inertia, each at the middles of cells about 0.
  struct Densities: Codable {
    let seconds: [Double]
    let densities: [[Double]]
    /// a_k of the density Σa_k cos kx, to rounding.
    let cosines: [Double]
    let version: String
  }

  private let python: String

  /// Python as the environment has it.
  init() throws { python = try Project.python() }

  /// λ₁ of case A, with so many cells.
  func eigenvalues(cells: Int, gammas: [Double]) throws -> Eigenvalues {
    try ChildProcess.run(
      python,
      [Project.peer("models.py"), "eigenvalues", "\(cells)"] + gammas.map(\.description),
      processors: 1
    ).decoded(as: Eigenvalues.self)
  }

  /// Cucker's and Smale's right-hand side on the unit torus, φ = (1 + r²)^−exponent.
  func cuckerSmale(
    _ snapshot: String, exponent: Double, repetitions: Int
  ) throws -> Accelerations {
    try ChildProcess.run(
      python,
      [Project.peer("models.py"), "cucker-smale", snapshot, "\(exponent)", "\(repetitions)"],
      processors: 1
    ).decoded(as: Accelerations.self)
  }

  /// The density at a time in the potential −amplitude·cos x on a circle of the length 2π, from 1 + wave·cos x.
  func fokkerPlanck(
    amplitude: Double, wave: Double, until time: Double, cells: [Int]
  ) throws -> Densities {
    try ChildProcess.run(
      python,
      [Project.peer("models.py"), "fokker-planck", "\(amplitude)", "\(wave)", "\(time)"]
        + cells.map(\.description),
      processors: 1
    ).decoded(as: Densities.self)
  }
}
