import Foundation

@main
enum Main {
  static let usage = """
    Usage: kwass-benchmarks distance [--quick] [--output FILE]
           kwass-benchmarks exact    [--quick] [--output FILE] [--part NAME] [--repetitions N]
                                     [--figures PREFIX]
           kwass-benchmarks flows    [--quick] [--output FILE]
           kwass-benchmarks stability-estimates [--quick] [--output FILE]
           kwass-benchmarks models   [--quick] [--output FILE] [--figures PREFIX]
           kwass-benchmarks sinkhorn [--quick] [--output FILE] [--figures PREFIX]
           kwass-benchmarks formats  [--quick] [--output FILE]
           kwass-benchmarks coarsen  [--quick] [--output FILE] [--particles N] [--cells N,N,...]
                                     [--dimension 1|3] [--figures PREFIX]
           kwass-benchmarks breaker  [--problems N] [--seed S]

      distance  `kwass distance` on 5,000 particles as a whole process, beside POT.
      exact     The exact solver: families, sizes, metrics, grids, agreement with POT and GLPK.
      sinkhorn  Entropic transport: beside POT and OTT-JAX, tolerances, regularisations, grids, 100,000 points.
      formats   Loading a million particles in each format, beside numpy and h5py; the validator.
      coarsen   Ten million particles merged into cells: the width of the bracket, seconds, peak memory.
      flows     Time for each particle and step, or each pair, of every force field.
      stability-estimates
                Theorems 2.1 and 3.1 beside the true distance, and the quasi-neutral scan.
      models    Coefficients of swarms, agents that align, the mean-field limit; beside LAPACK and numpy.
      breaker   Small problems made to break the exact solver, 100,000 unless told otherwise.

      --quick   Small sizes, in about a minute; the figures are good for nothing else.
      --output  Also write the figures as JSON.
      --figures Also draw: for exact the time against --accuracy, into PREFIX-tolerance.svg; for sinkhorn the accuracy,
                into PREFIX-tolerance.svg and PREFIX-regularization.svg; for coarsen the width of the bracket, into
                PREFIX-width.svg; for models what the papers' figures show.
      --part    families, displacement, tolerance, warm, metrics, grids, peer, agreement or million; all of them
                unless told otherwise.
      --particles    The size of the files of coarsen, 10,000,000 unless told otherwise.
      --cells        The numbers of cells of coarsen; --dimension: 1 for 1D1V alone, 3 for 3D3V.
      --repetitions  How often each problem is solved.
    """

  static func main() {
    do {
      exit(try run(Array(CommandLine.arguments.dropFirst())))
    } catch {
      FileHandle.standardError.write(Data("kwass-benchmarks: \(error)\n".utf8))
      exit(1)
    }
  }

  private static func run(_ arguments: [String]) throws -> Int32 {
    var options = Options(arguments.dropFirst())
    let suite = arguments.first ?? ""
    switch suite {
    case "distance", "exact", "sinkhorn", "flows", "stability-estimates", "models", "formats",
      "coarsen":
      let isQuick = options.flag("--quick")
      let output = try options.value("--output")
      var parts = ExactSuite.Part.allCases
      var repetitions: Int?
      if suite == "exact" {
        repetitions = try options.number("--repetitions", Int.self).map { max(1, $0) }
        if let name = try options.value("--part") {
          guard let part = ExactSuite.Part(rawValue: name) else { break }
          parts = [part]
        }
      }
      let figures =
        ["exact", "sinkhorn", "models", "coarsen"].contains(suite)
        ? try options.value("--figures") : nil
      var coarsening = CoarsenSuite.Choice(figures: figures)
      if suite == "coarsen" { try options.read(&coarsening) }
      guard options.rest.isEmpty else { break }
      switch suite {
      case "exact":
        return try ExactSuite.run(
          isQuick: isQuick, parts: parts, repetitions: repetitions, output: output,
          figures: figures)
      case "sinkhorn":
        return try SinkhornSuite.run(isQuick: isQuick, output: output, figures: figures)
      case "coarsen":
        return try CoarsenSuite.run(isQuick: isQuick, coarsening, output: output)
      case "formats": return try FormatsSuite.run(isQuick: isQuick, output: output)
      case "models":
        return try ModelsSuite.run(isQuick: isQuick, output: output, figures: figures)
      case "flows": return try FlowsSuite.run(isQuick: isQuick, output: output)
      case "stability-estimates":
        return try StabilitySuite.run(isQuick: isQuick, output: output)
      default: return try DistanceSuite.run(isQuick: isQuick, output: output)
      }
    case "breaker":
      let problems = try options.number("--problems", Int.self) ?? 100_000
      let seed = try options.number("--seed", UInt64.self) ?? 1
      guard options.rest.isEmpty else { break }
      return try Breaker.run(problems: problems, seed: seed)
    case "solve":
      // What the suites call in a process of its own.
      guard options.rest.count == 1 else { break }
      let benchmark = try JSONDecoder().decode(
        BenchmarkCase.self, from: Data(options.rest[0].utf8))
      print(String(decoding: try JSONEncoder().encode(benchmark.solve()), as: UTF8.self))
      return 0
    case "load":
      guard options.rest.count == 2, let repetitions = Int(options.rest[1]) else { break }
      let loading = try FormatsSuite.load(options.rest[0], repetitions: repetitions)
      print(String(decoding: try JSONEncoder().encode(loading), as: UTF8.self))
      return 0
    default: break
    }
    print(usage)
    return 64
  }

  /// The options that have not been understood yet.
  private struct Options {
    var rest: [String]

    init(_ arguments: some Sequence<String>) { rest = Array(arguments) }

    mutating func flag(_ name: String) -> Bool {
      guard let index = rest.firstIndex(of: name) else { return false }
      rest.remove(at: index)
      return true
    }

    mutating func value(_ name: String) throws -> String? {
      guard let index = rest.firstIndex(of: name) else { return nil }
      guard index + 1 < rest.count else { throw BenchmarkError("\(name) needs a value") }
      defer { rest.removeSubrange(index...index + 1) }
      return rest[index + 1]
    }

    /// What `coarsen` is to measure.
    mutating func read(_ choice: inout CoarsenSuite.Choice) throws {
      choice.particles = try number("--particles", Int.self).map { max(1, $0) }
      if let dimension = try number("--dimension", Int.self) {
        guard [1, 3].contains(dimension) else {
          throw BenchmarkError("--dimension is \(dimension); it must be 1 or 3")
        }
        choice.dimensions = [dimension]
      }
      if let text = try value("--cells") {
        choice.cells = try text.split(separator: ",").map { part in
          guard let cells = Int(part), cells > 0 else {
            throw BenchmarkError("--cells is \(text); it must be positive whole numbers")
          }
          return cells
        }
      }
    }

    mutating func number<Number: LosslessStringConvertible>(
      _ name: String, _: Number.Type
    ) throws -> Number? {
      guard let text = try value(name) else { return nil }
      guard let number = Number(text) else {
        throw BenchmarkError("\(name) is \(text); it must be a whole number")
      }
      return number
    }
  }
}
