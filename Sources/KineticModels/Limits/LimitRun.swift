import Libc
import OptimalTransport
import PhaseSpace

/// A mean free path and the limit on their way.
struct LimitRun {
  private let study: LimitStudy
  private var flow: ModeFlow
  private var limit: ModeFlow
  private var flowStep: ModeStep
  private var limitStep: ModeStep
  private let transport: CircleTransport
  private let firstQuotients: ClosedRange<Double>
  private let start: (energy: Double, limitEnergy: Double, order: Double)
  private var rows: [LimitReport.Row] = []
  private var steps = 0
  private var largestNorm: LimitReport.Largest
  private var largestDensityDistance: LimitReport.Largest
  private var deviation: Double
  /// The greatest growth of ‖f − ρ̄M‖ in a step, as a part of it.
  private var growth = 0.0
  /// ε⁻²∫Fisher dt.
  private var dissipated = CompensatedSum()
  private var cloudError = 0.0
  private let isWellPrepared: Bool
  /// What the dispersion relation says; `nil` where it says nothing.
  private let dispersionRate: Double?
  private var previous: [TransportSolution?] = [nil, nil]

  init(_ study: LimitStudy, _ flow: ModeFlow) throws(KineticModelError) {
    self.study = study
    self.flow = flow
    limit = try flow.limit(isCorrected: study.isCorrected)
    flowStep = ModeStep(flow)
    limitStep = ModeStep(limit)
    transport = try CircleTransport(count: flow.positionCount, length: flow.length)
    firstQuotients = flow.quotientRange
    start = (flow.freeEnergy, limit.freeEnergy, flow.orderParameter)
    largestNorm = .init(value: flow.distance(toDensityOf: limit), time: flow.time)
    largestDensityDistance = .init(
      value: transport.firstDistance(flow.density, limit.density), time: flow.time)
    deviation = flow.deviation
    isWellPrepared = flow.relativeFisherInformation < 1e-12
    dispersionRate = try Self.dispersionRate(of: flow)
  }

  /// Follows both on the same steps.
  mutating func advance(to target: Double) throws(KineticModelError) {
    _ = try flow.stepCount(to: target)
    _ = try limit.stepCount(to: target)
    var fisher = flow.relativeFisherInformation
    while flow.time < target {
      let next = flow.length(ofStepTo: target, longest: min(flow.nextStep, limit.nextStep))
      flowStep.take(next.length, &flow)
      limitStep.take(next.length, &limit)
      flow.time = next.isLast ? target : flow.time + next.length
      limit.time = flow.time
      steps += 1
      let norm = flow.distance(toDensityOf: limit)
      if norm > largestNorm.value { largestNorm = .init(value: norm, time: flow.time) }
      let distance = transport.firstDistance(flow.density, limit.density)
      if distance > largestDensityDistance.value {
        largestDensityDistance = .init(value: distance, time: flow.time)
      }
      let left = flow.deviation
      growth = max(growth, (left - deviation) / max(deviation, .leastNormalMagnitude))
      deviation = left
      let information = flow.relativeFisherInformation
      dissipated.add((fisher + information) / 2 * next.length / (flow.epsilon * flow.epsilon))
      fisher = information
      if steps.isMultiple(of: 64) { try flow.checkResolution() }
    }
    try flow.checkResolution()
    try limit.checkResolution()
  }

  /// Measures now.
  mutating func sample(_ progress: ProgressHandler?) throws(KineticModelError) {
    let leading = try limit.leadingConstant(positionWeight: study.positionWeight)
    let own = try QuantileCloud(flow, transport, counts: study.cloud)
    let other = try QuantileCloud(limit, transport, counts: study.cloud)
    let weight = study.positionWeight
    cloudError = max(
      cloudError,
      (weight * other.positionError * other.positionError
        + other.velocityError * other.velocityError).squareRoot())
    let first = try distance(own.measure, other.measure, exponent: 1, progress)
    let second = try distance(own.measure, other.measure, exponent: 2, progress)
    var lower: Double?
    if flow.basis.isNormal {
      lower = try flow.kantorovichBound(beside: limit, leading, positionWeight: weight)
    }
    rows.append(
      LimitReport.Row(
        time: flow.time, first: first, second: second, secondLower: lower,
        densityFirst: transport.firstDistance(flow.density, limit.density),
        densitySecond: transport.secondDistance(flow.density, limit.density),
        norm: flow.distance(toDensityOf: limit),
        leading: leading.constant * flow.epsilon, leadingBound: leading.bound * flow.epsilon,
        quotients: flow.quotientRange, freeEnergy: flow.freeEnergy,
        limitFreeEnergy: limit.freeEnergy, dissipation: flow.freeEnergyDissipation,
        limitDissipation: limit.freeEnergyDissipation,
        orderParameter: flow.orderParameter, limitOrderParameter: limit.orderParameter))
  }

  private mutating func distance(
    _ first: PhaseSpaceMeasure, _ second: PhaseSpaceMeasure, exponent: Double,
    _ progress: ProgressHandler?
  ) throws(KineticModelError) -> LimitReport.CloudDistance {
    let index = exponent == 1 ? 0 : 1
    let solution = try KineticMetric.solution(
      exponent: exponent, positionWeight: study.positionWeight, from: first, to: second,
      after: previous[index], progress: progress.forAnotherProblem)
    previous[index] = solution
    return .init(value: solution.distance, bounds: solution.distanceBounds)
  }

  // MARK: The report

  /// What was found so far.
  var report: LimitReport {
    LimitReport(
      epsilon: flow.epsilon, isWellPrepared: isWellPrepared, modeCount: flow.basis.count,
      stepCount: steps,
      step: min(flow.step, limit.step), rows: rows, largestNorm: largestNorm,
      largestDensityDistance: largestDensityDistance, decayRate: decayRate,
      dispersionRate: dispersionRate, scaleRatio: scaleRatio, checks: checks,
      cloudError: cloudError)
  }

  private var decayRate: Double? {
    guard rows.count > 1 else { return nil }
    let (before, after) = (rows[rows.count - 2], rows[rows.count - 1])
    guard before.orderParameter > 1e-12, after.orderParameter > 1e-12 else { return nil }
    return log(before.orderParameter / after.orderParameter) / (after.time - before.time)
  }

  private static func dispersionRate(
    of flow: ModeFlow
  ) throws(KineticModelError) -> Double? {
    let wavenumber = 2 * Double.pi / flow.length
    switch flow.equation.collision {
    case .bgk(let exponent) where !flow.equation.hasForce:
      return DispersionRelation.bgk(
        epsilon: flow.epsilon, wavenumber: wavenumber, rate: pow(flow.length, -exponent))
    case .fokkerPlanck where flow.equation.external.isZero:
      return DispersionRelation.fokkerPlanck(
        epsilon: flow.epsilon, wavenumber: wavenumber,
        interaction: flow.equation.interaction.cosine(1))
    case .swarm where flow.equation.external.isZero:
      return try DispersionRelation.modes(
        flow.basis, epsilon: flow.epsilon, wavenumber: wavenumber,
        interaction: flow.equation.interaction.cosine(1))
    default: return nil
    }
  }

  private var scaleRatio: Double? {
    guard case .swarm = flow.equation.collision else { return nil }
    return flow.epsilon * flow.epsilon / flow.basis.rates[1]
  }

  private var checks: [LimitReport.Check] {
    let mass = CompensatedSum(flow.density).value * flow.length / Double(flow.positionCount)
    var checks = [
      LimitReport.Check(
        isProved: true, name: "mass is conserved",
        found: (mass - 1).magnitude < 1e-12
          ? "to rounding" : "off by \((mass - 1).magnitude.twoDigits)",
        holds: (mass - 1).magnitude < 1e-12)
    ]
    switch flow.equation.collision {
    case .bgk where !flow.equation.hasForce:
      let (low, high) = (firstQuotients.lowerBound, firstQuotients.upperBound)
      let least = rows.reduce(Double.infinity) { min($0, $1.quotients.lowerBound) }
      let greatest = rows.reduce(-Double.infinity) { max($0, $1.quotients.upperBound) }
      checks.append(
        .init(
          isProved: true,
          name: "f/M stays within its bounds at the start (Evans, Morris, Yoldas 2.1)",
          found: "[\(least), \(greatest)] in [\(low), \(high)]",
          holds: least >= low - 1e-6 && greatest <= high + 1e-6))
      checks.append(
        .init(
          isProved: true, name: "|f - M| in L2(1/M) never grows (2.2)",
          found: growth > 0 ? "grew by \(growth.twoDigits) of itself in a step" : "at no step",
          holds: growth < 1e-9))
    case .fokkerPlanck: checks += energyChecks
    // With another W than |v|²/2 a force works on the velocities by ∇W, and not by v.
    case .swarm where !flow.equation.hasForce: checks += energyChecks
    case .bgk, .swarm: break
    }
    if scaleRatio != nil {
      checks.append(
        .init(
          isProved: false,
          name:
            "eps^-2 of the integral of Fisher(f|rho M) is bounded (Bonnaillie-Noel et al., A.2)",
          found: "\(dissipated.value), to second order in f - rho M",
          holds: dissipated.value.isFinite))
    }
    return checks
  }

  private var energyChecks: [LimitReport.Check] {
    func growth(_ values: [Double]) -> Double {
      zip(values, values.dropFirst()).reduce(0) { max($0, $1.1 - $1.0) }
    }
    let kinetic = growth([start.energy] + rows.map(\.freeEnergy))
    let diffusive = growth([start.limitEnergy] + rows.map(\.limitFreeEnergy))
    return [("of f", kinetic), ("of the limit", diffusive)].map { name, growth in
      .init(
        isProved: true, name: "the free energy \(name) never grows",
        found: growth > 0 ? "grew by \(growth.twoDigits) between samples" : "between no samples",
        holds: growth < 1e-9 * max(1, start.energy.magnitude))
    }
  }
}

extension ModeFlow {
  /// |∫e^{2πix/L}dρ|, Kuramoto's order parameter on a circle of length 2π.
  public var orderParameter: Double {
    let n = positionCount
    var (a, b) = (CompensatedSum(), CompensatedSum())
    for (i, value) in density.enumerated() {
      let angle = 2 * Double.pi * Double(i) / Double(n)
      a.add(value * cos(angle))
      b.add(value * sin(angle))
    }
    let scale = length / Double(n)
    return scale * (a.value * a.value + b.value * b.value).squareRoot()
  }
}
