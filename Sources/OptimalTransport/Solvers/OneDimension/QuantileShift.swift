/// The shift between the quantiles of two measures on a circle, which is the one thing that the
/// circle leaves open and the line does not.
///
/// On the line that covers the circle the measures repeat on every turn. A monotone plan sends the
/// source quantile s to the target quantile s + θ for some shift θ, and its cost over one turn,
/// C(θ) = ∫ h(X(s) − Y(s + θ)) ds, is convex; the least one is the transport cost on the circle.
/// X and Y are step functions, so C is piecewise linear, with kinks only where the end of a target's
/// quantile interval meets that of a source's. Masses are integers: the kinks lie at integer θ, and
/// the best of them is found exactly. Source: J. Delon, J. Salomon, A. Sobolevskii, "Fast transport
/// optimization for Monge costs on the circle", SIAM J. Appl. Math. 70 (2010),
/// doi:10.1137/090772708.
struct QuantileShift {
  private let sources: SortedPoints
  private let targets: SortedPoints
  private let cost: ConvexCost

  /// The shifts of a problem on a circle.
  init(_ circle: OneDimensionalProblem) {
    sources = circle.sources
    targets = circle.targetSupport
    cost = circle.cost
  }

  private static let turn = IntegerMasses.total

  // MARK: Sweeping one turn

  /// Whether a source whose interval ends where the target's does still counts, as it does when the
  /// shift grows a little, or the next one, as when it falls.
  private enum Side { case growing, falling }

  /// The end of a target's quantile interval, seen from the sources.
  private struct Boundary {
    /// The target.
    let target: Int
    /// The source that is there.
    let source: Int
    /// The turn of the target.
    let turns: Int
    /// The quantile.
    let position: Int128
  }

  /// Calls `body` for the boundaries of one turn, in order.
  @inline(__always)
  private func forEachBoundary(
    at shift: Int128, _ side: Side, _ body: (Boundary) -> Void
  ) {
    // The shift within a turn, in [0, turn) when growing and in (0, turn] when falling. Positions
    // then lie in (0, turn] and in [0, turn), so that the source is always one of this turn.
    let offset: Int128 = side == .growing ? 0 : 1
    let remainder = (shift - offset) % Self.turn
    let rest = (remainder < 0 ? remainder + Self.turn : remainder) + offset
    let turns = Int((shift - rest) / Self.turn)
    let quantiles = targets.quantiles
    let first = quantiles.partitioningIndex { side == .growing ? $0 > rest : $0 >= rest }
    var source = 0
    for (range, turn) in [(first..<targets.count, 0), (0..<first, 1)] {
      for target in range {
        let position = quantiles[target] - rest + Int128(turn) * Self.turn
        while side == .growing
          ? sources.quantiles[source] < position : sources.quantiles[source] <= position
        {
          source += 1
        }
        body(
          Boundary(target: target, source: source, turns: turns + turn, position: position))
      }
    }
  }

  /// What one unit of mass costs more when it goes to the target after a boundary than to the one
  /// before.
  @inline(__always)
  private func increment(_ boundary: Boundary) -> Double {
    let x = sources.coordinates[boundary.source]
    let before = targets.coordinates[boundary.target]
    let isLast = boundary.target + 1 == targets.count
    let after = targets.coordinates[isLast ? 0 : boundary.target + 1]
    return cost(x, after, turns: boundary.turns + (isLast ? 1 : 0))
      - cost(x, before, turns: boundary.turns)
  }

  // MARK: The best shift

  /// The least shift at which the cost stops falling, by bisection with the sign of the right
  /// derivative, and the number of sweeps that took.
  ///
  /// As θ grows by dθ, each boundary sweeps over dθ of the source before it, so the right derivative
  /// is the sum of the increments. Both ends of the interval move on to the nearest kinks, between
  /// which the derivative does not change; the result is a kink.
  func search() throws(SolverError) -> (shift: Int128, sweeps: Int) {
    // At −turn every target lies before every source, so the cost falls; at turn it grows.
    var (falling, growing) = (-Self.turn - 1, Self.turn)
    var sweeps = 0
    while growing - falling > 1 {
      try SolverWatch.check()
      let middle = falling + (growing - falling) / 2
      var derivative = CompensatedSum()
      var (kinkBefore, kinkAfter) = (Self.turn, Self.turn)
      forEachBoundary(at: middle, .growing) { boundary in
        derivative.add(increment(boundary))
        let start = boundary.source > 0 ? sources.quantiles[boundary.source - 1] : 0
        kinkBefore = min(kinkBefore, sources.quantiles[boundary.source] - boundary.position)
        kinkAfter = min(kinkAfter, boundary.position - start)
      }
      if derivative.value >= 0 {
        growing = middle - kinkBefore
      } else {
        falling = middle + kinkAfter - 1
      }
      sweeps += 1
    }
    return (growing, sweeps)
  }

  /// The best shift for exponent 1: there C(θ) = ∫ |F(z) − G(z) + θ| dz over the circle, with the
  /// distribution functions F and G, so a median of G − F, weighted by length, is best.
  ///
  /// - Throws: `SolverError.cancelled`, where a watch is in force.
  func median() throws(SolverError) -> Int128 {
    var arcs: [(difference: Int128, length: Double)] = []
    arcs.reserveCapacity(sources.count + targets.count)
    let (x, y) = (sources.coordinates, targets.coordinates)
    let first = min(x[0], y[0])
    var last = first
    var (i, j) = (0, 0)
    while i < x.count || j < y.count {
      let next = min(i < x.count ? x[i] : .infinity, j < y.count ? y[j] : .infinity)
      if next > last {
        arcs.append((quantile(targets, j) - quantile(sources, i), next - last))
        last = next
      }
      while i < x.count, x[i] == next { i += 1 }
      while j < y.count, y[j] == next { j += 1 }
    }
    arcs.append((0, (cost.length - last) + first))
    arcs = try arcs.stoppablySorted { $0.difference < $1.difference }
    let half = CompensatedSum(arcs.lazy.map(\.length)).value / 2
    var covered = CompensatedSum()
    for arc in arcs {
      covered.add(arc.length)
      if covered.value >= half { return arc.difference }
    }
    return 0
  }

  /// The mass of the first `count` points.
  private func quantile(_ points: SortedPoints, _ count: Int) -> Int128 {
    count > 0 ? points.quantiles[count - 1] : 0
  }

  // MARK: The solution

  /// Where the circle may be cut at the best shift, and potentials of the targets that have mass.
  ///
  /// The potentials that are tight along the staircase of a shift are feasible on the covering line,
  /// and grow by the derivative of C from turn to turn. At a kink the staircase has a corner or more
  /// that can be taken either way, and the ways give the left and the right derivative, one not
  /// positive and the other not negative. The mixture of the two that does not grow is a potential
  /// on the circle: feasible, as both are, and tight wherever the plan has mass, as both are.
  ///
  /// The cut is made at the corner where the ways differ most. The potentials start there, so that
  /// the largest numbers, which are costs of going the long way round, do not enter them.
  func solution(
    at shift: Int128
  ) -> (cut: (sourceQuantile: Int128, targetQuantile: Int128), potentials: [Double]) {
    var left = [Double](repeating: 0, count: targets.count)
    var right = left
    forEachBoundary(at: shift, .falling) { left[$0.target] = increment($0) }
    var cut = (sourceQuantile: Self.turn, targetQuantile: Self.turn)
    var (last, widest) = (targets.count - 1, -Double.infinity)
    forEachBoundary(at: shift, .growing) { boundary in
      let target = boundary.target
      right[target] = increment(boundary)
      let quantile = sources.quantiles[boundary.source]
      if quantile == boundary.position, right[target] - left[target] > widest {
        cut = (quantile, targets.quantiles[target])
        (last, widest) = (target, right[target] - left[target])
      }
    }
    let (falling, growing) = (CompensatedSum(left).value, CompensatedSum(right).value)
    let share = growing > falling ? min(max(-falling / (growing - falling), 0), 1) : 0
    var potential = CompensatedSum()
    var potentials = left
    for target in Array(last + 1..<targets.count) + Array(0...last) {
      potentials[target] = potential.value
      potential.add((1 - share) * left[target])
      potential.add(share * right[target])
    }
    return (cut, potentials)
  }
}
