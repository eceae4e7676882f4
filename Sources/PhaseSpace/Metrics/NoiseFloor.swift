import OptimalTransport

/// The distances between random halves of one measure: what noise alone makes of two samples of the same
/// state with half the particles each. A distance below them may be noise alone.
public struct NoiseFloor: Sendable, Hashable, Codable {
  /// One distance for each split, at least one.
  public let distances: [Double]

  /// Their mean.
  public var mean: Double { CompensatedSum(distances).value / Double(distances.count) }
  /// The largest of them.
  public var largest: Double { distances.max() ?? 0 }

  /// The noise floor of a measure in a metric.
  ///
  /// - Parameters:
  ///   - measure: the sample that is split.
  ///   - metric: the distance between the halves.
  ///   - splits: how often the particles are split into halves, at least once.
  ///   - seed: settles how; the same seed gives the same halves.
  ///   - space: which coordinates are compared.
  ///   - solver: measures the distance of two halves.
  ///   - progress: is told what the solvers report, several at a time, and may stop them.
  /// - Throws: `NoiseFloorError`.
  /// - Complexity: that of solving `splits` problems, several at a time.
  public init(
    of measure: PhaseSpaceMeasure, in metric: KineticMetric, splits: Int, seed: UInt64,
    space: ComparedSpace = .phase, solver: any TransportSolver = AutomaticSolver(),
    progress: ProgressHandler? = nil
  ) throws(NoiseFloorError) {
    guard measure.count > 1, splits > 0 else {
      throw .tooFew(particles: measure.count, splits: splits)
    }
    var generator = SeededGenerator(seed: seed)
    var halves: [(first: PhaseSpaceMeasure, second: PhaseSpaceMeasure)] = []
    do throws(PhaseSpaceError) {
      for _ in 0..<splits { halves.append(try measure.randomHalves(using: &generator)) }
    } catch {
      throw .half(error)
    }
    let pairs = halves
    let results = Parallel.map(count: splits, costPerItem: 1e9) { split in
      Result { () throws(KineticMetricError) in
        try metric.distance(
          from: pairs[split].first, to: pairs[split].second, space: space, solver: solver,
          progress: progress
        ).distance
      }
    }
    var distances: [Double] = []
    do throws(KineticMetricError) {
      for result in results { distances.append(try result.get()) }
    } catch {
      throw .distance(error)
    }
    self.distances = distances
  }
}

/// Why a noise floor or a permutation test could not be measured.
public enum NoiseFloorError: Error, Hashable, Sendable, CustomStringConvertible {
  /// Splitting needs two particles and one split.
  case tooFew(particles: Int, splits: Int)
  /// A half of the particles is no measure.
  case half(PhaseSpaceError)
  /// The distance of two halves could not be measured.
  case distance(KineticMetricError)

  /// A full sentence that says what was found and what was expected.
  public var description: String {
    switch self {
    case .tooFew(let particles, let splits):
      "Found \(particles) particles to split \(splits) times, expected at least 2 and at least once."
    case .half(let error): "A half of the particles is no measure: \(error)"
    case .distance(let error): error.description
    }
  }
}

extension PhaseSpaceMeasure {
  /// Two random halves of the particles, each a measure; the second has one more where their number is
  /// odd.
  ///
  /// - Throws: `PhaseSpaceError` where a half has no mass.
  /// - Complexity: O(n log n).
  public func randomHalves(
    using generator: inout SeededGenerator
  ) throws(PhaseSpaceError) -> (first: PhaseSpaceMeasure, second: PhaseSpaceMeasure) {
    try randomParts(count / 2, using: &generator)
  }

  /// So many random particles, and all others.
  func randomParts(
    _ size: Int, using generator: inout SeededGenerator
  ) throws(PhaseSpaceError) -> (first: PhaseSpaceMeasure, second: PhaseSpaceMeasure) {
    var order = Array(0..<count)
    order.shuffle(using: &generator)
    return (try selecting(order[..<size].sorted()), try selecting(order[size...].sorted()))
  }

  private func selecting(_ indices: [Int]) throws(PhaseSpaceError) -> PhaseSpaceMeasure {
    func columns(_ count: Int, _ column: (Int) -> [Double]) -> [[Double]] {
      (0..<count).map { axis in
        let values = column(axis)
        return indices.map { values[$0] }
      }
    }
    // Equal masses stay equal to the last bit.
    let areEqual = masses.allSatisfy { $0 == masses[0] }
    return try PhaseSpaceMeasure(
      positions: columns(positionDimension, position),
      velocities: columns(velocityDimension, velocity),
      masses: areEqual ? nil : indices.map { masses[$0] * rawMass }, box: box, time: time)
  }
}
