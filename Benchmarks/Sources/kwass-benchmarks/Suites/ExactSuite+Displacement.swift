import Foundation
import KineticTransport

/// Large displacements, brackets that need not close, and starts from a solution before.
extension ExactSuite {
  private static let cases: [(Family, BenchmarkCase.Metric)] = [
    (.streams, .split), (.streams, .periodic), (.mixture, .plain), (.mixture, .split),
  ]

  /// Exponents and sizes where points move far, and how time grows.
  mutating func displacement() throws {
    let sizes = isQuick ? [500, 1_000] : [5_000, 10_000, 20_000, 100_000]
    let table = Table("Large displacements", Self.columns)
    for exponent in [1.0, 1.5, 2, 3] {
      for (family, metric) in Self.cases {
        let times = try sizes.map { count in
          try measure(
            BenchmarkCase(
              points: .cloud(family, count: count), exponent: exponent, metric: metric), in: table
          ).outcome.timing.best
        }
        guard let first = times.first, let last = times.last else { continue }
        report.figures["growth: \(family.rawValue), \(metric.rawValue), p = \(exponent.short)"] =
          log(last / first) / log(Double(sizes[sizes.count - 1]) / Double(sizes[0]))
      }
    }
  }

  /// What a bracket costs that need not close.
  mutating func tolerance() throws {
    let count = isQuick ? 1_000 : 100_000
    let table = Table("Brackets of a given width, n = \(count)", ["tolerance"] + Self.columns)
    var chart = SeriesChart(
      title: "Brackets of a given width, n = \(count)",
      horizontal: "−log₁₀ of the relative width asked for; exact at 4",
      vertical: "seconds", isLogarithmic: true, series: [])
    for exponent in [1.0, 2] {
      for (family, metric) in Self.cases {
        var times: [SIMD2<Double>] = []
        for (digits, tolerance) in zip(1..., [0.1, 0.01, 0.001, 0]) {
          let benchmark = BenchmarkCase(
            points: .cloud(family, count: count), exponent: exponent, metric: metric,
            repetitions: 1, tolerance: tolerance)
          let measured = try benchmark.measure()
          report.add(measured)
          let outcome = measured.outcome
          table.row([
            tolerance.short, benchmark.name, "\(benchmark.axes)", exponent.short, "\(count)",
            outcome.timing.best.short, outcome.timing.median.short, "",
            (Double(outcome.pivots) / Double(2 * count)).short,
            (Double(outcome.arcs) / Double(2 * count)).short, measured.peakMemory.megabytes,
            outcome.width.short,
          ])
          times.append([Double(digits), outcome.timing.best])
        }
        let name = BenchmarkCase(points: .cloud(family, count: count), metric: metric).name
        chart.series.append(
          .init("\(name), p = \(exponent.short)", style: .markedLine, points: times))
      }
    }
    guard let figures else { return }
    try Gnuplot().draw(chart, to: "\(figures)-tolerance.svg")
    print("\nFigure written to \(figures)-tolerance.svg.")
  }

  /// A start from a solution before, where all targets have moved a little.
  mutating func warm() throws {
    let count = isQuick ? 1_000 : 20_000
    let table = Table(
      "Warm starts, n = \(count)", ["problem", "p", "moved by", "cold s", "warm s", "ratio"])
    for exponent in [1.0, 2] {
      for (family, metric) in Self.cases {
        let benchmark = BenchmarkCase(
          points: .cloud(family, count: count), exponent: exponent, metric: metric)
        let problem = try benchmark.problem()
        let before = try NetworkSimplex().solve(problem)
        for step in [0.0, 1e-4, 1e-2] {
          var generator = SeededGenerator(seed: 2)
          let axes = (0..<problem.target.dimension).map { axis in
            problem.target.axis(axis).map { $0 + step * generator.uniform() }
          }
          let later = try TransportProblem(
            from: problem.source,
            to: DiscreteMeasure(axes: axes, masses: problem.target.masses),
            domain: problem.domain, cost: problem.cost, exponent: problem.exponent)
          let cold = try Timing.measure(repetitions: 1) { try NetworkSimplex().solve(later) }
          let warm = try Timing.measure(repetitions: 1) {
            try NetworkSimplex().solve(later, from: before, progress: nil)
          }
          let difference = abs(warm.result.cost - cold.result.cost)
          report.require(
            difference <= 1e-12 * cold.result.cost,
            "\(benchmark.name), moved by \(step): warm \(warm.result.cost), cold \(cold.result.cost)"
          )
          let ratio = warm.timing.best / cold.timing.best
          report.figures["warm: \(benchmark.name), p = \(exponent.short), \(step)"] = ratio
          table.row([
            benchmark.name, exponent.short, step.short, cold.timing.best.short,
            warm.timing.best.short, ratio.short,
          ])
        }
      }
    }
  }
}
