import CKwass
import OptimalTransport
import PhaseSpace

/// A `kwass_measure`.
final class MeasureObject: LibraryObject {
  static let name = "kwass_measure"

  let measure: PhaseSpaceMeasure

  init(_ measure: PhaseSpaceMeasure) { self.measure = measure }
}

extension PhaseSpaceMeasure {
  init(_ particles: kwass_particles) throws(Failure) {
    let count = try Self.count(particles.count)
    guard
      let positions = try StridedArray.points(particles.positions, count: count, name: "positions")
    else {
      throw .argument(
        "The dimension of the positions is 0; a measure needs at least one coordinate.")
    }
    let velocities = try StridedArray.points(
      particles.velocities, count: count, name: "velocities")
    let weights = try StridedArray.points(particles.weights, count: count, name: "weights")
    if weights != nil, particles.weights.dimension != 1 {
      throw .argument(
        "The dimension of the weights is \(particles.weights.dimension); it must be 1, or 0 for equal "
          + "weights.")
    }
    let dimension = Int(particles.positions.dimension)
    let coordinates = Double(dimension) + Double(particles.velocities.dimension)
    try Memory.require(
      8 * Double(count) * (3 * coordinates + 4), for: "a measure of \(count) points")
    let box = try Self.box(particles.box, dimension: dimension)
    do throws(PhaseSpaceError) {
      try self.init(
        positions: (0..<dimension).map { positions.values($0) },
        velocities: velocities.map { array in
          (0..<Int(particles.velocities.dimension)).map { array.values($0) }
        } ?? [],
        masses: weights?.values, box: box)
    } catch {
      throw Failure(error)
    }
  }

  init(_ grid: kwass_grid) throws(Failure) {
    let (d, e) = (Int(grid.position_axes), Int(grid.velocity_axes))
    guard d >= 1, e >= 0, d + e <= 64 else {
      throw .argument(
        "The grid has \(d) position and \(e) velocity axes; it must have at least one of position and at "
          + "most 64 in all.")
    }
    guard grid.reserved == 0 else {
      throw .argument("The field reserved of the kwass_grid is \(grid.reserved); it must be 0.")
    }
    guard let counts = grid.counts else { throw .null("counts") }
    guard let nodes = grid.nodes else { throw .null("nodes") }
    var sizes: [Int] = []
    var total = 1.0
    for axis in 0..<d + e {
      let size = counts[axis]
      guard size >= 1, size <= Int64(StridedArray.largestCount) else {
        throw .argument(
          "Axis \(axis + 1) of the grid has \(size) nodes; it must have from 1 to "
            + "\(StridedArray.largestCount).")
      }
      sizes.append(Int(size))
      total *= Double(size)
    }
    guard total <= Double(StridedArray.largestCount) else {
      throw .argument(
        "The grid has \(total) nodes; it must have at most \(StridedArray.largestCount).")
    }
    try Memory.require(
      8 * total * (3 * Double(d + e) + 4), for: "a grid of \(Int(total)) nodes")
    let width = Int(grid.type) == KWASS_FLOAT ? 4 : 8
    var strides = [Int](repeating: width, count: d + e)
    for axis in (0..<d + e - 1).reversed() { strides[axis] = strides[axis + 1] * sizes[axis + 1] }
    if let given = grid.mass_strides { strides = (0..<d + e).map { Int(given[$0]) } }
    let masses = try StridedArray(
      grid.masses, type: grid.type, counts: sizes, strides: strides, name: "masses")
    var axes: [[Double]] = []
    for axis in 0..<d + e {
      axes.append(
        try StridedArray(
          nodes[axis], type: Int32(KWASS_DOUBLE), counts: [sizes[axis]], strides: [8],
          name: "nodes of axis \(axis + 1)"
        ).values)
    }
    let box = try Self.box(grid.box, dimension: d)
    let density: TensorGrid
    do throws(MeasureError) {
      density = try TensorGrid(nodes: axes, masses: masses.values)
    } catch {
      throw Failure(KWASS_ERROR_DATA, error.description)
    }
    do throws(PhaseSpaceError) {
      try self.init(grid: density, box: box)
    } catch {
      throw Failure(error)
    }
  }

  private static func count(_ given: Int64) throws(Failure) -> Int {
    guard given >= 1, given <= Int64(StridedArray.largestCount) else {
      throw .argument(
        "The count of points is \(given); it must be from 1 to \(StridedArray.largestCount).")
    }
    return Int(given)
  }

  /// The box whose periods stand behind a pointer.
  private static func box(
    _ periods: UnsafePointer<Double>?, dimension: Int
  ) throws(Failure) -> ProductDomain {
    let axes = (0..<dimension).map { axis -> CoordinateAxis in
      guard let periods, periods[axis] != 0 else { return .line }
      return .circle(length: periods[axis])
    }
    do throws(ProductDomainError) {
      return try ProductDomain(axes)
    } catch {
      throw Failure(
        KWASS_ERROR_DATA, error.description + " 0 stands for an axis that is not periodic.")
    }
  }
}
