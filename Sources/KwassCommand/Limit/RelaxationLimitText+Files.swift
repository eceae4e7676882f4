import KineticTransport
import Libc

extension RelaxationLimitText {
  // MARK: CSV and JSON

  var csv: String {
    let heading =
      "epsilon,time,norm,w1,w1_lower,w1_upper,w2,w2_lower,w2_upper,density_lower,density_w1,density_w2,leading,"
      + "leading_bound,least_quotient,greatest_quotient,free_energy,limit_free_energy,dissipation,"
      + "limit_dissipation,order_parameter,limit_order_parameter"
    let lines = reports.flatMap { report in
      report.rows.map { row in
        let numbers: [Double?] = [
          report.epsilon, row.time, row.norm, row.first.value, row.first.bounds.lower,
          row.first.bounds.upper, row.second.value, row.second.bounds.lower,
          row.second.bounds.upper, row.secondLower, row.densityFirst, row.densitySecond,
          row.leading, row.leadingBound, row.quotients.lowerBound, row.quotients.upperBound,
          row.freeEnergy, row.limitFreeEnergy, row.dissipation, row.limitDissipation,
          row.orderParameter, row.limitOrderParameter,
        ]
        return numbers.map { csvField($0) }.joined(separator: ",")
      }
    }
    return ([heading] + lines).joined(separator: "\n") + "\n"
  }

  var json: JSON {
    .document(
      "limit",
      [
        .init("equation", .string(equation.name)), .init("length", .number(length)),
        .init("positionWeight", .number(options.positionWeight)),
        .init("cloud", .array(options.cloud.map { .integer($0) })),
        .init("limits", .array(reports.map(object))),
        .init(
          "orders",
          .array(
            zip(reports, reports.dropFirst()).map { first, second in
              .object(
                [
                  .init("from", .number(first.epsilon)), .init("to", .number(second.epsilon)),
                ]
                  + quantities.map {
                    .init($0.key, JSON.optional(LimitReport.order(first, second, $0.value)))
                  })
            })),
        .init(
          "claims", .object(quantities.map { .init($0.key, .number($0.claim)) })),
        .init("violations", .integer(violations.count)),
      ])
  }

  private func object(_ report: LimitReport) -> JSON {
    .object(
      [
        .init("epsilon", .number(report.epsilon)), .init("modes", .integer(report.modeCount)),
        .init("steps", .integer(report.stepCount)), .init("step", .number(report.step)),
      ]
        + quantities.map { .init($0.key, .number($0.value(report))) } + [
          .init("largestNormTime", .number(report.largestNorm.time)),
          .init("largestDensityDistanceTime", .number(report.largestDensityDistance.time)),
          .init("largestFirst", .number(report.largestFirst)),
          .init("largestSecond", .number(report.largestSecond)),
          .init("cloudError", .number(report.cloudError)),
          .init("decayRate", JSON.optional(report.decayRate)),
          .init("dispersionRate", JSON.optional(report.dispersionRate)),
          .init("scaleRatio", JSON.optional(report.scaleRatio)),
          .init("rows", .array(report.rows.map(row))),
          .init(
            "checks",
            .array(
              report.checks.map { check in
                .object([
                  .init("name", .string(check.name)), .init("isProved", .boolean(check.isProved)),
                  .init("found", .string(check.found)), .init("holds", .boolean(check.holds)),
                ])
              })),
        ])
  }

  private func row(_ row: LimitReport.Row) -> JSON {
    func cloud(_ distance: LimitReport.CloudDistance) -> JSON {
      .object([
        .init("value", .number(distance.value)), .init("lower", .number(distance.bounds.lower)),
        .init("upper", .number(distance.bounds.upper)),
      ])
    }
    return .object([
      .init("time", .number(row.time)), .init("norm", .number(row.norm)),
      .init("first", cloud(row.first)), .init("second", cloud(row.second)),
      .init("secondLower", JSON.optional(row.secondLower)),
      .init("densityFirst", .number(row.densityFirst)),
      .init("densitySecond", .number(row.densitySecond)),
      .init("leading", .number(row.leading)),
      .init("leadingBound", .number(row.leadingBound)),
      .init("leastQuotient", .number(row.quotients.lowerBound)),
      .init("greatestQuotient", .number(row.quotients.upperBound)),
      .init("freeEnergy", .number(row.freeEnergy)),
      .init("limitFreeEnergy", .number(row.limitFreeEnergy)),
      .init("dissipation", JSON.optional(row.dissipation)),
      .init("limitDissipation", JSON.optional(row.limitDissipation)),
      .init("orderParameter", .number(row.orderParameter)),
      .init("limitOrderParameter", .number(row.limitOrderParameter)),
    ])
  }

  // MARK: The figure

  /// The quantities against ε, each with the power of ε that fits it best.
  var chart: SeriesChart {
    let drawn = quantities.filter { quantity in
      reports.allSatisfy { quantity.value($0) > 0 }
    }
    return SeriesChart(
      title: equation.name, horizontal: "ε", vertical: "distance to the limit",
      isLogarithmic: true, isLogarithmicHorizontally: true,
      series: drawn.flatMap { quantity -> [SeriesChart.Series] in
        let points = reports.map { SIMD2($0.epsilon, quantity.value($0)) }
        let measured = SeriesChart.Series(quantity.heading, style: .markedLine, points: points)
        guard let fit = Fit(points) else { return [measured] }
        return [
          measured,
          SeriesChart.Series(
            "order \(significant(fit.order, digits: 3))", style: .dashed,
            points: points.map { SIMD2($0.x, fit.factor * pow($0.x, fit.order)) },
            isBesidePrevious: true),
        ]
      })
  }

  /// The straight line through points in logarithms, by least squares.
  private struct Fit {
    let order: Double
    let factor: Double

    init?(_ points: [SIMD2<Double>]) {
      guard points.count > 1 else { return nil }
      let logarithms = points.map { SIMD2(log($0.x), log($0.y)) }
      let mean = logarithms.reduce(SIMD2(0, 0), +) / Double(points.count)
      let differences = logarithms.map { $0 - mean }
      order =
        differences.reduce(0) { $0 + $1.x * $1.y } / differences.reduce(0) { $0 + $1.x * $1.x }
      factor = exp(mean.y - order * mean.x)
    }
  }
}
