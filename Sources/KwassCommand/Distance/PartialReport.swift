import KineticTransport

/// What is printed where there is a bracket and no solution: a solver was stopped or could not reach its
/// goal, or none was needed.
struct PartialReport: Report {
  let options: DistanceOptions
  let inputs: DistanceInputs
  let metric: KineticMetric
  /// The bracket of the least cost.
  let bracket: PartialBracket
  /// Why there is no more.
  let outcome: Outcome
  /// Wall-clock seconds of solving.
  let seconds: Double

  /// Why there is no solution.
  enum Outcome {
    /// The solver ended early, with a sentence that says why.
    case stopped(String)
    /// The bracket decides about the gate before any solver.
    case decided
  }

  /// Why a gate needed no solver, in a phrase; `nil` where a solver was stopped.
  private var decision: String? {
    guard case .decided = outcome else { return nil }
    return options.measurement.gate.limit.flatMap { SolutionEnding.decided(threshold: $0).phrase }
  }

  /// With differences of the marginals the least cost is no power of a distance.
  private var isRelaxed: Bool { options.measurement.entropic.relaxation != nil }
  private var distanceBounds: ProvedBounds { bracket.costBounds.root(metric.exponent) }

  var judged: (distance: Double?, distanceBounds: ProvedBounds)? {
    isRelaxed ? nil : (decision == nil ? nil : distanceBounds.upper, distanceBounds)
  }
  var isDisproved: Bool { false }

  var text: String {
    var table = Table()
    let costs = bracket.costBounds
    if !isRelaxed {
      table.add("at most", "\(distanceBounds.upper)")
      table.add(
        "bracket",
        "[\(distanceBounds.lower), \(distanceBounds.upper)], relative width \(rough(distanceBounds.relativeWidth))"
      )
    }
    table.add(
      "cost", "\(isRelaxed ? "" : "\(metric.power) ")in [\(costs.lower), \(costs.upper)]")
    if case .stopped(let reason) = outcome { table.add("stopped", reason) }
    if let decision { table.add("method", "none (\(decision))") }
    table.add("proved by", bracket.origin)
    table.add("metric", inputs.described(metric))
    table.add("effort", plainSeconds(seconds))
    inputs.describe(in: &table, areNormalized: !isRelaxed)
    return table.text()
  }

  var json: JSON {
    var members: [JSON.Member] = []
    if !isRelaxed {
      members += [
        .init("distance", JSON.optional(decision == nil ? nil : distanceBounds.upper)),
        .init("lower", .number(distanceBounds.lower)),
        .init("upper", .number(distanceBounds.upper)),
      ]
    }
    members += [
      .init("cost", JSON.optional(decision == nil ? nil : bracket.costBounds.upper)),
      .init("costLower", .number(bracket.costBounds.lower)),
      .init("costUpper", .number(bracket.costBounds.upper)),
    ]
    if case .stopped(let reason) = outcome { members.append(.init("stopped", .string(reason))) }
    if let decision {
      members += [.init("method", .string("none")), .init("reason", .string(decision))]
    }
    members.append(.init("provedBy", .string(bracket.origin)))
    // No plan is at hand whose parts they would be.
    members += CostParts.members(nil)
    members += metric.members(inputs) + inputs.members(of: options)
    members += [
      .init("seconds", .number(seconds)),
      .init("notes", .array(inputs.notes.map { .string($0) })),
    ]
    if let gate = options.measurement.gate.gate, !isRelaxed {
      members += [.init("max", .number(gate.limit))] + gate.members(distanceBounds)
    }
    return .document("distance", members)
  }
}
