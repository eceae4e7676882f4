/// A coupling of two discrete measures, sparse: the pairs that carry mass, and how much.
public struct TransportPlan: Sendable, Equatable {
  /// For each entry the index of its source point.
  public let sources: [Int32]
  /// For each entry the index of its target point.
  public let targets: [Int32]
  /// For each entry the mass that it moves, positive; all together sum to 1.
  public let masses: [Double]

  /// A plan from its entries.
  ///
  /// - Precondition: the arrays have the same length.
  package init(sources: [Int32], targets: [Int32], masses: [Double]) {
    precondition(sources.count == masses.count && targets.count == masses.count)
    self.sources = sources
    self.targets = targets
    self.masses = masses
  }

  /// The number of entries.
  public var count: Int { masses.count }

  /// The masses that leave each source point.
  public func sourceMarginal(count: Int) -> [Double] { Self.marginal(sources, masses, count) }

  /// The masses that arrive at each target point.
  public func targetMarginal(count: Int) -> [Double] { Self.marginal(targets, masses, count) }

  private static func marginal(_ indices: [Int32], _ masses: [Double], _ count: Int) -> [Double] {
    var sums = [CompensatedSum](repeating: CompensatedSum(), count: count)
    for (index, mass) in zip(indices, masses) { sums[Int(index)].add(mass) }
    return sums.map(\.value)
  }
}
