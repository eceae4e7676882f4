import OptimalTransport

/// A Wasserstein-type distance between phase-space measures: shear, weigh, and combine.
///
/// Positions are sheared, x̂ = x + σv. A unit of mass then costs
/// - split: w_x·|x̂ − ŷ|^p + w_v·|v − w|^p,
/// - joint: (w_x·|x̂ − ŷ|² + w_v·|v − w|²)^{p/2},
///
/// with the nearest image of x̂ − ŷ on periodic axes. With a nonlinearity Φ the distance is the fixed
/// point W_{Φ,p}, in which the position weight is multiplied by Φ(s). The anisotropic, twisted and
/// free-flow distances are values of this one type, and combine freely.
/// Source: M. Iacobelli, "A new perspective on Wasserstein distances for kinetic problems" (2022),
/// Definition 1.1 and Section 4. Documentation/Mathematics.md proves the reduction.
public struct KineticMetric: Sendable {
  /// How the costs of positions and velocities are combined.
  public enum Form: String, Sendable, CaseIterable {
    /// The sum of the powers of the two norms (Definition 1.1 of the paper).
    case split
    /// The power of the norm of the whole difference.
    case joint
  }

  /// The power p ≥ 1.
  public let exponent: Double
  /// How positions and velocities are combined.
  public let form: Form
  /// The weight w_x > 0 of positions (λ, or a for a twisted metric).
  public let positionWeight: Double
  /// The weight w_v > 0 of velocities (1, or c − b²/a for a twisted metric).
  public let velocityWeight: Double
  /// The shear σ: positions become x + σv (−t for the free flow, b/a for a twisted metric).
  public let shear: Double
  /// The nonlinearity Φ of W_{Φ,p}; `nil` for a linear distance.
  public let nonlinearity: Nonlinearity?

  /// A metric from its parts.
  ///
  /// - Throws: `KineticMetricError` for an exponent below 1, a weight that is not positive, numbers
  ///   that are not finite, or a nonlinearity in a joint form with p ≠ 2.
  public init(
    exponent: Double = 2, form: Form = .split, positionWeight: Double = 1,
    velocityWeight: Double = 1, shear: Double = 0, nonlinearity: Nonlinearity? = nil
  ) throws(KineticMetricError) {
    guard exponent >= 1, exponent.isFinite else { throw .badExponent(exponent) }
    guard positionWeight > 0, positionWeight.isFinite else {
      throw .badWeight(of: "position", positionWeight)
    }
    guard velocityWeight > 0, velocityWeight.isFinite else {
      throw .badWeight(of: "velocity", velocityWeight)
    }
    guard shear.isFinite else { throw .badShear(shear) }
    if nonlinearity != nil, form == .joint, exponent != 2 {
      throw .nonlinearityNeedsSplitForm(exponent: exponent)
    }
    self.exponent = exponent
    self.form = form
    self.positionWeight = positionWeight
    self.velocityWeight = velocityWeight
    self.shear = shear
    self.nonlinearity = nonlinearity
  }

  /// W_p of Definition 1.1.
  ///
  /// - Throws: `KineticMetricError`.
  public static func standard(
    exponent: Double = 2, form: Form = .split
  ) throws(KineticMetricError) -> KineticMetric {
    try KineticMetric(exponent: exponent, form: form)
  }

  /// W_{λ,p}, with cost λ|x − y|^p + |v − w|^p.
  ///
  /// - Throws: `KineticMetricError`.
  public static func anisotropic(
    positionWeight: Double, exponent: Double = 2
  ) throws(KineticMetricError) -> KineticMetric {
    try KineticMetric(exponent: exponent, positionWeight: positionWeight)
  }

  /// W_{a,b,c,p}, with cost (a|x − y|² + 2b(x − y)·(v − w) + c|v − w|²)^{p/2}.
  ///
  /// On periodic axes the whole form is minimised over the images of x − y.
  ///
  /// - Throws: `KineticMetricError` unless a, c > 0 and |b| < √(ac).
  public static func twisted(
    a: Double, b: Double, c: Double, exponent: Double = 2
  ) throws(KineticMetricError) -> KineticMetric {
    let rest = completedSquare(a: a, b: b, c: c)
    guard a > 0, c > 0, a.isFinite, c.isFinite, b.isFinite, rest > 0 else {
      throw .badTwist(a: a, b: b, c: c)
    }
    return try KineticMetric(
      exponent: exponent, form: .joint, positionWeight: a, velocityWeight: rest, shear: b / a)
  }

  /// c − b²/a to a few roundings, however close b² is to ac: what the quotient, the product and the
  /// difference round away is put back.
  private static func completedSquare(a: Double, b: Double, c: Double) -> Double {
    let quotient = b / a
    let quotientRest = b.addingProduct(-quotient, a) / a
    let product = b * quotient
    let productRest = (-product).addingProduct(b, quotient)
    let difference = c - product
    let subtracted = c - difference
    let differenceRest = (c - (difference + subtracted)) + (subtracted - product)
    return difference + (differenceRest - productRest - b * quotientRest)
  }

  /// W̃_{t,p}, with cost |(x − tv) − (y − tw)|^p + |v − w|^p.
  ///
  /// - Throws: `KineticMetricError`.
  public static func freeFlow(
    time: Double, exponent: Double = 2
  ) throws(KineticMetricError) -> KineticMetric {
    try KineticMetric(exponent: exponent, shear: -time)
  }

  /// A phrase that says which distance this is, such as "split, p = 2, position weight 25".
  public var summary: String {
    var parts = [form.rawValue, "p = \(exponent.plainText)"]
    if positionWeight != 1 { parts.append("position weight \(positionWeight.plainText)") }
    if velocityWeight != 1 { parts.append("velocity weight \(velocityWeight.plainText)") }
    if shear != 0 { parts.append("positions sheared by \(shear.plainText)·v") }
    if let nonlinearity { parts.append("nonlinear, \(nonlinearity.summary)") }
    return parts.joined(separator: ", ")
  }
}

/// Which coordinates a distance compares.
public enum ComparedSpace: String, Sendable, CaseIterable {
  /// Positions and velocities.
  case phase
  /// The position marginals.
  case position
  /// The velocity marginals.
  case velocity
}

/// Why a metric is not one, or does not fit two measures.
public enum KineticMetricError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The exponent is below 1 or not finite.
  case badExponent(Double)
  /// A weight is not positive and finite.
  case badWeight(of: String, Double)
  /// The shear or free-flow time is not finite.
  case badShear(Double)
  /// The form a, b, c is not positive definite.
  case badTwist(a: Double, b: Double, c: Double)
  /// A nonlinear distance needs a cost that is a sum of a position and a velocity part.
  case nonlinearityNeedsSplitForm(exponent: Double)
  /// A nonlinear distance weighs positions against velocities, so it needs both.
  case nonlinearityNeedsPhaseSpace
  /// The fixed point of a nonlinear distance is found from plans, which the caller did not ask for.
  case nonlinearityNeedsPlan
  /// A parameter of a nonlinearity is impossible.
  case badNonlinearity(parameter: String, value: Double, requirement: String)
  /// Φ gave a number that is negative, infinite or not a number.
  case badNonlinearityValue(at: Double, value: Double)
  /// Φ is defined only below a bound, and no coupling keeps the velocity part below it.
  case outsideNonlinearity(name: String, bound: Double, velocityPart: Double)
  /// The measures have different numbers of coordinates.
  case dimensionMismatch(first: String, second: String)
  /// The measures live in different boxes.
  case boxMismatch(axis: Int, first: CoordinateAxis, second: CoordinateAxis)
  /// Velocities are needed and missing.
  case noVelocities(need: String)
  /// A shear needs as many velocity as position coordinates.
  case shearNeedsEqualDimensions(position: Int, velocity: Int)
  /// The places to which particles are to be moved are not those of the target, each once.
  case badPlaces(places: Int, sources: Int, targets: Int)
  /// A nonlinearity was given without its derivative, and derivatives were asked for.
  case noDerivative(of: String)
  /// Sheared or scaled positions are too large for a number.
  case overflow
  /// The transport problem was refused.
  case problem(ProblemError)
  /// The solver failed.
  case solver(SolverError)

  /// A full sentence that says what was found and what was expected.
  public var description: String {
    switch self {
    case .badExponent(let p):
      "The exponent p is \(p); it must be a number of at least 1."
    case .badWeight(let name, let weight):
      "The \(name) weight is \(weight); it must be positive and finite."
    case .badShear(let shear):
      "The shear is \(shear); it must be finite."
    case .badTwist(let a, let b, let c):
      "The twist \(a), \(b), \(c) is not positive definite: a and c must be positive and |b| "
        + "smaller than √(ac)."
    case .nonlinearityNeedsSplitForm(let p):
      "A nonlinear distance needs a cost that is a sum of a position and a velocity part: the "
        + "split form, or p = 2 (it is joint with p = \(p))."
    case .nonlinearityNeedsPhaseSpace:
      "A nonlinear distance weighs positions against velocities; it compares phase space only."
    case .nonlinearityNeedsPlan:
      "A nonlinear distance is found from the position and velocity parts of plans; use distance "
        + "with a solver that gives one."
    case .badNonlinearity(let parameter, let value, let requirement):
      "The parameter \(parameter) of the nonlinearity is \(value); it must be \(requirement)."
    case .badNonlinearityValue(let s, let value):
      "The nonlinearity Φ is \(value) at \(s); it must be nonnegative and finite."
    case .outsideNonlinearity(let name, let bound, let part):
      "The nonlinearity \(name) is defined below \(bound) only, and the velocity part of the cost "
        + "is at least \(part): the distance must be smaller (Remark 3.8 of the paper), or an "
        + "extended nonlinearity used."
    case .dimensionMismatch(let first, let second):
      "The first measure has \(first) and the second \(second); they must agree."
    case .boxMismatch(let axis, let first, let second):
      "Position axis \(axis + 1) is \(Self.name(first)) for the first measure and "
        + "\(Self.name(second)) for the second; they must agree."
    case .noVelocities(let need):
      "The measures have no velocities, and \(need) needs them."
    case .shearNeedsEqualDimensions(let position, let velocity):
      "A free-flow or twisted distance needs as many velocity as position coordinates; there are "
        + "\(position) of position and \(velocity) of velocity."
    case .badPlaces(let places, let sources, let targets):
      "There are \(places) places for \(sources) particles that move to \(targets); each particle needs "
        + "one, and each place, counted from 0, must be named once."
    case .noDerivative(let name):
      "The nonlinearity \(name) was given without its derivative, which derivatives of the distance "
        + "need."
    case .overflow:
      "Sheared or scaled positions exceed the largest number; scale the data."
    case .problem(let error): error.description
    case .solver(let error): error.description
    }
  }

  private static func name(_ axis: CoordinateAxis) -> String {
    switch axis {
    case .line: "free"
    case .circle(let length): "periodic with length \(length)"
    }
  }
}
