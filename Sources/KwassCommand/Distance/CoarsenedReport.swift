import KineticTransport

/// What is printed for snapshots whose particles were merged into cells.
struct CoarsenedReport: Report {
  let options: DistanceOptions
  let inputs: CoarsenedInputs
  let metric: KineticMetric
  let outcome: CoarsenedMeasurement.Outcome
  /// Wall-clock seconds of solving, proofs included, files not.
  let seconds: Double

  private var last: CoarsenedMeasurement.Step? { outcome.steps.last }
  private var bounds: ProvedBounds { outcome.bounds }
  private var costBounds: ProvedBounds {
    let error = (2 * metric.exponent + 4) * Double.ulpOfOne
    return ProvedBounds(
      lower: bounds.lower.power(metric.exponent) * max(0, 1 - error),
      upper: bounds.upper.power(metric.exponent) * (1 + error))
  }
  private var clouds: [CoarseCloud] { last?.clouds ?? [] }
  private var iterations: Int { outcome.steps.reduce(0) { $0 + $1.iterations } }

  var judged: (distance: Double?, distanceBounds: ProvedBounds)? { (nil, bounds) }
  var isDisproved: Bool { false }

  /// What became of the wanted accuracy; `nil` where it was reached or none was wanted.
  var unreached: String? {
    guard options.coarsening == .automatic else { return nil }
    let accuracy = options.measurement.stopping.accuracy ?? 0.01
    guard bounds.relativeWidth > accuracy else { return nil }
    return
      "The relative width \(plain(accuracy)) was not reached; with \(cellText) cells the bracket "
      + "is as above, the best that --coarsen auto finds."
  }

  private var cellText: String { clouds.map { "\($0.count)" }.joined(separator: " and ") }
  private var notes: [String] { inputs.notes + [unreached].compactMap(\.self) }

  var text: String {
    var table = Table()
    table.add("at most", "\(bounds.upper)")
    table.add(
      "bracket",
      "[\(bounds.lower), \(bounds.upper)], relative width \(rough(bounds.relativeWidth))")
    table.add("cost", "\(metric.power) in [\(costBounds.lower), \(costBounds.upper)]")
    table.add(
      "coarsened",
      "\(inputs.sizes[0]) and \(inputs.sizes[1]) particles into \(cellText) cells")
    table.add("lost", clouds.map { "\($0.loss ?? 0)" }.joined(separator: " and "))
    if let cells = last?.cells {
      table.add(
        "cells", "distance \(cells.distance), in [\(cells.bounds.lower), \(cells.bounds.upper)]")
    }
    if let failure = outcome.failure { table.add("stopped", failure.sentence) }
    table.add("metric", inputs.heads.described(metric))
    if let last { table.add("method", last.method) }
    table.add("effort", "\(count(iterations, "iteration", "iterations")), \(plainSeconds(seconds))")
    table.add(
      "sizes",
      "\(inputs.sizes[0]) and \(inputs.sizes[1]) particles in "
        + "\(inputs.heads.source.positionDimension) position and "
        + "\(inputs.heads.source.velocityDimension) velocity coordinates")
    table.add(
      "raw masses",
      "\(inputs.rawMasses[0]) and \(inputs.rawMasses[1]), each normalised to 1")
    table.add("times", inputs.heads.timesText)
    inputs.scales.describe(in: &table)
    if inputs.heads.space != .velocity { table.add("box", inputs.heads.source.box.notation) }
    for note in notes { table.add("note", note) }
    return table.text()
  }

  var json: JSON {
    let heads = inputs.heads
    var members: [JSON.Member] = [
      .init("distance", .null),
      .init("lower", .number(bounds.lower)),
      .init("upper", .number(bounds.upper)),
      .init("cost", .null),
      .init("costLower", .number(costBounds.lower)),
      .init("costUpper", .number(costBounds.upper)),
    ]
    members += CostParts.members(nil)
    members.append(
      .init(
        "coarsening",
        .object([
          .init("cells", .array(clouds.map { .integer($0.count) })),
          .init("losses", .array(clouds.map { JSON.optional($0.loss) })),
          .init("distance", JSON.optional(last?.cells?.distance)),
          .init("lower", JSON.optional(last?.cells?.bounds.lower)),
          .init("upper", JSON.optional(last?.cells?.bounds.upper)),
        ])))
    if let failure = outcome.failure { members.append(.init("stopped", .string(failure.sentence))) }
    members += metric.members(heads)
    members += [
      .init("method", .string(last?.method ?? "none")),
      .init("files", .array([.string(options.sourcePath), .string(options.targetPath)])),
      .init("sizes", .array(inputs.sizes.map { .integer($0) })),
      .init("positionDimension", .integer(heads.source.positionDimension)),
      .init("velocityDimension", .integer(heads.source.velocityDimension)),
      .init("rawMasses", .array(inputs.rawMasses.map { .number($0) })),
      .init("times", .array([heads.source.time, heads.target.time].map(JSON.optional))),
      .init(
        "box",
        .array(heads.source.box.axes.map { $0.isPeriodic ? .number($0.length) : .string("free") })),
    ]
    members += inputs.scales.members
    members += [
      .init("iterations", .integer(iterations)),
      .init("seconds", .number(seconds)),
      .init("notes", .array(notes.map { .string($0) })),
    ]
    if let gate = options.measurement.gate.gate {
      members += [.init("max", .number(gate.limit))] + gate.members(bounds)
    }
    return .document("distance", members)
  }
}
