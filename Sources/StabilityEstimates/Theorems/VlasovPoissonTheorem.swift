import CharacteristicFlows

/// Theorem 3.1: W₂ between two solutions of Vlasov–Poisson with Debye length ε on the unit torus, beside
/// Loeper's estimate, and Lemma 3.6.
///
/// Source: M. Iacobelli, "A new perspective on Wasserstein distances for kinetic problems" (2022).
public struct VlasovPoissonTheorem: StabilityTheorem {
  /// ε and the constants.
  public let hypothesis: VlasovPoissonHypothesis

  /// The theorem with its constants.
  public init(_ hypothesis: VlasovPoissonHypothesis) { self.hypothesis = hypothesis }

  /// "3.1".
  public var number: String { "3.1" }
  /// 2.
  public var exponent: Double { 2 }

  /// Refuses every box but the unit torus.
  ///
  /// - Throws: `StabilityError.needsUnitTorus`.
  public func validate(for flow: CoupledFlow) throws(StabilityError) {
    guard flow.first.particles.box.axes.allSatisfy({ $0 == .circle(length: 1) }) else {
      throw .needsUnitTorus
    }
  }

  /// The root of Q = ½(ε⁻²|log Q|·∫|X₁−X₂|²dπ + ∫|V₁−V₂|²dπ).
  ///
  /// - Throws: `StabilityError`.
  public func functional(
    of flow: CoupledFlow, elapsed: Double
  ) throws(StabilityError) -> Double? {
    try flow.logarithmicFunctional(epsilon: hypothesis.epsilon)
  }

  /// Those that were given, or as many as leave 32 particles for each.
  public func densityCells(for flow: CoupledFlow) -> [Int]? {
    let particles = min(flow.first.particles.count, flow.second.particles.count)
    return hypothesis.cells
      ?? DensityHistogram.standardCells(
        particles: particles, dimension: flow.first.particles.dimension)
  }

  /// The growth of Q, the new bound, Loeper's, the fields of Lemma 3.6, and the times at which bounds reach 1.
  public func judge(_ trajectory: StabilityTrajectory) -> StabilityJudgement {
    let judge = VlasovPoissonJudge(hypothesis, trajectory)
    return StabilityJudgement(
      rows: trajectory.samples.map { judge.row(of: $0) }, hypotheses: judge.hypotheses,
      constants: judge.constants, escape: judge.escape)
  }
}

extension StabilityTheorem where Self == VlasovPoissonTheorem {
  /// Theorem 3.1 with its constants.
  public static func vlasovPoisson(
    _ hypothesis: VlasovPoissonHypothesis
  ) -> VlasovPoissonTheorem {
    VlasovPoissonTheorem(hypothesis)
  }
}
