import CharacteristicFlows
import OptimalTransport

/// The averages of many agents on a torus by a mesh: masses and momenta go to it by cubic splines, are
/// folded with φ by Fourier transforms, and come back by the same splines, both splines divided out.
///
/// The error falls like the fourth power of the cells' size over the length at which φ varies.
public struct AlignmentMesh: Sendable {
  /// The number of cells on each axis.
  public var cells: [Int] { mesh.cells }
  private let mesh: ParticleMesh
  /// For each coefficient that of φ over the square of the spline's.
  private let influence: [Double]

  /// A mesh for a kernel.
  ///
  /// - Throws: `FlowError.badBox` unless all of one to three axes are periodic with at least four cells
  ///   each.
  /// - Complexity: O(cells log cells).
  public init(
    _ kernel: CommunicationKernel, box: ProductDomain, cells: [Int]
  ) throws(FlowError) {
    mesh = try ParticleMesh(box: box, cells: cells, degree: 3, for: "alignment by a mesh")
    let count = cells.reduce(1, *)
    let values = (0..<count).map { index -> Double in
      var (rest, square) = (index, 0.0)
      for axis in cells.indices.reversed() {
        let step = box.axes[axis].length / Double(cells[axis])
        let distance = box.axes[axis].difference(Double(rest % cells[axis]) * step, 0)
        rest /= cells[axis]
        square += distance * distance
      }
      return kernel(square.squareRoot())
    }
    influence = zip(mesh.coefficients(ofCellValues: values), mesh.splineTransform).map {
      // φ is even, so its coefficients are real.
      $0.0 / (Double(count) * $1 * $1)
    }
  }

  /// "a mesh of … cells".
  var name: String { "a mesh of \(cells.map(\.description).joined(separator: " × ")) cells" }

  /// The box of the mesh.
  ///
  /// - Throws: `FlowError.badBox`.
  func validate(for particles: ParticleState) throws(FlowError) {
    guard particles.box == mesh.box else {
      throw .badBox(field: "alignment by \(name)", requirement: "the box that it was made for")
    }
  }

  /// ρ_φ and (uρ)_φ at the particles.
  ///
  /// - Complexity: O(n + cells log cells).
  func averages(of particles: ParticleState) -> AlignmentAverages {
    let (n, dimension) = (particles.count, particles.dimension)
    let masses = particles.masses
    // The density, then each component of the momentum, as many at once as there are axes.
    var functions = [folded(masses, particles)]
    for axis in 0..<dimension {
      let velocities = particles.velocities[axis * n..<(axis + 1) * n]
      functions.append(folded(zip(masses, velocities).map { $0 * $1 }, particles))
    }
    var found: [Double] = []
    for first in stride(from: 0, to: dimension + 1, by: dimension) {
      let part = functions[first..<min(first + dimension, dimension + 1)]
      var values = [Double](repeating: 0, count: n * dimension)
      mesh.gather(Array(part), at: particles.positions, into: &values)
      found += values[..<(n * part.count)]
    }
    return AlignmentAverages(densities: Array(found[..<n]), momenta: Array(found[n...]))
  }

  private func folded(_ weights: [Double], _ particles: ParticleState) -> [Double] {
    var coefficients = mesh.coefficients(weights, of: particles)
    for index in coefficients.indices {
      coefficients[index].0 *= influence[index]
      coefficients[index].1 *= influence[index]
    }
    return mesh.cellValues(&coefficients)
  }
}
