import KineticTransport

/// The metric in which a command measures, and the coordinates that it compares.
struct MetricOptions: OptionGroup, Equatable {
  /// The exponent p.
  var exponent: Double
  /// The form that was asked for; `nil` for the default, split, or joint for a twisted metric.
  var form: KineticMetric.Form?
  /// λ.
  var lambda: Double?
  /// a, b, c.
  var twist: Twist?
  /// t.
  var freeFlow: Double?
  /// Φ.
  var phi: Phi?
  /// ε.
  var epsilon: Double?
  /// The coordinates to compare; `nil` for all that the snapshots have.
  var space: ComparedSpace?
  /// The box that overrides those of the files.
  var box: BoxOption?

  /// The coefficients of a twisted metric.
  struct Twist: Sendable, Equatable {
    var a: Double
    var b: Double
    var c: Double
  }

  /// The nonlinearities that can be asked for.
  enum Phi: Sendable, Equatable {
    case log, logExtended
    case power(Double)
  }

  static let specification = [
    OptionSpecification("--p", "P", "The exponent, a number of at least 1. Default: 2."),
    OptionSpecification(
      "--cost", "split|joint",
      "How positions and velocities combine: |x-y|^p + |v-w|^p (split, the default) or "
        + "(|x-y|^2 + |v-w|^2)^(p/2) (joint)."),
    OptionSpecification("--lambda", "L", "The weight of positions, positive: L|x-y|^p + |v-w|^p."),
    OptionSpecification(
      "--twist", "a,b,c",
      "The form (a|x-y|^2 + 2b(x-y).(v-w) + c|v-w|^2)^(p/2), with a, c > 0 and b^2 < ac."),
    OptionSpecification(
      "--free-flow", "T", "Compare x - Tv instead of x: positions freed from the free flow."),
    OptionSpecification(
      "--phi", "log|log-extended|power:Q",
      "The nonlinear distance with position weight Phi(W^p): |log s|/E^2, its extension beyond "
        + "1/e by 1/(e s E^2), or s^(-Q)/E^2."),
    OptionSpecification("--epsilon", "E", "The E of --phi, positive. Default: 1."),
    OptionSpecification(
      "--space", "phase|position|velocity",
      "Compare all coordinates (the default), positions only, or velocities only."),
    BoxOption.specification,
  ]

  init(_ reader: ArgumentReader) throws(UsageError) {
    exponent = try reader.number("--p", "a number of at least 1") { $0 >= 1 } ?? 2
    form = try reader.choice("--cost")
    lambda = try reader.number("--lambda", "a positive number") { $0 > 0 }
    twist = try Twist(reader)
    freeFlow = try reader.number("--free-flow")
    phi = try Phi(reader)
    epsilon = try reader.number("--epsilon", "a positive number") { $0 > 0 }
    space = try reader.choice("--space")
    box = try BoxOption(reader)
    try checkForm()
    try checkSpace()
  }

  private func checkForm() throws(UsageError) {
    if twist != nil, form == .split {
      throw .conflict("--twist is a joint form; --cost split cannot go with it.")
    }
    if twist != nil, lambda != nil {
      throw .conflict("--twist weighs positions by its a; --lambda cannot go with it.")
    }
    if epsilon != nil, phi == nil {
      throw .conflict("--epsilon is the parameter of --phi, which is missing.")
    }
    if phi != nil, exponent != 2, form == .joint || twist != nil {
      throw .conflict("--phi needs a split cost, or p = 2; here the cost is joint and p is not 2.")
    }
  }

  /// Refuses what is without effect where not all coordinates are compared.
  private func checkSpace() throws(UsageError) {
    if space == .velocity, box != nil {
      throw .conflict("--space velocity compares no positions; --box would have no effect.")
    }
    guard let space, space != .phase else { return }
    let given = [
      ("--lambda", lambda != nil), ("--twist", twist != nil), ("--free-flow", freeFlow != nil),
      ("--phi", phi != nil), ("--cost", form != nil),
    ]
    try Self.refuse(given) { option in
      "\(option) compares positions with velocities; --space \(space.rawValue) cannot go with it."
    }
  }

  // MARK: The metric

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

  /// The metric in a phrase.
  ///
  /// - Throws: `CommandFailure` for a metric that makes no sense.
  var summary: String {
    get throws(CommandFailure) {
      try attempt { () throws(KineticMetricError) in try metric().summary }
    }
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
}

extension MetricOptions.Twist {
  fileprivate init?(_ reader: ArgumentReader) throws(UsageError) {
    guard let text = reader.text("--twist") else { return nil }
    let parts = text.split(separator: ",", omittingEmptySubsequences: false).map { Double($0) }
    guard parts.count == 3, let a = parts[0], let b = parts[1], let c = parts[2],
      (try? KineticMetric.twisted(a: a, b: b, c: c)) != nil
    else {
      throw .badValue(
        option: "--twist", value: text,
        requirement: "three numbers a,b,c with a, c > 0 and b^2 < ac")
    }
    (self.a, self.b, self.c) = (a, b, c)
  }
}

extension MetricOptions.Phi {
  fileprivate init?(_ reader: ArgumentReader) throws(UsageError) {
    guard let text = reader.text("--phi") else { return nil }
    switch text {
    case "log": self = .log
    case "log-extended": self = .logExtended
    default:
      let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
      guard parts.count == 2, parts[0] == "power", let power = Double(parts[1]), power >= 0,
        power.isFinite
      else {
        throw .badValue(
          option: "--phi", value: text,
          requirement: "log, log-extended or power:Q with a number Q of at least 0")
      }
      self = .power(power)
    }
  }
}
