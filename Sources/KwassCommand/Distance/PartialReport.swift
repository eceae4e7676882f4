import KineticTransport

/// What is printed where a solver was stopped or could not reach its goal: what it had proved.
struct PartialReport: Report {
  let options: DistanceOptions
  let inputs: DistanceInputs
  let metric: KineticMetric
  /// The bracket of the least cost.
  let bracket: PartialBracket
  /// Why there is no more, in a sentence.
  let reason: String
  /// Wall-clock seconds of solving.
  let seconds: Double

  /// With differences of the marginals the least cost is no power of a distance.
  private var isRelaxed: Bool { options.relaxation != nil }
  private var bounds: Bounds { bracket.bounds.root(metric.exponent) }

  var judged: (distance: Double?, bounds: Bounds)? { isRelaxed ? nil : (nil, bounds) }
  var isDisproved: Bool { false }

  var text: String {
    var table = Table()
    let costs = bracket.bounds
    if !isRelaxed {
      table.add("at most", "\(bounds.upper)")
      table.add(
        "bracket",
        "[\(bounds.lower), \(bounds.upper)], relative width \(rough(bounds.relativeWidth))")
    }
    table.add(
      "cost", "\(isRelaxed ? "" : "\(metric.power) ")in [\(costs.lower), \(costs.upper)]")
    table.add("stopped", reason)
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
        .init("distance", .null), .init("lower", .number(bounds.lower)),
        .init("upper", .number(bounds.upper)),
      ]
    }
    members += [
      .init("cost", .null), .init("costLower", .number(bracket.bounds.lower)),
      .init("costUpper", .number(bracket.bounds.upper)), .init("stopped", .string(reason)),
      .init("provedBy", .string(bracket.origin)),
    ]
    // No plan is at hand whose parts they would be.
    members += CostParts.members(nil)
    members += metric.members(inputs) + inputs.members(of: options)
    members += [
      .init("seconds", .number(seconds)),
      .init("notes", .array(inputs.notes.map { .string($0) })),
    ]
    if let gate = options.gate, !isRelaxed {
      members += [.init("max", .number(gate.limit))] + gate.members(bounds)
    }
    return .document("distance", members)
  }
}
