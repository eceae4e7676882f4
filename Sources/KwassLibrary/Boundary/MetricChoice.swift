import CKwass
import OptimalTransport
import PhaseSpace

/// What a `kwass_metric` says.
struct MetricChoice: Sendable {
  let metric: KineticMetric
  /// Which coordinates are compared; `nil` where the measures decide.
  private let space: ComparedSpace?
  /// Whether measuring calls a function of the caller, which only its own thread may do.
  let callsFunction: Bool

  /// - Parameter pointer: NULL for the defaults.
  init(_ pointer: UnsafePointer<kwass_metric>?) throws(Failure) {
    if let pointer {
      try self.init(kwass_metric.read(pointer))
    } else {
      try self.init(kwass_metric.defaults)
    }
  }

  private init(_ choice: kwass_metric) throws(Failure) {
    let form = try constant(
      choice.form, "form", [(KWASS_SPLIT, KineticMetric.Form.split), (KWASS_JOINT, .joint)])
    space = try constant(
      choice.space, "space",
      [
        (KWASS_SPACE_AUTOMATIC, nil), (KWASS_SPACE_PHASE, ComparedSpace.phase),
        (KWASS_SPACE_POSITION, .position), (KWASS_SPACE_VELOCITY, .velocity),
      ])
    callsFunction = Int(choice.nonlinearity) == KWASS_FUNCTION
    let nonlinearity = try Self.nonlinearity(choice)
    do throws(KineticMetricError) {
      metric = try KineticMetric(
        exponent: choice.exponent, form: form, positionWeight: choice.position_weight,
        velocityWeight: choice.velocity_weight, shear: choice.shear, nonlinearity: nonlinearity)
    } catch {
      throw Failure(error)
    }
  }

  private static func nonlinearity(_ choice: kwass_metric) throws(Failure) -> Nonlinearity? {
    let convention = try constant(
      choice.convention, "convention",
      [(KWASS_FULL, Nonlinearity.Convention.full), (KWASS_HALVED, .halved)])
    do throws(KineticMetricError) {
      switch Int(choice.nonlinearity) {
      case KWASS_LINEAR: return nil
      case KWASS_LOGARITHMIC:
        return try .logarithmic(epsilon: choice.epsilon, convention: convention)
      case KWASS_EXTENDED_LOGARITHMIC:
        return try .extendedLogarithmic(epsilon: choice.epsilon, convention: convention)
      case KWASS_POWER:
        return try .power(choice.power, epsilon: choice.epsilon, convention: convention)
      case KWASS_FUNCTION: break
      default:
        throw KineticMetricError.badNonlinearity(
          parameter: "nonlinearity", value: Double(choice.nonlinearity),
          requirement: "one of the constants from KWASS_LINEAR to KWASS_FUNCTION")
      }
    } catch {
      throw Failure(
        Int(choice.nonlinearity) > KWASS_FUNCTION || choice.nonlinearity < 0
          ? KWASS_ERROR_ARGUMENT : KWASS_ERROR_METRIC, error.description)
    }
    guard let function = choice.function else { throw .null("function of the metric") }
    guard choice.function_bound > 0 else {
      throw Failure(
        KWASS_ERROR_METRIC,
        "The function_bound is \(choice.function_bound); it must be positive, and may be infinite.")
    }
    // The header lets the caller answer for the context: the function is called on the caller's thread.
    nonisolated(unsafe) let context = choice.function_context
    return Nonlinearity(
      name: "Φ = a function of the caller", bound: choice.function_bound, convention: convention
    ) { s in function(context, s) }
  }

  /// Which coordinates of a measure are compared.
  func space(of measure: PhaseSpaceMeasure) -> ComparedSpace {
    space ?? (measure.velocityDimension > 0 ? .phase : .position)
  }
}

/// What a constant of the header stands for.
///
/// - Parameters:
///   - field: the field in which it stands, for the sentence.
///   - meanings: all constants that the field takes; at least one.
func constant<Meaning>(
  _ value: Int32, _ field: String, _ meanings: [(constant: Int, meaning: Meaning)]
) throws(Failure) -> Meaning {
  for (constant, meaning) in meanings where constant == Int(value) { return meaning }
  let known = meanings.map { "\($0.constant)" }.joined(separator: ", ")
  throw .argument("The field \(field) is \(value); it must be one of the constants \(known).")
}
