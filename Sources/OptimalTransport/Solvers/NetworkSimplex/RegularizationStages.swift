/// The costs by way of which a problem with a cost that is linear along rays is solved:
/// Σ w·r + ε·(w·r)² over its blocks, r the distance on a block, for a falling ε and at last for 0.
struct RegularizationStages {
  /// The costs that are still to come, the present one first; the last is the true one.
  private var geometries: [CostGeometry]

  /// Only the true cost.
  static var none: RegularizationStages { RegularizationStages(geometries: []) }

  private init(geometries: [CostGeometry]) { self.geometries = geometries }

  /// The stages of a cost; only one unless it is linear along rays.
  ///
  /// - Parameters:
  ///   - cost: about the least cost.
  ///   - tolerance: the relative error that is allowed in the end; what the cost of a typical displacement grows
  ///     by stays far below it.
  init(for geometry: CostGeometry, cost: Double, tolerance: Double = 0) {
    guard geometry.isLinearAlongRays else {
      self = .none
      return
    }
    var strengths = Self.strengths(for: geometry, cost: cost)
    if tolerance > 0 {
      let allowed = min(tolerance / 8 / cost, strengths[0])
      strengths = [allowed, allowed / 10]
    }
    geometries = strengths.map { CostGeometry(geometry, regularizedBy: $0) } + [geometry]
  }

  /// Every ε > 0, where the true cost is wanted in the end; measured, see Documentation/Benchmarks.
  ///
  /// A cost with a block of several axes has ties along rays only, and a little convexity breaks them: by how much
  /// the cost of a typical displacement grows is what counts. No cost exceeds 1, so that it stays little also for
  /// clouds that nearly coincide. Σ|d| over several axes is the same for all plans that go the same way on each
  /// axis; there the convexity has to be strong. Between nodes of a grid costs agree exactly, and a plan that is
  /// optimal with a little convexity is one of the optimal ones.
  private static func strengths(for geometry: CostGeometry, cost: Double) -> [Double] {
    guard geometry.blocks.allSatisfy({ $0.exponent == 1 && $0.axes.count == 1 }) else {
      return [min(0.004 / cost, 1), min(0.0004 / cost, 1)]
    }
    return geometry.isOnGrid ? [0.1] : [1, 0.03]
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

extension CostGeometry {
  /// Whether the points share their coordinates, as nodes of a grid do: among a sample of them each value occurs at
  /// least twice in the mean, on every axis.
  var isOnGrid: Bool {
    Self.isOnGrid(sources, count: sourceCount, axisCount: axisCount)
      && Self.isOnGrid(targets, count: targetCount, axisCount: axisCount)
  }

  private static func isOnGrid(
    _ coordinates: UnsafePointer<Double>, count: Int, axisCount: Int
  ) -> Bool {
    let sample = min(count, 4096)
    return (0..<axisCount).allSatisfy { axis in
      let values = Set((0..<sample).map { coordinates[axis * count + $0 * count / sample] })
      return 2 * values.count <= sample
    }
  }
}
