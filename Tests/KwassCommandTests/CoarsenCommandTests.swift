import KineticTransport
import TestSupport
import Testing

@testable import KwassCommand

@Suite struct CoarsenCommandTests {
  private let directory: TemporaryDirectory
  init() throws { directory = try TemporaryDirectory() }

  /// Writes two samples.
  private func samples(_ name: String, count: Int = 2000) throws -> [String] {
    try [1, 2].map { seed in
      let path = directory["\(seed)-\(name)"]
      let outcome = kwass(
        "sample", "two-stream", "--count", "\(count)", "--seed", "\(seed)", "--beam-speed",
        "\(2 * seed)", "-o", path)
      try #require(outcome.status == .success, "\(outcome.report)")
      return path
    }
  }

  private func json(_ arguments: [String]) throws -> ParsedJSON {
    let console = TestConsole()
    let status = Kwass.run(arguments: ["distance"] + arguments + ["--json"], console: console)
    #expect(status == .success && console.report.isEmpty, "\(console.report)")
    return try ParsedJSON(console.output)
  }

  /// Every format gives the same bracket, and it holds the distance of all particles.
  @Test(arguments: [[], ["--p=1"], ["--free-flow=.1"], ["--scale=x=2"], ["--space=velocity"]])
  func bracketsOfAllFormats(options: [String]) throws {
    var brackets: [[Double]] = []
    for name in ["a.h5", "a.npz", "a.csv"] {
      let paths = try samples(name)
      let found = try json(paths + options + ["--coarsen", "200"])
      brackets.append([found["lower"].number, found["upper"].number])
      #expect(found["coarsening"]["cells"].numbers == [200, 200])
      #expect(found["sizes"].numbers == [2000, 2000])
      #expect(found["distance"] == .null)
      let exact = try json(paths + options)["distance"].number
      #expect(brackets[0][0] <= exact && exact <= brackets[0][1])
      #expect(brackets[0][0] > 0 && brackets[0][1] < 1.3 * exact)
    }
    #expect(brackets.allSatisfy { $0 == brackets[0] })
  }

  @Test func asManyCellsAsParticlesAreExact() throws {
    let paths = try samples("a.npz", count: 300)
    let (found, exact) = (try json(paths + ["--coarsen", "300"]), try json(paths))
    #expect(found["lower"] == exact["lower"] && found["upper"] == exact["upper"])
    #expect(found["coarsening"]["losses"].numbers == [0, 0])
  }

  @Test func autoReachesTheTolerance() throws {
    let paths = try samples("a.npz", count: 20_000)
    let found = try json(paths + ["--coarsen", "auto", "--accuracy", "0.05"])
    let (lower, upper) = (found["lower"].number, found["upper"].number)
    #expect((upper - lower) / upper <= 0.05)
    #expect(found["coarsening"]["cells"].numbers[0] < 20_000)
    let exact = try json(paths)["distance"].number
    #expect(lower <= exact && exact <= upper)
  }

  @Test func gatesJudgeTheBracket() throws {
    let paths = try samples("a.npz")
    let exact = try json(paths)["distance"].number
    func status(_ limit: Double) -> ExitCode {
      let console = TestConsole()
      return Kwass.run(
        arguments: ["distance"] + paths + ["--coarsen", "100", "--max", "\(limit)"],
        console: console)
    }
    #expect(status(exact / 2) == .exceeded)
    #expect(status(exact * 2) == .success)
    #expect(status(exact) == .undecided)
  }

  @Test func theReportSaysWhatWasLost() throws {
    let paths = try samples("a.npz")
    let outcome = kwass("distance", paths[0], paths[1], "--coarsen", "100")
    #expect(outcome.output.contains("2000 and 2000 particles into 100 and 100 cells"))
    #expect(outcome.output.contains("\nlost "))
    #expect(outcome.output.hasPrefix("at most "))
  }

  // MARK: Grids

  /// On a grid, too, the bracket holds the distance of all particles, by either solver.
  @Test(arguments: [
    [], ["--p=1"], ["--free-flow=.1"], ["--space=velocity"], ["--space=position"],
    ["--method=sinkhorn", "--regularization=auto"],
    ["--free-flow=.1", "--method=sinkhorn", "--regularization=auto"],
  ])
  func gridsHoldTheDistance(options: [String]) throws {
    let paths = try samples("a.npz", count: 1000)
    let found = try json(paths + options + ["--coarsen", "grid:60,50"])
    let exact = try json(
      paths + options.filter { !$0.hasPrefix("--method") && !$0.hasPrefix("--reg") })
    let (distance, bracket) = (
      exact["distance"].number, (found["lower"].number, found["upper"].number)
    )
    #expect(bracket.0 <= distance && distance <= bracket.1, "\(bracket) without \(distance)")
    #expect(bracket.1 - bracket.0 < 0.3 * distance + 0.03)
    #expect(found["sizes"].numbers == [1000, 1000] && found["distance"] == .null)
  }

  @Test(arguments: ["grid:", "grid:0", "grid:4,-1", "grid:4,4,4", "grid:4x4", "grid:9999999"])
  func badGrids(text: String) {
    let outcome = kwass("distance", "a.npz", "b.npz", "--coarsen=\(text)")
    #expect(outcome.status == .usage)
    #expect(
      outcome.report.contains(
        "The value of --coarsen is \"\(text)\"; it must be grid: and one or two whole numbers from 1 to "
          + "4194304"))
  }

  @Test func gridsOfTooManyCells() throws {
    let paths = try samples("a.npz", count: 50)
    let outcome = kwass("distance", paths[0], paths[1], "--coarsen", "grid:3000")
    #expect(outcome.status == .badData)
    #expect(outcome.report.contains("The grid has more than 4194304 cells in all"))
  }

  // MARK: What is refused

  @Test(arguments: ["0", "-3", "1.5", "many", "1000001"])
  func badNumbersOfCells(text: String) {
    let outcome = kwass("distance", "a.npz", "b.npz", "--coarsen=\(text)")
    #expect(outcome.status == .usage)
    #expect(
      outcome.report.contains(
        "The value of --coarsen is \"\(text)\"; it must be a whole number from 1 to 1000000, auto, or grid:N,M"
      ))
  }

  @Test(arguments: [
    ["--phi=log"], ["--plan=p.csv"], ["--verify"], ["--match=id"], ["--normalize=std"],
    ["--subsample=3", "--seed=1"], ["--max=1", "--gate-only"],
    ["--method=sinkhorn", "--regularization=1", "--divergence"],
  ])
  func optionsThatContradict(options: [String]) {
    let console = TestConsole()
    let status = Kwass.run(
      arguments: ["distance", "a.npz", "b.npz", "--coarsen=10"] + options, console: console)
    #expect(status == .usage)
    #expect(
      console.report.contains("--coarsen") && console.report.contains(" needs ")
        || console.report.contains("cannot go with it"))
  }

  @Test func cutOffFileIsNamed() throws {
    let paths = try samples("a.npz")
    let bytes = try TestSupport.bytes(ofFile: paths[1])
    let cut = try directory.write(bytes.dropLast(20_000), to: "cut.npz")
    let outcome = kwass("distance", paths[0], cut, "--coarsen", "100")
    #expect(outcome.status == .badData)
    #expect(outcome.report.contains(cut) && outcome.report.split(separator: "\n").count == 1)
  }

  @Test func differentDimensionsAreRefused() throws {
    let first = try directory.write("x1,v1\n1,2\n", to: "a.csv")
    let second = try directory.write("x1,x2,v1,v2\n1,2,3,4\n", to: "b.csv")
    let outcome = kwass("distance", first, second, "--coarsen", "10")
    #expect(outcome.status == .badData && outcome.report.contains("both must have the same"))
  }
}
