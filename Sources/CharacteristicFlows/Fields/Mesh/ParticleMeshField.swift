import OptimalTransport

/// The field of Vlasov–Poisson on a torus of one to three dimensions by a particle mesh.
///
/// v̇ = E = −∇U, −ε²ΔU = ρ/ρ̄ − 1, as for `SheetField`. Masses go to the mesh by a B-spline, the
/// potential is found by Fourier transforms, and the field comes back to the particles by the same
/// spline, so that no particle acts on itself and momentum is conserved. What becomes of short waves
/// is the matter of a `Filter`: that is the regularisation. Source: R. W. Hockney
/// and J. W. Eastwood, "Computer Simulation Using Particles" (1988),
/// doi:10.1201/9780367806934.
public struct ParticleMeshField: ForceField {
  /// The spline by which particles and mesh meet.
  public enum Shape: Int, Sendable, CaseIterable {
    /// Three points an axis ("triangular-shaped cloud").
    case quadratic = 2
    /// Four points an axis ("piecewise cubic spline").
    case cubic = 3
  }

  /// The Debye length ε; the plasma frequency is 1/ε.
  public let epsilon: Double
  /// Whether particles attract each other instead of repelling.
  public let isAttractive: Bool
  /// The box: circles.
  public let box: ProductDomain
  /// The number of cells on each axis.
  public let cells: [Int]
  /// The spline by which particles and mesh meet.
  public let shape: Shape
  /// What becomes of the waves that the mesh cannot show.
  public let filter: Filter

  let mesh: ParticleMesh
  /// Which of all particles the field is evaluated for, where several processes have some; `nil` for all.
  var share: MeshShare?
  /// For each coefficient what makes the potential of the deposited mass.
  private let influence: [Double]
  /// For each axis the wavenumber of each coefficient.
  private let wavenumbers: [[Double]]

  /// A field on a mesh.
  ///
  /// - Throws: `FlowError` for a box that is not periodic on each of one to three axes, for fewer than
  ///   four cells an axis or more than 2³⁰ in all, and for an impossible ε.
  /// - Complexity: O(cells).
  public init(
    epsilon: Double, box: ProductDomain, cells: [Int], shape: Shape = .quadratic,
    filter: Filter = .gaussian, isAttractive: Bool = false
  ) throws(FlowError) {
    try checkEpsilon(epsilon)
    mesh = try ParticleMesh(box: box, cells: cells, degree: shape.rawValue, for: "particle mesh")
    self.epsilon = epsilon
    self.isAttractive = isAttractive
    self.box = box
    self.cells = cells
    self.shape = shape
    self.filter = filter
    let modes = MeshModes(
      cells: cells, box: box.axes.map(\.length), degree: shape.rawValue, epsilon: epsilon,
      filter: filter)
    influence = modes.influence
    wavenumbers = modes.wavenumbers
  }

  /// "particle mesh" with its parameters.
  public var name: String {
    let size = cells.map(\.description).joined(separator: " × ")
    return
      "Vlasov–Poisson by a particle mesh of \(size) cells, \(shape) shape, \(filter.rawValue) filter, "
      + "ε = \(epsilon), \(isAttractive ? "attractive" : "repulsive")"
  }
  /// The plasma frequency 1/ε.
  public var frequency: Double? { 1 / epsilon }

  /// The box of the mesh.
  ///
  /// - Throws: `FlowError.badBox`.
  public func validate(for particles: ParticleState) throws(FlowError) {
    try particles.checkBox(box, madeFor: name)
  }

  /// The field at each particle.
  ///
  /// - Complexity: O(n + cells log cells).
  public func accelerations(
    of particles: ParticleState, at time: Double, scratch: inout NoScratch,
    into accelerations: inout [Double]
  ) {
    let masses = mesh.coefficients(particles.masses, of: particles, share)
    let sign = isAttractive ? -1.0 : 1.0
    let components = wavenumbers.map { waves in
      // E_k = −ik·U_k.
      var coefficients = masses.indices.map { index -> FourierCoefficient in
        let factor = sign * waves[index] * influence[index]
        return (factor * masses[index].1, -factor * masses[index].0)
      }
      return mesh.cellValues(&coefficients)
    }
    mesh.gather(components, at: particles.positions, into: &accelerations)
  }

  /// (ε²/2)·Σ_k |E_k|² over the modes of the mesh.
  ///
  /// - Complexity: O(n + cells log cells).
  public func potentialEnergy(of particles: ParticleState, at time: Double) -> Double? {
    let masses = mesh.coefficients(particles.masses, of: particles, share)
    let lastCells = cells[cells.count - 1]
    let row = lastCells / 2 + 1
    var sum = CompensatedSum()
    for (index, mass) in masses.enumerated() {
      // The coefficients that are not stored are the conjugates of those in the middle of a row.
      let last = index % row
      let copies = last == 0 || 2 * last == lastCells ? 1.0 : 2.0
      sum.add(copies * influence[index] * (mass.0 * mass.0 + mass.1 * mass.1))
    }
    return (isAttractive ? -0.5 : 0.5) * sum.value
  }
}
