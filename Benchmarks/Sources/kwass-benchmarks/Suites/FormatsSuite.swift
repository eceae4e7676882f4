import Foundation
import KineticTransport

/// Time and memory of loading snapshots, from a file to a checked measure, beside numpy and h5py in the same run, and
/// what the official openPMD validator says of the files that kwass writes.
struct FormatsSuite {
  private var report: Report
  private let isQuick: Bool
  private let python: String

  static func run(isQuick: Bool, output: String?) throws -> Int32 {
    let python = try ChildProcess.run("bash", [Project.peer("setup.sh")]).output
      .trimmingCharacters(in: .whitespacesAndNewlines)
    var suite = FormatsSuite(
      report: try Report(suite: "formats"), isQuick: isQuick, python: python)
    try suite.loading(count: isQuick ? 20_000 : 1_000_000)
    if !isQuick { try suite.loading(count: 10_000_000, formats: ["npy", "npz", "h5"]) }
    let validation = try ChildProcess.run(
      "bash", [Project.peer("validate.sh"), try Project.kwass()])
    print("\nopenPMD validator: \(validation.output)", terminator: "")
    return try suite.report.finish(output: output)
  }

  /// What `kwass-benchmarks load FILE REPETITIONS` prints.
  struct Loading: Codable {
    let seconds: [Double]
    /// The bytes of the numbers that were loaded.
    let bytes: Int
    /// A number that depends on every bit of the coordinates.
    let digest: UInt64
  }

  /// Loads a file, in a process of its own whose memory can be measured.
  static func load(_ path: String, repetitions: Int) throws -> Loading {
    let (timing, file) = try Timing.measure(repetitions: repetitions) {
      let file = try SnapshotFile.read(path)
      _ = try file.measure()
      return file
    }
    let snapshot = file.snapshot
    let columns =
      snapshot.positions + snapshot.velocities
      + [snapshot.weights].compactMap { $0.map { CoordinateColumn($0) } }
    // Fowler, Noll and Vo's hash of 64-bit words.
    var digest: UInt64 = 0xcbf2_9ce4_8422_2325
    for column in columns {
      for value in column { digest = (digest ^ value.bitPattern) &* 0x100_0000_01b3 }
    }
    let words = columns.count + (snapshot.ids == nil ? 0 : 1)
    return Loading(seconds: timing.seconds, bytes: 8 * words * snapshot.count, digest: digest)
  }

  private struct Peer: Decodable {
    let seconds: [Double]
    /// The same with every number checked and the numbers of each coordinate together.
    let checked: [Double]
  }

  private mutating func loading(
    count: Int, formats: [String] = ["npy", "npz", "h5", "csv"]
  ) throws {
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("kwass-formats-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }

    let kwass = try Project.kwass()
    var paths = formats.map { "\(folder)/plain.\($0)" }
    for path in paths {
      _ = try ChildProcess.run(
        kwass,
        [
          "sample", "gaussian", "--dimension", "2", "--count", "\(count)", "--seed", "1", "-o",
          path,
        ])
    }
    let compressed = "\(folder)/compressed.h5"
    _ = try ChildProcess.run(
      python, [Project.peer("compressed.py"), compressed, "\(count)"])
    paths.append(compressed)

    let table = Table(
      "Loading \(count) particles",
      [
        "file", "MB of numbers", "kwass s", "peak", "numpy or h5py s", "peak", "time", "checked s",
        "time",
      ])
    let repetitions = isQuick ? 1 : 5
    let program = CommandLine.arguments[0]
    var digests: Set<UInt64> = []
    for path in paths {
      let own = try ChildProcess.run(program, ["load", path, "\(repetitions)"])
      let loading = try own.decoded(as: Loading.self)
      // The memory of one loading: what is loaded again meets what was there before.
      let peak = try ChildProcess.run(program, ["load", path, "1"]).peakMemory
      let peer = try ChildProcess.run(
        python, [Project.peer("load.py"), path, "\(repetitions)"])
      let times = try peer.decoded(as: Peer.self)
      let (theirs, checked) = (times.seconds.min() ?? .nan, times.checked.min() ?? .nan)
      let theirPeak = try ChildProcess.run(
        python, [Project.peer("load.py"), path, "1"]
      ).peakMemory
      let best = loading.seconds.min() ?? .nan
      let name = URL(fileURLWithPath: path).lastPathComponent
      if path != compressed { digests.insert(loading.digest) }
      let prefix = "\(name), \(count) particles"
      report.figures["\(prefix): seconds"] = best
      report.figures["\(prefix): bytes"] = Double(peak)
      report.figures["\(prefix): seconds of the peer"] = theirs
      report.figures["\(prefix): seconds of the peer, checked"] = checked
      report.figures["\(prefix): bytes of the peer"] = Double(theirPeak)
      table.row([
        name, loading.bytes.megabytes, best.short, peak.megabytes, theirs.short,
        theirPeak.megabytes, "\((theirs / best).short)×", checked.short,
        "\((checked / best).short)×",
      ])
    }
    report.require(digests.count == 1, "the formats hold different numbers of the same sample")
  }
}
