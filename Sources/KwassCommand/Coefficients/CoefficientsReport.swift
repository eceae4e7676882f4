import KineticTransport

/// What `kwass coefficients` has found, as text, CSV, JSON and figures.
struct CoefficientsReport {
  /// One potential.
  struct Row {
    /// γ and δ; `nil` for a potential that is no member of the family.
    let gamma: Double?
    let delta: Double?
    let coefficients: SwarmingCoefficients

    /// 1 − D^N/D.
    var missingDiffusions: [Double] {
      coefficients.partialDiffusions.map { 1 - $0 / coefficients.diffusion }
    }
    /// 1 − K^N/K.
    var missingDrifts: [Double] {
      coefficients.partialDrifts.map { 1 - $0 / coefficients.drift }
    }

    /// What tells the row from others.
    var name: String {
      [gamma.map { "gamma \(plain($0))" }, delta.flatMap { $0 == 0 ? nil : "delta \(plain($0))" }]
        .compactMap(\.self).joined(separator: ", ")
    }
  }

  let rows: [Row]
  /// σ of a family of potentials; `nil` for a potential that is none of them.
  let sigma: Double?

  /// Whether there are more values of δ than of γ.
  private var isOverDelta: Bool {
    Set(rows.map { $0.delta ?? 0 }).count > Set(rows.map { $0.gamma ?? 0 }).count
  }

  private var modeCount: Int { rows.first?.coefficients.eigenvalues.count ?? 0 }

  // MARK: Text

  func text(inColour: Bool) -> String {
    guard let first = rows.first?.coefficients else { return "" }
    var head = Table()
    head.add(
      "potential",
      sigma.map { "v^4/4 gamma - sigma |v|^3/3 - (1 - sigma) v^2/2 - delta v, sigma \(plain($0))" }
        ?? first.potential.name)
    head.add("theta", plain(first.temperature))
    head.add("dimension", "\(first.dimension)")
    let names = modeCount > 4 ? 4 : modeCount
    var grid = Grid(
      ["gamma", "delta", "D", "K", "V", "theta K^2", "theta K/lambda_1"]
        + (1...names).map { "lambda_\($0)" })
    for row in rows {
      let found = row.coefficients
      let bounds = found.diffusionBounds
      grid.add(
        [row.gamma.map(plain) ?? "–", row.delta.map(plain) ?? "–"]
          + [found.diffusion, found.drift].map { significant($0, digits: 14) }
          + [found.meanVelocity, bounds.lower, bounds.upper].map { significant($0) }
          + found.eigenvalues.prefix(names).map { significant($0, digits: 12) },
        isAlarming: !found.isDiffusionWithinBounds)
    }
    var sums = Grid(["N", "gamma", "delta", "1 - D^N/D", "1 - K^N/K"])
    for row in rows {
      let number = modeCount - 1
      sums.add([
        "\(modeCount)", row.gamma.map(plain) ?? "–", row.delta.map(plain) ?? "–",
        rough(row.missingDiffusions[number]), rough(row.missingDrifts[number]),
      ])
    }
    let violated = rows.filter { !$0.coefficients.isDiffusionWithinBounds }
    let verdict =
      violated.isEmpty
      ? "theta K^2 <= D <= theta K/lambda_1 (proved) holds.\n"
      : violated.map {
        alarming("VIOLATED: theta K^2 <= D <= theta K/lambda_1 at \($0.name)", inColour: inColour)
          + "\n"
      }.joined()
    return head.text() + "\n" + grid.text(inColour: inColour) + "\n" + sums.text(inColour: inColour)
      + "\n" + verdict
  }

  // MARK: CSV and JSON

  var csv: String {
    let numbers = modeCount > 0 ? Array(1...modeCount) : []
    let headings =
      [
        "gamma", "delta", "theta", "dimension", "diffusion", "drift", "mean_velocity", "lower",
        "upper",
      ]
      + numbers.map { "lambda_\($0)" } + numbers.map { "D_\($0)" } + numbers.map { "K_\($0)" }
    let lines = rows.map { row in
      let found = row.coefficients
      let values: [Double?] =
        [
          row.gamma, row.delta, found.temperature, Double(found.dimension), found.diffusion,
          found.drift, found.meanVelocity, found.diffusionBounds.lower, found.diffusionBounds.upper,
        ] + found.eigenvalues + found.partialDiffusions + found.partialDrifts
      return values.map { $0.map(plain) ?? "" }.joined(separator: ",")
    }
    return ([headings.joined(separator: ",")] + lines).joined(separator: "\n") + "\n"
  }

  var json: JSON {
    let coefficients = rows.map { row -> JSON in
      let found = row.coefficients
      func numbers(_ values: [Double]) -> JSON { .array(values.map { .number($0) }) }
      return .object([
        .init("potential", .string(found.potential.name)),
        .init("gamma", JSON.optional(row.gamma)), .init("delta", JSON.optional(row.delta)),
        .init("theta", .number(found.temperature)), .init("dimension", .integer(found.dimension)),
        .init("diffusion", .number(found.diffusion)), .init("drift", .number(found.drift)),
        .init("meanVelocity", .number(found.meanVelocity)),
        .init("diffusionLower", .number(found.diffusionBounds.lower)),
        .init("diffusionUpper", .number(found.diffusionBounds.upper)),
        .init("isWithinBounds", .boolean(found.isDiffusionWithinBounds)),
        .init("eigenvalues", numbers(found.eigenvalues)),
        .init("eigenvalueErrors", numbers(found.eigenvalueErrors)),
        .init("partialDiffusions", numbers(found.partialDiffusions)),
        .init("partialDrifts", numbers(found.partialDrifts)),
      ])
    }
    return .document("coefficients", [.init("rows", .array(coefficients))])
  }
}

// MARK: - Figures

extension CoefficientsReport {
  private var abscissa: String { isOverDelta ? "δ" : "γ" }

  /// Points over γ for each δ, or over δ for each γ.
  private func series(
    _ name: String, style: SeriesChart.Series.Style = .markedLine,
    _ value: (SwarmingCoefficients) -> Double
  ) -> [SeriesChart.Series] {
    func parameters(_ row: Row) -> (along: Double, other: Double) {
      let (gamma, delta) = (row.gamma ?? 0, row.delta ?? 0)
      return isOverDelta ? (delta, gamma) : (gamma, delta)
    }
    let others = Set(rows.map { parameters($0).other }).sorted()
    return others.map { other in
      .init(
        others.count == 1 ? name : "\(name), \(isOverDelta ? "γ" : "δ") = \(plain(other))",
        style: style,
        points: rows.filter { parameters($0).other == other }.map {
          SIMD2(parameters($0).along, value($0.coefficients))
        })
    }
  }

  /// D and K, with the bracket of D where there is one curve of each.
  var coefficientChart: SeriesChart {
    let curves = series("D", \.diffusion) + series("K", \.drift)
    let bracket =
      series("θK² ≤ D", style: .dashed) { $0.diffusionBounds.lower }
      + series("D ≤ θK/λ₁", style: .dashed) { $0.diffusionBounds.upper }
    return SeriesChart(
      title: "Coefficients of the diffusion approximation", horizontal: abscissa,
      vertical: "D, K", isLogarithmic: true, series: curves + (curves.count == 2 ? bracket : []))
  }

  /// The eigenvalues.
  var eigenvalueChart: SeriesChart {
    SeriesChart(
      title: "Eigenvalues of the collision operator", horizontal: abscissa, vertical: "λ",
      isLogarithmic: true,
      series: (0..<modeCount).flatMap { index in
        series("λ\(Self.subscripted(index + 1))") { $0.eigenvalues[index] }
      })
  }

  /// What the sums of N modes leave out.
  var convergenceChart: SeriesChart {
    func points(_ values: [Double]) -> [SIMD2<Double>] {
      values.enumerated().map { SIMD2(Double($0.offset + 1), $0.element.magnitude) }
    }
    return SeriesChart(
      title: "What the first N modes leave out", horizontal: "N", vertical: "relative",
      isLogarithmic: true,
      series: rows.flatMap { row in
        [
          .init(
            "1 − D^N/D, \(row.name)", style: .markedLine, points: points(row.missingDiffusions)),
          .init(
            "1 − K^N/K, \(row.name)", style: .dashed, points: points(row.missingDrifts),
            isBesidePrevious: true),
        ]
      })
  }

  /// √M and ψ₁ of each potential.
  func modeChart() throws(KineticModelError) -> SeriesChart {
    var series: [SeriesChart.Series] = []
    for row in rows {
      let found = try row.coefficients.eigenfunctions(1)
      for (name, values) in zip(["√M", "ψ₁"], found.values) {
        series.append(
          .init(
            "\(name), \(row.name)", style: name == "√M" ? .dashed : .line,
            points: zip(found.velocities, values).map { SIMD2($0, $1) },
            isBesidePrevious: name != "√M"))
      }
    }
    return SeriesChart(
      title: "The equilibrium and the first mode", horizontal: "v", vertical: "√M, ψ₁",
      series: series)
  }

  private static func subscripted(_ number: Int) -> String {
    let digits = Array("₀₁₂₃₄₅₆₇₈₉")
    return String("\(number)".compactMap { $0.wholeNumberValue.map { digits[$0] } })
  }
}
