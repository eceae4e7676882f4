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
    case .auto: AutomaticSolver(tolerance: tolerance ?? 0)
    case .line: LineSolver()
    case .circle: CircleSolver()
    case .network: NetworkSimplex(tolerance: tolerance ?? 0)
    case .glpk: LinearProgramSolver()
    case .sinkhorn: SinkhornSolver(regularization: regularization ?? 1)
    }
  }
}
