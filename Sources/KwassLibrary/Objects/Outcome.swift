import CKwass
import OptimalTransport
import PhaseSpace

/// What a measurement found: the content of a `kwass_result`.
struct Outcome: Sendable {
  /// The bracket of the cost W^p, and of W.
  var costBounds: ProvedBounds
  var distanceBounds: ProvedBounds
  /// The cost that is reported, and the distance.
  var cost = Double.nan
  var distance = Double.nan
  var parts: CostParts?
  var regularization = Double.nan
  var transportCost = Double.nan
  var entropicCost = Double.nan
  var dualCost = Double.nan
  var divergence: (value: Double, error: Double) = (.nan, .nan)
  var marginalError = Double.nan
  var movedMass = Double.nan
  var fixedPoint: KineticDistance.FixedPoint?
  var iterations = 0
  var ending = KWASS_ENDED_APPROXIMATE
  var isWarm = false
  var method = ""
  var reason = ""
  var plan: TransportPlan?
  var potentials: Potentials?
  var marginals: Potentials?
  var gradient: KineticGradient?

  private init(costBounds: ProvedBounds, exponent: Double) {
    self.costBounds = costBounds
    distanceBounds = costBounds.root(exponent)
  }
}

extension Outcome {
  /// A distance with its plan.
  init(_ distance: KineticDistance, parts: CostParts?, gradient: KineticGradient?) {
    self.init(costBounds: distance.costBounds, exponent: distance.metric.exponent)
    let solution = distance.solution
    cost = distance.cost
    self.distance = distance.distance
    self.parts = parts
    self.gradient = gradient
    fixedPoint = distance.fixedPoint
    iterations = distance.fixedPoint?.iterations ?? solution.effort.iterations
    ending =
      switch solution.ending {
      case .optimal: KWASS_ENDED_OPTIMAL
      case .withinTolerance, .withinToleranceAndDecided: KWASS_ENDED_TOLERANCE
      case .decided: KWASS_ENDED_DECIDED
      case .approximate, .given: KWASS_ENDED_APPROXIMATE
      }
    method = solution.method
    reason = solution.choice ?? ""
    plan = solution.plan
    potentials = solution.potentials
  }

  /// An entropic distance; its cost is that of the plan with exact marginals, as the bracket has it.
  init(_ distance: EntropicKineticDistance, plan: TransportPlan?, gradient: KineticGradient?) {
    self.init(costBounds: distance.costBounds, exponent: distance.metric.exponent)
    let solution = distance.solution
    cost = costBounds.upper
    self.distance = distanceBounds.upper
    parts = distance.costParts
    (self.plan, self.gradient) = (plan, gradient)
    regularization = solution.regularization
    (transportCost, entropicCost) = (solution.transportCost, solution.entropicCost)
    dualCost = solution.dualCost
    marginalError = solution.marginalError
    if let divergence = distance.divergence {
      self.divergence = (divergence.value, divergence.errorBound)
    }
    iterations = solution.effort.iterations
    method = solution.method
    reason = solution.choice ?? ""
    potentials = solution.potentials
  }

  /// An unbalanced or partial cost.
  init(_ found: UnbalancedKineticCost) {
    self.init(costBounds: found.costBounds, exponent: found.metric.exponent)
    let solution = found.solution
    cost = costBounds.upper
    distance = distanceBounds.upper
    parts = found.costParts
    regularization = solution.regularization
    (transportCost, entropicCost) = (solution.transportCost, solution.totalCost)
    dualCost = solution.dualCost
    marginalError = solution.residual
    movedMass = solution.movedMass
    iterations = solution.effort.iterations
    method = solution.method
    potentials = solution.potentials
    marginals = Potentials(source: solution.sourceMarginal, target: solution.targetMarginal)
  }

  /// What was proved before the work ended early.
  init(ended ending: Int, bracket: PartialBracket?, exponent: Double) {
    let bounds = bracket?.costBounds ?? ProvedBounds(lower: 0, upper: .infinity)
    self.init(costBounds: bounds, exponent: exponent)
    self.ending = ending
    reason = bracket?.origin ?? ""
  }
}
