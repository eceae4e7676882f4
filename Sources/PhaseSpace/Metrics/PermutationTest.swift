import OptimalTransport

/// Whether two measures may be samples of the same state: a permutation test whose statistic is their
/// distance.
///
/// All particles are put together and divided at random into two samples of the sizes that the two had. If
/// both are independent samples of one state, their own distance is one of equals among those of the divisions.
/// Samples that are not independent, such as two runs from the same particles, are nearer to each other than
/// that, and their p-value is near 1.
public struct PermutationTest: Sendable, Hashable, Codable {
  /// How many random divisions were made.
  public let permutations: Int
  /// How many of them are at least as far apart as the two measures, or may be, by their brackets.
  public let exceedances: Int

  /// An upper bound of the probability with which samples of one state are so far apart:
  /// (exceedances + 1)/(permutations + 1).
  ///
  /// Source: B. Phipson and G. K. Smyth, "Permutation p-values should never be zero" (2010),
  /// doi:10.2202/1544-6115.1585.
  public var pValue: Double { Double(exceedances + 1) / Double(permutations + 1) }

  /// Tests two measures.
  ///
  /// Masses are compared relative to the mean mass of their sample, since samples of one state may state them
  /// in other units.
  ///
  /// - Parameters:
  ///   - first: a sample.
  ///   - second: another one, in the same box.
  ///   - distanceBounds: what is known of their distance in the metric.
  ///   - metric: the distance that is the statistic.
  ///   - permutations: how many random divisions are made, at least one.
  ///   - seed: settles them; the same seed gives the same divisions.
  ///   - space: which coordinates are compared.
  ///   - solver: measures the distances.
  ///   - progress: is told what the solvers report, several at a time, and may stop them.
  /// - Throws: `NoiseFloorError`.
  /// - Complexity: that of solving `permutations` problems of the size of the two, several at a time.
  public init(
    of first: PhaseSpaceMeasure, and second: PhaseSpaceMeasure, distanceBounds: ProvedBounds,
    in metric: KineticMetric, permutations: Int, seed: UInt64, space: ComparedSpace = .phase,
    solver: any TransportSolver = AutomaticSolver(), progress: ProgressHandler? = nil
  ) throws(NoiseFloorError) {
    guard permutations > 0 else {
      throw .tooFew(particles: first.count + second.count, splits: permutations)
    }
    do throws(KineticMetricError) {
      try metric.checkFit(first, second, space)
    } catch {
      throw .distance(error)
    }
    var generator = SeededGenerator(seed: seed)
    var divisions: [(PhaseSpaceMeasure, PhaseSpaceMeasure)] = []
    do throws(PhaseSpaceError) {
      let whole = try first.joined(with: second)
      for _ in 0..<permutations {
        divisions.append(try whole.randomParts(first.count, using: &generator))
      }
    } catch {
      throw .half(error)
    }
    let samples = divisions
    let results = Parallel.map(count: permutations, costPerItem: 1e9) { index in
      Result { () throws(KineticMetricError) in
        try metric.distance(
          from: samples[index].0, to: samples[index].1, space: space, solver: solver,
          progress: progress
        ).distanceBounds.upper >= distanceBounds.lower
      }
    }
    var exceedances = 0
    do throws(KineticMetricError) {
      for result in results where try result.get() { exceedances += 1 }
    } catch {
      throw .distance(error)
    }
    (self.permutations, self.exceedances) = (permutations, exceedances)
  }
}

extension PhaseSpaceMeasure {
  /// The particles of two measures of the same coordinates, each with its mass relative to the mean mass of
  /// its sample.
  fileprivate func joined(
    with other: PhaseSpaceMeasure
  ) throws(PhaseSpaceError) -> PhaseSpaceMeasure {
    try PhaseSpaceMeasure(
      positions: (0..<positionDimension).map { position($0) + other.position($0) },
      velocities: (0..<velocityDimension).map { velocity($0) + other.velocity($0) },
      masses: relativeMasses + other.relativeMasses, box: box)
  }

  /// Equal ones are 1 to the last bit.
  private var relativeMasses: [Double] {
    masses.allSatisfy { $0 == masses[0] }
      ? masses.map { _ in 1 } : masses.map { $0 * Double(count) }
  }
}
