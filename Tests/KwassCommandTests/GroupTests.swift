import Foundation
import KineticTransport
import Synchronization
import TestSupport
import Testing

@testable import KwassCommand

/// Work that several processes share out.
@Suite struct GroupTests {
  private let directory: TemporaryDirectory
  init() throws { directory = try TemporaryDirectory() }

  /// What a process does in its group.
  private typealias Work =
    @Sendable (any Console, any ProcessGroup) throws(CommandFailure) -> ExitCode

  private static func outcome(
    _ work: Work, _ group: any ProcessGroup
  ) -> (status: ExitCode, console: TestConsole) {
    let console = TestConsole()
    do throws(CommandFailure) {
      return (try work(console, group), console)
    } catch {
      console.report("kwass: \(error.sentence)\n")
      return (error.status, console)
    }
  }

  /// What each rank does with its arguments.
  private func run(_ arguments: [[String]], deals: Bool = true) throws -> [Outcome] {
    run(
      try arguments.map { try work(of: $0) }, in: ThreadGroup(size: arguments.count, deals: deals))
  }

  private func run(_ works: [Work], in group: ThreadGroup) -> [Outcome] {
    group.run { member in
      let (status, console) = Self.outcome(works[member.rank], member)
      return Outcome(status: status, output: console.output, report: console.report)
    }.compactMap { try? $0.get() }
  }

  private func work(of words: [String]) throws -> Work {
    let arguments = Array(words.dropFirst())
    if words[0] == EvolveCommand.name {
      let command = EvolveCommand(options: try EvolveCommand.options(in: arguments))
      return { (console, group) throws(CommandFailure) in
        try command.run(on: console, in: group)
      }
    }
    if words[0] == DistanceCommand.name {
      let command = DistanceCommand(options: try DistanceCommand.options(in: arguments))
      return { (console, group) throws(CommandFailure) in
        try command.run(on: console, in: group)
      }
    }
    let command = try #require(
      Kwass.commands.compactMap { $0 as? any DividedCommand.Type }.first { $0.name == words[0] })
    return Self.shared(try command.work(of: arguments))
  }

  private static func shared(_ work: some DividedWork) -> Work {
    { (console, group) throws(CommandFailure) in
      try GroupRun(work: work, group: group).run(on: console)
    }
  }

  private func snapshots(_ count: Int = 4) throws -> [String] {
    try (0..<count).map { number in
      let rows = (0..<9).map { "\(Double((5 * $0 + number * $0) % 9) / 9),\($0 % 4 + number)\n" }
      return try directory.write(
        "# time=\(number) box=1\nx1,v1\n\(rows.joined())", to: "run_\(number).csv")
    }
  }

  /// Any number of ranks prints, on the first of them, what one process prints.
  @Test(arguments: [1, 2, 3, 11], [true, false])
  func ranksGiveWhatOneGives(count: Int, deals: Bool) throws {
    let files = try snapshots()
    for arguments in [
      ["matrix"] + files + ["--json"], ["series"] + files + ["--max", "0.1"],
      ["compare"] + files + ["--tolerance", "2noise", "--permutations", "3"],
      ["limit", "decay", "--phi", "power:2", "--theta", ".1,.05,.01"],
    ] {
      let console = TestConsole()
      let status = Kwass.run(arguments: arguments, console: console)
      let outcomes = try run(Array(repeating: arguments, count: count), deals: deals)
      #expect(outcomes.map(\.status) == Array(repeating: status, count: count))
      #expect(outcomes[0].output == console.output && outcomes[0].report == console.report)
      #expect(!console.output.isEmpty)
      for other in outcomes.dropFirst() { #expect(other.output.isEmpty && other.report.isEmpty) }
    }
  }

  /// A rank that fails ends all with its sentence, before the work as within it.
  @Test func aRankThatFailsEndsAll() throws {
    let files = try snapshots()
    let right = ["matrix"] + files
    let missing = try run([right, ["matrix", directory["none.csv"], files[0], files[1], files[2]]])
    #expect(missing.map(\.status) == [.missingInput, .missingInput])
    #expect(missing[0].report.hasPrefix("kwass: Rank 1 of 2: ") && missing[1].report.isEmpty)
    #expect(missing[0].report.contains("none.csv"))
    // The same of all is said once, as one process says it.
    let wrong = ["matrix", directory["none.csv"], files[0]]
    let all = try run([wrong, wrong, wrong])
    #expect(all[0].report == kwass("matrix", directory["none.csv"], files[0]).report)
    #expect(all[1].report.isEmpty && all[2].report.isEmpty)
    // A unit fails: two snapshots of one and two dimensions, which the second rank has.
    try directory.write("# box=1,1 time=9\nx1,x2,v1,v2\n0,0,1,1\n", to: "run_3.csv")
    let broken = try run([right, right])
    let reports = broken.map(\.report).joined()
    #expect(reports.contains(" of 2: ") && reports.contains("run_3.csv"), "\(reports)")
    #expect(broken.allSatisfy { $0.status != .success && $0.output.isEmpty })
  }

  @Test func ranksThatSeeDifferentFilesAreRefused() throws {
    let files = try snapshots()
    let other = try TemporaryDirectory()
    try other.write("# time=0 box=1\nx1,v1\n0.5,1\n", to: "run_0.csv")
    let outcomes = try run([
      ["matrix"] + files, ["matrix", other["run_0.csv"]] + files.dropFirst(),
    ])
    #expect(outcomes[0].status == .badData && outcomes[1].status == .badData)
    #expect(
      outcomes[0].report
        == "kwass: Rank 0 and rank 1 do not see the same: only one of them has read \(files[0]).\n")
    #expect(outcomes[1].report.isEmpty)
  }

  // MARK: Dealing out

  /// Units of which some wait until others are done, or fail.
  private struct Units: DividedWork {
    let count: Int
    let solve: @Sendable (Int) throws(CommandFailure) -> Int

    func checkOutputs() {}
    func inputs() -> [String] { [] }
    func workload(_ progress: ProgressLine) -> Workload<Int, Int> {
      Workload(
        frame: count, title: "counting", units: (0..<count).map(\.description), isParallel: false,
        solve)
    }
    func give(
      _ frame: Int, _ findings: [Int], after progress: ProgressLine, on console: any Console
    ) throws(CommandFailure) -> ExitCode {
      try console.print("\(findings)\n")
      return .success
    }
  }

  /// Whoever ends early takes more: the first unit ends only when all others are done, which one other rank can do.
  @Test func ranksThatEndEarlyTakeMore() {
    let done = Atomic(0)
    let work = Units(count: 12) { unit in
      // A minute is far more than the other rank needs.
      for _ in 0..<60_000 where unit == 0 && done.load(ordering: .acquiring) < 11 {
        Thread.sleep(forTimeInterval: 0.001)
      }
      guard unit > 0 || done.load(ordering: .acquiring) == 11 else { return -1 }
      done.add(1, ordering: .releasing)
      return unit * unit
    }
    let outcomes = run([Self.shared(work), Self.shared(work)], in: ThreadGroup(size: 2))
    #expect(outcomes[0].output == "\((0..<12).map { $0 * $0 })\n")
    #expect(done.load(ordering: .acquiring) == 12)
  }

  /// Of several units that fail the first is named, however the units were dealt out, and what nobody has begun by then
  /// is not done.
  @Test(arguments: [true, false])
  func theFirstUnitThatFailsIsNamed(deals: Bool) {
    let done = Atomic(0)
    let work = Units(count: 2000) { unit throws(CommandFailure) in
      done.add(1, ordering: .relaxed)
      Thread.sleep(forTimeInterval: 0.0005)
      guard ![40, 43, 1999].contains(unit) else {
        throw CommandFailure(.badData, "Unit \(unit) fails.")
      }
      return unit
    }
    let all = Array(repeating: Self.shared(work), count: 3)
    let outcomes = run(all, in: ThreadGroup(size: 3, deals: deals))
    #expect(outcomes.map(\.status) == [.badData, .badData, .badData])
    #expect(outcomes[0].report.contains(" of 3: Unit 40 fails.\n"))
    #expect(outcomes.map { $0.report.isEmpty } == [false, true, true])
    #expect(outcomes.allSatisfy { $0.output.isEmpty })
    #expect(done.load(ordering: .relaxed) < 2000)
  }

  // MARK: Particles that are merged

  /// Two samples of several pieces, which end in the middle of one.
  private func particles(_ name: String) throws -> [String] {
    try [1, 2].map { seed in
      let path = directory["\(seed)-\(name)"]
      let outcome = kwass(
        "sample", "two-stream", "--count", "\(2 * PieceReader.size + 70_000)", "--seed", "\(seed)",
        "--beam-speed", "\(2 * seed)", "-o", path)
      try #require(outcome.status == .success, "\(outcome.report)")
      return path
    }
  }

  /// Without the seconds that it took.
  private func timeless(_ output: String) -> String {
    output.split(separator: "\n").filter { !$0.contains("seconds") && !$0.hasPrefix("effort") }
      .joined(separator: "\n")
  }

  /// Ranks that go through a part of each file find what one process finds, to the last bit: also where some of them
  /// have nothing to do, and in files of which nobody knows the length.
  @Test(arguments: ["a.npy", "a.npz", "a.csv", "a.h5"])
  func ranksMergeParticles(name: String) throws {
    let files = try particles(name)
    let options: [[String]] =
      switch name {
      case "a.npy":
        [["--coarsen=300"], ["--coarsen=50", "--p=1", "--box=0.4", "--space=position"]]
      case "a.h5": [["--coarsen=auto", "--accuracy=.3"]]
      default: [["--coarsen=100", "--p=1", "--json"]]
      }
    for options in options {
      let arguments = ["distance"] + files + options
      let console = TestConsole()
      let status = Kwass.run(arguments: arguments, console: console)
      #expect(status == .success, "\(console.report)")
      for count in [2, 3, 5] {
        let outcomes = try run(Array(repeating: arguments, count: count))
        #expect(outcomes.map(\.status) == Array(repeating: status, count: count))
        #expect(timeless(outcomes[0].output) == timeless(console.output))
        for other in outcomes.dropFirst() { #expect(other.output.isEmpty && other.report.isEmpty) }
      }
    }
  }

  /// Each particle by itself, where there are not more of them than cells.
  @Test func ranksKeepParticlesThatAreNotMerged() throws {
    let files = try snapshots(2)
    let arguments = ["distance"] + files + ["--coarsen=9"]
    let one = kwass("distance", files[0], files[1], "--coarsen=9").output
    #expect(one.contains("9 and 9 particles into 9 and 9 cells"))
    let outcomes = try run([arguments, arguments])
    #expect(timeless(outcomes[0].output) == timeless(one))
  }

  /// What is wrong in the part of one rank ends all with one sentence, and so do other files and other options.
  @Test func ranksThatCannotMergeParticles() throws {
    let files = try particles("a.csv")
    let text = String(decoding: try TestSupport.bytes(ofFile: files[0]), as: UTF8.self)
    var lines = text.split(separator: "\n")
    lines[PieceReader.size + 1000] = "0.5,nan"
    let bad = try directory.write(lines.joined(separator: "\n") + "\n", to: "bad.csv")
    let cut = try directory.write(String(text.prefix(text.utf8.count / 3 * 2)), to: "cut.csv")
    func report(_ arguments: [[String]]) throws -> String {
      let outcomes = try run(arguments.map { ["distance"] + $0 })
      for outcome in outcomes { #expect(outcome.status == .badData && outcome.output.isEmpty) }
      #expect(outcomes.dropFirst().allSatisfy { $0.report.isEmpty })
      #expect(outcomes[0].report.split(separator: "\n").count == 1)
      return outcomes[0].report
    }
    let right = files + ["--coarsen=100"]
    let inPart = try report(Array(repeating: [bad, files[1], "--coarsen=100"], count: 2))
    #expect(
      inPart.hasPrefix("kwass: Rank 1 of 2: \(bad), line \(PieceReader.size + 1001), column v1"),
      "\(inPart)")
    let other = try report([right, [cut, files[1], "--coarsen=100"]])
    #expect(
      other
        == "kwass: Rank 0 and rank 1 do not see the same: only one of them has read \(files[0]).\n")
    #expect(
      try report([right, files + ["--coarsen=101"]])
        == "kwass: Rank 0 and rank 1 do not see the same: they have different options.\n")
  }

  /// What is not shared is done once.
  @Test func oneRankDoesWhatIsNotShared() throws {
    let files = try snapshots(2)
    let outcomes = try run(Array(repeating: ["distance"] + files, count: 2))
    #expect(timeless(outcomes[0].output) == timeless(kwass("distance", files[0], files[1]).output))
    #expect(outcomes[0].report.contains("rank 0 does all of it"))
    #expect(outcomes[1].output.isEmpty && outcomes[1].report.isEmpty)
  }

  // MARK: Flows

  /// Ranks that move a part of the particles each write and print what one process does, to the last bit: also where some
  /// of them have none, and where a run is gone on with.
  @Test(arguments: [
    (900, ["--system=vlasov-poisson", "--epsilon=.1", "--mesh=16", "--integrator=yoshida4"]),
    (400_000, ["--system=vlasov-poisson", "--epsilon=.3", "--mesh=32", "--shape=cubic"]),
    (11, ["--system=vlasov-poisson", "--epsilon=.1", "--mesh=8", "--reverse"]),
    (900, ["--system=free"]),
  ])
  func ranksMoveParticles(count: Int, system: [String]) throws {
    let start = directory["start.npz"]
    _ = kwass(
      "sample", "two-stream", "--beam-speed=.3", "--count", "\(count)", "--seed", "3", "-o", start)
    func arguments(_ until: String, _ name: String, _ more: String...) -> [String] {
      ["evolve", start] + system + ["--until", until, "--every", ".1", "--step", ".04"]
        + ["-o", directory[name]] + more
    }
    let console = TestConsole()
    let status = Kwass.run(arguments: arguments(".2", "one.npz"), console: console)
    #expect(status == .success, "\(console.report)")
    for size in [2, 3, 6] {
      let outcomes = try run(Array(repeating: arguments(".2", "all.npz"), count: size))
      #expect(outcomes.map(\.status) == Array(repeating: .success, count: size))
      #expect(
        outcomes[0].output.replacing("all.npz", with: "one.npz") == console.output)
      #expect(outcomes[0].report == console.report)
      for other in outcomes.dropFirst() { #expect(other.output.isEmpty && other.report.isEmpty) }
      let same = try bytes(ofFile: directory["all.npz"]) == bytes(ofFile: directory["one.npz"])
      #expect(same, "\(size) ranks write something else")
    }
    guard !system.contains("--reverse") else { return }
    let (half, rest) = (arguments(".1", "part.npz"), arguments(".2", "part.npz", "--resume"))
    _ = try run([half, half])
    _ = try run([rest, rest, rest])
    let same = try bytes(ofFile: directory["part.npz"]) == bytes(ofFile: directory["one.npz"])
    #expect(same)
  }

  /// What is not shared is done by the first rank, which says so.
  @Test(arguments: [
    ["--system=vlasov", "--kernel=cos:2"], ["--system=vlasov-poisson", "--epsilon=.1"],
    ["--system=vlasov-poisson", "--epsilon=.1", "--mesh=16", "--step-error=.01"],
    ["--system=free", "--representation=grid", "--grid=16,16"],
  ])
  func flowsThatRanksDoNotShare(system: [String]) throws {
    let start = directory["start.npz"]
    _ = kwass(
      "sample", "two-stream", "--beam-speed=.3", "--count", "200", "--seed", "3", "-o", start)
    let arguments = ["evolve", start] + system + ["--until", ".1", "-o", directory["all.npz"]]
    let outcomes = try run([arguments, arguments])
    #expect(outcomes.map(\.status) == [.success, .success], "\(outcomes[0].report)")
    #expect(outcomes[0].report.contains("rank 0 does all of the work"))
    #expect(outcomes[1].output.isEmpty && outcomes[1].report.isEmpty)
    let written = try bytes(ofFile: directory["all.npz"])
    let console = TestConsole()
    #expect(Kwass.run(arguments: arguments, console: console) == .success)
    #expect(console.output == outcomes[0].output)
    #expect(try bytes(ofFile: directory["all.npz"]) == written)
  }

  /// A flow that fails ends all ranks with the sentence of one process, and nothing is written.
  @Test func flowsThatFail() throws {
    let start = try directory.write(
      "# box=1\nx1,v1\n0.5,1\n0.6,1\n0.7,1e12\n0.8,1\n0.9,1\n", to: "start.csv")
    let arguments =
      ["evolve", start, "--system=vlasov-poisson", "--epsilon=1", "--mesh=8", "--step=1e3"]
      + ["--until=1e5", "-o", directory["all.npz"]]
    let console = TestConsole()
    let status = Kwass.run(arguments: arguments, console: console)
    #expect(status != .success)
    let outcomes = try run([arguments, arguments, arguments])
    #expect(outcomes.map(\.status) == [status, status, status])
    #expect(outcomes[0].report == console.report && !console.report.isEmpty)
    #expect(outcomes[1].report.isEmpty && outcomes[2].report.isEmpty)
    #expect(!directory.names.contains("all.npz"))
    let others = try run([arguments, arguments + ["--attractive"]])
    #expect(
      others[0].report
        == "kwass: Rank 0 and rank 1 do not see the same: they have different options.\n")
  }

  @Test func oneProcessIsAGroup() {
    #expect(SingleProcess().gather([1, 2]) == [[1, 2]])
    #expect(SingleProcess().rank == 0 && SingleProcess().size == 1)
  }
}
