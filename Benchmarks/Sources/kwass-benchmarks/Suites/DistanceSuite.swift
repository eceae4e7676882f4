import Foundation
import KineticTransport

/// `kwass distance` as a user runs it, beside POT with its own cost matrix.
enum DistanceSuite {
  static func run(isQuick: Bool, output: String?) throws -> Int32 {
    var report = try Report(suite: "distance")
    let kwass = try Project.kwass()
    let peer = try POT()
    let count = isQuick ? 1_000 : 5_000
    let repetitions = isQuick ? 2 : 5
    let table = Table(
      "d = 1 phase space, p = 2, random masses, n = m = \(count): whole processes",
      [
        "family", "kwass best", "median", "memory", "POT best", "median", "memory", "time",
        "memory",
      ])
    for family in Family.allCases {
      let benchmark = BenchmarkCase(points: .cloud(family, count: count))
      try benchmark.withFiles { source, target in
        let ours = try (0..<repetitions).map { _ in
          try ChildProcess.run(kwass, ["distance", source, target, "--json"])
        }
        let theirs = try (0..<repetitions).map { _ in
          try peer.solve(source, target, exponent: 2)
        }
        let result = try ours[0].decoded(as: DistanceOutput.self)
        let cost = theirs[0].answer.cost
        report.require(
          abs(result.cost - cost) <= 1e-12 * cost,
          "\(family.rawValue): kwass found the cost \(result.cost), POT \(cost)")
        let (mine, other) = (
          Timing(seconds: ours.map(\.seconds)), Timing(seconds: theirs.map(\.processSeconds))
        )
        let memory = ours.map(\.peakMemory).max() ?? 0
        let otherMemory = theirs.map(\.peakMemory).max() ?? 0
        // Only the solution, without starting Python: the comparison that favours POT.
        let pure = Timing(seconds: theirs.flatMap(\.answer.seconds))
        report.figures["\(family.rawValue): kwass seconds, best"] = mine.best
        report.figures["\(family.rawValue): kwass seconds, median"] = mine.median
        report.figures["\(family.rawValue): kwass bytes"] = Double(memory)
        report.figures["\(family.rawValue): POT process seconds, best"] = other.best
        report.figures["\(family.rawValue): POT solve seconds, best"] = pure.best
        report.figures["\(family.rawValue): POT solve seconds, median"] = pure.median
        report.figures["\(family.rawValue): POT bytes"] = Double(otherMemory)
        table.row([
          family.rawValue, mine.best.short, mine.median.short, memory.megabytes, pure.best.short,
          pure.median.short, otherMemory.megabytes, "\((pure.best / mine.best).short)×",
          "\((Double(otherMemory) / Double(memory)).short)×",
        ])
      }
    }
    print(
      "\nPOT's times are those of its cost matrix and solution alone; kwass's are the process's.")
    return try report.finish(output: output)
  }

  /// The part of `kwass distance --json` that is compared.
  private struct DistanceOutput: Decodable {
    let cost: Double
  }
}

extension BenchmarkCase {
  /// Hands both sides over as files, which are removed afterwards.
  func withFiles<Result>(_ body: (_ source: String, _ target: String) throws -> Result) throws
    -> Result
  {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("kwass-benchmarks-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let paths = ["source.npz", "target.npz"].map { folder.appendingPathComponent($0).path }
    let sides = try snapshots()
    try SnapshotFile.write(sides.source, to: paths[0])
    try SnapshotFile.write(sides.target, to: paths[1])
    return try body(paths[0], paths[1])
  }
}
