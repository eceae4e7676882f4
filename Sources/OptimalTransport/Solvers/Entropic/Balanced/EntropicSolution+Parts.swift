extension EntropicSolution {
  /// The part of `transportCost` that some axes make: all of a block of the cost whose axes are among
  /// them, and of one that has others too the part of each pair's cost that their squared distance is of
  /// the block's.
  ///
  /// - Returns: `nil` unless blocks of positive weight cover all axes.
  /// - Throws: `SolverError.cancelled`, where a watch is in force.
  /// - Complexity: one sweep over all pairs that matter.
  public func transportCost(ofAxes axes: Range<Int>) throws(SolverError) -> Double? {
    try point.transportCost(problem, ofAxes: axes, scale: 1)
  }
}
