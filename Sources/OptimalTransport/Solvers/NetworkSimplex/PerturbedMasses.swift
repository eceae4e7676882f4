/// The integer masses of a problem, all made positive and generic.
///
/// Masses are multiples of 2^37, and to each a seeded random number of at most 2^35/(n + m) is added, the
/// same total on both sides. So every point has a supply, sums of supplies practically never
/// coincide and pivots are practically never degenerate; yet all additions together stay below half
/// of one unit of mass, so rounding a flow to the nearest multiple gives exactly the flow that the
/// same tree carries without them, and a tree that is feasible with them is feasible without.
struct PerturbedMasses {
  /// One positive integer for each source point.
  let supplies: [Int128]
  /// One positive integer for each target point, with the same sum.
  let demands: [Int128]

  static let shift: Int128 = 37
  static let seed: UInt64 = 0x6b77_6173_73

  /// The most that is added to a mass where there are so many points on both sides together.
  static func largestAddition(points: Int) -> UInt64 { (UInt64(1) << 35) / UInt64(points) }

  init(supplies: [Int128], demands: [Int128]) {
    self.supplies = supplies
    self.demands = demands
  }

  init(source: DiscreteMeasure, target: DiscreteMeasure) {
    var generator = SeededGenerator(seed: Self.seed)
    let (n, m) = (source.count, target.count)
    let limit = Self.largestAddition(points: n + m)
    let left = (0..<n).map { _ in 1 + generator.next() % limit }
    let right = (0..<m).map { _ in 1 + generator.next() % limit }
    let (leftSum, rightSum) = (left.reduce(0, +), right.reduce(0, +))
    supplies = Self.sums(
      source, left, extra: rightSum > leftSum ? rightSum - leftSum : 0)
    demands = Self.sums(
      target, right, extra: leftSum > rightSum ? leftSum - rightSum : 0)
  }

  /// The masses of a measure with what is added to each, and to the first.
  private static func sums(
    _ measure: DiscreteMeasure, _ additions: [UInt64], extra: UInt64
  ) -> [Int128] {
    var values = IntegerMasses(measure).values
    for index in values.indices {
      values[index] = (values[index] << shift) + Int128(additions[index])
    }
    values[0] += Int128(extra)
    return values
  }

  /// The mass that a flow stands for, without the additions.
  static func mass(ofFlow flow: Int128) -> Double {
    IntegerMasses.mass((flow + (1 << (shift - 1))) >> shift)
  }
}
