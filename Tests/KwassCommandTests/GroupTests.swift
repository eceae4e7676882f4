import Foundation
import KineticTransport
import Synchronization
import TestSupport
import Testing

@testable import KwassCommand

/// Threads that stand for the ranks of a job.
private final class ThreadGroup: Sendable {
  private struct State {
    var sent: [[UInt8]?]
    var taken = 0
    var isOver = false
  }

  let size: Int
  private let state: Mutex<State>

  init(size: Int) {
    self.size = size
    state = Mutex(State(sent: Array(repeating: nil, count: size)))
  }

  struct Member: ProcessGroup {
    let rank: Int
    let group: ThreadGroup
    var size: Int { group.size }

    func gather(_ bytes: [UInt8]) throws(ProcessGroupError) -> [[UInt8]] {
      // What was sent is taken by all before anyone sends again.
      try group.wait { (state: inout State) -> Void? in
        guard state.sent[rank] == nil else { return nil }
        state.sent[rank] = bytes
        return ()
      }
      return try group.wait { (state: inout State) -> [[UInt8]]? in
        guard state.sent.allSatisfy({ $0 != nil }) else { return nil }
        let all = state.sent.compactMap(\.self)
        state.taken += 1
        if state.taken == state.sent.count {
          (state.taken, state.sent) = (0, state.sent.map { _ in nil })
        }
        return all
      }
    }

    func abort(_ status: Int32) { group.state.withLock { $0.isOver = true } }
  }

  private func wait<Value>(
    _ step: (inout State) -> Value?
  ) throws(ProcessGroupError) -> Value {
    while true {
      let (value, isOver) = state.withLock { ($0.isOver ? nil : step(&$0), $0.isOver) }
      if let value { return value }
      if isOver { throw ProcessGroupError("The job is over.") }
      Thread.sleep(forTimeInterval: 0.0005)
    }
  }
}

/// Work that several processes share out.
@Suite struct GroupTests {
  private let directory: TemporaryDirectory
  init() throws { directory = try TemporaryDirectory() }

  private static func outcome(
    _ work: some DividedWork, _ group: any ProcessGroup
  ) -> (status: ExitCode, console: TestConsole) {
    let console = TestConsole()
    do throws(CommandFailure) {
      return (try GroupRun(work: work, group: group).run(on: console), console)
    } catch {
      console.report("kwass: \(error.sentence)\n")
      return (error.status, console)
    }
  }

  /// What each rank does with its arguments.
  private func run(_ arguments: [[String]]) throws -> [Outcome] {
    let group = ThreadGroup(size: arguments.count)
    let outcomes = Mutex([Outcome?](repeating: nil, count: arguments.count))
    let works = try arguments.map { words in
      let command = try #require(
        Kwass.commands.compactMap { $0 as? any DividedCommand.Type }.first { $0.name == words[0] })
      return try command.work(of: Array(words.dropFirst()))
    }
    let ended = DispatchSemaphore(value: 0)
    for (rank, work) in works.enumerated() {
      let thread = Thread {
        let (status, console) = Self.outcome(work, ThreadGroup.Member(rank: rank, group: group))
        let found = Outcome(status: status, output: console.output, report: console.report)
        outcomes.withLock { $0[rank] = found }
        ended.signal()
      }
      thread.stackSize = 8 << 20
      thread.start()
    }
    for _ in works { ended.wait() }
    return outcomes.withLock { $0.compactMap(\.self) }
  }

  private func snapshots(_ count: Int = 4) throws -> [String] {
    try (0..<count).map { number in
      let rows = (0..<9).map { "\(Double((5 * $0 + number * $0) % 9) / 9),\($0 % 4 + number)\n" }
      return try directory.write(
        "# time=\(number) box=1\nx1,v1\n\(rows.joined())", to: "run_\(number).csv")
    }
  }

  /// Any number of ranks prints, on the first of them, what one process prints.
  @Test(arguments: [1, 2, 3, 11])
  func ranksGiveWhatOneGives(count: Int) throws {
    let files = try snapshots()
    for arguments in [
      ["matrix"] + files + ["--json"], ["series"] + files + ["--max", "0.1"],
      ["compare"] + files + ["--tolerance", "2noise", "--permutations", "3"],
      ["limit", "decay", "--phi", "power:2", "--theta", ".1,.05,.01"],
    ] {
      let console = TestConsole()
      let status = Kwass.run(arguments: arguments, console: console)
      let outcomes = try run(Array(repeating: arguments, count: count))
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

  @Test func oneProcessIsAGroup() {
    #expect(SingleProcess().gather([1, 2]) == [[1, 2]])
    #expect(SingleProcess().rank == 0 && SingleProcess().size == 1)
  }
}
