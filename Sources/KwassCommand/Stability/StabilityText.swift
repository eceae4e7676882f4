import KineticTransport

/// Everything that `kwass stability` prints and writes but figures.
struct StabilityText {
  let options: StabilityOptions
  let inputs: StabilityInputs
  let report: StabilityReport

  private var isVlasovPoisson: Bool { options.theorem == .vlasovPoisson }
  private var distance: String { "W_\(plain(report.theorem.exponent))" }
  private var older: String { isVlasovPoisson ? "Loeper" : "Dobrushin" }

  // MARK: Text

  func text(inColour: Bool) -> String {
    var head = Table()
    head.add("solutions", "\(options.paths[0]) and \(options.paths[1])")
    head.add(
      "sizes", "\(inputs.first.particles.count) and \(inputs.second.particles.count) particles")
    head.add("box", inputs.first.particles.box.notation)
    head.add("field", inputs.first.field.name)
    let step =
      inputs.first.step < .greatestFiniteMagnitude
      ? "steps of at most \(inputs.first.step)" : "exact in one step"
    head.add("method", "\(inputs.first.integrator.rawValue), \(step)")
    if let tolerance = options.system.stepError, let error = report.trajectory.stepError {
      head.add(
        "steps",
        "halved until \(distance) is right to \(tolerance) from moment to moment; the estimated errors "
          + "add up to \(significant(error))")
    }
    head.add("theorem", "\(report.theorem.number), for \(distance) (split form)")
    if let cells = report.trajectory.cells {
      head.add(
        "densities",
        "A = the sum of both largest values of histograms with \(cells.map(\.description).joined(separator: " x ")) cells, relative to the mean"
      )
    }
    for note in inputs.notes { head.add("note", note) }
    return head.text() + "\n" + rows.text(inColour: inColour) + "\n" + constants + hypotheses
      + escape + verdict(inColour: inColour)
  }

  private var rows: Grid {
    var headings = ["time", distance, "carried plan", "Q", "bound of Q", "new bound", older]
    if isVlasovPoisson { headings += ["A", "C_eff"] }
    var grid = Grid(headings + ["violated"])
    for row in report.rows {
      let moment = row.sample.moment
      var cells = [
        significant(moment.time), significant(row.sample.distance),
        significant(moment.carriedDistance), significant(moment.functional),
        significant(row.functionalBound), significant(row.newBound), significant(row.olderBound),
      ]
      if isVlasovPoisson {
        cells += [significant(moment.density), significant(row.effectiveGrowth)]
      }
      let violated = row.violations.count
      grid.add(
        cells + [violated == 0 ? "none" : "\(violated)"], isAlarming: violated > 0)
    }
    return grid
  }

  private var constants: String {
    var table = Table()
    for constant in report.constants {
      table.add(
        constant.name,
        "\(timeText(constant.value, infinite: "always")) (\(constant.origin.rawValue)): "
          + constant.meaning)
    }
    return table.text() + "\n"
  }

  private var hypotheses: String {
    guard isVlasovPoisson else { return "" }
    var table = Table()
    for hypothesis in report.hypotheses {
      table.add(
        hypothesis.holds ? "holds" : "FAILS",
        "\(hypothesis.name): \(significant(hypothesis.smaller)) against \(significant(hypothesis.larger))"
      )
    }
    return table.text() + "\n"
  }

  private var escape: String {
    guard let escape = report.escape else { return "" }
    var table = Table()
    table.add(
      "bound 1 at",
      "\(timeText(escape.new, infinite: "never"))"
        + (escape.isExtrapolated ? " (extrapolated, A at its mean)" : "") + " new, "
        + "\(timeText(escape.loeper, infinite: "never")) \(older), after the start")
    table.add(
      "scales",
      "|log W(0)|^1/2 = \(significant(escape.rootLogarithm)), log|log W(0)| = "
        + significant(escape.iteratedLogarithm))
    table.add(
      "(3.4) holds",
      escape.hypothesis.map { $0 == .infinity ? "always" : "up to \(significant($0))" } ?? "never")
    return table.text() + "\n"
  }

  private func verdict(inColour: Bool) -> String {
    let violations = report.violations
    guard violations.isEmpty else {
      return violations.map { time, inequality in
        alarming(
          "VIOLATED at time \(significant(time)): \(inequality.name), "
            + "\(inequality.smaller) against \(inequality.larger), margin "
            + significant(inequality.margin),
          inColour: inColour) + "\n"
      }.joined()
    }
    let least = report.leastMargin.map { time, inequality in
      "; the tightest is \(inequality.name) at time \(significant(time)), with a margin of "
        + significant(inequality.margin, digits: 8)
    }
    return "No inequality is violated\(least ?? "").\n" + construction
  }

  /// What cannot be violated, in a sentence.
  private var construction: String {
    let names = report.heldByConstruction
    guard !names.isEmpty else { return "" }
    let measured = [
      (report.constants.first { $0.name == "C_d" }, "--growth"),
      (report.constants.first { $0.name == "C" }, "--loeper-rate"),
    ].filter { $0.0?.origin == .measured }
    let symbols = measured.compactMap(\.0?.name).joined(separator: " and ")
    let options = measured.map(\.1).joined(separator: " and ")
    return "By construction, \(UsageError.list(names, "and")) cannot be violated here: \(symbols) "
      + "\(measured.count > 1 ? "are the smallest" : "is the smallest") with which this run agrees. "
      + "Constants given with \(options) are put to the test.\n"
  }

  // MARK: CSV

  /// One line for each sampled time; what is not defined is left empty.
  var csv: String {
    let headings = [
      "time", "elapsed", "distance", "distance_lower", "distance_upper", "carried_distance",
      "functional", "functional_bound", "new_bound", "older_bound", "density", "density_integral",
      "effective_growth", "violations",
    ]
    let lines = report.rows.map { row in
      let moment = row.sample.moment
      let values: [Double?] = [
        moment.time, moment.elapsed, row.sample.distance, row.sample.bracket.lower,
        row.sample.bracket.upper, moment.carriedDistance, moment.functional, row.functionalBound,
        row.newBound, row.olderBound, moment.density,
        isVlasovPoisson ? moment.densityIntegral : nil, row.effectiveGrowth,
      ]
      return (values.map(csvField) + ["\(row.violations.count)"])
        .joined(separator: ",")
    }
    return ([headings.joined(separator: ",")] + lines).joined(separator: "\n") + "\n"
  }

  // MARK: JSON

  var json: JSON {
    .document(
      "stability",
      [
        .init("files", .array(options.paths.map { .string($0) })),
        .init("theorem", .string(report.theorem.number)),
        .init("p", .number(report.theorem.exponent)),
        .init("field", .string(inputs.first.field.name)),
        .init("integrator", .string(inputs.first.integrator.rawValue)),
        .init("step", .number(inputs.first.step)),
        .init("stepError", JSON.optional(report.trajectory.stepError)),
        .init("densityCells", .array((report.trajectory.cells ?? []).map { .integer($0) })),
        .init("rows", .array(report.rows.map(json))),
        .init(
          "constants",
          .array(
            report.constants.map { constant in
              .object([
                .init("name", .string(constant.name)),
                .init("value", JSON.time(constant.value, infinite: "always")),
                .init("origin", .string(constant.origin.rawValue)),
              ])
            })),
        .init(
          "hypotheses",
          .array(
            report.hypotheses.map { hypothesis in
              .object([
                .init("name", .string(hypothesis.name)),
                .init("smaller", .number(hypothesis.smaller)),
                .init("larger", .number(hypothesis.larger)),
                .init("holds", .boolean(hypothesis.holds)),
              ])
            })),
        .init("escape", report.escape.map(json) ?? .null),
        .init("violations", .integer(report.violations.count)),
        .init("heldByConstruction", .array(report.heldByConstruction.map { .string($0) })),
        .init("notes", .array(inputs.notes.map { .string($0) })),
      ])
  }

  private func json(_ row: StabilityReport.Row) -> JSON {
    let moment = row.sample.moment
    return .object([
      .init("time", .number(moment.time)),
      .init("distance", .number(row.sample.distance)),
      .init("lower", .number(row.sample.bracket.lower)),
      .init("upper", .number(row.sample.bracket.upper)),
      .init("carriedDistance", .number(moment.carriedDistance)),
      .init("functional", JSON.optional(moment.functional)),
      .init("functionalBound", JSON.optional(row.functionalBound)),
      .init("newBound", JSON.optional(row.newBound)),
      .init("olderBound", JSON.optional(row.olderBound)),
      .init("density", JSON.optional(moment.density)),
      .init("densityIntegral", isVlasovPoisson ? .number(moment.densityIntegral) : .null),
      .init("effectiveGrowth", JSON.optional(row.effectiveGrowth)),
      .init(
        "inequalities",
        .array(
          row.inequalities.map { inequality in
            .object([
              .init("name", .string(inequality.name)),
              .init("smaller", .number(inequality.smaller)),
              .init("larger", .number(inequality.larger)),
              .init("margin", .number(inequality.margin)),
              .init("verdict", .string(inequality.verdict.rawValue)),
              .init("holdsByConstruction", .boolean(inequality.holdsByConstruction)),
            ])
          })),
    ])
  }

  private func json(_ escape: StabilityReport.EscapeTimes) -> JSON {
    .object([
      .init("new", JSON.time(escape.new, infinite: "never")),
      .init("isExtrapolated", .boolean(escape.isExtrapolated)),
      .init("loeper", JSON.time(escape.loeper, infinite: "never")),
      .init("rootLogarithm", .number(escape.rootLogarithm)),
      .init("iteratedLogarithm", .number(escape.iteratedLogarithm)),
      .init(
        "hypothesis",
        escape.hypothesis.map { JSON.time($0, infinite: "always") } ?? .string("never")),
    ])
  }
}
