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

  @Test(arguments: [
    ("limit bgk --epsilon .2 --until .1", "it must be at most 0.1"),
    ("limit bgk --epsilon 0 --until .1", "one or more positive numbers"),
    ("limit bgk --epsilon -.1 --until .1", "one or more positive numbers"),
    ("limit bgk --epsilon .1,.1 --until .1", "numbers that differ"),
    ("limit bgk --epsilon .05 --until .1 --step .01", "up to which the method is stable"),
    (
      "limit bgk --interaction 1 --epsilon .05 --until .1",
      "--interaction goes only with vfp or swarm"
    ),
    ("limit vfp --alpha 1 --epsilon .05 --until .1", "--alpha goes only with bgk"),
    ("limit swarm --epsilon .05 --until .1", "needs the option --gamma (or --potential)"),
    ("limit swarm --potential 0,-1 --epsilon .05 --until .1", "is not confining"),
    ("limit vfp --positions 7 --epsilon .05 --until .1", "it must be an even number"),
    ("limit vfp --cloud 5 --epsilon .05 --until .1", "two whole numbers P,Q"),
    ("limit bkg --epsilon .05 --until .1", "(perhaps bgk was meant)"),
    ("limit vfp --until .1", "needs the option --epsilon"),
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
