import KineticTransport

/// What `kwass compare` prints.
struct CompareReport {
  let options: CompareOptions
  let frame: CompareCommand.Frame
  let comparison: Comparison
  /// The metric in words.
  let metric: String

  private var names: ComparedNames { frame.names }

  private var notes: [String] {
    (options.measurement.match == nil ? [] : [DistanceInputs.matchNote])
      + PairNote.sentences(comparison.judgements.map(\.outcome.notes)) + frame.notes
  }

  /// The noise floor, where there is one reference.
  private var floor: NoiseFloor? { names.references.count == 1 ? comparison.floors[0] : nil }

  // MARK: For people

  var text: String {
    var table = Table()
    table.add(
      "reference",
      names.references.count == 1
        ? names.references[0]
        : "\(options.reference), \(names.references.count) snapshots, each for those of its name")
    table.add("metric", metric)
    table.add("tolerance", toleranceText)
    for (reference, floor) in zip(names.references, comparison.floors) {
      let name = names.references.count == 1 ? "" : "\(reference): "
      table.add("noise floor", name + floorText(floor))
    }
    frame.scales.describe(in: &table)
    for note in notes { table.add("note", note) }
    for judgement in comparison.judgements {
      table.add(judgement.file, text(judgement))
      if let interruption = judgement.outcome.interruption { table.add("", interruption) }
      if let test = judgement.significance {
        table.add(
          "",
          "p-value \(significant(test.pValue)): \(test.exceedances) of \(test.permutations) random "
            + "divisions of all particles are as far apart")
      }
      if let parts = judgement.outcome.parts {
        table.add("", "parts of the cost: \(parts.text)")
      }
    }
    return table.text()
  }

  private var toleranceText: String {
    guard options.allowance.needsNoiseFloor, let floor,
      let gate = options.allowance.gate(CompareCommand.gateOption, floor: floor)
    else { return options.allowance.text }
    return "\(options.allowance.text) = \(gate.limit)"
  }

  private func floorText(_ floor: NoiseFloor?) -> String {
    guard let floor else { return "not measured, since the time limit was reached" }
    return "\(floor.mean), at most \(floor.largest), between halves in "
      + count(options.splits, "split", "splits")
  }

  private func text(_ judgement: Judgement) -> String {
    let bounds = judgement.outcome.distanceBounds
    let value =
      options.leavesBracket(judgement)
      ? "[\(bounds.lower), \(bounds.upper)]" : "\(judgement.outcome.distance)"
    return "\(value) \(judgement.verdictText)" + (judgement.noiseText.map { ", \($0)" } ?? "")
  }

  // MARK: For programs

  var json: JSON {
    .document(
      "compare",
      [
        .init("reference", .string(options.reference)),
        .init("metric", .string(metric)),
        .init(
          "tolerance",
          .optional(options.allowance.gate(CompareCommand.gateOption, floor: floor)?.limit)),
        .init("toleranceText", .string(options.allowance.text)),
        .init("noiseFloor", .optional(floor?.mean)),
        .init("noiseFloorLargest", .optional(floor?.largest)),
        .init("noiseFloorSplits", floor.map { .array($0.distances.map { .number($0) }) } ?? .null),
        .init("seed", .string("\(options.seed)")),
        .init("notes", .array(notes.map { .string($0) })),
        .init("files", .array(comparison.judgements.map(json))),
      ] + frame.scales.members)
  }

  private func json(_ judgement: Judgement) -> JSON {
    let outcome = judgement.outcome
    return .object(
      [
        .init("file", .string(judgement.file)),
        .init("reference", .string(judgement.reference)),
        .init("distance", outcome.interruption == nil ? .number(outcome.distance) : .null),
        .init("lower", .number(outcome.distanceBounds.lower)),
        .init("upper", .number(outcome.distanceBounds.upper)),
      ] + CostParts.members(outcome.parts) + judgement.gate.members(outcome.distanceBounds) + [
        .init("tolerance", .number(judgement.gate.limit)),
        .init("noiseFloor", .optional(judgement.floor?.mean)),
        .init("noiseFloorLargest", .optional(judgement.floor?.largest)),
        .init(
          "aboveNoise", judgement.noiseVerdict.flatMap(\.isAbove).map { .boolean($0) } ?? .null),
        .init("pValue", .optional(judgement.significance?.pValue)),
        .init("stopped", outcome.interruption.map { .string($0) } ?? .null),
      ])
  }
}
