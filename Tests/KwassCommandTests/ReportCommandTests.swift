import KineticTransport
import TestSupport
import Testing

@testable import KwassCommand

/// The page of `kwass report`.
@Suite struct ReportCommandTests {
  private let directory: TemporaryDirectory
  init() throws { directory = try TemporaryDirectory() }

  // MARK: Report

  /// Every command line of the page can be run, and gives the number and the bracket of its row.
  @Test(arguments: [
    [], ["--p", "3", "--box", "1", "--scale", "v=.5"], ["--lambda", "4", "--accuracy", ".2"],
  ])
  func aReportCanBeRepeated(options: [String]) throws {
    let (a, b) = directory.twoSamples()
    let console = TestConsole()
    let status = Kwass.run(
      arguments: ["report", a, b, "-o", directory["r.html"]] + options, console: console)
    #expect(status == .success, "\(console.report)")
    let page = try directory.text("r.html")
    let commands = try #require(page.split(separator: "How to repeat it</h2>").last)
      .split(separator: "</pre>")[0].split(separator: "\n").filter {
        $0.hasPrefix("kwass distance")
      }
    // W_2, W_1, the joint W_1, those of positions and of velocities, and the one that was asked for.
    #expect(commands.count == (options.isEmpty ? 5 : 6))
    for command in commands {
      let line = command.replacing("&lt;", with: "<").replacing("&gt;", with: ">")
      let outcome = try ChildProcess(
        "/bin/bash", ["-c", "printf '%s\\n' \(line.dropFirst("kwass ".count))"]
      ).outcome()
      let words = outcome.output.split(separator: "\n").map(String.init)
      let repeated = TestConsole()
      #expect(Kwass.run(arguments: words + ["--json"], console: repeated) == .success)
      let found = try ParsedJSON(repeated.output)
      #expect(page.contains("[\(found["lower"].number), \(found["upper"].number)]"), "\(line)")
    }
  }

  /// Several pairs of coordinates have a figure each, as wide as the page can show.
  @Test func pairsOfCoordinatesHaveFiguresOfTheirOwn() throws {
    let beams = [fixture("beam.h5"), fixture("beam-strong.h5")].map { "\($0)#1" }
    let outcome = kwass(
      "report", beams[0], beams[1], "--plane", "x,y,px,py", "--scale", "x=mm,v=keV/c", "--axes",
      "x,y,px", "-o", directory["r.html"])
    #expect(outcome.status == .success, "\(outcome.report)")
    // Three pairs, and four histograms.
    #expect(outcome.output.hasSuffix("7 figures\n"))
    let page = try directory.text("r.html")
    for pair in ["x (mm) and y (mm)", "x (mm) and px (keV/c)", "y (mm) and px (keV/c)"] {
      #expect(page.contains("over \(pair). Equal colours"), "\(pair)")
    }
  }

  /// Nothing outside the page is needed, and nothing in a name is taken for markup.
  @Test func aReportStandsAlone() throws {
    let (a, b) = directory.twoSamples()
    #expect(kwass("report", a, b, "-o", directory["r.html"]).status == .success)
    let page = try directory.text("r.html")
    #expect(page.hasPrefix("<!DOCTYPE html>") && page.hasSuffix("</html>\n"))
    #expect(!page.contains("http") && !page.contains("<script") && !page.contains("<1>"))
    #expect(page.contains("a's &lt;1&gt;.csv"))
    #expect(page.contains("positions only") && page.contains("velocities only"))
    // The states with their plan, and a histogram for each of the two coordinates.
    let images = page.matches(of: #/src="data:image/svg\+xml;base64,([A-Za-z0-9+\/=]+)"/#)
    #expect(images.count == 3)
    #expect(page.contains("Noise floor") && page.contains("kwass \(Kwass.version)"))
    for fact in ["60 in 1 position and 1 velocity coordinates", "standard deviation", "mean"] {
      #expect(page.contains(fact))
    }
  }

  @Test func reportsAreRefused() throws {
    let (a, b) = directory.twoSamples()
    #expect(kwass("report", a, b).report.contains("needs the option -o"))
    #expect(kwass("report", a, b, "-o", "r.txt").status == .usage)
    #expect(
      kwass("report", a, directory["none.csv"], "-o", directory["r.html"]).status == .missingInput)
    #expect(kwass("report", a, b, "-o", directory["none/r.html"]).status == .cannotCreate)
    #expect(!directory.names.contains("r.html"))
  }

  @Test(arguments: [
    ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="),
    ("fooba", "Zm9vYmE="), ("foobar", "Zm9vYmFy"), ("\u{7f}\u{3ff}?>~", "f8+/Pz5+"),
  ])
  func base64IsThatOfTheStandard(plain: String, text: String) {
    #expect(Base64.text(Array(plain.utf8)) == text)
  }

  @Test func wordsReachTheShellWhole() throws {
    let words = ["a b", "it's", "$HOME", "`x`", "", "-5", "x=um,v=c", "é*", "a\\b", "50%", "f#3"]
    let outcome = try ChildProcess(
      "/bin/bash", ["-c", "printf '%s\\n' \(CommandLineText.text(words))"]
    ).outcome()
    #expect(outcome.output == words.map { $0 + "\n" }.joined())
  }
}
