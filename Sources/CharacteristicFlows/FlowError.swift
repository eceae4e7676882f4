/// Why a flow cannot be followed.
public enum FlowError: Error, Hashable, Sendable, CustomStringConvertible {
  /// There are not as many velocity as position coordinates.
  case dimensionMismatch(position: Int, velocity: Int)
  /// A field is not defined in this box.
  case badBox(field: String, requirement: String)
  /// A parameter is out of its range.
  case badParameter(name: String, value: Double, requirement: String)
  /// The step is not positive and finite.
  case badStep(Double)
  /// A time is not finite.
  case badTime(Double)
  /// The integrator needs a force that does not depend on velocities.
  case velocityDependentField(field: String, integrator: String)
  /// A coordinate has become infinite or not a number.
  case notFinite(time: Double)
  /// A step control gave up.
  case noConvergence(tolerance: Double, reached: Double, step: Double)
  /// Two flows and a plan do not fit each other.
  case planMismatch(sources: Int, targets: Int)
  /// Lifts are not those of the measure's positions.
  case badLifts
  /// A grid is not as it must be.
  case badGrid(String)
  /// Two measures live in different boxes.
  case boxesDiffer
  /// Two flows are at different times.
  case timesDiffer(first: Double, second: Double)

  /// A full sentence that says what was found and what would be right.
  public var description: String {
    switch self {
    case .dimensionMismatch(let position, let velocity):
      "The particles have \(position) position and \(velocity) velocity coordinates; a flow needs "
        + "as many of the one as of the other."
    case .badBox(let field, let requirement):
      "The field \(field) needs \(requirement)."
    case .badParameter(let name, let value, let requirement):
      "The parameter \(name) is \(value); it must be \(requirement)."
    case .badStep(let step):
      "The step is \(step); it must be positive and finite."
    case .badTime(let time):
      "The time is \(time); it must be finite."
    case .velocityDependentField(let field, let integrator):
      "The field \(field) depends on velocities, for which \(integrator) is not made; use "
        + "\(Integrator.rungeKutta4.rawValue)."
    case .notFinite(let time):
      "By the time \(time) a coordinate is no longer a finite number; take a smaller step."
    case .noConvergence(let tolerance, let reached, let step):
      "Halving the step down to \(step) left an error of \(reached), above the tolerance "
        + "\(tolerance)."
    case .planMismatch(let sources, let targets):
      "The plan does not fit flows of \(sources) and \(targets) particles; it must be a coupling of "
        + "their masses."
    case .badLifts:
      "The lifts are not those of the measure's positions; wrapped into the box they must be the "
        + "same."
    case .badGrid(let requirement):
      "The phase-space grid needs \(requirement)."
    case .boxesDiffer:
      "The two measures live in different boxes; they must agree."
    case .timesDiffer(let first, let second):
      "The two measures are of the times \(first) and \(second); they must agree."
    }
  }
}
