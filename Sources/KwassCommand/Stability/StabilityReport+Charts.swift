import KineticTransport

extension StabilityReport {
  private var isVlasovPoisson: Bool { theorem.number == "3.1" }
  private var symbol: String { isVlasovPoisson ? "W₂" : "W₁" }

  /// The distance and its bounds over time.
  var boundsChart: SeriesChart {
    func points(_ value: (Row) -> Double?) -> [SIMD2<Double>] {
      rows.map { SIMD2($0.sample.moment.time, value($0) ?? .nan) }
    }
    let older = isVlasovPoisson ? "Loeper’s bound" : "Dobrushin’s bound"
    return SeriesChart(
      title: "Theorem \(theorem.number) beside the true distance",
      horizontal: "time", vertical: symbol,
      isLogarithmic: true,
      series: [
        .init("\(symbol), exact", style: .markedLine, points: points { $0.sample.distance }),
        .init(
          "carried plan",
          points: trajectory.moments.map { SIMD2($0.time, $0.carriedDistance) }),
        .init("Theorem \(theorem.number)", style: .dashed, points: points(\.newBound)),
        .init(older, style: .dashed, points: points(\.olderBound)),
      ])
  }

  /// C_eff over time.
  var constantChart: SeriesChart {
    SeriesChart(
      title: "The constant that the run supports: C_eff = ε(√|log Q(0)| − √|log Q(t)|) / ∫A",
      horizontal: "time", vertical: "C_eff",
      series: [
        .init(
          "C_eff", style: .markedLine,
          points: rows.map { SIMD2($0.sample.moment.time, $0.effectiveGrowth ?? .nan) })
      ])
  }
}
