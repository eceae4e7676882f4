import Foundation
import KineticTransport
import KwassCommand
import TestSupport
import Testing

/// The program itself, as a shell runs it.
@Suite(.enabled(if: HDF5HelperTests.isBuilt, "needs kwass beside the tests"))
struct ProcessTests {
  /// Runs the program beside the tests, or a script of a shell with its path as `$0`.
  private static func run(
    _ arguments: [String], output: String? = nil, limit: String? = nil, script: String? = nil,
    environment: [String: String] = [:]
  ) throws -> ChildProcess.Outcome {
    let script = script ?? limit.map { "ulimit \($0); exec \"$0\" \"$@\"" }
    return try ChildProcess(
      script == nil ? HDF5HelperTests.program : "/bin/sh",
      (script.map { ["-c", $0, HDF5HelperTests.program] } ?? []) + arguments,
      environment: environment, output: output
    ).outcome()
  }

  /// Exact results are the same bits on every instruction set; Sinkhorn's brackets hold on each, and their
  /// bits are those of another run on the same one.
  @Test func instructionSetsAreChosen() throws {
    let directory = try TemporaryDirectory()
    let (a, b) = (directory["a.npz"], directory["b.npz"])
    for (path, seed) in [(a, "1"), (b, "2")] {
      let arguments = ["sample", "two-stream", "--count", "500", "--seed", seed, "-o", path]
      #expect(try Self.run(arguments).status == 0)
    }
    func bounds(_ arguments: [String], _ set: InstructionSet) throws -> [Double] {
      let outcome = try Self.run(
        ["distance", a, b, "--json"] + arguments,
        environment: [InstructionSet.variable: set.rawValue])
      #expect(outcome.status == 0, "\(outcome.report)")
      let json = try ParsedJSON(outcome.output)
      return [json["lower"].number, json["upper"].number]
    }
    let sinkhorn = ["--p=1", "--method=sinkhorn", "--regularization=.01"]
    let exact = try bounds(["--p=1"], .portable)
    for set in InstructionSet.allCases where set.isAvailable {
      #expect(try bounds(["--p=1"], set) == exact, "\(set)")
      let found = try bounds(sinkhorn, set)
      #expect(found[0] <= exact[1] && exact[0] <= found[1], "\(set)")
      #expect(try bounds(sinkhorn, set) == found, "\(set)")
    }
    let unknown = try Self.run(["--version"], environment: [InstructionSet.variable: "sse9"])
    #expect(unknown.status == 64 && unknown.output.isEmpty)
    #expect(unknown.report.contains("KWASS_INSTRUCTION_SET is \"sse9\"; on this machine"))
  }

  /// A limit on the threads changes no bit, wherever it comes from; one that cannot be is refused.
  @Test func threadsAreLimited() throws {
    let directory = try TemporaryDirectory()
    let (a, b) = (directory["a.npz"], directory["b.npz"])
    for (path, seed) in [(a, "1"), (b, "2")] {
      let arguments = ["sample", "two-stream", "--count", "1500", "--seed", seed, "-o", path]
      #expect(try Self.run(arguments).status == 0)
    }
    func bounds(_ arguments: [String], threads: String? = nil) throws -> [Double] {
      let outcome = try Self.run(
        ["distance", a, b, "--json", "--method=sinkhorn", "--regularization=.01"] + arguments,
        environment: threads.map { [ThreadLimit.variable: $0] } ?? [:])
      #expect(outcome.status == 0, "\(outcome.report)")
      let json = try ParsedJSON(outcome.output)
      return [json["lower"].number, json["upper"].number]
    }
    let free = try bounds([])
    #expect(try bounds(["--threads=1"]) == free)
    #expect(try bounds([], threads: "1") == free)
    #expect(try bounds(["--threads", "2"], threads: "1") == free)
    for value in ["0", "-1", "2.5", "all", "", "65537", "99999999999999999999"] {
      let refused = try Self.run(["--version"], environment: [ThreadLimit.variable: value])
      #expect(refused.status == 64 && refused.output.isEmpty)
      #expect(
        refused.report
          == "kwass: The environment variable KWASS_THREADS is \"\(value)\"; it must be a whole number "
          + "from 1 to 65536.\n")
      let option = try Self.run(["distance", a, b, "--threads=\(value)"])
      #expect(option.status == 64 && option.output.isEmpty)
      #expect(
        option.report.hasPrefix(
          "kwass: The value of --threads is \"\(value)\"; it must be a whole number from 1 to 65536."
        ))
    }
  }

  @Test func statusesReachTheShell() throws {
    let directory = try TemporaryDirectory()
    let a = try directory.write("x1\n1\n", to: "a.csv")
    let b = try directory.write("x1\n3\n", to: "b.csv")
    let version = try Self.run(["--version"])
    #expect(version.status == 0 && version.output == "kwass \(Kwass.version)\n")
    #expect(version.report.isEmpty)
    let distance = try Self.run(["distance", a, b, "--json"])
    #expect(distance.status == 0 && distance.report == "")
    #expect(try ParsedJSON(distance.output)["distance"].number == 2)
    #expect(try Self.run(["distance", a, b, "--max", "1"]).status == 1)
    #expect(try Self.run([]).status == 64)
    #expect(try Self.run(["distance", a, try directory.write("x1\n", to: "c.csv")]).status == 65)
    #expect(try Self.run(["info", directory["none.npz"]]).status == 66)
    #expect(try Self.run(["distance", a, b, "--plan", "/nowhere/p.csv"]).status == 73)
  }

  /// Names of files that are no UTF-8 come from the command line, are written to and read again, and are
  /// printed so that they can be read; by way of the helper for HDF5, too.
  @Test func namesOfAnyBytes() throws {
    let directory = try TemporaryDirectory()
    try directory.write("# time=1 box=1\nx1,v1\n0.1,2\n", to: "a.csv")
    let outcome = try Self.run(
      [directory.path],
      script: """
        cd "$1" && for end in csv npz h5; do
          name=$(printf 'caf\\351.')$end
          "$0" convert a.csv "$name" && "$0" info "$name" && "$0" distance a.csv "$name" --max 0 --json \\
            && "$0" evolve "$name" --system free --until 2 -o "$(printf 'run\\377')$end" && rm "$name" \\
            && rm -r "$(printf 'run\\377')$end"
        done
        "$0" series "$(printf 'none\\351_%%06T.csv')"
        """)
    #expect(outcome.status == 66 && directory.names == ["a.csv"], "\(outcome)")
    for end in ["csv", "npz", "h5"] {
      #expect(outcome.output.contains("\ncaf\\xE9.\(end)\n  format"), "\(outcome)")
      #expect(outcome.output.contains("\"files\": [\"a.csv\", \"caf\\\\xE9.\(end)\"]"))
    }
    #expect(outcome.output.contains("run\\xFFcsv/snapshot-000001.npz"))
    #expect(
      outcome.report == "kwass: none\\xE9_%06T.csv: no file is named like this.\n", "\(outcome)")
  }

  /// A resume file that cannot be written whole is left as it was, with nothing beside it.
  @Test func nothingIsLostWhereAResumeFileDoesNotFit() throws {
    let directory = try TemporaryDirectory()
    let (start, state) = (directory["a.npz"], directory["state.npz"])
    let evolve = [
      "evolve", start, "--system=vlasov-poisson", "--epsilon=.2", "--every=.1", "--resume", "-o",
      state,
    ]
    let made = try Self.run(["sample", "two-stream", "--count=5000", "--seed=1", "-o", start])
    #expect(made.status == 0)
    #expect(try Self.run(evolve + ["--until=.2"]).status == 0)
    let before = try bytes(ofFile: state)
    let failed = try Self.run(evolve + ["--until=.4"], limit: "-f 16")
    #expect(failed.status == 74)
    #expect(
      failed.report == "kwass: \(state): the system reports an error: File too large.\n",
      "\(failed.report)")
    #expect(try bytes(ofFile: state) == before)
    #expect(directory.names.sorted() == [".state.npz.run", "a.npz", "state.npz"])
    // With room again the run goes on, to the same bytes as one that was not stopped.
    #expect(try Self.run(evolve + ["--until=.4"]).status == 0)
    let whole = directory["whole.npz"]
    #expect(try Self.run(evolve.dropLast() + [whole, "--until=.4"]).status == 0)
    #expect(try bytes(ofFile: state) == bytes(ofFile: whole))
  }

  /// Linux has a device on which every write fails.
  @Test(.enabled(if: FileManager.default.isWritableFile(atPath: "/dev/full"), "needs /dev/full"))
  func aFullDiskIsTold() throws {
    let outcome = try Self.run(["--help"], output: "/dev/full")
    #expect(outcome.status == 74)
    #expect(outcome.report == "kwass: The output cannot be written: No space left on device.\n")
  }

  /// libhdf5 neither keeps the error to itself nor crashes over it at the end.
  @Test func anHDF5FileThatDoesNotFitIsTold() throws {
    let directory = try TemporaryDirectory()
    let path = directory["a.h5"]
    let sample = ["sample", "two-stream", "--count=5000", "--seed=1", "-o", path]
    for blocks in [0, 1, 16, 100] {
      let failed = try Self.run(sample, limit: "-f \(blocks)")
      #expect(failed.status == 74)
      #expect(
        failed.report == "kwass: \(path): the system reports an error: File too large.\n",
        "\(failed.report)")
      #expect(directory.names.isEmpty)
    }
    #expect(try Self.run(sample).status == 0)
    #expect(try Self.run(["info", path]).status == 0)
  }

  /// An allocation that the system refuses ends in a sentence with its size, in each format.
  @Test(arguments: ["npy", "h5", "csv"])
  func tooLittleMemoryIsTold(format: String) throws {
    let directory = try TemporaryDirectory()
    let path = directory["a.\(format)"]
    let count = 400_000
    let made = try Self.run([
      "sample", "two-stream", "--count=\(count)", "--seed=1", "-o", path,
    ])
    #expect(made.status == 0)
    // Room for the program itself, for reading in part, and for reading but not for solving.
    for kibibytes in [60_000, 66_000, 80_000] {
      let failed = try Self.run(["distance", path, path], limit: "-v \(kibibytes)")
      #expect([71, 74].contains(failed.status), "\(failed)")
      let lines = failed.report.split(separator: "\n")
      #expect(lines.count == 1 && lines[0].hasPrefix("kwass: "), "\(failed.report)")
      #expect(lines.first?.contains("memory") == true, "\(failed.report)")
    }
  }

  /// A run that a signal ends leaves its folder as it was.
  @Test(arguments: [SIGINT, SIGTERM, SIGHUP, SIGKILL])
  func aSignalLeavesNothing(signal: Int32) throws {
    let directory = try TemporaryDirectory()
    for pause in [0.02, 0.05, 0.1, 0.2] {
      let process = try ChildProcess(
        HDF5HelperTests.program,
        ["sample", "two-stream", "--count=3000000", "--seed=1", "-o", directory["a.csv"]])
      Thread.sleep(forTimeInterval: pause)
      process.send(signal)
      #expect(try process.outcome().status == 128 + signal)
      #expect(directory.names.isEmpty)
    }
  }

  /// Where too little room would crash a library, or make it wait without end, a sentence tells it.
  @Test(arguments: ["-n 4", "-n 15", "-s 64", "-v 64000", "-v 66000", "-v 68000"])
  func limitsThatAreTooSmallAreTold(limit: String) throws {
    let directory = try TemporaryDirectory()
    let path = directory["a.csv"]
    let sampled = try Self.run(["sample", "two-stream", "--count=20000", "--seed=1", "-o", path])
    try #require(sampled.status == 0)
    let outcome = try Self.run(["distance", path, path], limit: limit)
    #expect(outcome.status == 71 || (limit.hasPrefix("-v") && outcome.status == 0), "\(outcome)")
    #expect(outcome.status == 0 || outcome.report.split(separator: "\n").count == 1, "\(outcome)")
  }

  /// A part that is killed goes on where it was: what was found before is kept, and the results are those of one
  /// piece.
  @Test func aPartThatIsKilledGoesOn() throws {
    let directory = try TemporaryDirectory()
    let files = try (1...6).map { seed in
      let path = directory["s\(seed).npz"]
      let made = try Self.run([
        "sample", "two-stream", "--count=5000", "--seed=\(seed)", "-o", path,
      ])
      #expect(made.status == 0)
      return path
    }
    let journal = directory["p1.json.unfinished"]
    func lines() -> Int {
      (try? bytes(ofFile: journal)).map { $0.filter { $0 == 10 }.count } ?? 0
    }
    let part = ["matrix"] + files + ["--threads=1", "--part=1/2", "-o", directory["p1.json"]]
    let process = try ChildProcess(HDF5HelperTests.program, part)
    // The units that remain take far longer than the signal; a part that fails ends the wait as well.
    let start = Stopwatch()
    while lines() < 3, start.seconds < 100 { Thread.sleep(forTimeInterval: 0.002) }
    process.send(SIGKILL)
    #expect(try process.outcome().status == 128 + SIGKILL)
    let kept = lines() - 1
    try #require(!directory.names.contains("p1.json") && kept < 8)
    let early = try Self.run(["merge", directory["p1.json"]])
    #expect(
      early.status == 66 && early.report.contains("is not finished; \(8 - kept) of its 8 units"))
    let resumed = try Self.run(part)
    #expect(resumed.status == 0)
    #expect(
      resumed.report.contains("8 units in \(directory["p1.json"]), \(kept) of them from before"))
    let second = ["matrix"] + files + ["--part=2/2", "-o", directory["p2.json"]]
    #expect(try Self.run(second).status == 0)
    let merged = try Self.run(["merge", directory["p1.json"], directory["p2.json"], "--json"])
    #expect(try merged.output == Self.run(["matrix"] + files + ["--json"]).output)
    #expect(merged.status == 0 && !merged.output.isEmpty)
  }
}
