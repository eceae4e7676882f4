extension TransportProblem {
  /// A problem with a cost of one's own, as a function of two points.
  ///
  /// - Parameters:
  ///   - source: μ.
  ///   - target: ν, of the same dimension.
  ///   - exponent: p ≥ 1; 1 where the distance is the least cost itself.
  ///   - cost: the cost of moving a unit of mass from a point of μ to a point of ν, each given by its
  ///     coordinates: nonnegative, finite, and the same whenever it is asked for. It is called from
  ///     several threads, and evaluated once at every pair to be checked.
  /// - Throws: `ProblemError`.
  /// - Complexity: O(nm) calls of the function, O((n + m) d) memory.
  public init(
    from source: DiscreteMeasure, to target: DiscreteMeasure, exponent: Double = 1,
    cost: @escaping @Sendable (_ source: [Double], _ target: [Double]) -> Double
  ) throws(ProblemError) {
    let sources = (0..<source.count).map(source.point)
    let targets = (0..<target.count).map(target.point)
    try self.init(
      from: source, to: target, cost: .function { cost(sources[$0], targets[$1]) },
      exponent: exponent)
  }
}
