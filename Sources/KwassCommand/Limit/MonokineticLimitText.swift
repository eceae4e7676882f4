import KineticTransport

/// What `kwass limit monokinetic` has found, as text, CSV, JSON and a figure.
struct MonokineticLimitText: StudyText {
  let options: MonokineticLimitOptions
  let field: String
  let count: Int
  /// For each δ all ε.
  let reports: [MonokineticStudy.Report]

  /// The times at which W₂ is above the coupling.
  var violations: [(report: MonokineticStudy.Report, row: MonokineticStudy.Row)] {
    reports.violations(\.isBelowCoupling)
  }

  var isViolated: Bool { !violations.isEmpty }

  func text(inColour: Bool) -> String {
    var head = Table()
    head.add("start", "\(options.path), \(KwassCommand.count(count, "agent", "agents"))")
    head.add("field", field)
    head.add("limit", "one velocity at each place, followed to time \(plain(options.until))")
    head.add("claim", "W_2 <= C sqrt(epsilon + delta/epsilon), Theorem 3.5")
    head.add("distance", "W_2 of positions and velocities, exact; of positions alone")
    var grid = Grid([
      "epsilon", "delta", "sup W_2", "order", "W_2 at the end", "order", "positions", "order",
      "delta^2/epsilon", "sup W_2/claim",
    ])
    for (index, report) in reports.enumerated() {
      grid.add([
        significant(report.epsilon), significant(report.width),
        significant(report.largestDistance),
        significant(reports.order(index, \.largestDistance), digits: 3),
        significant(report.lastDistance),
        significant(reports.order(index, \.lastDistance), digits: 3),
        significant(report.largestPositionDistance),
        significant(reports.order(index, \.largestPositionDistance), digits: 3),
        significant(report.width * report.width / report.epsilon, digits: 3),
        significant(report.constant, digits: 3),
      ])
    }
    let found = violations
    let verdict =
      found.isEmpty
      ? "W_2 is never above the cost of the coupling of equal agents (proved).\n"
      : found.map { report, row in
        alarming(
          "VIOLATED at time \(significant(row.time)) for epsilon \(plain(report.epsilon)): W_2 = "
            + "\(row.distance) against the coupling's \(row.coupledDistance)", inColour: inColour)
          + "\n"
      }.joined()
    return head.text() + "\n" + grid.text(inColour: inColour) + "\n" + verdict
  }

  var csv: String {
    let heading =
      "epsilon,delta,time,distance,lower,upper,position_distance,coupled_distance"
    let lines = reports.flatMap { report in
      report.rows.map { row in
        [
          report.epsilon, report.width, row.time, row.distance, row.distanceBounds.lower,
          row.distanceBounds.upper, row.positionDistance, row.coupledDistance,
        ].map(\.description).joined(separator: ",")
      }
    }
    return ([heading] + lines).joined(separator: "\n") + "\n"
  }

  var json: JSON {
    .document(
      "monokinetic-limit",
      [
        .init("start", .string(options.path)), .init("count", .integer(count)),
        .init("field", .string(field)), .init("spread", .number(options.spread)),
        .init(
          "reports",
          .array(
            reports.enumerated().map { index, report in
              .object([
                .init("epsilon", .number(report.epsilon)), .init("delta", .number(report.width)),
                .init("largestDistance", .number(report.largestDistance)),
                .init("lastDistance", .number(report.lastDistance)),
                .init("largestPositionDistance", .number(report.largestPositionDistance)),
                .init("order", JSON.optional(reports.order(index, \.largestDistance))),
                .init("lastOrder", JSON.optional(reports.order(index, \.lastDistance))),
                .init(
                  "positionOrder", JSON.optional(reports.order(index, \.largestPositionDistance))),
                .init("claim", .number(report.claim)), .init("constant", .number(report.constant)),
                .init("rows", .array(report.rows.map(Self.json))),
              ])
            })), .init("violations", .integer(violations.count)),
      ])
  }

  private static func json(_ row: MonokineticStudy.Row) -> JSON {
    .object([
      .init("time", .number(row.time)), .init("distance", .number(row.distance)),
      .init("lower", .number(row.distanceBounds.lower)),
      .init("upper", .number(row.distanceBounds.upper)),
      .init("positionDistance", .number(row.positionDistance)),
      .init("coupledDistance", .number(row.coupledDistance)),
    ])
  }

  /// The largest distances against ε, for each δ, or the other way round where there are more δ; beside the
  /// claim with the constant that they support.
  var chart: SeriesChart {
    let constant = reports.reduce(0) { max($0, $1.constant) }
    return LimitCurves(reports, \.epsilon, \.width).chart(
      title: "The monokinetic limit", vertical: "W₂"
    ) { name, points in
      [
        .init("sup W₂, \(name)", style: .markedLine, points: points(\.largestDistance)),
        .init(
          "\(significant(constant, digits: 3))·√(ε + δ/ε), \(name)", style: .dashed,
          points: points { constant * $0.claim }, isBesidePrevious: true),
        .init("positions, \(name)", style: .markedLine, points: points(\.largestPositionDistance)),
      ]
    }
  }
}
