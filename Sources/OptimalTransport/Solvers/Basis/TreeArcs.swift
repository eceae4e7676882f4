/// The arcs of a tree with their costs.
struct TreeArcs: Sendable {
  /// The source of each arc.
  private(set) var sources: [Int32] = []
  /// The target of each arc, counted from 0.
  private(set) var targets: [Int32] = []
  /// The cost of each arc.
  private(set) var costs: [Double] = []

  /// The number of arcs.
  var count: Int { sources.count }

  /// No arcs, with room for some.
  init(capacity: Int) {
    sources.reserveCapacity(capacity)
    targets.reserveCapacity(capacity)
    costs.reserveCapacity(capacity)
  }

  /// Adds an arc.
  mutating func append(_ source: Int, _ target: Int, _ cost: Double) {
    sources.append(Int32(source))
    targets.append(Int32(target))
    costs.append(cost)
  }

  /// Adds arcs.
  mutating func append(_ other: TreeArcs) {
    sources += other.sources
    targets += other.targets
    costs += other.costs
  }
}
