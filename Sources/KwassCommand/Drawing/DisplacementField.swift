import KineticTransport

/// How a plan moves mass in the plane of two coordinates, as arrows: each pair of a small plan, and else the
/// mean displacement (the barycentric projection of the plan) of the mass in each of some cells.
struct DisplacementField {
  let arrows: [PanelFigure.Arrow]
  /// Whether each arrow is a pair of the plan.
  let isOfPairs: Bool

  /// The most pairs of which each has an arrow.
  private static let largestPairCount = 150
  /// The cells of the arrows on each axis, at most.
  private static let cellCount = 20

  /// - Parameters:
  ///   - plan: pairs of particles with their masses.
  ///   - first: the horizontal coordinate, by its place among positions and velocities.
  ///   - second: the vertical one.
  ///   - cells: the axes of the image over which the arrows lie.
  init(
    _ plan: TransportPlan, from source: PhaseSpaceMeasure, to target: PhaseSpaceMeasure,
    _ first: Int, _ second: Int, cells: (CellAxis, CellAxis)
  ) {
    let starts = [source.column(first), source.column(second)]
    let ends = [target.column(first), target.column(second)]
    let axes = [source.axis(first), source.axis(second)]
    func start(_ entry: Int) -> SIMD2<Double> {
      let i = Int(plan.sources[entry])
      return SIMD2(starts[0][i], starts[1][i])
    }
    // Across the end of a circle where that is shorter.
    func displacement(_ entry: Int) -> SIMD2<Double> {
      let (i, j) = (Int(plan.sources[entry]), Int(plan.targets[entry]))
      return SIMD2(
        axes[0].difference(ends[0][j], starts[0][i]), axes[1].difference(ends[1][j], starts[1][i]))
    }
    isOfPairs = plan.count <= Self.largestPairCount
    guard !isOfPairs else {
      arrows = (0..<plan.count).map { .init(from: start($0), to: start($0) + displacement($0)) }
      return
    }
    let counts = (min(Self.cellCount, cells.0.count), min(Self.cellCount, cells.1.count))
    let extent = SIMD2(cells.0.upper - cells.0.lower, cells.1.upper - cells.1.lower)
    var sums = [Int: (mass: Double, start: SIMD2<Double>, displacement: SIMD2<Double>)]()
    for entry in 0..<plan.count {
      let (place, mass) = (start(entry), plan.masses[entry])
      let share = (place - SIMD2(cells.0.lower, cells.1.lower)) / extent
      guard share.x >= 0, share.x <= 1, share.y >= 0, share.y <= 1 else { continue }
      let cell =
        min(counts.1 - 1, Int(share.y * Double(counts.1))) * counts.0
        + min(counts.0 - 1, Int(share.x * Double(counts.0)))
      var sum = sums[cell] ?? (0, .zero, .zero)
      sum.mass += mass
      sum.start += mass * place
      sum.displacement += mass * displacement(entry)
      sums[cell] = sum
    }
    arrows = sums.sorted { $0.key < $1.key }.map(\.value).filter { $0.mass > 0 }.map { sum in
      let start = sum.start / sum.mass
      return .init(from: start, to: start + sum.displacement / sum.mass)
    }
  }
}
