import Libc

/// Sets Theorem 3.1, Loeper's estimate and Lemma 3.6 beside what was measured.
struct VlasovPoissonJudge {
  private let hypothesis: VlasovPoissonHypothesis
  private let trajectory: StabilityTrajectory
  /// C_d, as it was given or else measured.
  private let growth: Double
  /// The smallest C_d with which (3.7) holds at every moment; `nil` when nothing could be measured.
  private let measuredGrowth: Double?
  /// The smallest C of Loeper's estimate, c_d given.
  private let measuredRate: Double?
  private let bounds: VlasovPoissonStabilityBounds?
  private let loeper: LoeperBound?

  init(_ hypothesis: VlasovPoissonHypothesis, _ trajectory: StabilityTrajectory) {
    self.hypothesis = hypothesis
    self.trajectory = trajectory
    let start = trajectory.initialUpper
    measuredGrowth = trajectory.moments.compactMap { moment in
      Self.effectiveGrowth(at: moment, in: trajectory, hypothesis.epsilon)
    }.max().map { max(0, $0) }
    measuredRate = trajectory.samples.compactMap { sample in
      LoeperBound.smallestRate(
        scale: hypothesis.loeperScale, initialDistance: start, distance: sample.distance,
        time: sample.moment.elapsed)
    }.max()
    growth = hypothesis.growth ?? measuredGrowth ?? 0
    // The parameters were checked when they were given or are measured.
    bounds = try? VlasovPoissonStabilityBounds(
      epsilon: hypothesis.epsilon, initialDistance: start, growth: growth)
    loeper = (hypothesis.loeperRate ?? measuredRate).flatMap { rate in
      start < hypothesis.loeperScale
        ? try? LoeperBound(scale: hypothesis.loeperScale, rate: rate, initialDistance: start) : nil
    }
  }

  /// Whether C_d is the smallest with which (3.7) holds in this run, so that (3.7) and what follows
  /// from it cannot fail.
  private var isGrowthFitted: Bool { hypothesis.growth == nil && measuredGrowth != nil }

  private static func effectiveGrowth(
    at moment: StabilityTrajectory.Moment, in trajectory: StabilityTrajectory, _ epsilon: Double
  ) -> Double? {
    guard let initial = trajectory.moments[0].functional, let current = moment.functional else {
      return nil
    }
    return VlasovPoissonStabilityBounds.effectiveGrowth(
      initial: initial, current: current, epsilon: epsilon,
      densityIntegral: moment.densityIntegral)
  }

  // MARK: Hypotheses

  private var smallnessHolds: Bool {
    hypothesis.epsilon <= 1
      && trajectory.initialUpper <= hypothesis.smallness * hypothesis.epsilon
  }

  /// Whether every hypothesis holds for T at a moment.
  private func hypothesesHold(at moment: StabilityTrajectory.Moment) -> Bool {
    guard smallnessHolds, let bounds, let root = bounds.root else { return false }
    return root >= bounds.requirement(densityIntegral: moment.densityIntegral)
  }

  var hypotheses: [StabilityReport.Hypothesis] {
    let start = trajectory.initialUpper
    let integral = trajectory.moments.last?.densityIntegral ?? 0
    return [
      .init(name: "ε ≤ 1", smaller: hypothesis.epsilon, larger: 1),
      .init(
        name: "W₂(0) ≤ c₀ε", smaller: start, larger: hypothesis.smallness * hypothesis.epsilon),
      .init(
        name: "(3.4): (C_d/ε)∫A + √|log(ε/e)| ≤ √|log(ε⁻²W₂(0)²|log(½ε⁻²W₂(0)²)|)|",
        smaller: bounds?.requirement(densityIntegral: integral) ?? .infinity,
        larger: bounds?.root ?? 0),
    ]
  }

  // MARK: Rows

  func row(of sample: StabilityTrajectory.Sample) -> StabilityReport.Row {
    let moment = sample.moment
    let applies = hypothesesHold(at: moment)
    let new = bounds?.distance(densityIntegral: moment.densityIntegral)
    let older = loeper?.distance(at: moment.elapsed)
    var functionalBound: Double?
    var inequalities = [
      Inequality(
        "W₂ ≤ carried plan", sample.bracket.lower, moment.carriedDistance,
        rounding: moment.rounding)
    ]
    if let initial = trajectory.moments[0].functional {
      functionalBound = VlasovPoissonStabilityBounds.functional(
        initial: initial, epsilon: hypothesis.epsilon, growth: growth,
        densityIntegral: moment.densityIntegral)
    }
    if let functional = moment.functional {
      let carried = moment.carriedDistance
      // What the proof uses: the weight of the positions is at least 1.
      let weighs = functional > 0 && -log(functional) >= hypothesis.epsilon * hypothesis.epsilon
      inequalities.append(
        Inequality(
          "½ carried plan² ≤ Q", carried * carried / 2, functional, applies: weighs,
          rounding: moment.rounding * carried))
      if let functionalBound {
        inequalities.append(
          Inequality(
            "Q ≤ bound (3.7)", functional, functionalBound, applies: regimeHolds(at: moment),
            isFitted: isGrowthFitted, rounding: moment.rounding * carried))
      }
    }
    if let new {
      inequalities.append(
        Inequality(
          "W₂ ≤ new bound", sample.bracket.lower, new, applies: applies,
          isFitted: isGrowthFitted, rounding: moment.rounding))
    }
    if let older {
      inequalities.append(
        Inequality(
          "W₂ ≤ Loeper's bound", sample.bracket.lower, older,
          isFitted: hypothesis.loeperRate == nil, rounding: moment.rounding))
    }
    if let fields = sample.fields {
      inequalities.append(
        Inequality(
          "Lemma 3.6: ε²‖∇Ψ₁−∇Ψ₂‖ ≤ max‖ρ‖^½·W₂(ρ₁,ρ₂)", fields.fieldDifference, fields.bound,
          rounding: moment.rounding))
    }
    return StabilityReport.Row(
      sample: sample, functionalBound: functionalBound, newBound: applies ? new : nil,
      olderBound: older,
      effectiveGrowth: Self.effectiveGrowth(at: moment, in: trajectory, hypothesis.epsilon),
      inequalities: inequalities)
  }

  /// (3.8): the bound of Q stays below ε/e up to a moment.
  private func regimeHolds(at moment: StabilityTrajectory.Moment) -> Bool {
    guard hypothesis.epsilon <= 1, let initial = trajectory.moments[0].functional, initial > 0
    else {
      return false
    }
    let requirement =
      growth / hypothesis.epsilon * moment.densityIntegral
      + VlasovPoissonStabilityBounds.margin(hypothesis.epsilon)
    return (-log(initial)).squareRoot() >= requirement
  }

  // MARK: Constants

  var constants: [StabilityReport.Constant] {
    let start = trajectory.initialUpper
    let distanceGrowth = trajectory.samples.compactMap { sample in
      bounds?.effectiveGrowth(
        distance: sample.distance, densityIntegral: sample.moment.densityIntegral)
    }.max()
    var all: [StabilityReport.Constant] = [
      .init(
        name: "C_d", value: growth, origin: hypothesis.growth == nil ? .measured : .given,
        meaning: "used in the bounds of Theorem 3.1"),
      .init(
        name: "sup C_eff", value: measuredGrowth, origin: .measured,
        meaning: "the smallest C_d with which (3.7) holds for Q at every moment"),
      .init(
        name: "C_d for W₂", value: distanceGrowth, origin: .measured,
        meaning: "the smallest C_d with which the bound of W₂ holds at the sampled times"),
      .init(
        name: "c₀", value: hypothesis.smallness,
        origin: hypothesis.smallness == VlasovPoissonStabilityBounds.smallness ? .known : .given,
        meaning: "W₂(0) ≤ c₀ε; unless given, the largest with which the proof works"),
      .init(
        name: "c_d", value: hypothesis.loeperScale, origin: .given,
        meaning: "the scale of Loeper's estimate"),
      .init(
        name: "C", value: loeper?.rate,
        origin: hypothesis.loeperRate == nil ? .measured : .given,
        meaning: "the rate of Loeper's estimate"
          + (hypothesis.loeperRate == nil ? ": the smallest with this c_d" : "")),
    ]
    if let rate = hypothesis.loeperRate {
      let scale = trajectory.samples.compactMap { sample in
        LoeperBound.smallestScale(
          rate: rate, initialDistance: start, distance: sample.distance,
          time: sample.moment.elapsed)
      }.max()
      all.append(
        .init(
          name: "c_d for W₂", value: scale, origin: .measured,
          meaning: "the smallest c_d with which Loeper's bound holds with this C"))
    }
    if let fields = trajectory.samples.compactMap({ $0.fields?.logLipschitzConstant }).max() {
      all.append(
        .init(
          name: "C of Lemma 3.6", value: fields, origin: .measured,
          meaning: "the smallest with which the field is log-Lipschitz at the sampled times"))
    }
    return all
  }

  // MARK: Escape

  var escape: StabilityReport.EscapeTimes {
    let logarithm = abs(log(trajectory.initialUpper))
    let reached = bounds.flatMap { bounds -> (time: Double, isExtrapolated: Bool)? in
      guard bounds.root != nil else { return nil }
      guard let integral = bounds.integralAtOne, integral.isFinite else {
        return (.infinity, false)
      }
      return trajectory.elapsed(atIntegral: integral) ?? (.infinity, false)
    }
    var held: Double?
    if smallnessHolds, let bounds, let root = bounds.root {
      let rest = root - bounds.requirement(densityIntegral: 0)
      if rest >= 0 {
        held =
          growth == 0 || root.isInfinite
          ? .infinity
          : trajectory.elapsed(atIntegral: rest * hypothesis.epsilon / growth)?.time ?? .infinity
      }
    }
    return StabilityReport.EscapeTimes(
      new: reached?.time, isExtrapolated: reached?.isExtrapolated ?? false,
      loeper: loeper?.timeAtOne, rootLogarithm: logarithm.squareRoot(),
      iteratedLogarithm: log(logarithm), hypothesis: held)
  }
}
