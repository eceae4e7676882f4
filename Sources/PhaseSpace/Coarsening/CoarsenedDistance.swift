import OptimalTransport

/// A proved bracket of the distance between two measures of any number of particles, from the distance of
/// the measures into which they were coarsened.
///
/// The triangle inequality gives |W(μ, ν) − W(μ̂, ν̂)| ≤ e₁ + e₂ with the losses e₁ = W(μ, μ̂), e₂ = W(ν, ν̂).
/// For p = 2 cells are coupled independently, whose centroids make mixed terms vanish:
/// W₂²(μ, ν) ≤ W₂²(μ̂, ν̂) + e₁² + e₂². Documentation/Mathematics.md, section 11, has the proofs.
public struct CoarsenedDistance: Sendable {
  /// The metric in which the particles are compared.
  public let metric: KineticMetric
  /// The distance of the coarse measures, in the coordinates of the metric.
  public let cells: KineticDistance
  /// e₁ and e₂.
  public let losses: (source: Double, target: Double)
  /// The proved bracket of W between the measures of all particles.
  public let distanceBounds: ProvedBounds

  /// The proved bracket of W^p.
  public var costBounds: ProvedBounds { Self.costBounds(distanceBounds, metric.exponent) }

  static func costBounds(_ distance: ProvedBounds, _ exponent: Double) -> ProvedBounds {
    let error = (2 * exponent + 4) * Double.ulpOfOne
    return ProvedBounds(
      lower: distance.lower.power(exponent) * max(0, 1 - error),
      upper: distance.upper.power(exponent) * (1 + error))
  }
}

extension CoarseCloud {
  /// The distance of the particles for which two coarse measures stand.
  ///
  /// - Parameters:
  ///   - target: a measure that was coarsened for the same metric.
  ///   - solver: measures the distance of the coarse measures.
  ///   - progress: is told how far the work has come, and may stop it.
  /// - Throws: `CoarseningError`.
  public func distance(
    to target: CoarseCloud, solver: any TransportSolver = AutomaticSolver(),
    progress: ProgressHandler? = nil
  ) throws(CoarseningError) -> CoarsenedDistance {
    let found = try compared(with: target, costBounds: \.costBounds) {
      (metric: KineticMetric, first, second) throws(KineticMetricError) in
      try metric.distance(
        from: first, to: second, space: coordinates.space, solver: solver, progress: progress)
    }
    return CoarsenedDistance(
      metric: coordinates.metric, cells: found.cells, losses: found.losses,
      distanceBounds: found.bounds)
  }

  /// What is found of the coarse measures, and the bracket that it proves of all particles.
  ///
  /// - Parameters:
  ///   - costBounds: the bracket of W^p in what is found.
  ///   - find: compares the coarse measures in a metric.
  func compared<Cells>(
    with target: CoarseCloud, costBounds: (Cells) -> ProvedBounds,
    _ find: (
      KineticMetric, PhaseSpaceMeasure, PhaseSpaceMeasure
    ) throws(KineticMetricError) -> Cells
  ) throws(CoarseningError) -> (
    cells: Cells, losses: (source: Double, target: Double), bounds: ProvedBounds
  ) {
    guard coordinates.agree(with: target.coordinates) else { throw .differentMetrics }
    guard let sourceLoss = loss, let targetLoss = target.loss else { throw .lossNotMeasured }
    let (first, second) = (try measure(), try target.measure())
    let metric = try coordinates.unsheared
    let cells: Cells
    do throws(KineticMetricError) {
      cells = try find(metric, first, second)
    } catch {
      throw .metric(bracketed(error, target, sourceLoss, targetLoss))
    }
    let bounds = bounds(of: costBounds(cells), target, sourceLoss, targetLoss)
    guard bounds.upper.isFinite else { throw .metric(.solver(.outOfRange(lower: bounds.lower))) }
    return (cells, (sourceLoss, targetLoss), bounds)
  }

  /// An error of which the bracket, if it has one, is that of all particles.
  private func bracketed(
    _ error: KineticMetricError, _ target: CoarseCloud, _ sourceLoss: Double, _ targetLoss: Double
  ) -> KineticMetricError {
    guard case .solver(let error) = error else { return error }
    return .solver(
      error.replacingBracket {
        let bounds = bounds(of: $0.costBounds, target, sourceLoss, targetLoss)
        return PartialBracket(
          costBounds: CoarsenedDistance.costBounds(bounds, coordinates.metric.exponent),
          origin: $0.origin)
      })
  }

  /// The bracket of the particles from one of W^p of the cells.
  func bounds(
    of cells: ProvedBounds, _ target: CoarseCloud, _ sourceLoss: Double, _ targetLoss: Double
  ) -> ProvedBounds {
    let unit = Double.ulpOfOne
    let exponent = coordinates.metric.exponent
    // Masses that are off by a part move that part as far as particles are apart.
    let misplaced = max(massError, target.massError) * diameterCost(with: target)
    let own = ProvedBounds(
      lower: max(0, cells.lower - misplaced), upper: cells.upper + misplaced
    ).root(exponent)
    let moved = displacement + target.displacement
    let lost = sourceLoss + targetLoss + moved
    var upper = own.upper + lost
    // Mixed terms vanish for centroids alone.
    if exponent == 2, isCentered, target.isCentered {
      let between = own.upper + centroidError + target.centroidError
      let squares = between * between + sourceLoss * sourceLoss + targetLoss * targetLoss
      upper = min(upper, (squares * (1 + 8 * unit)).squareRoot() + moved)
    }
    guard lost > 0 || misplaced > 0 else { return own }
    let keepsMeans = isCentered && target.isCentered
    let others =
      keepsMeans ? max(meanDistance(to: target), marginalDistance(to: target)) : 0
    let least = max(
      own.lower - lost * (1 + 8 * unit), others - moved * (1 + 8 * unit))
    return ProvedBounds(
      lower: max(0, least) * (1 - 4 * unit), upper: upper * (1 + 16 * unit))
  }

  /// What moving a unit of mass costs at most.
  private func diameterCost(with other: CoarseCloud) -> Double {
    var squares = [0.0, 0.0]
    for axis in coordinates.axes.indices {
      let reach = min(largest[axis] + other.largest[axis], coordinates.axes[axis].length / 2)
      squares[axis < coordinates.positionCount ? 0 : 1] += reach * reach
    }
    return coordinates.cost(squares[0], squares[1]) * (1 + 64 * Double.ulpOfOne)
  }
}
