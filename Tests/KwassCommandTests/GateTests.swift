import KineticTransport
import TestSupport
import Testing

@testable import KwassCommand

/// Gates pass only what is proved.
@Suite struct GateTests {
  private let directory: TemporaryDirectory
  private let a: String
  private let b: String

  init() throws {
    directory = try TemporaryDirectory()
    (a, b) = (directory["a.npz"], directory["b.npz"])
    for (path, seed) in [(a, "1"), (b, "2")] {
      let sample = kwass("sample", "two-stream", "--count", "400", "--seed", seed, "-o", path)
      #expect(sample.status == .success)
    }
  }

  @Test func numbersOutsideTheRangeAreRefused() throws {
    for time in ["1e300", "1e200", "1e160"] {
      let outcome = kwass("distance", a, b, "--free-flow", time, "--max", "1")
      #expect(outcome.status != .success)
      for word in ["inf", "nan"] { #expect(!outcome.output.contains(word), "\(outcome.output)") }
    }
    // Rounding leaves a bracket that says nothing about the gate.
    let rough = kwass("distance", a, b, "--free-flow", "1e100", "--max", "1")
    #expect(rough.status == .undecided || rough.status == .exceeded)
  }

  @Test func bracketsAreRefinedUntilTheyDecide() throws {
    let exact = try ParsedJSON(kwass("distance", a, b, "--json").output)["distance"].number
    for options in [
      ["--accuracy", "0.9"], ["--gate-only"], ["--method=network", "--gate-only"],
      ["--method=sinkhorn", "--regularization=auto", "--gate-only"],
      ["--method=sinkhorn", "--regularization=1"],
      ["--method=sinkhorn", "--regularization=auto", "--accuracy=.5"],
    ] {
      for (factor, status) in [(0.97, ExitCode.exceeded), (1.03, .success)] {
        let console = TestConsole()
        let found = Kwass.run(
          arguments: ["distance", a, b, "--json", "--max", "\(factor * exact)"] + options,
          console: console)
        #expect(found == status, "\(options) \(factor) \(console.output) \(console.report)")
        let json = try ParsedJSON(console.output)
        #expect(json["lower"].number <= exact && exact <= json["upper"].number)
        #expect(json["verdict"].string == (status == .success ? "within" : "above"))
      }
    }
    let early = kwass("distance", a, b, "--max", "\(1.01 * exact)", "--gate-only")
    #expect(early.status == .success && early.output.hasPrefix("at most"))
    #expect(early.output.contains("stopped when the bracket decided about \(1.01 * exact)"))
    for conflict in [
      ["--gate-only"], ["--max=1", "--gate-only", "--accuracy=.1"],
      ["--max=1", "--gate-only", "--method=glpk"], ["--max=1", "--gate-only", "--phi=log"],
    ] {
      #expect(
        Kwass.run(arguments: ["distance", a, b] + conflict, console: TestConsole()) == .usage)
    }
  }

  /// A bracket that costs next to nothing decides before a solver is asked, on either side of the gate.
  @Test func gatesThatNeedNoSolverHaveNone() throws {
    let exact = try ParsedJSON(kwass("distance", a, b, "--json").output)["distance"].number
    let sinkhorn = ["--method=sinkhorn", "--regularization=auto"]
    for (limit, status) in [("100", ExitCode.success), ("1e-3", .exceeded)] {
      for options in [[], ["--method=network"], sinkhorn] {
        let console = TestConsole()
        let found = Kwass.run(
          arguments: ["distance", a, b, "--json", "--gate-only", "--max", limit] + options,
          console: console)
        #expect(found == status, "\(console.output) \(console.report)")
        let json = try ParsedJSON(console.output)
        #expect(json["method"].string == "none" && json["provedBy"].string.contains("coupling"))
        #expect(json["lower"].number <= exact && exact <= json["upper"].number)
        #expect(json["distance"].number == json["upper"].number)
        #expect(json["verdict"].string == (status == .success ? "within" : "above"))
      }
      let compared = kwass("compare", a, b, "--tolerance", limit, "--gate-only", "--json")
      #expect(compared.status == status)
      let file = try #require(try ParsedJSON(compared.output)["files"].elements.first)
      #expect(file["lower"].number <= exact && exact <= file["upper"].number)
    }
    let text = kwass("distance", a, b, "--max", "100", "--gate-only").output
    #expect(text.hasPrefix("at most") && text.contains("none (stopped when"))
    // What needs a plan is solved for.
    let plan = kwass("distance", a, b, "--max", "100", "--gate-only", "--verify").output
    #expect(plan.contains("network simplex") && plan.contains("yes: marginals off"))
  }

  @Test func reportsDoNotCallABracketExact() throws {
    let loose = kwass("distance", a, b, "--accuracy", ".2").output
    #expect(!loose.contains("exact") && loose.contains("stopped at a bracket within 0.2 of W"))
    #expect(kwass("distance", a, b).output.contains("exact for any cost"))
  }

  @Test func comparisonsAndSeriesHaveTheSameRule() throws {
    let exact = try ParsedJSON(kwass("distance", a, b, "--json").output)["distance"].number
    for (limit, status) in [(0.9 * exact, ExitCode.exceeded), (exact, .undecided), (2, .success)] {
      for options in [[], ["--gate-only"]] {
        let console = TestConsole()
        let found = Kwass.run(
          arguments: ["compare", a, b, "--tolerance", "\(limit)"] + options, console: console)
        #expect(found == status, "\(console.output) \(console.report)")
      }
    }
    #expect(kwass("compare", a, a, "--tolerance", "0").status == .success)
    try directory.write("# time=0\nx1,v1\n0,0\n", to: "s_0.csv")
    try directory.write("# time=1\nx1,v1\n3,4\n", to: "s_1.csv")
    let series = directory["s_%T.csv"]
    #expect(kwass("series", series, "--max", "4").status == .exceeded)
    #expect(kwass("series", series, "--max", "5").status == .undecided)
    #expect(kwass("series", series, "--max", "5.1").status == .success)
    let json = kwass("series", series, "--max", "4", "--json")
    let rows = try ParsedJSON(json.output)["series"].elements
    #expect(rows.map { $0["verdict"].string } == ["within", "above"])
  }

  @Test func shortfallsHaveTheirOwnStatus() throws {
    let few = [directory["few.npz"], directory["others.npz"]]
    for (path, seed) in zip(few, ["1", "2"]) {
      let sample = kwass("sample", "two-stream", "--count", "80", "--seed", seed, "-o", path)
      #expect(sample.status == .success)
    }
    let fine = kwass(
      "distance", few[0], few[1], "--method", "sinkhorn", "--regularization", "auto", "--accuracy",
      "1e-8",
      "--json")
    let json = try ParsedJSON(fine.output)
    if fine.status == .success {
      #expect(1 - json["lower"].number / json["upper"].number <= 1e-8)
    } else {
      #expect(fine.status == .inaccurate, "\(fine.report)")
      #expect(json["lower"].number > 0 && json["stopped"].string.contains("not reached"))
    }
    let equal = kwass(
      "distance", a, a, "--method", "sinkhorn", "--regularization", "auto", "--json")
    #expect(equal.status == .success, "\(equal.report)")
    #expect(try ParsedJSON(equal.output)["upper"].number == 0)
  }

  @Test(arguments: [
    [], ["--method=network"], ["--method=glpk"], ["--space=position"], ["--space=velocity"],
    ["--method=sinkhorn", "--regularization=1e-6"], ["--phi=log-extended"],
    ["--method=sinkhorn", "--regularization=auto", "--accuracy=1e-6"],
    ["--method=sinkhorn", "--regularization=1e-6", "--unbalanced=1"],
    ["--method=sinkhorn", "--regularization=1e-6", "--partial=.5"],
  ])
  func timeLimitsLeaveABracket(options: [String]) throws {
    let isSinkhorn = options.contains("--method=sinkhorn")
    let exact = distance(isSinkhorn ? [] : options)
    let console = TestConsole()
    let status = Kwass.run(
      arguments: ["distance", a, b, "--json", "--time-limit=1e-9"] + options, console: console)
    #expect(status == .timeLimit, "\(console.report)")
    let json = try ParsedJSON(console.output)
    #expect(json["stopped"].string.contains("time limit"))
    #expect(json["costUpper"].number.isFinite)
    if !options.contains(where: { $0.contains("unbalanced") || $0.contains("partial") }) {
      let distance = try #require(exact)
      #expect(json["lower"].number <= distance && distance <= json["upper"].number)
    }
  }

  private func distance(_ options: [String]) -> Double? {
    let console = TestConsole()
    _ = Kwass.run(arguments: ["distance", a, b, "--json"] + options, console: console)
    return try? ParsedJSON(console.output)["distance"].number
  }
}
