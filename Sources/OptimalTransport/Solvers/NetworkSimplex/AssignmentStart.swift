/// The optimal tree of a small problem of equal masses, from which the simplex method has nothing left to do.
///
/// A tree of n + m − 1 arcs is found for the assignment, and the additions to the masses that make pivots
/// generic are chosen to fit it: each arc carries a small seeded random flow besides. The simplex method then
/// checks the tree as it checks its own, and mends what rounding has spoilt.
struct AssignmentStart {
  /// The masses with their additions.
  let masses: PerturbedMasses
  /// The arcs of the tree.
  let sources: [Int32]
  let targets: [Int32]

  /// Up to this many pairs the costs are stored; beyond, levels are faster.
  static let largestPairCount = 1 << 14

  /// - Returns: `nil` for unequal masses and for large problems.
  init?(_ problem: TransportProblem) {
    guard problem.pairCount <= Self.largestPairCount, problem.isAssignment else { return nil }
    let count = problem.source.count
    let pairCosts = problem.pairCosts
    let costs = [Double](unsafeUninitializedCapacity: count * count) { buffer, filled in
      for row in 0..<count {
        if let start = buffer.baseAddress {
          pairCosts.row(row, 0..<count, into: start + row * count)
        }
      }
      filled = count * count
    }
    let assignment = DenseAssignment(count: count, costs: costs)
    let joining = assignment.joiningPairs
    masses = PerturbedMasses(
      equalMasses: count, joining: joining, targetOfSource: assignment.targetOfSource)
    sources = (0..<Int32(count)).map { $0 } + joining.map { Int32($0.source) }
    targets =
      assignment.targetOfSource.map { Int32($0) } + joining.map { Int32($0.target) }
  }
}

extension PerturbedMasses {
  /// Equal masses for which a tree is feasible.
  ///
  /// - Parameters:
  ///   - count: the number of points on either side.
  ///   - joining: the arcs of the tree beside the assigned pairs; all lead away from one pair.
  ///   - targetOfSource: the assigned pairs.
  fileprivate init(
    equalMasses count: Int, joining: [(source: Int, target: Int)], targetOfSource: [Int]
  ) {
    var generator = SeededGenerator(seed: Self.seed)
    let limit = Self.largestAddition(points: 2 * count)
    let mass = (IntegerMasses.total / Int128(count)) << Self.shift
    var supplies = [Int128](repeating: mass, count: count)
    var demands = supplies
    let assigned = targetOfSource.enumerated().map { (source: $0, target: $1) }
    for pair in assigned + joining {
      let flow = Int128(1 + generator.next() % limit)
      supplies[pair.source] += flow
      demands[pair.target] += flow
    }
    self.init(supplies: supplies, demands: demands)
  }
}
