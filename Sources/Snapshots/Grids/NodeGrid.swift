/// A density given at the nodes of a grid, as files hold it.
struct NodeGrid {
  let nodes: [[Double]]
  let positionDimension: Int
  let values: [Double]
  let shape: [Int]

  /// Why a grid is none.
  struct Problem: Error {
    let found: String
    let expected: String
  }

  /// The measure of the cells around the nodes.
  ///
  /// - Parameter dropsPeriodicEnd: whether the last node of each position axis repeats the first.
  func reading(dropsPeriodicEnd: Bool) -> Result<Reading, Problem> {
    guard shape == nodes.map(\.count) else {
      let sizes = shape.map(\.description).joined(separator: " × ")
      return .failure(
        Problem(
          found: "a density of \(sizes.isEmpty ? "one number" : sizes)",
          expected: "the \(nodes.map(\.count.description).joined(separator: " × ")) of its axes"))
    }
    for (axis, nodes) in nodes.enumerated() {
      let least = dropsPeriodicEnd && axis < positionDimension ? 3 : 2
      guard nodes.count >= least, nodes.allSatisfy(\.isFinite),
        zip(nodes, nodes.dropFirst()).allSatisfy({ $0 < $1 })
      else {
        return .failure(
          Problem(
            found: "axis \(axis + 1) with \(counted(nodes.count, "node", "nodes"))",
            expected: "at least \(least) finite nodes that increase"))
      }
    }
    if let bad = values.first(where: { !$0.isFinite }) {
      return .failure(Problem(found: "the density \(bad)", expected: "finite numbers"))
    }
    var (nodes, values) = (nodes, values)
    if dropsPeriodicEnd {
      for axis in 0..<positionDimension {
        let inner = nodes[(axis + 1)...].reduce(1) { $0 * $1.count }
        let count = nodes[axis].count
        values = values.indices.filter { $0 / inner % count != count - 1 }.map { values[$0] }
        nodes[axis].removeLast()
      }
    }
    let (snapshot, remainder) = PhaseSpaceGrid(
      axes: nodes.map { PhaseSpaceGrid.GridAxis(nodes: $0) }, values: values,
      positionDimension: positionDimension
    ).particles()
    guard snapshot.count > 0 else {
      return .failure(Problem(found: "no cell of positive mass", expected: "a density"))
    }
    let sizes = nodes.map(\.count.description).joined(separator: " × ")
    return .success(
      Reading(
        snapshot: snapshot, layout: "a density on \(sizes) nodes",
        facts: [Fact("integral", "\(remainder.integral)")],
        notes: remainder.notes
          + (dropsPeriodicEnd ? ["The last node of each position axis was left out."] : [])))
  }
}
