import CharacteristicFlows
import OptimalTransport
import PhaseSpace

/// Why a stability estimate cannot be made.
public enum StabilityError: Error, Sendable, CustomStringConvertible {
  /// A parameter is out of its range.
  case badParameter(name: String, value: Double, requirement: String)
  /// The estimate needs ‖D²K‖_∞ and the field knows none.
  case noCurvatureBound(field: String)
  /// The quasi-neutral limit is followed in dimension one alone.
  case needsCircle
  /// The estimate is stated on the unit torus.
  case needsUnitTorus
  /// The times do not increase from the start of the flow on.
  case badTimes
  /// A measure could not be made.
  case measure(PhaseSpaceError)
  /// Two measures or a metric do not fit.
  case metric(KineticMetricError)
  /// A transport problem was not solved.
  case solver(SolverError)
  /// A flow was not followed.
  case flow(FlowError)

  /// Refuses a parameter that is not positive and finite.
  static func checkPositive(_ value: Double, _ name: String) throws(StabilityError) {
    guard value > 0, value.isFinite else {
      throw .badParameter(name: name, value: value, requirement: "positive and finite")
    }
  }

  /// A full sentence that says what was found and what was expected.
  public var description: String {
    switch self {
    case .badParameter(let name, let value, let requirement):
      "The parameter \(name) is \(value); it must be \(requirement)."
    case .noCurvatureBound(let field):
      "The field \(field) has no bound B of ‖D²K‖, which Theorem 2.1 needs; a smooth kernel has one."
    case .needsCircle:
      "The quasi-neutral limit is followed on one periodic axis; these measures live elsewhere."
    case .needsUnitTorus:
      "Theorem 3.1 is stated on the torus of length 1 on every axis, and this box is another; divide "
        + "positions and velocities by the length."
    case .badTimes:
      "The times of a study must increase, and none may lie before the start."
    case .measure(let error): error.description
    case .metric(let error): error.description
    case .solver(let error): error.description
    case .flow(let error): error.description
    }
  }
}
