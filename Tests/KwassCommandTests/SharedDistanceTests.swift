import KineticTransport
import TestSupport
import Testing

@testable import KwassCommand

/// `kwass distance` among the ranks of a job.
@Suite struct SharedDistanceTests {
  private let directory: TemporaryDirectory
  init() throws { directory = try TemporaryDirectory() }

  private func clouds() throws -> [String] {
    try [1, 2].map { seed in
      let path = directory["\(seed).csv"]
      let outcome = kwass(
        "sample", "two-stream", "--count", "1100", "--seed", "\(seed)", "-o", path)
      try #require(outcome.status == .success, "\(outcome.report)")
      return path
    }
  }

  /// What each rank does with its arguments.
  private func run(_ arguments: [[String]]) throws -> [Outcome] {
    let commands = try arguments.map {
      DistanceCommand(options: try DistanceCommand.options(in: $0))
    }
    return try ThreadGroup(size: arguments.count).run { member in
      let console = TestConsole()
      var status: ExitCode
      do throws(CommandFailure) {
        status = try commands[member.rank].run(on: console, in: member)
      } catch {
        console.report("kwass: \(error.sentence)\n")
        status = error.status
      }
      return Outcome(status: status, output: console.output, report: console.report)
    }.map { try $0.get() }
  }

  /// Without the seconds that it took.
  private func timeless(_ output: String) -> [Substring] {
    output.split(separator: "\n").filter { !$0.contains("seconds") && !$0.hasPrefix("effort") }
  }

  /// The first rank prints what one process prints, whichever solver shares its work, and writes the plan.
  @Test func ranksGiveWhatOneGives() throws {
    let files = try clouds()
    for options in [
      ["--regularization=0.01"], ["--regularization=auto", "--json"],
      ["--regularization=0.01", "--divergence"], ["--regularization=0.05", "--partial=0.5"],
      ["--regularization=0.01", "--max=0.01"],
      ["--regularization=0.01", "--verify", "--plan", directory["plan.csv"]],
    ] {
      let arguments = files + ["--method=sinkhorn"] + options
      let console = TestConsole()
      let status = Kwass.run(arguments: ["distance"] + arguments, console: console)
      let plan = try? TestSupport.bytes(ofFile: directory["plan.csv"])
      for count in [2, 3] {
        let outcomes = try run(Array(repeating: arguments, count: count))
        #expect(outcomes.map(\.status) == Array(repeating: status, count: count))
        #expect(timeless(outcomes[0].output) == timeless(console.output))
        for other in outcomes.dropFirst() { #expect(other.output.isEmpty && other.report.isEmpty) }
        #expect(plan == (try? TestSupport.bytes(ofFile: directory["plan.csv"])))
      }
    }
  }

  /// What is not shared is done by the first rank, which says so.
  @Test func theFirstRankDoesWhatIsNotShared() throws {
    let files = try clouds()
    let alone = kwass("distance", files[0], files[1], "--space=velocity")
    let outcomes = try run(Array(repeating: files + ["--space=velocity"], count: 2))
    #expect(timeless(outcomes[0].output) == timeless(alone.output))
    #expect(outcomes[0].report.contains("rank 0 does all of it"))
    #expect(outcomes[1].output.isEmpty && outcomes[1].report.isEmpty)
    let missing = try run(Array(repeating: [files[0], directory["none.csv"]], count: 2))
    #expect(missing.map(\.status) == [.missingInput, .missingInput])
    #expect(missing[1].report.isEmpty)
  }

  @Test func ranksThatCannotWorkTogetherAreRefused() throws {
    let files = try clouds()
    let options = ["--method=sinkhorn", "--regularization=0.01"]
    let other = try TemporaryDirectory()
    try other.write("# box=1\nx1,v1\n0,1\n", to: "1.csv")
    let right = files + options
    for (wrong, status, sentence) in [
      ([directory["none.csv"], files[1]] + options, ExitCode.missingInput, "Rank 1 of 2: "),
      ([other["1.csv"], files[1]] + options, .badData, "only one of them has read \(files[0])"),
      (files + ["--method=sinkhorn", "--regularization=0.02"], .badData, "different options"),
    ] {
      let outcomes = try run([right, wrong])
      #expect(outcomes.map(\.status) == [status, status])
      #expect(outcomes[0].report.contains(sentence), "\(outcomes[0].report)")
      #expect(outcomes.allSatisfy(\.output.isEmpty) && outcomes[1].report.isEmpty)
    }
    // A failure of all is said once, as one process says it.
    let tiny = files + ["--method=sinkhorn", "--regularization=1e-300"]
    let outcomes = try run([tiny, tiny])
    #expect(outcomes[0].report == kwass(["distance"] + tiny).report)
    #expect(outcomes[0].status != .success && outcomes[1].report.isEmpty)
  }
}
