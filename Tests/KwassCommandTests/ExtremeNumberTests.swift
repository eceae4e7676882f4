import KineticTransport
import TestSupport
import Testing

@testable import KwassCommand

/// Numbers that options and files may hold and that no run can use: a sentence, not a trap, a hang or a
/// number that is none.
@Suite struct ExtremeNumberTests {
  private let directory: TemporaryDirectory
  init() throws { directory = try TemporaryDirectory() }

  private func sample(_ name: String, seed: Int = 1) -> String {
    let path = directory[name]
    _ = kwass("sample", "two-stream", "--count=60", "--seed=\(seed)", "-o", path)
    return path
  }

  private func run(_ arguments: [String]) -> Outcome {
    let console = TestConsole()
    let status = Kwass.run(arguments: arguments, console: console)
    return Outcome(status: status, output: console.output, report: console.report)
  }

  @Test(
    .timeLimit(.minutes(1)),
    arguments: [
      (["--system=vlasov-poisson", "--epsilon=.1", "--step=1e-300"], "1.0e300 steps"),
      (["--system=vlasov-poisson", "--epsilon=.1", "--until=1e300"], "1.0e302 steps"),
      (["--system=vlasov-poisson", "--epsilon=1e-25"], "1.0e26 steps of at most 1.0000"),
      (["--system=vlasov", "--kernel=cos:1e300"], "1.0e151 steps"),
      (
        ["--system=free", "--until=1e300"], "have gone round a periodic axis of length 1.0 so often"
      ),
      (
        ["--system=free", "--until=1e16", "--representation=grid", "--grid=16,32"],
        "have gone round a periodic axis"
      ),
      (
        ["--system=vlasov-poisson", "--epsilon=.1", "--mesh=1048576,1048576,1048576"],
        "a mesh that fits into memory; this one takes about"
      ),
      (["--system=free", "--every=1e-12"], "asks for 1000000000000 times from 0.0 to 1.0"),
      (["--system=free", "--every=1e-17"], "asks for 1e+17 times"),
      (["--system=free", "--every=1e-300"], "1000000 are the limit"),
      (
        ["--system=vlasov-poisson", "--epsilon=.1", "--step-error=1e-17"],
        "The tolerance 1e-17 lies below the rounding of the coordinates"
      ),
      (
        [
          "--system=vlasov-poisson", "--epsilon=.1", "--step=1e-12", "--representation=grid",
          "--grid=16,32",
        ], "1.0e12 steps"
      ),
    ])
  func longWaysAreRefusedBeforeTheWork(options: [String], words: String) {
    let until = options.contains { $0.hasPrefix("--until") } ? [] : ["--until=1"]
    let found = run(["evolve", sample("a.npz"), "-o", directory["o.npz"]] + options + until)
    #expect(found.status == .usage && found.report.contains(words), "\(found.report)")
    #expect(!directory.names.contains { $0.contains("o.npz") })
  }

  /// A tolerance that first-order steps cannot reach is given up for what it would cost.
  @Test(.timeLimit(.minutes(1))) func toleranceThatCostsTooMuch() {
    let found = run([
      "evolve", sample("a.npz"), "--system=vlasov-poisson", "--epsilon=.1", "--until=1",
      "--step-error=1e-13", "-o", directory["o.npz"],
    ])
    #expect(found.status == .badData && found.report.contains("steps would be needed"))
  }

  @Test(.timeLimit(.minutes(1))) func otherCommandsCountToo() throws {
    let (a, b) = (sample("a.npz"), sample("b.npz", seed: 2))
    let poisson = ["stability", a, b, "--system=vlasov-poisson"]
    let scans = try ["epsilon .1\nuntil 1e300", "epsilon 1e-25", "epsilon .1\nsteps 1e300"]
      .enumerated().map { index, lines in
        ["scan", try directory.write("theta 1e-2\ncount 32\n\(lines)\n", to: "\(index).scan")]
      }
    let cases: [([String], ExitCode, String)] =
      [
        (
          poisson + ["--epsilon=.1", "--until=1", "--every=1e-12"], .usage, "asks for 1000000000000"
        ),
        (poisson + ["--epsilon=.1", "--until=1e300"], .usage, "1.0e302 steps"),
        (poisson + ["--epsilon=1e-25", "--until=1"], .usage, "1.0e26 steps"),
        (["distance", a, b, "--p=1e19"], .badData, "or take a smaller exponent"),
      ] + scans.map { ($0, .usage, "steps of at most") }
    for (arguments, status, words) in cases {
      let found = run(arguments)
      #expect(
        found.status == status && found.report.contains(words), "\(arguments): \(found.report)")
    }
  }

  /// Velocities whose squares are no numbers: the energy once was printed as −nan, with status 0.
  @Test func energiesThatAreNoNumbersAreRefused() throws {
    let start = try directory.write(
      "# time=0 box=1\nx1,v1\n0.1,1e155\n0.4,-1e155\n", to: "fast.csv")
    let end = directory["end.csv"]
    let found = run(["evolve", start, "--system=free", "--until=1", "-o", end])
    #expect(found.status == .badData && !found.output.contains("nan"))
    #expect(
      found.report.contains("At the time 0.0 the kinetic energy is too large for a number"),
      "\(found.report)")
    #expect(directory.names == ["fast.csv"])
    // One power of ten less, and the energy is a number.
    let slower = try directory.write(
      "# time=0 box=free\nx1,v1\n0.1,1e153\n0.4,-1e153\n", to: "slower.csv")
    let right = run(["evolve", slower, "--system=free", "--until=1", "-o", end])
    #expect(right.status == .success && !right.output.contains("nan"), "\(right.report)")
  }

  /// A bound that grows beyond all numbers is left out, and nothing is printed as inf.
  @Test func boundsThatOverflowSayNothing() throws {
    let (a, b) = (sample("a.npz"), sample("b.npz", seed: 2))
    let table = directory["rows.csv"]
    for format in [[], ["--json"]] {
      let found = run(
        [
          "stability", a, b, "--system=vlasov", "--kernel=cos:40", "--until=4", "--every=2",
          "--step=.5", "--csv", table,
        ] + format)
      #expect(found.status == .success, "\(found.report)")
      let rows = try DataFile.readText(table)
      for text in [found.output, rows] {
        let words = text.lowercased().split { !$0.isLetter }
        #expect(!words.contains("inf") && !words.contains("nan"), "\(text)")
      }
    }
  }

  /// Differences whose squares are no numbers have moments all the same.
  @Test func velocitiesNearTheLargestSquareAreStudied() throws {
    let (a, b) = (
      try directory.write("x1,v1\n0,1e160\n1,-1e160\n", to: "a.csv"),
      try directory.write("x1,v1\n0,2e160\n1,-1e160\n", to: "b.csv")
    )
    let found = run([
      "stability", a, b, "--system=free", "--until=1", "--every=.5", "--box=free",
    ])
    #expect(found.status == .success, "\(found.report)")
    // The norm of B has the same sign in its name.
    let numbers = found.output.replacing("‖_∞", with: "‖").lowercased()
    #expect(!numbers.contains("∞") && !numbers.contains("nan"), "\(found.output)")
    #expect(found.output.contains("5.0000e159"), "\(found.output)")
  }

  @Test func numbersOfAllSizesHaveDigits() {
    #expect(significant(Double.leastNonzeroMagnitude) == "4.9407e-324")
    #expect(significant(-2.5e-300 / 1e10) == "-2.5000e-310")
    #expect(significant(.greatestFiniteMagnitude) == "1.7977e308")
    #expect(significant(.nan) == "–" && significant(.infinity) == "∞")
    #expect(Double.leastNonzeroMagnitude.twoDigits == "5e-324" && 1.25e300.twoDigits == "1.3e300")
    #expect(rough(Double.leastNonzeroMagnitude) == "4.9e-324" && plain(1e300) == "1e+300")
  }
}
