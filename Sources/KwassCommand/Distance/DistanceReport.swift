import KineticTransport

/// What `kwass distance` prints.
protocol Report {
  /// For people.
  var text: String { get }
  /// For programs.
  var json: JSON { get }
  /// The distance as printed and its bracket, which `--max` limits; `nil` where there is none.
  var judged: (distance: Double?, distanceBounds: ProvedBounds)? { get }
  /// Whether a verification failed.
  var isDisproved: Bool { get }
}

/// What is printed for a transport problem whose plan is known.
struct DistanceReport: Report {
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
    let spread = WeightedSpread(drawn)
    // Of so few draws the mean is known no better than they are.
    let deviation =
      spread.deviation * (Double(drawn.count) / Double(drawn.count - 1)).squareRoot()
    return "\(drawn.count) draws of \(count(subsample.count, "particle", "particles")) from each "
      + "snapshot give \(spread.mean) on average, with the standard deviation \(deviation); the above "
      + "is the first of them. Small draws make distances larger on average."
  }

  /// The parts of the cost; `nil` where positions or velocities alone are compared.
  private var parts: CostParts? {
    distance.costParts(from: inputs.source, to: inputs.target)
  }

  /// The notes beside those of the inputs.
  private var ownNotes: [String] {
    [parts?.imbalance?.sentence, subsampleNote].compactMap(\.self)
  }

  /// Why the solver was chosen and where it stopped, in a phrase.
  var reason: String {
    if options.measurement.match != nil { return "asked for with --match id" }
    let choice =
      distance.solution.choice
      ?? "asked for with --method \(options.measurement.solving.method.rawValue)"
    return [choice, distance.solution.ending.phrase].compactMap(\.self).joined(separator: "; ")
  }

  /// The iterations of all transport problems together.
  var iterations: Int {
    distance.fixedPoint?.iterations ?? distance.solution.effort.iterations
  }

  var judged: (distance: Double?, distanceBounds: ProvedBounds)? {
    (distance.distance, distance.distanceBounds)
  }
  var isDisproved: Bool { verification.map { !$0.isConfirmed } ?? false }

  // MARK: Text

  /// The report for people.
  var text: String {
    let bounds = distance.distanceBounds
    var table = Table()
    table.add(isUpperEnd ? "at most" : "distance", "\(distance.distance)")
    table.add(
      "bracket",
      "[\(bounds.lower), \(bounds.upper)], relative width \(rough(bounds.relativeWidth))")
    table.add(
      "cost",
      "\(distance.cost) = \(power), in [\(distance.costBounds.lower), \(distance.costBounds.upper)]"
    )
    if let parts { table.add("parts", parts.text) }
    table.add("metric", metricText)
    addFixedPoint(to: &table)
    table.add("method", "\(distance.solution.method) (\(reason))")
    table.add("effort", "\(count(iterations, "iteration", "iterations")), \(plainSeconds(seconds))")
    inputs.describe(in: &table)
    for note in ownNotes { table.add("note", note) }
    addVerification(to: &table)
    return table.text()
  }

  /// Whether no more than the upper end was wanted.
  private var isUpperEnd: Bool {
    switch distance.solution.ending {
    case .given, .decided: true
    default: false
    }
  }

  private var metricText: String { inputs.described(distance.metric) }

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
        + "[\(verification.costBounds.lower), \(verification.costBounds.upper)]")
  }

  private var power: String { distance.metric.power }

  // MARK: JSON

  /// The report for programs.
  var json: JSON {
    let bounds = distance.distanceBounds
    var members: [JSON.Member] = [
      .init("distance", .number(distance.distance)),
      .init("lower", .number(bounds.lower)),
      .init("upper", .number(bounds.upper)),
      .init("cost", .number(distance.cost)),
      .init("costLower", .number(distance.costBounds.lower)),
      .init("costUpper", .number(distance.costBounds.upper)),
    ]
    members += CostParts.members(parts)
    members += distance.metric.members(inputs)
    members += [
      .init("method", .string(distance.solution.method)),
      .init("reason", .string(reason)),
    ]
    members += inputs.members(of: options)
    members += [
      .init("iterations", .integer(iterations)),
      .init("seconds", .number(seconds)),
      .init("notes", .array((inputs.notes + ownNotes).map { .string($0) })),
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
            .init("costLower", .number(verification.costBounds.lower)),
            .init("costUpper", .number(verification.costBounds.upper)),
          ])))
    }
    if let gate = options.measurement.gate.gate {
      members += [.init("max", .number(gate.limit))] + gate.members(bounds)
    }
    return .document("distance", members)
  }
}
