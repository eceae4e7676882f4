import TestSupport
import Testing

@testable import KwassCommand

@Suite struct HelpTests {
  /// The program and each command: its help and the options in it.
  private static let pages =
    [(Kwass.help, Kwass.options)] + Kwass.commands.map { ($0.fullHelp, $0.listedOptions) }

  @Test(arguments: pages)
  func everyHelpListsItsOptionsAndAnExample(text: String, options: [OptionSpecification]) {
    for option in options {
      #expect(text.contains("  \(option.name)"))
      #expect(option.summary.hasSuffix("."))
    }
    #expect(text.contains("\nExample:\n  kwass ") && text.hasSuffix("\n"))
    for line in text.split(separator: "\n") {
      #expect(line.count <= 100 && !line.hasSuffix(" "), "\(line)")
    }
  }

  /// What the help shows as an example is a right command line.
  @Test(arguments: pages.map(\.0))
  func everyExampleIsUnderstood(text: String) throws {
    let example = try #require(text.split(separator: "\n").last)
    let words = example.split(separator: " ").map(String.init)
    #expect(words.first == "kwass")
    #expect(throws: Never.self) { _ = try Kwass.request(Array(words.dropFirst())) }
  }

  @Test func helpAndVersionGoToTheOutput() {
    for arguments in [["--help"], ["distance", "--help"], ["sample", "-h"], ["info", "--help"]] {
      let console = TestConsole()
      #expect(Kwass.run(arguments: arguments, console: console) == .success)
      #expect(console.output.contains("Options:") && console.report.isEmpty)
    }
    let version = kwass("--version")
    #expect(version.status == .success && version.output == "kwass \(Kwass.version)\n")
  }

  @Test func usageErrorsPointToTheHelp() {
    let outcome = kwass("distance", "a", "b", "--lamda", "2")
    #expect(outcome.status == .usage && outcome.output.isEmpty)
    #expect(
      outcome.report
        == "kwass: kwass distance has no option --lamda (perhaps --lambda was meant). "
        + "See `kwass distance --help`.\n")
    #expect(kwass().status == .usage)
  }

  /// The short help of a command has options that there are, about a dozen, and says where the others are.
  @Test(arguments: Kwass.commands.map { $0.name })
  func shortHelpsAreShort(name: String) throws {
    let command = try #require(Kwass.commands.first { $0.name == name })
    let listed = Set(command.listedOptions.map(\.name))
    #expect(Set(command.commonOptions).isSubset(of: listed))
    let short = kwass(name, "--help").output
    guard !command.commonOptions.isEmpty else {
      #expect(short == command.fullHelp)
      return
    }
    #expect(command.commonOptions.count <= 14 && short.count < command.fullHelp.count)
    for option in command.commonOptions {
      #expect(short.contains("\n  \(option) ") || short.contains("\n  \(option)\n"))
    }
    let others = command.listedOptions.count - command.commonOptions.count - 1
    #expect(short.contains("`kwass \(name) --help all` lists \(others) more options."))
  }

  @Test func allOptionsAreShownOnDemand() {
    for arguments in [
      ["distance", "--help", "all"], ["distance", "--help=all"], ["help", "distance"],
    ] {
      let console = TestConsole()
      #expect(Kwass.run(arguments: arguments, console: console) == .success)
      #expect(console.output == DistanceCommand.fullHelp)
    }
    #expect(kwass("help").output == Kwass.help)
    let unknown = kwass("help", "distanse")
    #expect(unknown.status == .usage && unknown.report.contains("perhaps distance was meant"))
    #expect(kwass("help", "a", "b").status == .usage)
  }

  /// Former names do what the present ones do, and say so where that is not unwelcome.
  @Test func formerNamesAreUnderstood() throws {
    let directory = try TemporaryDirectory()
    let a = try directory.write("# box=9\nx1,v1\n0,1\n1,2\n", to: "a.csv")
    let b = try directory.write("# box=9\nx1,v1\n4,1\n1,2\n", to: "b.csv")
    let present = kwass("distance", a, b, "--accuracy", "0.1", "--json")
    let former = kwass("distance", a, b, "--tolerance", "0.1", "--json")
    #expect(present.status == .success && former.status == .success && present.report.isEmpty)
    #expect(
      try ParsedJSON(former.output)["upper"].number == ParsedJSON(present.output)["upper"].number)
    #expect(
      former.report == "kwass: The option --tolerance of kwass distance is now called --accuracy.\n"
    )
    #expect(kwass("distance", a, b, "--tolerance=0.1", "--quiet").report.isEmpty)
    let twice = kwass("distance", a, b, "--tolerance", "0.1", "--accuracy", "0.1")
    #expect(twice.status == .usage && twice.report.contains("--accuracy was given twice"))
    for command in Kwass.commands {
      for option in command.listedOptions {
        guard let former = option.formerName else { continue }
        #expect(!command.listedOptions.contains { $0.name == former })
        #expect(!command.fullHelp.contains("\n  \(former) "))
      }
    }
  }

  @Test func longNamesHaveALineOfTheirOwn() {
    let table = HelpText.table([("short", "One."), (String(repeating: "l", count: 40), "Two.")])
    #expect(table.split(separator: "\n").count == 3)
    #expect(HelpText.table([("a", "One two.")]) == "  a  One two.")
  }
}
