import OptimalTransport

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
        nodes.count < 2 || (nodes[nodes.count - 1] - nodes[0]).isFinite,
        zip(nodes, nodes.dropFirst()).allSatisfy({ $0 < $1 })
      else {
        return .failure(
          Problem(
            found: "axis \(axis + 1) with \(counted(nodes.count, "node", "nodes"))",
            expected: "at least \(least) finite nodes that increase"))
      }
    }
    if let bad = values.firstIndex(where: { !$0.isFinite }) {
      return .failure(
        Problem(
          found: "the density \(values[bad]) at the node (\(listed(place(of: bad))))",
          expected: "finite numbers"))
    }
    var (values, sizes) = (values, shape)
    var axes = nodes.map { CellGrid.GridAxis(nodes: $0) }
    var box: ProductDomain?
    if dropsPeriodicEnd {
      for axis in 0..<positionDimension {
        if let problem = differenceAtEnds(of: axis) { return .failure(problem) }
        let inner = sizes[(axis + 1)...].reduce(1, *)
        let count = sizes[axis]
        values = values.indices.filter { $0 / inner % count != count - 1 }.map { values[$0] }
        sizes[axis] -= 1
        axes[axis] = CellGrid.GridAxis(periodicNodes: nodes[axis])
      }
      let periods = nodes[..<positionDimension].map { ($0.last ?? 0) - ($0.first ?? 0) }
      guard let domain = try? ProductDomain(periods.map { .circle(length: $0) }) else {
        return .failure(
          Problem(
            found: "the periods \(listed(periods.map(\.description)))", expected: "finite ones"))
      }
      box = domain
    }
    var (snapshot, remainder) = CellGrid(
      axes: axes, values: values, positionDimension: positionDimension
    ).particles()
    snapshot.box = box
    guard snapshot.count > 0 else {
      return .failure(Problem(found: "no cell of positive mass", expected: "a density"))
    }
    let nodeCounts = sizes.map(\.description).joined(separator: " × ")
    return .success(
      Reading(
        snapshot: snapshot, layout: "a density on \(nodeCounts) nodes",
        facts: [SnapshotFact("integral", "\(remainder.integral)")],
        notes: remainder.notes
          + (dropsPeriodicEnd ? ["The last node of each position axis was left out."] : [])))
  }

  /// The place of a value on each axis, counted from 1.
  private func place(of index: Int) -> [String] {
    var rest = index
    var place: [String] = []
    for size in shape.reversed() {
      place.append("\(rest % size + 1)")
      rest /= size
    }
    return place.reversed()
  }

  /// What is wrong with an end that does not repeat the beginning. Codes copy it or compute it anew.
  private func differenceAtEnds(of axis: Int) -> Problem? {
    let inner = shape[(axis + 1)...].reduce(1, *)
    let count = shape[axis]
    let tolerance = 1e-9 * values.reduce(0) { max($0, abs($1)) }
    for index in values.indices where index / inner % count == 0 {
      let (first, last) = (values[index], values[index + inner * (count - 1)])
      if abs(first - last) > tolerance {
        return Problem(
          found:
            "the density \(first) at the first node of axis \(axis + 1) and \(last) at the last",
          expected: "the same, since the end is to be dropped")
      }
    }
    return nil
  }
}
