import KineticTransport

/// What `kwass stability --theorem mean-field` has found, as text, CSV, JSON and a figure.
struct MeanFieldText: StudyText {
  let options: MeanFieldOptions
  let field: String
  let fineCount: Int
  let reports: [MeanFieldStudy.Report]

  /// The approximations and times at which W₁ is above the carried plan.
  var violations: [(path: String, row: MeanFieldStudy.Row)] {
    zip(options.paths, reports).flatMap { path, report in
      report.rows.filter { !$0.isBelowCarriedPlan }.map { (path, $0) }
    }
  }

  var isViolated: Bool { !violations.isEmpty }

  func text(inColour: Bool) -> String {
    var head = Table()
    head.add("fine", "\(options.fine), \(count(fineCount, "agent", "agents"))")
    head.add("field", field)
    head.add("distance", "W_1 of positions and velocities (split form)")
    var grid = Grid([
      "agents", "W_1(0)", "sup W_1", "sup W_1/W_1(0)", "carried/W_1(0)", "sup |s^N - s|",
    ])
    for report in reports {
      grid.add([
        "\(report.count)", significant(report.rows[0].distance),
        significant(report.largestDistance), significant(report.growth),
        significant(report.carriedGrowth), significant(report.strengthDifference),
      ])
    }
    let found = violations
    let verdict =
      found.isEmpty
      ? "W_1 is never above the cost of the carried plan.\n"
      : found.map { path, row in
        alarming(
          "VIOLATED at time \(significant(row.time)) of \(path): W_1 = \(row.distance) against the carried "
            + "plan's \(row.carriedDistance)", inColour: inColour) + "\n"
      }.joined()
    return head.text() + "\n" + (reports.count == 1 ? times(reports[0]) + "\n" : "")
      + grid.text(inColour: inColour) + "\n" + verdict
  }

  private func times(_ report: MeanFieldStudy.Report) -> String {
    var grid = Grid(["time", "W_1", "carried plan", "|s^N - s|"])
    for row in report.rows {
      grid.add([
        significant(row.time), significant(row.distance), significant(row.carriedDistance),
        significant(row.strengthDifference),
      ])
    }
    return grid.text(inColour: false)
  }

  var csv: String {
    let heading = "file,agents,time,distance,lower,upper,carried_distance,strength_difference"
    let lines = zip(options.paths, reports).flatMap { path, report in
      report.rows.map { row in
        let numbers: [Double?] = [
          row.time, row.distance, row.distanceBounds.lower, row.distanceBounds.upper,
          row.carriedDistance,
          row.strengthDifference,
        ]
        return "\(path),\(report.count),"
          + numbers.map { $0.map(\.description) ?? "" }.joined(separator: ",")
      }
    }
    return ([heading] + lines).joined(separator: "\n") + "\n"
  }

  var json: JSON {
    .document(
      "mean-field",
      [
        .init("fine", .string(options.fine)), .init("fineCount", .integer(fineCount)),
        .init("field", .string(field)),
        .init(
          "approximations",
          .array(
            zip(options.paths, reports).map { path, report in
              .object([
                .init("file", .string(path)), .init("count", .integer(report.count)),
                .init("growth", JSON.optional(report.growth)),
                .init("carriedGrowth", JSON.optional(report.carriedGrowth)),
                .init("strengthDifference", JSON.optional(report.strengthDifference)),
                .init(
                  "rows",
                  .array(
                    report.rows.map { row in
                      .object([
                        .init("time", .number(row.time)), .init("distance", .number(row.distance)),
                        .init("lower", .number(row.distanceBounds.lower)),
                        .init("upper", .number(row.distanceBounds.upper)),
                        .init("carriedDistance", .number(row.carriedDistance)),
                        .init("strengthDifference", JSON.optional(row.strengthDifference)),
                      ])
                    })),
              ])
            })), .init("violations", .integer(violations.count)),
      ])
  }

  /// The suprema against the number of agents; for one approximation its distances over time.
  var chart: SeriesChart {
    guard reports.count == 1 else {
      func points(_ value: (MeanFieldStudy.Report) -> Double?) -> [SIMD2<Double>] {
        reports.map { SIMD2(Double($0.count), value($0) ?? .nan) }
      }
      return SeriesChart(
        title: "The mean-field limit", horizontal: "agents", vertical: "W₁, |sᴺ − s|",
        isLogarithmic: true, isLogarithmicHorizontally: true,
        series: [
          .init("W₁(0)", style: .markedLine, points: points { $0.rows[0].distance }),
          .init("sup W₁", style: .markedLine, points: points(\.largestDistance)),
          .init(
            "sup of the carried plan", style: .dashed,
            points: points { report in report.rows.map(\.carriedDistance).max() }),
          .init("sup |sᴺ − s|", style: .markedLine, points: points(\.strengthDifference)),
        ])
    }
    let rows = reports[0].rows
    return SeriesChart(
      title: "\(reports[0].count) agents beside \(fineCount)", horizontal: "time", vertical: "W₁",
      series: [
        .init("W₁, exact", style: .markedLine, points: rows.map { SIMD2($0.time, $0.distance) }),
        .init(
          "carried plan", style: .dashed, points: rows.map { SIMD2($0.time, $0.carriedDistance) }),
      ])
  }
}
