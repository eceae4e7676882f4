import KineticTransport

/// What `kwass limit maxwellian` has found, as text, CSV, JSON and a figure.
struct MaxwellianLimitText: StudyText {
  let options: MaxwellianLimitOptions
  let kernel: String
  /// For each δ all ε.
  let reports: [MaxwellianStudy.Report]

  /// The times at which the density is further from the limit's than H allows.
  var violations: [(report: MaxwellianStudy.Report, row: MaxwellianStudy.Row)] {
    reports.violations(\.isWithinEntropy)
  }

  var isViolated: Bool { !violations.isEmpty }

  func text(inColour: Bool) -> String {
    var head = Table()
    head.add(
      "start",
      "density 1 + \(plain(options.amplitude)) cos(2pi x/L), velocity \(plain(options.speed)) sin(2pi x/L), "
        + "L = \(plain(options.length))")
    head.add("field", kernel)
    head.add("limit", "isothermal Euler with alignment, followed to time \(plain(options.until))")
    head.add("claim", "H -> 0 for delta = o(epsilon), Theorem 3.7; orders are measured")
    head.add("grid", "\(options.points) points, \(options.modes) modes of velocities")
    var grid = Grid([
      "epsilon", "delta", "sup H", "order", "H at the end", "order", "sup |rho_E - rho|_1", "order",
      "sup W_2(rho_E, rho)", "order", "sup W_2(f, mu)", "order",
    ])
    for (index, report) in reports.enumerated() {
      func cells(_ value: (MaxwellianStudy.Report) -> Double) -> [String] {
        [significant(value(report)), significant(reports.order(index, value), digits: 3)]
      }
      grid.add(
        [significant(report.epsilon), significant(report.width)] + cells(\.largestEntropy)
          + cells(\.lastEntropy) + cells(\.largestDensityDifference)
          + cells(\.largestPositionDistance) + cells(\.largestDistance))
    }
    let found = violations
    let verdict =
      found.isEmpty
      ? "|rho_E - rho|_1^2 <= 2 H (proved) holds.\n"
      : found.map { report, row in
        alarming(
          "VIOLATED at time \(significant(row.time)) for epsilon \(plain(report.epsilon)): "
            + "|rho_E - rho|_1 = \(row.densityDifference), H = \(row.entropy)", inColour: inColour)
          + "\n"
      }.joined()
    return head.text() + "\n" + grid.text(inColour: inColour) + "\n" + verdict
  }

  var csv: String {
    let heading =
      "epsilon,delta,time,entropy,density_difference,position_distance,distance,lower,upper"
    let lines = reports.flatMap { report in
      report.rows.map { row in
        [
          report.epsilon, report.width, row.time, row.entropy, row.densityDifference,
          row.positionDistance, row.distance, row.distanceBounds.lower, row.distanceBounds.upper,
        ].map(\.description).joined(separator: ",")
      }
    }
    return ([heading] + lines).joined(separator: "\n") + "\n"
  }

  var json: JSON {
    .document(
      "maxwellian-limit",
      [
        .init("field", .string(kernel)), .init("amplitude", .number(options.amplitude)),
        .init("speed", .number(options.speed)), .init("length", .number(options.length)),
        .init("points", .integer(options.points)), .init("modes", .integer(options.modes)),
        .init(
          "reports",
          .array(
            reports.enumerated().map { index, report in
              .object([
                .init("epsilon", .number(report.epsilon)), .init("delta", .number(report.width)),
                .init("largestEntropy", .number(report.largestEntropy)),
                .init("lastEntropy", .number(report.lastEntropy)),
                .init("largestDensityDifference", .number(report.largestDensityDifference)),
                .init("largestPositionDistance", .number(report.largestPositionDistance)),
                .init("largestDistance", .number(report.largestDistance)),
                .init("order", JSON.optional(reports.order(index, \.largestDistance))),
                .init("entropyOrder", JSON.optional(reports.order(index, \.largestEntropy))),
                .init("lastEntropyOrder", JSON.optional(reports.order(index, \.lastEntropy))),
                .init(
                  "densityOrder", JSON.optional(reports.order(index, \.largestDensityDifference))),
                .init(
                  "positionOrder", JSON.optional(reports.order(index, \.largestPositionDistance))),
                .init("rows", .array(report.rows.map(Self.json))),
              ])
            })), .init("violations", .integer(violations.count)),
      ])
  }

  private static func json(_ row: MaxwellianStudy.Row) -> JSON {
    .object([
      .init("time", .number(row.time)), .init("entropy", .number(row.entropy)),
      .init("densityDifference", .number(row.densityDifference)),
      .init("positionDistance", .number(row.positionDistance)),
      .init("distance", .number(row.distance)), .init("lower", .number(row.distanceBounds.lower)),
      .init("upper", .number(row.distanceBounds.upper)),
    ])
  }

  /// What was found against ε, for each δ, or the other way round where there are more δ.
  var chart: SeriesChart {
    LimitCurves(reports, \.epsilon, \.width).chart(
      title: "The Maxwellian limit", vertical: "H, |ρᵋ − ρ|, W₂"
    ) { name, points in
      [
        .init("sup H, \(name)", style: .markedLine, points: points(\.largestEntropy)),
        .init(
          "sup |ρᵋ − ρ|, \(name)", style: .markedLine, points: points(\.largestDensityDifference)),
        .init(
          "sup W₂(ρᵋ, ρ), \(name)", style: .markedLine, points: points(\.largestPositionDistance)),
        .init("sup W₂(f, μ), \(name)", style: .markedLine, points: points(\.largestDistance)),
      ]
    }
  }
}
