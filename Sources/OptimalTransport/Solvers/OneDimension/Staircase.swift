/// The monotone plan between two sequences of points on a line, with its potentials.
///
/// The north-west rule on sorted points is optimal for a convex cost of the difference, and so are
/// the potentials that make all steps of its staircase tight, also where the plan is degenerate: the
/// matrix c_ij has the Monge property. Source: A. J. Hoffman, "On simple linear programming
/// problems" (1963).
struct Staircase {
  /// The position of the source and of the target of each step, and the integer mass it moves.
  private(set) var steps: [(source: Int, target: Int, mass: Int128)] = []
  /// f at each source position.
  private(set) var sourcePotentials: [Double]
  /// g at each target position.
  private(set) var targetPotentials: [Double]

  /// Merges two sequences with the same total mass, all masses positive.
  init(_ sources: SortedPoints, _ targets: SortedPoints, cost: ConvexCost) {
    sourcePotentials = Array(repeating: 0, count: sources.count)
    targetPotentials = Array(repeating: 0, count: targets.count)
    steps.reserveCapacity(sources.count + targets.count)
    var (i, j) = (0, 0)
    var (left, right) = (sources.masses[0], targets.masses[0])
    // A potential is a long alternating sum: it is carried in twice the precision.
    var (high, low) = (0.0, 0.0)
    func step(_ value: Double) {
      let sum = value - high
      let virtual = sum - value
      let error = (value - (sum - virtual)) - (high + virtual)
      let rest = error - low
      high = sum + rest
      low = rest - (high - sum)
    }
    step(cost(sources.coordinates[0] - targets.coordinates[0]))
    targetPotentials[0] = high
    var heldBySource = false
    while true {
      let moved = min(left, right)
      steps.append((i, j, moved))
      left -= moved
      right -= moved
      if left == 0, i + 1 < sources.count {
        // The running value is always the potential of the side that stays.
        if heldBySource { step(cost(sources.coordinates[i] - targets.coordinates[j])) }
        heldBySource = false
        i += 1
        left = sources.masses[i]
        step(cost(sources.coordinates[i] - targets.coordinates[j]))
        sourcePotentials[i] = high
        heldBySource = true
      } else if j + 1 < targets.count {
        if !heldBySource { step(cost(sources.coordinates[i] - targets.coordinates[j])) }
        heldBySource = true
        j += 1
        right = targets.masses[j]
        step(cost(sources.coordinates[i] - targets.coordinates[j]))
        targetPotentials[j] = high
        heldBySource = false
      } else {
        break
      }
    }
  }
}
