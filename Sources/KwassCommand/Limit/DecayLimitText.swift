import KineticTransport

/// What `kwass limit decay` has found, as text, CSV, JSON and a figure.
struct DecayLimitText: StudyText {
  let options: DecayLimitOptions
  let field: String
  /// From the largest temperature down.
  let rows: [(temperature: Double, decay: AlignmentDecay)]

  /// A wave that does not decay.
  var isViolated: Bool { rows.contains { !($0.decay.rate > 0) } }

  /// The order at which the rate falls from the temperature before.
  private func order(_ index: Int) -> Double? {
    guard index > 0 else { return nil }
    return LimitOrder.between(
      (rows[index - 1].temperature, rows[index - 1].decay.rate),
      (rows[index].temperature, rows[index].decay.rate))
  }

  func text(inColour: Bool) -> String {
    var head = Table()
    head.add("field", field)
    head.add("circle", "length \(plain(options.length)), \(count(options.mode, "wave", "waves"))")
    head.add(
      "claim", "exponential decay, with a rate of order 1 in theta as theta -> 0, Theorem 7.1")
    var grid = Grid([
      "theta", "rate", "frequency", "order", "rate/theta", "its limit as theta -> 0",
    ])
    for (index, row) in rows.enumerated() {
      let (temperature, decay) = row
      grid.add(
        [
          significant(temperature), significant(decay.rate, digits: 12),
          significant(decay.frequency, digits: 8), significant(order(index), digits: 3),
          significant(decay.rate / temperature, digits: 8),
          significant(decay.diffusiveRate / temperature, digits: 8),
        ], isAlarming: !(decay.rate > 0))
    }
    let verdict =
      isViolated
      ? alarming("VIOLATED: a wave does not decay", inColour: inColour) + "\n"
      : "Every wave decays (proved); the rates are those of small waves.\n"
    return head.text() + "\n" + grid.text(inColour: inColour) + "\n" + verdict
  }

  var csv: String {
    let lines = rows.map { temperature, decay in
      [temperature, decay.rate, decay.frequency, decay.diffusiveRate].map(\.description)
        .joined(separator: ",")
    }
    return (["theta,rate,frequency,diffusive_rate"] + lines).joined(separator: "\n") + "\n"
  }

  var json: JSON {
    .document(
      "decay-limit",
      [
        .init("field", .string(field)), .init("length", .number(options.length)),
        .init("mode", .integer(options.mode)),
        .init(
          "rows",
          .array(
            rows.enumerated().map { index, row in
              .object([
                .init("theta", .number(row.temperature)), .init("rate", .number(row.decay.rate)),
                .init("frequency", .number(row.decay.frequency)),
                .init("order", JSON.optional(order(index))),
                .init("diffusiveRate", .number(row.decay.diffusiveRate)),
              ])
            })),
        .init("violations", .integer(rows.filter { !($0.decay.rate > 0) }.count)),
      ])
  }

  /// The rates against θ, beside their limit.
  var chart: SeriesChart {
    SeriesChart(
      title: "Decay towards rest", horizontal: "θ", vertical: "rate", isLogarithmic: true,
      isLogarithmicHorizontally: true,
      series: [
        .init(
          "rate", style: .markedLine, points: rows.map { SIMD2($0.temperature, $0.decay.rate) }),
        .init(
          "κ²θ/λ(φ₀ − φ₁)", style: .dashed,
          points: rows.map { SIMD2($0.temperature, $0.decay.diffusiveRate) }),
      ])
  }
}
