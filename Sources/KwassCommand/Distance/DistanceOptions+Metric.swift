import KineticTransport

extension DistanceOptions {
  /// The metric that the options describe.
  ///
  /// - Throws: `KineticMetricError`.
  func metric() throws(KineticMetricError) -> KineticMetric {
    var metric = try KineticMetric(exponent: exponent, form: form ?? .split)
    if let twist {
      metric = try .twisted(a: twist.a, b: twist.b, c: twist.c, exponent: exponent)
    }
    // Freed positions x − tv are what the other parts of the metric then see: shears add up.
    return try KineticMetric(
      exponent: exponent, form: metric.form,
      positionWeight: lambda ?? metric.positionWeight, velocityWeight: metric.velocityWeight,
      shear: metric.shear - (freeFlow ?? 0), nonlinearity: nonlinearity())
  }

  /// The metric in a phrase.
  ///
  /// - Throws: `CommandFailure` for a metric that makes no sense.
  var metricSummary: String {
    get throws(CommandFailure) {
      do throws(KineticMetricError) {
        return try metric().summary
      } catch {
        throw CommandFailure(error)
      }
    }
  }

  private func nonlinearity() throws(KineticMetricError) -> Nonlinearity? {
    let epsilon = epsilon ?? 1
    return switch phi {
    case nil: nil
    case .log: try .logarithmic(epsilon: epsilon)
    case .logExtended: try .extendedLogarithmic(epsilon: epsilon)
    case .power(let power): try .power(power, epsilon: epsilon)
    }
  }

  /// The solver that was asked for.
  var solver: any TransportSolver {
    switch method {
    case .auto: AutomaticSolver(goal: goal)
    case .line: LineSolver()
    case .circle: CircleSolver()
    case .network: NetworkSimplex(goal: goal)
    case .glpk: LinearProgramSolver()
    case .sinkhorn:
      switch regularization {
      case .fixed(let value): SinkhornSolver(regularization: value)
      case .automatic, nil: adaptiveSolver
      }
    }
  }

  /// The solver of `--regularization auto`. A bracket of W with the relative width t is one of W^p
  /// with 1 − (1 − t)^p. A divergence is a difference of costs and needs better marginals than that.
  var adaptiveSolver: AdaptiveSinkhornSolver {
    AdaptiveSinkhornSolver(
      relativeWidth: decidesOnly ? 1 : 1 - (1 - (tolerance ?? 0.01)).power(exponent),
      threshold: maximum, marginalTolerance: measuresDivergence ? 1e-6 : nil)
  }

  /// The same options where a bracket has left open what the gate asks: with an exact solver, or the
  /// regularisation that decides; `nil` where nothing better is known.
  var refined: DistanceOptions? {
    var refined = self
    switch method {
    case .auto, .network:
      guard !goal.isExact else { return nil }
      (refined.tolerance, refined.decidesOnly) = (nil, false)
    case .sinkhorn:
      guard fixedRegularization != nil, relaxation == nil, phi == nil else { return nil }
      (refined.regularization, refined.decidesOnly) = (.automatic, true)
    case .line, .circle, .glpk:
      return nil
    }
    return refined
  }

  /// The regularisation, if a number was given.
  var fixedRegularization: Double? {
    if case .fixed(let value) = regularization { value } else { nil }
  }

  /// The kind of Sinkhorn's problem that was asked for; `nil` for other methods, and where a plan is
  /// needed, which only the solvers of all other problems give.
  var entropicSolver: EntropicSolver? {
    guard method == .sinkhorn, let regularization, phi == nil, planPath == nil,
      potentialsPath == nil, !verifies
    else { return nil }
    return switch regularization {
    case .automatic: .adaptive(adaptiveSolver)
    case .fixed(let value): .fixed(SinkhornSolver(regularization: value))
    }
  }
}
