import Foundation
import KineticTransport

/// Entropic transport: speed beside POT, accuracy against tolerance and regularisation, grids, size.
struct SinkhornSuite {
  private var report: Report
  private let isQuick: Bool
  /// What the names of the figures begin with.
  private let figures: String?

  static func run(isQuick: Bool, output: String?, figures: String?) throws -> Int32 {
    var suite = SinkhornSuite(
      report: try Report(suite: "sinkhorn"), isQuick: isQuick, figures: figures)
    try suite.tolerances()
    try suite.regularizations()
    try suite.grids()
    try suite.peer()
    try suite.size()
    return try suite.report.finish(output: output)
  }

  private func clouds(_ count: Int) -> BenchmarkCase {
    BenchmarkCase(points: .cloud(.normal, count: count))
  }

  /// Σ |marginal − mass| over both sides, from the potentials and the definition of the plan.
  private func marginalError(_ solution: EntropicSolution) -> Double {
    let problem = solution.problem
    let (f, g) = (solution.potentials.source, solution.potentials.target)
    let (a, b) = (problem.source.masses, problem.target.masses)
    var rows = [Double](repeating: 0, count: a.count)
    var columns = [Double](repeating: 0, count: b.count)
    for i in a.indices {
      for j in b.indices {
        let exponent = (f[i] + g[j] - problem.cost(from: i, to: j)) / solution.regularization
        let mass = a[i] * b[j] * exp(exponent)
        rows[i] += mass
        columns[j] += mass
      }
    }
    return zip(rows + columns, a + b).reduce(0) { $0 + abs($1.0 - $1.1) }
  }

  // MARK: Accuracy

  /// The requested marginal error against what comes out.
  private mutating func tolerances() throws {
    let count = isQuick ? 300 : 1_000
    let problem = try clouds(count).problem()
    let best = try SinkhornSolver(regularization: 0.1, marginalTolerance: 1e-13)
      .solveEntropic(problem).entropicCost
    let table = Table(
      "Requested marginal error, n = \(count), D = 2, regularisation 0.1",
      ["requested", "recomputed", "error of the entropic cost", "iterations", "s"])
    var chart = SeriesChart(
      title: "Sinkhorn, n = \(count), regularisation 0.1",
      horizontal: "digits asked for: −log₁₀ of the marginal error",
      vertical: "relative or L¹ error",
      isLogarithmic: true,
      series: [
        .init("marginal error, recomputed", style: .markedLine, points: []),
        .init("error of the entropic cost", style: .markedLine, points: []),
      ])
    for power in stride(from: 2, through: 12, by: 2) {
      let tolerance = pow(10, -Double(power))
      let (timing, solution) = try Timing.measure(repetitions: isQuick ? 1 : 3) {
        try SinkhornSolver(regularization: 0.1, marginalTolerance: tolerance)
          .solveEntropic(problem)
      }
      let recomputed = marginalError(solution)
      // The recomputed sums have rounding errors of their own.
      report.require(
        recomputed <= tolerance * 1.01 + 1e-13,
        "asked for a marginal error of \(tolerance), got \(recomputed)")
      let error = abs(solution.entropicCost - best) / best
      report.figures["tolerance \(tolerance.short): marginal error"] = recomputed
      report.figures["tolerance \(tolerance.short): relative error of the cost"] = error
      table.row([
        tolerance.short, recomputed.short, error.short, "\(solution.effort.iterations)",
        timing.best.short,
      ])
      chart.series[0].points.append([Double(power), recomputed])
      chart.series[1].points.append([Double(power), error])
    }
    try draw(chart, "tolerance")
  }

  private func draw(_ chart: SeriesChart, _ name: String) throws {
    guard let figures else { return }
    let path = "\(figures)-\(name).svg"
    try Gnuplot().draw(chart, to: path)
    print("\nFigure written to \(path).")
  }

  /// Every cost against the exact one as the regularisation falls.
  private mutating func regularizations() throws {
    let count = isQuick ? 300 : 1_000
    let problem = try clouds(count).problem()
    let exact = try NetworkSimplex().solve(problem).cost
    let table = Table(
      "Relative distance from the exact cost, n = \(count), D = 2",
      [
        "regularisation", "transport", "entropic", "divergence", "lower end", "upper end",
        "iterations", "s",
      ])
    var chart = SeriesChart(
      title: "Towards the exact cost, n = \(count)", horizontal: "−log₁₀ of the regularisation",
      vertical: "relative distance from the exact cost", isLogarithmic: true,
      series: ["transport", "entropic", "divergence", "lower end", "upper end"].map {
        .init($0, style: .markedLine, points: [])
      })
    for power in 0...(isQuick ? 3 : 4) {
      let epsilon = pow(10, -Double(power))
      let solver = SinkhornSolver(regularization: epsilon)
      let (timing, solution) = try Timing.measure(repetitions: 1) {
        try solver.solveEntropic(problem)
      }
      let divergence = try solver.divergence(solution).value
      let bounds = try solution.unregularizedCostBounds()
      report.require(
        bounds.lower <= exact * (1 + 1e-12) && exact * (1 - 1e-12) <= bounds.upper,
        "at regularisation \(epsilon) the bracket \(bounds) does not hold the cost \(exact)")
      let figures = [
        ("transport", solution.transportCost), ("entropic", solution.entropicCost),
        ("divergence", divergence), ("lower end", bounds.lower), ("upper end", bounds.upper),
      ].map { ($0.0, ($0.1 - exact) / exact) }
      for (name, value) in figures {
        report.figures["regularisation \(epsilon.short): \(name)"] = value
      }
      table.row(
        [epsilon.short] + figures.map(\.1.short) + [
          "\(solution.effort.iterations)", timing.best.short,
        ])
      for (index, figure) in figures.enumerated() {
        chart.series[index].points.append([Double(power), abs(figure.1)])
      }
    }
    try draw(chart, "regularization")
  }

  // MARK: Speed

  /// Densities on grids, and the solver for points on the smallest of them.
  private mutating func grids() throws {
    let table = Table(
      "Grids, regularisation 1e-3, marginal error 1e-6",
      ["side", "s with bracket", "iterations", "relative bracket", "difference from points"])
    for side in isQuick ? [32] : [64, 128, 256] {
      let benchmark = BenchmarkCase(points: .grid(side: side, isSmooth: true))
      let points = try benchmark.problem()
      let nodes = (0..<side).map { (Double($0) + 0.5) / Double(side) }
      let problem = try TransportProblem(
        from: TensorGrid(nodes: [nodes, nodes], masses: points.source.masses),
        to: TensorGrid(nodes: [nodes, nodes], masses: points.target.masses), exponent: 2)
      let solver = SinkhornSolver(regularization: 1e-3)
      let (timing, (solution, bounds)) = try Timing.measure(repetitions: isQuick ? 1 : 3) {
        let solution = try solver.solveEntropic(problem)
        return (solution, try solution.unregularizedCostBounds())
      }
      var difference = ""
      if side <= 64 {
        let tight = SinkhornSolver(regularization: 1e-3, marginalTolerance: 1e-11)
        let (fast, slow) = (try tight.solveEntropic(problem), try tight.solveEntropic(points))
        let value = abs(fast.transportCost - slow.transportCost)
        report.require(value <= 1e-9, "grid and points differ by \(value)")
        difference = value.short
      }
      report.figures["grid \(side): seconds"] = timing.best
      report.figures["grid \(side): relative bracket"] = bounds.relativeWidth
      table.row([
        "\(side)²", timing.best.short, "\(solution.effort.iterations)", bounds.relativeWidth.short,
        difference,
      ])
    }
  }

  /// Seconds beside POT and OTT-JAX, all on all processors, with the same tolerance for the same
  /// norm of the error, recomputed from the potentials of each.
  private mutating func peer() throws {
    let count = isQuick ? 500 : 5_000
    // A peer that has not converged by then is stopped: its ratio is a lower bound.
    let limit = isQuick ? 20.0 : 240
    let table = Table(
      "Beside other libraries, n = \(count), D = 2, marginal error 1e-6, \(Int(limit)) s at most",
      ["regularisation", "library", "s", "iterations", "recomputed", "ns/pair", "time"])
    for epsilon in [0.1, 0.01] {
      let benchmark = clouds(count)
      let problem = try benchmark.problem()
      let (timing, solution) = try Timing.measure(repetitions: 5) {
        try SinkhornSolver(regularization: epsilon).solveEntropic(problem)
      }
      let error = marginalError(solution)
      report.require(error <= 1.01e-6, "the marginal error is \(error)")
      // The time of a sweep over all pairs for each half-step, on one processor. Sweeps that leave
      // out far pairs are faster than the kernel; Newton steps are counted as iterations.
      let pairs = 2 * Double(count) * Double(count) * Double(solution.effort.iterations)
      let nanoseconds = 1e9 * timing.best * Double(report.machine.threads) / pairs
      report.figures["regularisation \(epsilon): ns for a pair"] = nanoseconds
      table.row([
        epsilon.short, "kwass", timing.best.short, "\(solution.effort.iterations)", error.short,
        nanoseconds.short, "",
      ])
      for library in EntropicPeer.allCases {
        let theirs = try benchmark.withFiles {
          try library.solve(
            $0, $1, regularization: epsilon, tolerance: 1e-6, limit: limit)
        }
        let ratio = theirs.seconds / timing.best
        let isDone = theirs.marginalError <= 1e-6
        report.figures["\(library.name) over kwass: regularisation \(epsilon)"] = ratio
        table.row([
          epsilon.short, library.name, theirs.seconds.short,
          "\(theirs.iterations)", theirs.marginalError.short, "",
          (isDone ? "" : "over ") + "\(ratio.short)×",
        ])
      }
    }
  }

  /// A bracket of 1 % by the command as a user runs it, with its memory.
  private mutating func size() throws {
    let kwass = try Project.kwass()
    let table = Table(
      "kwass distance --method sinkhorn --regularization auto, D = 2",
      ["points", "n", "s", "memory", "relative bracket of W"])
    // The beams differ by little more than their sampling: the least cost is tiny, and the masses of
    // the beams do not agree.
    let cases: [(Family, Int)] =
      isQuick
      ? [(.normal, 2_000)] : [(.normal, 10_000), (.normal, 100_000), (.twoStream, 10_000)]
    for (family, count) in cases {
      let child = try BenchmarkCase(points: .cloud(family, count: count)).withFiles {
        try ChildProcess.run(
          kwass,
          ["distance", $0, $1, "--method", "sinkhorn", "--regularization", "auto", "--json"])
      }
      let answer = try child.decoded(as: Answer.self)
      let width = 1 - answer.lower / answer.upper
      report.require(width <= 0.0101, "\(family), n = \(count): the relative bracket is \(width)")
      report.figures["\(family.rawValue), n = \(count): seconds"] = child.seconds
      report.figures["\(family.rawValue), n = \(count): bytes"] = Double(child.peakMemory)
      table.row([
        family.rawValue, "\(count)", child.seconds.short, child.peakMemory.megabytes, width.short,
      ])
    }
  }

  private struct Answer: Decodable {
    let lower: Double
    let upper: Double
  }
}
