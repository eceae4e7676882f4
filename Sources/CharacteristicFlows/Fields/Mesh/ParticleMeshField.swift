import CFFTW
import OptimalTransport
import TransportKernels

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
  public let box: Domain
  /// The number of cells on each axis.
  public let cells: [Int]
  /// The spline.
  public let shape: Shape
  /// The regularisation.
  public let filter: Filter

  private let transform: MeshTransform
  /// For each place of a padded array its cell (`TK_MESH_MARGIN`).
  private let cellOfPlace: [Int32]
  private let mesh: tk_mesh
  /// For each coefficient what makes the potential of the deposited mass.
  private let influence: [Double]
  /// For each axis the wavenumber of each coefficient.
  private let wavenumbers: [[Double]]

  /// Masses are deposited in this many parts, whatever the number of processors: the sums, and with
  /// them the bits of a result, do not depend on it.
  private static let partCount = 4

  /// A field on a mesh.
  ///
  /// - Throws: `FlowError` for a box that is not periodic on each of one to three axes, for fewer than
  ///   four cells an axis or more than 2³⁰ in all, and for an impossible ε.
  /// - Complexity: O(cells).
  public init(
    epsilon: Double, box: Domain, cells: [Int], shape: Shape = .quadratic,
    filter: Filter = .gaussian, isAttractive: Bool = false
  ) throws(FlowError) {
    try checkEpsilon(epsilon)
    guard box.dimension <= 3, box.axes.allSatisfy(\.isPeriodic) else {
      throw .badBox(field: "particle mesh", requirement: "one to three axes, all periodic")
    }
    guard cells.count == box.dimension, cells.allSatisfy({ 4...1 << 20 ~= $0 }),
      cells.reduce(1.0, { $0 * Double($1) }) <= 0x1p30, let transform = MeshTransform(cells: cells)
    else {
      throw .badBox(
        field: "particle mesh",
        requirement: "at least four cells for each axis, and at most 2^30 in all")
    }
    self.epsilon = epsilon
    self.isAttractive = isAttractive
    self.box = box
    self.cells = cells
    self.shape = shape
    self.filter = filter
    self.transform = transform
    var mesh = tk_mesh()
    mesh.dimension = Int32(cells.count)
    mesh.degree = Int32(shape.rawValue)
    let padded = cells.map { Int32($0) } + Array(repeating: 1, count: 3 - cells.count)
    mesh.cells = (padded[0], padded[1], padded[2])
    let perLength = box.axes.map { 1 / $0.length } + Array(repeating: 0, count: 3 - cells.count)
    mesh.per_length = (perLength[0], perLength[1], perLength[2])
    self.mesh = mesh
    cellOfPlace = Self.cellsOfPlaces(cells)
    let modes = MeshModes(
      cells: cells, box: box.axes.map(\.length), degree: shape.rawValue, epsilon: epsilon,
      filter: filter)
    influence = modes.influence
    wavenumbers = modes.wavenumbers
  }

  private static func cellsOfPlaces(_ cells: [Int]) -> [Int32] {
    cells.reduce([0]) { rows, count in
      rows.flatMap { row in
        (0..<count + Int(TK_MESH_MARGIN)).map { place in
          row * Int32(count) + Int32((place - 1 + count) % count)
        }
      }
    }
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
    of particles: ParticleState, at time: Double, scratch: inout FieldScratch,
    into accelerations: inout [Double]
  ) {
    let (n, dimension) = (particles.count, cells.count)
    let masses = massCoefficients(of: particles)
    var component = [Double](repeating: 0, count: transform.cellCount)
    var fields = [Double](repeating: 0, count: cellOfPlace.count * dimension)
    let sign = isAttractive ? -1.0 : 1.0
    for axis in 0..<dimension {
      let waves = wavenumbers[axis]
      // E_k = −ik·U_k.
      var coefficients = masses.indices.map { index -> fftw_complex in
        let factor = sign * waves[index] * influence[index]
        return (factor * masses[index].1, -factor * masses[index].0)
      }
      transform.backward(&coefficients, into: &component)
      for (place, cell) in cellOfPlace.enumerated() {
        fields[place * dimension + axis] = component[Int(cell)]
      }
    }
    fields.withUnsafeBufferPointer { fields in
      particles.positions.withUnsafeBufferPointer { positions in
        accelerations.withUnsafeMutableBufferPointer { values in
          nonisolated(unsafe) let (fields, positions, values) = (fields, positions, values)
          Parallel.forEachChunk(of: n, costPerItem: 10) { range in
            withUnsafePointer(to: mesh) { mesh in
              tk_mesh_gather(
                mesh, positions.baseAddress, n, range.lowerBound, range.upperBound,
                fields.baseAddress, values.baseAddress)
            }
          }
        }
      }
    }
  }

  /// (ε²/2)·Σ_k |E_k|² over the modes of the mesh.
  ///
  /// - Complexity: O(n + cells log cells).
  public func potentialEnergy(
    of particles: ParticleState, at time: Double, scratch: inout FieldScratch
  ) -> Double? {
    let masses = massCoefficients(of: particles)
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

  /// The Fourier coefficients ∫e^{−ik·x}dρ, multiplied with the spline's transform.
  private func massCoefficients(of particles: ParticleState) -> [fftw_complex] {
    let (n, count, parts) = (particles.count, cellOfPlace.count, Self.partCount)
    var parted = [Double](repeating: 0, count: count * parts)
    parted.withUnsafeMutableBufferPointer { density in
      particles.positions.withUnsafeBufferPointer { positions in
        particles.masses.withUnsafeBufferPointer { masses in
          nonisolated(unsafe) let (density, positions, masses) = (density, positions, masses)
          Parallel.forEachChunk(of: parts, costPerItem: 10 * Double(n / parts)) { range in
            for part in range {
              withUnsafePointer(to: mesh) { mesh in
                tk_mesh_deposit(
                  mesh, positions.baseAddress, n, masses.baseAddress, n * part / parts,
                  n * (part + 1) / parts, density.baseAddress?.advanced(by: part * count))
              }
            }
          }
        }
      }
    }
    var density = [Double](repeating: 0, count: transform.cellCount)
    for part in 0..<parts {
      for (place, cell) in cellOfPlace.enumerated() {
        density[Int(cell)] += parted[part * count + place]
      }
    }
    return transform.forward(&density)
  }
}
