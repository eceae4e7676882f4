import Foundation
import KineticTransport

/// `kwass distance --coarsen` on files that no solver could hold, written and read piece by piece: seconds,
/// peak memory and the width of the bracket against the number of cells; on smaller files beside the exact
/// distance. Also `kwass info`.
struct CoarsenSuite {
  private var report: Report
  private let kwass: String
  private let folder: String
  private var chart = SeriesChart(
    title: "Bracket of merged particles", horizontal: "cells",
    vertical: "width of the bracket beside its upper end", isLogarithmic: true,
    isLogarithmicHorizontally: true, series: [])

  /// More memory than this no process may take, whatever the size of its files.
  private static let memoryLimit = 500_000_000

  /// What is measured.
  struct Choice {
    /// The size of the large files; `nil` for ten million.
    var particles: Int?
    /// The numbers of position and of velocity coordinates.
    var dimensions = [1, 3]
    /// The numbers of cells; `nil` for the usual ones.
    var cells: [Int]?
    /// What the names of the figures begin with; `nil` for none.
    var figures: String?
  }

  static func run(isQuick: Bool, _ choice: Choice, output: String?) throws -> Int32 {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("kwass-coarsen-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    var suite = CoarsenSuite(
      report: try Report(suite: "coarsen"), kwass: try Project.kwass(), folder: folder)
    let usual = isQuick ? [1_000, 4_000] : [1_000, 4_000, 16_000, 64_000, 256_000]
    let count = choice.particles ?? (isQuick ? 100_000 : 10_000_000)
    for dimension in choice.dimensions {
      // The distance of more cells than this takes minutes in six dimensions.
      let levels = choice.cells ?? (dimension == 1 ? usual : usual.filter { $0 <= 64_000 })
      let exactCount = dimension == 1 ? 100_000 : 10_000
      try suite.inside(dimension, count: isQuick ? 2_000 : exactCount, levels: levels)
      try suite.widths(dimension, count: count, levels: levels)
    }
    if let figures = choice.figures {
      let path = "\(figures)-width.svg"
      try Gnuplot().draw(suite.chart, to: path)
      print("\nFigure written to \(path).")
    }
    return try suite.report.finish(output: output)
  }

  /// The parts of `kwass distance --json` that are looked at.
  private struct Answer: Decodable {
    struct Coarsening: Decodable {
      let losses: [Double]
    }
    let lower: Double
    let upper: Double
    let coarsening: Coarsening?
  }

  /// The bracket of the coarse clouds holds the exact one.
  private mutating func inside(_ dimension: Int, count: Int, levels: [Int]) throws {
    let paths = try write(dimension, count: count)
    defer { remove(paths) }
    let exact = try ChildProcess.run(kwass, ["distance", "--json"] + paths)
      .decoded(as: Answer.self)
    let table = Table(
      "\(count) particles in \(dimension)D\(dimension)V, W in [\(exact.lower), \(exact.upper)]",
      ["cells", "lower", "upper", "width"])
    for level in levels where level <= count {
      let found = try ChildProcess.run(
        kwass, ["distance", "--json", "--coarsen", "\(level)", "--accuracy", "0.001"] + paths
      ).decoded(as: Answer.self)
      report.require(
        found.lower <= exact.lower && exact.upper <= found.upper,
        "\(dimension)D\(dimension)V, \(level) cells: [\(found.lower), \(found.upper)] does not hold \(exact.upper)"
      )
      let width = (found.upper - found.lower) / found.upper
      report.figures["\(dimension)D, \(count) particles, \(level) cells: width"] = width
      table.row(["\(level)", "\(found.lower)", "\(found.upper)", width.short])
    }
  }

  /// How the width falls with the number of cells, and what it takes.
  private mutating func widths(_ dimension: Int, count: Int, levels: [Int]) throws {
    let stopwatch = Stopwatch()
    let paths = try write(dimension, count: count)
    defer { remove(paths) }
    let bytes = try paths.map { path in
      try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int ?? 0
    }.reduce(0, +)
    print("\nWritten: \(bytes.megabytes) in \(stopwatch.seconds.short) s.")
    let info = try ChildProcess.run(kwass, ["info", paths[0]])
    print("kwass info: \(info.seconds.short) s, \(info.peakMemory.megabytes).")
    let prefix = "\(dimension)D, \(count) particles"
    report.figures["\(prefix), info: seconds"] = info.seconds
    report.figures["\(prefix), info: bytes"] = Double(info.peakMemory)
    checkMemory(info, "kwass info")
    chart.series.append(
      .init("\(dimension)D\(dimension)V, \(count) particles", style: .markedLine, points: []))
    let table = Table(
      "\(count) particles on either side, \(dimension)D\(dimension)V, p = 2",
      ["cells", "lower", "upper", "width", "lost", "seconds", "peak"])
    for level in levels {
      let run = try ChildProcess.run(
        kwass, ["distance", "--json", "--coarsen", "\(level)", "--accuracy", "0.0025"] + paths)
      let found = try run.decoded(as: Answer.self)
      let width = (found.upper - found.lower) / found.upper
      let name = "\(prefix), \(level) cells"
      checkMemory(run, name)
      chart.series[chart.series.count - 1].points.append(SIMD2(Double(level), width))
      report.figures["\(name): width"] = width
      report.figures["\(name): seconds"] = run.seconds
      report.figures["\(name): bytes"] = Double(run.peakMemory)
      let lost = found.coarsening?.losses.reduce(0, +) ?? .nan
      table.row([
        "\(level)", found.lower.short, found.upper.short, width.short, lost.short,
        run.seconds.short, run.peakMemory.megabytes,
      ])
    }
  }

  private mutating func checkMemory(_ run: ChildProcess, _ name: String) {
    report.require(
      run.peakMemory < Self.memoryLimit,
      "\(name) took \(run.peakMemory.megabytes), more than \(Self.memoryLimit.megabytes)")
  }

  private func remove(_ paths: [String]) {
    for path in paths { try? FileManager.default.removeItem(atPath: path) }
  }

  // MARK: Particles

  /// Two openPMD files: a standard normal distribution, and three narrower ones around it.
  private func write(_ dimension: Int, count: Int) throws -> [String] {
    var paths: [String] = []
    for (number, isMixture) in [false, true].enumerated() {
      let path = "\(folder)/\(dimension)-\(number == 0 ? "source" : "target").h5"
      var generator = SeededGenerator(seed: UInt64(number + 1))
      try SnapshotFile.write(count: count, to: path) { range in
        Self.particles(range.count, dimension, isMixture, &generator)
      }
      paths.append(path)
    }
    return paths
  }

  private static func particles(
    _ count: Int, _ dimension: Int, _ isMixture: Bool, _ generator: inout SeededGenerator
  ) -> Snapshot {
    var columns = [[Double]](
      repeating: [Double](repeating: 0, count: count), count: 2 * dimension)
    for index in 0..<count {
      let center = Double(generator.next() % 3)
      for axis in stride(from: 0, to: 2 * dimension, by: 2) {
        // The method of G. E. P. Box and M. E. Muller.
        let radius = (-2 * log(1 - generator.uniform())).squareRoot()
        let angle = 2 * Double.pi * generator.uniform()
        for (offset, value) in [radius * cos(angle), radius * sin(angle)].enumerated() {
          let shift = center * (offset == 0 ? 2 : -1.5)
          columns[axis + offset][index] = isMixture ? 0.4 * value + shift : value
        }
      }
    }
    return Snapshot(
      positions: Array(columns[..<dimension]), velocities: Array(columns[dimension...]))
  }
}
