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
      horizontal: "time (unit of the snapshots)", vertical: "\(symbol) (unit of the data)",
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
      horizontal: "time (unit of the snapshots)", vertical: "C_eff",
      series: [
        .init(
          "C_eff", style: .markedLine,
          points: rows.map { SIMD2($0.sample.moment.time, $0.effectiveGrowth ?? .nan) })
      ])
  }

  /// Both solutions at the end on the first axis.
  var phaseChart: SeriesChart {
    func cloud(_ name: String, _ flow: CharacteristicFlow) -> SeriesChart.Series {
      .cloud(
        name, flow.particles.position(0), flow.particles.velocity(0),
        on: flow.particles.box.axes[0])
    }
    return .phaseSpace(
      title: "Both solutions at time \(trajectory.end.time)",
      [cloud("first", trajectory.end.first), cloud("second", trajectory.end.second)])
  }
}

extension SeriesChart {
  /// Clouds of particles in phase space.
  static func phaseSpace(title: String, _ clouds: [Series]) -> SeriesChart {
    SeriesChart(
      title: title, horizontal: "x₁ (unit of the data)", vertical: "v₁ (unit of the data)",
      series: clouds)
  }
}

extension SeriesChart.Series {
  /// Particles as dots, their positions wrapped into the box.
  static func cloud(
    _ name: String, _ positions: [Double], _ velocities: [Double],
    on axis: CoordinateAxis
  ) -> SeriesChart.Series {
    // More dots than this are not told apart, but make a large file.
    let stride = max(1, positions.count / 20_000)
    let pairs = Array(zip(positions, velocities))
    return SeriesChart.Series(
      name, style: .dots,
      points: Swift.stride(from: 0, to: pairs.count, by: stride).map {
        SIMD2(axis.wrapped(pairs[$0].0), pairs[$0].1)
      })
  }
}
