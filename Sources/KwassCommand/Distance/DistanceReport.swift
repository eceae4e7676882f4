import KineticTransport

/// Everything that `kwass distance` prints.
struct DistanceReport {
  let options: DistanceOptions
  let inputs: DistanceInputs
  let distance: KineticDistance
  /// Wall-clock seconds of solving, proofs included, files not.
  let seconds: Double
  let verification: Verification?
  /// With `--subsample`: the distance of this draw and of further ones.
  let drawn: [Double]

  /// What subsampling does, in a sentence; `nil` without it.
  private var subsampleNote: String? {
    guard let subsample = options.subsample, drawn.count > 1 else { return nil }
    let mean = CompensatedSum(drawn).value / Double(drawn.count)
    let squares = drawn.map { ($0 - mean) * ($0 - mean) }
    let deviation = (CompensatedSum(squares).value / Double(drawn.count - 1)).squareRoot()
    return "\(drawn.count) draws of \(count(subsample.count, "particle", "particles")) from each "
      + "snapshot give \(mean) on average, with the standard deviation \(deviation); the above "
      + "is the first of them. Small draws make distances larger on average."
  }

  /// All notes.
  private var notes: [String] { inputs.notes + [subsampleNote].compactMap(\.self) }

  /// Why the solver was chosen, in a phrase.
  var reason: String {
    options.method == .auto
      ? AutomaticSolver().choice(for: distance.solution.problem).reason
      : "asked for with --method \(options.method.rawValue)"
  }

  /// The iterations of all transport problems together.
  var iterations: Int {
    distance.fixedPoint?.iterations ?? distance.solution.effort.iterations
  }

  /// The time of each snapshot.
  var times: [Double?] { [inputs.source.time, inputs.target.time] }

  // MARK: Text

  /// The report for people.
  var text: String {
    let bounds = distance.bounds
    var table = Table()
    table.add("distance", "\(distance.distance)")
    table.add(
      "bracket",
      "[\(bounds.lower), \(bounds.upper)], relative width \(rough(bounds.relativeWidth))")
    table.add(
      "cost",
      "\(distance.cost) = \(power), in [\(distance.costBounds.lower), \(distance.costBounds.upper)]"
    )
    table.add("metric", metricText)
    addFixedPoint(to: &table)
    table.add("method", "\(distance.solution.method) (\(reason))")
    table.add("effort", "\(count(iterations, "iteration", "iterations")), \(plainSeconds(seconds))")
    table.add(
      "sizes",
      "\(inputs.source.count) and \(inputs.target.count) particles in "
        + "\(inputs.source.positionDimension) position and "
        + "\(inputs.source.velocityDimension) velocity coordinates")
    table.add(
      "raw masses", "\(inputs.source.rawMass) and \(inputs.target.rawMass), each normalised to 1")
    table.add("times", timesText)
    if inputs.space != .velocity { table.add("box", inputs.source.box.notation) }
    for note in notes { table.add("note", note) }
    addVerification(to: &table)
    return table.text()
  }

  private var timesText: String {
    if times.allSatisfy({ $0 == nil }) { return "not stated" }
    return times.map { $0.map(\.description) ?? "not stated" }.joined(separator: " and ")
  }

  private var metricText: String {
    let space = inputs.space == .phase ? "" : ", \(inputs.space.rawValue)s only"
    return distance.metric.summary + space
  }

  private func addFixedPoint(to table: inout Table) {
    guard let point = distance.fixedPoint else { return }
    table.add(
      "fixed point",
      "s = \(power) = Phi(s) A + B with Phi(s) = \(point.positionFactor), "
        + "A = \(point.positionPart), B = \(point.velocityPart)")
    table.add(
      "residual",
      "\(rough(point.residual)) after \(count(point.solves, "transport problem", "transport problems")), "
        + "\(point.warmSolves) of them from the solution before")
  }

  private func addVerification(to table: inout Table) {
    guard let verification else { return }
    table.add(
      "verified",
      "\(verification.isConfirmed ? "yes" : "NO"): marginals off by "
        + "\(rough(verification.marginalError)), potentials above a cost by "
        + "\(rough(verification.largestViolation)), cost in "
        + "[\(verification.bounds.lower), \(verification.bounds.upper)]")
  }

  private var power: String {
    distance.metric.exponent == 1 ? "W" : "W^\(plain(distance.metric.exponent))"
  }

  // MARK: JSON

  /// The report for programs.
  var json: JSON {
    let metric = distance.metric
    let bounds = distance.bounds
    var members: [JSON.Member] = [
      .init("distance", .number(distance.distance)),
      .init("lower", .number(bounds.lower)),
      .init("upper", .number(bounds.upper)),
      .init("cost", .number(distance.cost)),
      .init("costLower", .number(distance.costBounds.lower)),
      .init("costUpper", .number(distance.costBounds.upper)),
      .init("p", .number(metric.exponent)),
      .init("metric", .string(metricText)),
      .init("form", .string(metric.form.rawValue)),
      .init("positionWeight", .number(metric.positionWeight)),
      .init("velocityWeight", .number(metric.velocityWeight)),
      .init("shear", .number(metric.shear)),
      .init("nonlinearity", metric.nonlinearity.map { .string($0.summary) } ?? .null),
      .init("space", .string(inputs.space.rawValue)),
      .init("method", .string(distance.solution.method)),
      .init("reason", .string(reason)),
      .init("files", .array([.string(options.sourcePath), .string(options.targetPath)])),
      .init("sizes", .array([.integer(inputs.source.count), .integer(inputs.target.count)])),
      .init("positionDimension", .integer(inputs.source.positionDimension)),
      .init("velocityDimension", .integer(inputs.source.velocityDimension)),
      .init("rawMasses", .array([.number(inputs.source.rawMass), .number(inputs.target.rawMass)])),
      .init("times", .array(times.map(JSON.optional))),
      .init(
        "box",
        .array(inputs.source.box.axes.map { $0.isPeriodic ? .number($0.length) : .string("free") })),
      .init("iterations", .integer(iterations)),
      .init("seconds", .number(seconds)),
      .init("notes", .array(notes.map { .string($0) })),
    ]
    if options.subsample != nil {
      members.append(.init("draws", .array(drawn.map { .number($0) })))
    }
    if let point = distance.fixedPoint {
      members.append(
        .init(
          "fixedPoint",
          .object([
            .init("residual", .number(point.residual)),
            .init("positionFactor", .number(point.positionFactor)),
            .init("positionPart", .number(point.positionPart)),
            .init("velocityPart", .number(point.velocityPart)),
            .init("solves", .integer(point.solves)),
            .init("warmSolves", .integer(point.warmSolves)),
          ])))
    }
    if let verification {
      members.append(
        .init(
          "verification",
          .object([
            .init("confirmed", .boolean(verification.isConfirmed)),
            .init("marginalError", .number(verification.marginalError)),
            .init("largestViolation", .number(verification.largestViolation)),
            .init("costLower", .number(verification.bounds.lower)),
            .init("costUpper", .number(verification.bounds.upper)),
          ])))
    }
    if let maximum = options.maximum {
      members.append(.init("max", .number(maximum)))
      members.append(.init("exceeded", .boolean(distance.distance > maximum)))
    }
    return .object(members)
  }
}
