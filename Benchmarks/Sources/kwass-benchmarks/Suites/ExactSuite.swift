import Foundation
import KineticTransport

/// The exact solver at size: families, growth, metrics, grids, and agreement with others.
struct ExactSuite {
  var report: Report
  let isQuick: Bool
  private let repetitions: Int?
  /// What the name of the figure begins with.
  let figures: String?

  /// The parts of the suite, which can be run one by one.
  enum Part: String, CaseIterable {
    case families, displacement, tolerance, warm, metrics, grids, peer, agreement, million
  }

  static func run(
    isQuick: Bool, parts: [Part], repetitions: Int?, output: String?, figures: String?
  ) throws -> Int32 {
    var suite = ExactSuite(
      report: try Report(suite: "exact"), isQuick: isQuick, repetitions: repetitions,
      figures: figures)
    for part in parts {
      switch part {
      case .families: try suite.families()
      case .displacement: try suite.displacement()
      case .tolerance: try suite.tolerance()
      case .warm: try suite.warm()
      case .metrics: try suite.metrics()
      case .grids: try suite.grids()
      case .peer: try suite.peer()
      case .agreement:
        try suite.agreementWithPeer()
        try suite.agreementWithLinearProgram()
      case .million: if !isQuick { try suite.million() }
      }
    }
    return try suite.report.finish(output: output)
  }

  private func repetitions(_ count: Int) -> Int {
    repetitions ?? (isQuick || count > 200_000 ? 1 : count > 20_000 ? 3 : 5)
  }

  static let columns = [
    "problem", "D", "p", "n", "best s", "median s", "one core s", "pivots/node", "arcs/point",
    "memory", "width",
  ]

  /// Measures a case on all processors and on one, and prints its row.
  @discardableResult
  mutating func measure(
    _ benchmark: BenchmarkCase, in table: Table, alsoOnOne: Bool = true
  ) throws -> CaseMeasurement {
    let benchmark = benchmark.with { $0.repetitions = repetitions($0.count) }
    // The sweep over all pairs is left to the run on all processors.
    let all = try benchmark.with { $0.verifies = $0.count <= 100_000 }.measure()
    report.add(all)
    var one: CaseMeasurement?
    if alsoOnOne {
      let measured = try benchmark.measure(processors: 1)
      report.add(measured)
      one = measured
    }
    let outcome = all.outcome
    let nodes = Double(2 * benchmark.count)
    table.row([
      benchmark.name, "\(benchmark.axes)", benchmark.exponent.short, "\(benchmark.count)",
      outcome.timing.best.short, outcome.timing.median.short,
      one?.outcome.timing.best.short ?? "", (Double(outcome.pivots) / nodes).short,
      (Double(outcome.arcs) / nodes).short, (one ?? all).peakMemory.megabytes,
      outcome.failure == nil ? outcome.width.short : "\(outcome.width.short) FAILED",
    ])
    return all
  }

  // MARK: The suite

  /// The table of families, dimensions, exponents and sizes, and how time grows.
  private mutating func families() throws {
    let sizes = isQuick ? [500, 2_000] : [1_000, 10_000, 100_000]
    let table = Table("Random weighted clouds", Self.columns)
    var slopes: [(name: String, values: [Double])] = []
    for axes in isQuick ? [2, 4] : [2, 4, 6] {
      for exponent in [2.0, 1.0] {
        for family in Family.allCases {
          let times = try sizes.compactMap { count -> Double? in
            // In six dimensions only the sizes at which a tree may pay.
            if axes == 6, count == sizes.first { return nil }
            return try measure(
              BenchmarkCase(points: .cloud(family, count: count), axes: axes, exponent: exponent),
              in: table
            ).outcome.timing.best
          }
          let steps = zip(times, times.dropFirst()).map {
            log($1 / $0) / log(Double(sizes[1] / sizes[0]))
          }
          slopes.append(("\(family.rawValue), D = \(axes), p = \(exponent.short)", steps))
        }
      }
    }
    let growth = Table("Growth: the power of n from each size to the next", ["problem", "steps"])
    for slope in slopes {
      growth.row([slope.name, slope.values.map(\.short).joined(separator: ", ")])
      report.figures["slope: \(slope.name)"] = slope.values.last
    }
  }

  /// Periodic axes, twisted and free-flow metrics against the plain one.
  private mutating func metrics() throws {
    let count = isQuick ? 2_000 : 100_000
    let table = Table("Metrics, n = \(count)", Self.columns)
    var ratios: [(String, Double)] = []
    for exponent in [2.0, 1.0] {
      var plain = Double.nan
      for metric in [BenchmarkCase.Metric.plain, .periodic, .twisted, .freeFlow] {
        let measured = try measure(
          BenchmarkCase(
            points: .cloud(.twoStream, count: count), exponent: exponent, metric: metric),
          in: table, alsoOnOne: false)
        let seconds = measured.outcome.timing.best
        if metric == .plain { plain = seconds }
        ratios.append(("\(metric.rawValue), p = \(exponent.short)", seconds / plain))
      }
    }
    let comparison = Table("Time over that of the plain metric", ["metric", "ratio"])
    for (name, ratio) in ratios {
      comparison.row([name, ratio.short])
      report.figures["over plain: \(name)"] = ratio
    }
  }

  private mutating func grids() throws {
    let table = Table("Densities on a grid", Self.columns)
    for side in isQuick ? [64] : [128, 256] {
      for isSmooth in [true, false] {
        for exponent in [2.0, 1.0] {
          try measure(
            BenchmarkCase(points: .grid(side: side, isSmooth: isSmooth), exponent: exponent),
            in: table)
        }
      }
    }
  }

  /// A million points, and the larger grids, where there is memory for them.
  private mutating func million() throws {
    guard report.machine.memory > 6 << 30 else { return }
    let table = Table("A million points, and large grids", Self.columns)
    let million = 1_000_000
    let cases = [
      BenchmarkCase(points: .cloud(.uniform, count: million)),
      BenchmarkCase(points: .cloud(.twoStream, count: million)),
      BenchmarkCase(points: .grid(side: 512, isSmooth: true)),
      BenchmarkCase(points: .grid(side: 512, isSmooth: true), exponent: 1),
      BenchmarkCase(points: .grid(side: 1024, isSmooth: true)),
      BenchmarkCase(points: .cloud(.streams, count: million), exponent: 1, metric: .split),
      BenchmarkCase(points: .grid(side: 1024, isSmooth: true), exponent: 1),
    ]
    for benchmark in cases { try measure(benchmark, in: table, alsoOnOne: false) }
  }

  // MARK: Agreement with others

  /// Time and memory beside POT, whose cost matrix is part of its time, both on one core.
  private mutating func peer() throws {
    let pot = try POT()
    let table = Table(
      "Beside POT, one core, D = 2",
      ["family", "p", "n", "kwass s", "memory", "POT s", "memory", "time", "memory"])
    for count in isQuick ? [1_000] : [1_000, 5_000, 10_000] {
      for exponent in [2.0, 1.0] {
        for family in Family.allCases {
          let benchmark = BenchmarkCase(
            points: .cloud(family, count: count), exponent: exponent,
            repetitions: repetitions(count))
          let ours = try benchmark.measure(processors: 1)
          report.add(ours)
          let theirs = try benchmark.withFiles {
            try pot.solve(
              $0, $1, exponent: exponent, repetitions: count > 5_000 || isQuick ? 1 : 3,
              processors: 1)
          }
          let theirTiming = Timing(seconds: theirs.answer.seconds)
          compare(benchmark, ours.outcome.cost, theirs.answer.cost)
          let ratio = theirTiming.best / ours.outcome.timing.best
          report.figures[
            "POT over kwass: \(family.rawValue), p = \(exponent.short), n = \(count)"] = ratio
          table.row([
            family.rawValue, exponent.short, "\(count)", ours.outcome.timing.best.short,
            ours.peakMemory.megabytes, theirTiming.best.short, theirs.peakMemory.megabytes,
            "\(ratio.short)×",
            "\((Double(theirs.peakMemory) / Double(ours.peakMemory)).short)×",
          ])
        }
      }
    }
  }

  /// The cost itself, on every family.
  private mutating func agreementWithPeer() throws {
    let pot = try POT()
    let count = isQuick ? 500 : 2_000
    let table = Table("Agreement with POT, n = \(count)", ["family", "D", "p", "difference"])
    for axes in [2, 4, 6] {
      for exponent in [1.0, 2, 3] {
        for family in Family.allCases {
          let benchmark = BenchmarkCase(
            points: .cloud(family, count: count), axes: axes, exponent: exponent, verifies: true)
          let ours = try benchmark.measure()
          report.add(ours)
          let theirs = try benchmark.withFiles { try pot.solve($0, $1, exponent: exponent) }
          let difference = compare(benchmark, ours.outcome.cost, theirs.answer.cost)
          table.row([family.rawValue, "\(axes)", exponent.short, difference.short])
        }
      }
    }
  }

  /// The relative difference of two costs, which must not exceed 1e-12.
  @discardableResult
  private mutating func compare(_ benchmark: BenchmarkCase, _ ours: Double, _ theirs: Double)
    -> Double
  {
    let difference = abs(ours - theirs) / theirs
    report.require(
      difference <= 1e-12,
      "\(benchmark.name), n = \(benchmark.count), \(benchmark.axes) axes, p = \(benchmark.exponent): "
        + "kwass found the cost \(ours), POT \(theirs)")
    return difference
  }

  /// Small problems of every kind against GLPK's simplex method.
  private mutating func agreementWithLinearProgram() throws {
    let problems = isQuick ? 50 : 500
    var generator = SeededGenerator(seed: 3)
    var worst = 0.0
    for index in 0..<problems {
      let problem = try PathologicalProblem(
        &generator, index: index, points: 2...25, extremes: 0...0
      ).problem
      let network = try NetworkSimplex().solve(problem)
      let program = try LinearProgramSolver().solve(problem)
      let difference = abs(network.cost - program.cost)
      let relative = difference / max(network.cost, program.cost, .leastNormalMagnitude)
      worst = max(worst, relative)
      report.require(
        relative <= 1e-12,
        "small problem \(index): network simplex \(network.cost), GLPK \(program.cost)")
    }
    let table = Table("Agreement with GLPK", ["problems", "worst difference"])
    table.row(["\(problems)", worst.short])
    report.figures["GLPK: worst relative difference"] = worst
  }
}
