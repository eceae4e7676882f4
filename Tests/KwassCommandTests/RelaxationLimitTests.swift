import KineticTransport
import KwassCommand
import TestSupport
import Testing

/// `kwass limit`: kinetic equations beside the limits of their relaxation.
@Suite struct RelaxationLimitTests {
  private let directory: TemporaryDirectory

  init() throws { directory = try TemporaryDirectory() }

  private func run(_ line: String) -> Outcome {
    let console = TestConsole()
    let status = Kwass.run(
      arguments: line.split(separator: " ").map(String.init), console: console)
    return Outcome(status: status, output: console.output, report: console.report)
  }

  @Test func everyForm() throws {
    let (table, figure) = (directory["t.csv"], directory["f.svg"])
    let line =
      "limit bgk --epsilon .01,.02 --until .01 --every .005 --positions 16 --cloud 16,4 "
      + "--amplitudes .3 --csv \(table) --figure \(figure)"
    let found = run(line + " --json")
    #expect(found.status == .success, "\(found.report)")
    let json = try ParsedJSON(found.output)
    let limits = json["limits"].elements
    try #require(limits.count == 2)
    // From the largest mean free path down.
    #expect(limits.map { $0["epsilon"].number } == [0.02, 0.01])
    let order = json["orders"].elements[0]["largestNorm"].number
    #expect(abs(order - 1) < 0.1)
    #expect(abs(json["orders"].elements[0]["largestDensityDistance"].number - 2) < 0.1)
    #expect(json["violations"].number == 0)
    let row = limits[1]["rows"].elements[1]
    #expect(row["time"].number == 0.01)
    #expect(row["second"]["lower"].number <= row["second"]["upper"].number)
    #expect(row["secondLower"].number < row["second"]["value"].number)
    let lines = String(decoding: try bytes(ofFile: table), as: UTF8.self).split(separator: "\n")
    #expect(lines.count == 5 && lines[0].hasPrefix("epsilon,time,norm,w1,w1_lower"))
    #expect(
      Set(lines.map { $0.split(separator: ",", omittingEmptySubsequences: false).count }).count == 1
    )
    let drawing = String(decoding: try bytes(ofFile: figure), as: UTF8.self)
    #expect(drawing.contains("order 1") && drawing.contains("sup W_1(rho)"))
    let text = run(line).output
    #expect(text.contains("order between") && text.contains("claimed"))
    #expect(text.contains("never grows (2.2) (proved): at no step"))
  }

  @Test func swarmsAreWarnedAbout() throws {
    let found = run(
      "limit swarm --gamma 5 --epsilon .3 --until .1 --every .1 --positions 8 --cloud 8,4")
    #expect(found.status == .success, "\(found.report)")
    #expect(found.report.contains("warning: epsilon^2/lambda_1 is "), "\(found.report)")
  }

  @Test func theOrderParameterOfKuramoto() throws {
    let found = run(
      "limit vfp --interaction -3 --amplitudes .1 --epsilon .5 --until 2 --every 2 --positions 16 "
        + "--cloud 8,4 --json")
    let row = try ParsedJSON(found.output)["limits"].elements[0]["rows"].elements[0]
    #expect(abs(row["orderParameter"].number - 0.0999522063) < 1e-7)
    #expect(abs(row["limitOrderParameter"].number - 0.134073129) < 1e-7)
  }

  /// A start from a file is that of the wave that it holds; with a drift it is ill prepared, unless only its density
  /// counts.
  @Test func aStartFromAFile() throws {
    let path = directory["start.npz"]
    func limit(_ drift: String, _ options: String) throws -> ParsedJSON {
      let made = run(
        "sample density-wave --grid 16,96 --amplitude .5 --drift \(drift) "
          + "--length 6.283185307179586 -o \(path)")
      #expect(made.status == .success, "\(made.report)")
      let found = run(
        "limit vfp --epsilon .1 --times .2 --cloud 8,4 --modes 40 --json \(options)")
      #expect(found.status == .success, "\(found.report)")
      return try ParsedJSON(found.output)
    }
    let wave = try limit("0", "--positions 16")
    for (drift, options) in [("0", ""), (".5", " --well-prepared")] {
      let found = try limit(drift, "--start \(path)\(options)")
      for key in ["largestNorm", "largestDensityDistance", "endDensityFirst"] {
        let (own, other) = (
          found["limits"].elements[0][key].number, wave["limits"].elements[0][key].number
        )
        #expect(abs(own / other - 1) < 1e-6, "\(key): \(own), \(other)")
      }
      #expect(found["claims"]["endDensityFirst"].number == 2)
    }
    let driven = try limit(".5", "--start \(path)")
    #expect(driven["claims"]["endDensityFirst"].number == 1)
    #expect(driven["limits"].elements[0]["largestNorm"].number > 0.1)
    let particles = run("sample density-wave --count 10 --seed 1 -o \(path)")
    #expect(particles.status == .success)
    let refused = run("limit vfp --epsilon .1 --until .2 --start \(path)")
    #expect(refused.status == .badData && refused.report.contains("modes need a smooth density"))
    let missing = run("limit vfp --epsilon .1 --until .2 --start \(directory["none.npz"])")
    #expect(missing.status != .success && missing.output.isEmpty)
  }

  /// Free energies fall at the rates beside them: by Simpson's rule over three of the times asked for. A swarm has a
  /// leading constant and a rate, and none of free energy under a force.
  @Test func timesAndDissipation() throws {
    let line =
      "limit swarm --gamma 1 --epsilon .2 --times .5,.55,.6 --positions 16 --cloud 8,4 --json"
    let limits = try ParsedJSON(run(line).output)["limits"].elements
    let rows = limits[0]["rows"].elements
    #expect(rows.map { $0["time"].number } == [0.5, 0.55, 0.6])
    for (energy, rate) in [
      ("freeEnergy", "dissipation"), ("limitFreeEnergy", "limitDissipation"),
    ] {
      let fall = rows[0][energy].number - rows[2][energy].number
      let rates = rows.map { $0[rate].number }
      #expect(abs(fall / (0.1 / 6 * (rates[0] + 4 * rates[1] + rates[2])) - 1) < 1e-4)
    }
    #expect(rows[0]["leading"].number < rows[0]["leadingBound"].number)
    #expect(abs(limits[0]["dispersionRate"].number - 1.366139358) < 1e-8)
    #expect(abs(limits[0]["decayRate"].number - 1.366139358) < 0.01)
    let driven = try ParsedJSON(run(line + " --interaction -.1").output)["limits"].elements[0]
    #expect(driven["rows"].elements[0]["dissipation"] == .null)
    #expect(driven["dispersionRate"].number < 1.36)
  }

  @Test(arguments: [
    ("limit bgk --epsilon .2 --until .1", "it must be at most 0.1"),
    ("limit bgk --epsilon 0 --until .1", "one or more positive numbers"),
    ("limit bgk --epsilon -.1 --until .1", "one or more positive numbers"),
    ("limit bgk --epsilon .1,.1 --until .1", "numbers that differ"),
    ("limit bgk --epsilon .05 --until .1 --step .01", "up to which the method is stable"),
    (
      "limit bgk --interaction 1 --epsilon .05 --until .1",
      "--interaction goes only with kwass limit vfp or swarm, not with bgk"
    ),
    (
      "limit vfp --alpha 1 --epsilon .05 --until .1",
      "--alpha goes only with kwass limit bgk, not with vfp"
    ),
    ("limit swarm --epsilon .05 --until .1", "needs the option --gamma (or --potential)"),
    ("limit swarm --potential 0,-1 --epsilon .05 --until .1", "is not confining"),
    ("limit vfp --positions 7 --epsilon .05 --until .1", "it must be an even number"),
    ("limit vfp --cloud 5 --epsilon .05 --until .1", "two whole numbers P,Q"),
    ("limit bkg --epsilon .05 --until .1", "(perhaps bgk was meant)"),
    ("limit vfp --until .1", "needs the option --epsilon"),
    ("limit vfp --epsilon .1", "needs the option --until (or --times)"),
    ("limit vfp --epsilon .1 --times .1 --until .1", "--until does not go with --times"),
    ("limit vfp --epsilon .1 --times .2,.1", "times that ascend"),
    ("limit vfp --epsilon .1 --times .1,x", "one or more numbers"),
    ("limit vfp --epsilon .1 --times 0,.1", "it must be above 0.0"),
    ("limit vfp --epsilon .1 --until .1 --well-prepared", "--well-prepared goes only with --start"),
    ("limit vfp --epsilon .1 --until .1 --start a.npz --flux 1", "--flux does not go with --start"),
  ])
  func badOptions(line: String, words: String) {
    let found = run(line)
    #expect(found.status == .usage && found.output.isEmpty)
    #expect(found.report.contains(words), "\(found.report)")
  }

  @Test(arguments: [
    (
      "limit bgk --alpha 1 --amplitudes 1.5 --epsilon .05 --until .1",
      "it must be positive everywhere"
    ),
    ("limit bgk --epsilon .1 --modes 8 --until .1", "take more modes in v"),
  ])
  func badData(line: String, words: String) {
    let found = run(line)
    #expect(found.status == .badData && found.output.isEmpty)
    #expect(found.report.contains(words), "\(found.report)")
  }
}
