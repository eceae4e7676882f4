import OptimalTransport

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
  /// The way to a time takes too many steps, or steps that a time of its size cannot tell apart.
  case tooManySteps(start: Double, end: Double, step: Double, count: Double)
  /// The integrator needs a force that does not depend on velocities.
  case velocityDependentField(field: String, integrator: String)
  /// A coordinate has become infinite or not a number.
  case notFinite(time: Double)
  /// Particles have gone round a periodic axis so often that rounding leaves less than three digits of
  /// their places on it.
  case placesLost(time: Double, rounding: Double, length: Double)
  /// A step control gave up; `needed` is how many steps it would have taken at the rate at which the
  /// error fell, `nil` where it did not fall.
  case noConvergence(tolerance: Double, reached: Double, step: Double, needed: Double?)
  /// A tolerance lies below the rounding of the coordinates.
  case toleranceBelowRounding(tolerance: Double, rounding: Double)
  /// Two flows and a plan do not fit each other.
  case planMismatch(sources: Int, targets: Int)
  /// Lifts are not those of the measure's positions.
  case badLifts
  /// A grid is not as it must be.
  case badGrid(String)
  /// The build lacks a library that this needs, for want of the package trait of its name.
  case missingLibrary(user: String, name: String)
  /// Two measures live in different boxes.
  case boxesDiffer
  /// Two flows are at different times.
  case timesDiffer(first: Double, second: Double)

  /// A full sentence that says what was found and what was expected.
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
    case .tooManySteps(let start, let end, let step, let count):
      count > StepCount.limit
        ? "The way from the time \(start) to \(end) takes \(count.twoDigits) steps of at most \(step); "
          + "\(StepCount.limit.twoDigits) are the limit, so take longer steps or a shorter way."
        : "Steps of at most \(step) are too short for the way from the time \(start) to \(end): "
          + "a time of that size is only stored to \(max(start.magnitude, end.magnitude).ulp)."
    case .velocityDependentField(let field, let integrator):
      "The field \(field) depends on velocities, for which \(integrator) is not made; use "
        + "\(Integrator.rungeKutta4.name)."
    case .notFinite(let time):
      "By the time \(time) a coordinate is no longer a finite number; take a smaller step."
    case .placesLost(let time, let rounding, let length):
      "By the time \(time) particles have gone round a periodic axis of length \(length) so often that "
        + "their places are only known to \(rounding.twoDigits); less than a thousandth of the length "
        + "is needed, so take a shorter way."
    case .noConvergence(let tolerance, let reached, let step, let needed):
      "Halving the step down to \(step) left an error of \(reached.twoDigits), above the tolerance "
        + "\(tolerance); "
        + (needed.map {
          "about \($0.twoDigits) steps would be needed at the rate at which it fell."
        }
          ?? "smaller steps did not help.")
    case .toleranceBelowRounding(let tolerance, let rounding):
      "The tolerance \(tolerance) lies below the rounding of the coordinates, which is "
        + "\(rounding.twoDigits); it must be larger."
    case .planMismatch(let sources, let targets):
      "The plan does not fit flows of \(sources) and \(targets) particles; it must be a coupling of "
        + "their masses."
    case .badLifts:
      "The lifts are not those of the measure's positions; wrapped into the box they must be the "
        + "same."
    case .badGrid(let requirement):
      "The phase-space grid needs \(requirement)."
    case .missingLibrary(let user, let name):
      "The \(user) needs \(name), and this kwass was built without it (package trait \(name))."
    case .boxesDiffer:
      "The two measures live in different boxes; they must agree."
    case .timesDiffer(let first, let second):
      "The two measures are of the times \(first) and \(second); they must agree."
    }
  }
}
