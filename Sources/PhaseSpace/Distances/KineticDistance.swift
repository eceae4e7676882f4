import OptimalTransport

/// The distance of two phase-space measures in a kinetic metric, with its proof.
public struct KineticDistance: Sendable {
  /// The metric.
  public let metric: KineticMetric
  /// Which coordinates were compared.
  public let space: ComparedSpace
  /// The solved transport problem; for a nonlinear distance that of the last iteration.
  public let solution: TransportSolution
  /// The cost W^p; for a nonlinear distance the fixed point s.
  public let cost: Double
  /// The proved bracket of the cost.
  public let costBounds: ProvedBounds
  /// How the fixed point was found; `nil` for a linear distance.
  public let fixedPoint: FixedPoint?

  /// W.
  public var distance: Double { cost.root(metric.exponent) }

  /// The proved bracket of W.
  public var distanceBounds: ProvedBounds { costBounds.root(metric.exponent) }

  /// How the fixed point of a nonlinear distance was found.
  public struct FixedPoint: Sendable, Hashable {
    /// Φ(s) at the fixed point, the factor of the position weight in `solution`.
    public let positionFactor: Double
    /// |s − W_{Φ(s),p}^p|.
    public let residual: Double
    /// A, the position part of the cost of the last plan, its weight λ included.
    public let positionPart: Double
    /// B, the velocity part.
    public let velocityPart: Double
    /// The transport problems that were solved, the first one included.
    public let solves: Int
    /// How many of them started from the solution before.
    public let warmSolves: Int
    /// The pivots or iterations of all solves together.
    public let iterations: Int
  }
}

extension KineticMetric {
  /// The distance of two measures.
  ///
  /// - Parameters:
  ///   - source: μ.
  ///   - target: ν, in the same box.
  ///   - space: which coordinates are compared.
  ///   - solver: an exact solver closes the bracket; any other gives the bracket that it can prove.
  ///   - progress: is told how far the work has come, and may stop it.
  /// - Throws: `KineticMetricError`.
  public func distance(
    from source: PhaseSpaceMeasure, to target: PhaseSpaceMeasure, space: ComparedSpace = .phase,
    solver: any TransportSolver = AutomaticSolver(), progress: ProgressHandler? = nil
  ) throws(KineticMetricError) -> KineticDistance {
    if let nonlinearity {
      guard space == .phase else { throw .nonlinearityNeedsPhaseSpace }
      return try FixedPointIteration(
        metric: self, nonlinearity: nonlinearity, source: source, target: target, solver: solver,
        progress: progress
      ).run()
    }
    let problem = try problem(from: source, to: target, space: space)
    do throws(SolverError) {
      let solution = try solver.solve(problem, progress: progress)
      return KineticDistance(
        metric: self, space: space, solution: solution, cost: solution.cost,
        costBounds: try finite(
          widened(solution.costBounds, from: source, to: target, space: space)), fixedPoint: nil)
    } catch {
      throw .solver(widened(error, from: source, to: target, space: space))
    }
  }

  /// An error whose bracket is that of the coordinates before they were sheared and scaled.
  func widened(
    _ error: SolverError, from source: PhaseSpaceMeasure, to target: PhaseSpaceMeasure,
    space: ComparedSpace, mass: Double = 1
  ) -> SolverError {
    error.replacingBracket {
      PartialBracket(
        costBounds: widened($0.costBounds, from: source, to: target, space: space, mass: mass),
        origin: $0.origin)
    }
  }

  /// A bracket with two ends.
  ///
  /// - Throws: `SolverError.outOfRange` where an end is no number.
  func finite(_ bounds: ProvedBounds) throws(SolverError) -> ProvedBounds {
    guard bounds.lower.isFinite, bounds.upper.isFinite else {
      throw .outOfRange(lower: bounds.lower)
    }
    return bounds
  }
}
