/// A measure on the nodes of a tensor grid, such as a density of a grid code.
///
/// Node (i_0, …, i_{D−1}) has the coordinates `nodes[0][i_0]`, …, and its mass stands in row-major
/// order, the last axis fastest. Nodes may have any spacing and order; masses may be 0. The mass of
/// a cell is its density times its volume.
///
/// ```swift
/// let grid = try TensorGrid(nodes: [[0, 0.5], [-1, 0, 1]], masses: [1, 2, 1, 0, 1, 0])
/// let problem = try TransportProblem(from: grid, to: other, exponent: 2)
/// ```
public struct TensorGrid: Sendable, Equatable {
  /// For each axis the coordinates of its nodes.
  public let nodes: [[Double]]
  /// The same measure as points.
  public let measure: DiscreteMeasure

  /// A measure on a grid.
  ///
  /// - Parameters:
  ///   - nodes: for each axis the coordinates of its nodes.
  ///   - masses: one nonnegative mass for each node, of any total, the last axis fastest.
  /// - Throws: `MeasureError`.
  /// - Complexity: O(number of nodes).
  public init(nodes: [[Double]], masses: [Double]) throws(MeasureError) {
    guard !nodes.isEmpty else { throw .noAxes }
    let counts = nodes.map(\.count)
    guard !counts.contains(0) else { throw .empty }
    // A product that overflows is no number of masses that anybody has.
    let count = counts.reduce(1) { product, factor in
      let (value, overflow) = product.multipliedReportingOverflow(by: factor)
      return overflow ? Int.max : value
    }
    guard masses.count == count else {
      throw .massCountMismatch(expected: count, found: masses.count)
    }
    self.nodes = nodes
    measure = try DiscreteMeasure(
      coordinates: Self.coordinates(nodes, count: count), dimension: nodes.count, masses: masses)
  }

  /// The same masses on as many nodes at other places.
  ///
  /// - Throws: `MeasureError` for nodes that are not finite.
  /// - Precondition: there are as many nodes on each axis as before.
  /// - Complexity: O(number of nodes).
  package init(moving grid: TensorGrid, to nodes: [[Double]]) throws(MeasureError) {
    precondition(nodes.map(\.count) == grid.shape)
    self.nodes = nodes
    measure = try grid.measure.replacingCoordinates(
      Self.coordinates(nodes, count: grid.measure.count))
  }

  /// The coordinates of all nodes, axis by axis.
  private static func coordinates(_ nodes: [[Double]], count: Int) -> [Double] {
    var coordinates: [Double] = []
    coordinates.reserveCapacity(count * nodes.count)
    var stride = count
    for values in nodes {
      let length = values.count
      stride /= length
      let step = stride
      coordinates.append(contentsOf: (0..<count).lazy.map { values[$0 / step % length] })
    }
    return coordinates
  }

  /// The number of nodes on each axis.
  public var shape: [Int] { nodes.map(\.count) }
}
