/// The costs by way of which a problem with a cost that is linear along rays is solved:
/// Σ w·r + ε·(w·r)² over its blocks, r the distance on a block, for a falling ε and at last for 0.
struct RegularizationStages {
  /// The costs that are still to come, the present one first; the last is the true one.
  private var geometries: [CostGeometry]

  /// By how much the cost of a typical displacement grows in each stage.
  private static let growth = [0.004, 0.0004]

  /// Only the true cost.
  static var none: RegularizationStages { RegularizationStages(geometries: []) }

  private init(geometries: [CostGeometry]) { self.geometries = geometries }

  /// The stages of a cost; only one unless it is linear along rays.
  ///
  /// - Parameters:
  ///   - cost: about the least cost.
  ///   - tolerance: the relative error that is allowed in the end; the growth stays far below it.
  init(for geometry: CostGeometry, cost: Double, tolerance: Double = 0) {
    guard geometry.isLinearAlongRays else {
      self = .none
      return
    }
    // No cost exceeds 1: for clouds that nearly coincide the growth stays small all the same.
    let share = tolerance > 0 ? min(tolerance / 8 / Self.growth[0], 1) : 1
    geometries =
      Self.growth.map { CostGeometry(geometry, regularizedBy: min(share * $0 / cost, 1)) }
      + [geometry]
  }

  /// Whether the present cost is the true one.
  var isDone: Bool { geometries.count <= 1 }

  /// Two clouds with the present cost.
  func costs(of pair: CloudPair) -> CloudPair {
    geometries.first.map {
      CloudPair(sources: pair.sources, targets: pair.targets, geometry: $0)
    } ?? pair
  }

  /// Goes on to the next cost.
  mutating func advance() { geometries.removeFirst() }
}
