import OptimalTransport

/// For each cell the sums from which its mass, its centroid and its variance follow, all compensated: as
/// good as sums in twice the precision, and the same for any chunks and any number of threads.
struct CellSums: Sendable {
  /// Cell by cell: for the mass, each axis and the squares a sum and what was rounded away from it.
  var sums: [Double]
  fileprivate let layout: Layout

  /// Where the numbers of a cell stand, and from where coordinates are counted.
  fileprivate struct Layout: Sendable {
    let references: [Double]
    /// What the square of a difference on an axis counts, 0 where squares are not wanted.
    let squareWeights: [Double]
    let dimension: Int
    let stride: Int
  }

  /// Cells are summed in so many groups at the same time, a power of two.
  private static let groups = 4

  /// Empty sums.
  ///
  /// - Parameters:
  ///   - references: a point in each cell, from which coordinates are counted.
  ///   - squareWeights: for each axis what a square counts.
  init(references: [Double], squareWeights: [Double]) {
    let dimension = squareWeights.count
    layout = Layout(
      references: references, squareWeights: squareWeights, dimension: dimension,
      stride: 2 * (dimension + 2))
    sums = Array(repeating: 0, count: references.count / max(1, dimension) * layout.stride)
  }

  private var references: [Double] { layout.references }
  private var dimension: Int { layout.dimension }
  private var stride: Int { layout.stride }

  /// Adds particles to their cells.
  mutating func add(_ columns: [[Double]], _ masses: [Double]?, to cells: [Int32]) {
    let flat = Array(columns.joined())
    let (layout, count) = (layout, cells.count)
    let groups = count < 4096 ? 1 : Self.groups
    sums.withUnsafeMutableBufferPointer { sums in
      nonisolated(unsafe) let sums = sums
      flat.withUnsafeBufferPointer { flat in
        nonisolated(unsafe) let flat = flat
        Parallel.forEach(of: groups) { group in
          layout.references.withUnsafeBufferPointer { references in
            for index in 0..<count {
              let cell = Int(cells[index])
              guard cell & (groups - 1) == group else { continue }
              layout.add(
                masses?[index] ?? 1, flat, count, index, references, cell, to: sums)
            }
          }
        }
      }
    }
  }

  /// Adds sums to others, each of which stands before what was rounded away from it.
  static func add(_ others: [Double], to sums: inout [Double]) {
    let count = Swift.min(sums.count, others.count) / 2
    sums.withUnsafeMutableBufferPointer { sums in
      others.withUnsafeBufferPointer { others in
        nonisolated(unsafe) let (sums, others) = (sums, others)
        Parallel.forEachChunk(of: count, costPerItem: 3) { range in
          for place in range {
            Layout.add(others[2 &* place], sums, 2 &* place)
            sums[2 &* place &+ 1] += others[2 &* place &+ 1]
          }
        }
      }
    }
  }

  private func sum(_ cell: Int, _ number: Int) -> Double {
    let place = cell * stride + 2 * number
    return sums[place] + sums[place + 1]
  }

  var cellCount: Int { sums.count / stride }

  /// The mass of a cell.
  func mass(_ cell: Int) -> Double { sum(cell, 0) }

  /// The centroid of a cell; its reference where it has no mass.
  func centroid(_ cell: Int) -> [Double] {
    let mass = mass(cell)
    return (0..<dimension).map { axis in
      references[cell * dimension + axis] + (mass > 0 ? sum(cell, axis + 1) / mass : 0)
    }
  }

  /// The weighted squares of the distances of the particles of a cell to its centroid, and those to its
  /// reference, which are at least as large.
  func squares(_ cell: Int) -> (toCentroid: Double, toReference: Double) {
    let (mass, squares) = (mass(cell), sum(cell, dimension + 1))
    guard mass > 0 else { return (0, 0) }
    let shift = (0..<dimension).reduce(0.0) { result, axis in
      let moment = sum(cell, axis + 1)
      return result + layout.squareWeights[axis] * (moment * (moment / mass))
    }
    return (max(0, squares - shift), squares)
  }
}

extension CellSums.Layout {
  @inline(__always)
  fileprivate func add(
    _ mass: Double, _ flat: UnsafeBufferPointer<Double>, _ count: Int, _ index: Int,
    _ references: UnsafeBufferPointer<Double>, _ cell: Int,
    to sums: UnsafeMutableBufferPointer<Double>
  ) {
    let place = cell &* stride
    Self.add(mass, sums, place)
    var square = 0.0
    for axis in 0..<dimension {
      let difference = flat[axis &* count &+ index] - references[cell &* dimension &+ axis]
      let moment = mass * difference
      Self.add(moment, sums, place &+ 2 &* (axis &+ 1))
      square += squareWeights[axis] * (moment * difference)
    }
    Self.add(square, sums, place &+ 2 &* (dimension &+ 1))
  }

  /// D. E. Knuth's sum of two numbers and its rounding error, The Art of Computer Programming 2, 4.2.2.
  @inline(__always)
  fileprivate static func add(
    _ term: Double, _ sums: UnsafeMutableBufferPointer<Double>, _ place: Int
  ) {
    let old = sums[place]
    let sum = old + term
    let part = sum - old
    sums[place] = sum
    sums[place &+ 1] += (old - (sum - part)) + (term - part)
  }
}
