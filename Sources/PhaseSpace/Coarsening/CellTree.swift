import OptimalTransport

/// Cells that cover the coordinates of a metric, made by cutting one cell after the other in two.
///
/// Cut number j divides a cell, which keeps its number, and makes cell j. So the first cells of a tree, with
/// what was cut off from each joined to it again, are those of a tree with fewer cuts.
public struct CellTree: Sendable {
  let coordinates: MetricCoordinates
  /// Whether each particle is a cell by itself.
  let isOfSingleParticles: Bool
  /// The number of cells; 0 where each particle is one.
  public let count: Int
  /// The cell from which each cell was cut off, a smaller number; the first cell stands for itself.
  let parents: [Int32]
  /// A point in each cell, cell by cell.
  let references: [Double]
  private let nodes: [Node]
  /// Intervals on each axis, where the axes are looked at one by one as well.
  let marginals: [CellTree]

  /// A cut: what lies below the threshold goes left.
  private struct Node: Sendable {
    var threshold: Double
    var axis: Int32
    /// The next cut, or the complement of a cell.
    var left: Int32
    var right: Int32
  }

  /// The cells of which each holds one particle.
  init(ofSingleParticlesIn coordinates: MetricCoordinates) {
    self.coordinates = coordinates
    isOfSingleParticles = true
    (count, parents, references, nodes, marginals) = (0, [], [], [], [])
  }

  /// At most so many cells for a sample.
  ///
  /// - Parameters:
  ///   - points: particle by particle the coordinates and the mass.
  ///   - marginals: intervals on each axis.
  init(
    _ coordinates: MetricCoordinates, points: [Double], count limit: Int,
    marginals: [CellTree] = []
  ) {
    self.coordinates = coordinates
    self.marginals = marginals
    isOfSingleParticles = false
    var points = SamplePoints(points, coordinates)
    var cells = [points.cell(0..<points.count)]
    /// Where the number of a cell stands: a cut and its side; `nil` for the first cell as a whole.
    var places: [(node: Int, isRight: Bool)?] = [nil]
    var queue = WidestCells()
    queue.add(0, cells[0].spread)
    var nodes: [Node] = []
    var parents: [Int32] = [0]
    while cells.count < limit, let cell = queue.removeWidest() {
      let new = cells.count
      let (threshold, middle) = points.cut(cells[cell])
      let node = nodes.count
      nodes.append(
        Node(
          threshold: threshold, axis: Int32(cells[cell].widestAxis), left: ~Int32(cell),
          right: ~Int32(new)))
      if let place = places[cell] {
        if place.isRight {
          nodes[place.node].right = Int32(node)
        } else {
          nodes[place.node].left = Int32(node)
        }
      }
      places[cell] = (node, false)
      places.append((node, true))
      parents.append(Int32(cell))
      let range = cells[cell].range
      cells[cell] = points.cell(range.lowerBound..<middle)
      cells.append(points.cell(middle..<range.upperBound))
      queue.add(cell, cells[cell].spread)
      queue.add(new, cells[new].spread)
    }
    count = cells.count
    self.nodes = nodes
    self.parents = parents
    references = cells.flatMap(\.mean)
  }

  /// The cell of each particle, of which coordinates are given axis by axis.
  func cells(of columns: [[Double]]) -> [Int32] {
    let count = columns.first?.count ?? 0
    guard !nodes.isEmpty else { return Array(repeating: 0, count: count) }
    // One block of memory, so that a cut finds its axis by a multiplication.
    let flat = Array(columns.joined())
    return [Int32](unsafeUninitializedCapacity: count) { buffer, initialized in
      nonisolated(unsafe) let buffer = buffer
      flat.withUnsafeBufferPointer { flat in
        nodes.withUnsafeBufferPointer { nodes in
          nonisolated(unsafe) let (flat, nodes) = (flat, nodes)
          Parallel.forEachChunk(of: count, costPerItem: 60) { range in
            for index in range {
              var next: Int32 = 0
              repeat {
                let node = nodes[Int(next)]
                next =
                  flat[Int(node.axis) &* count &+ index] < node.threshold ? node.left : node.right
              } while next >= 0
              buffer[index] = ~next
            }
          }
        }
      }
      initialized = count
    }
  }

  /// The cell of a tree of fewer cells to which each cell belongs.
  func ancestors(amongFirst limit: Int) -> [Int] {
    var ancestors = Array(0..<count)
    for cell in ancestors.indices where cell >= limit {
      ancestors[cell] = ancestors[Int(parents[cell])]
    }
    return ancestors
  }
}
