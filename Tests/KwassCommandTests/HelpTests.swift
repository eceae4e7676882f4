import Testing

@testable import KwassCommand

@Suite struct HelpTests {
  /// The program and each command: its help and the options in it.
  private static let pages =
    [(Kwass.help, Kwass.options)] + Kwass.commands.map { ($0.help, $0.listedOptions) }

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

  @Test func longNamesHaveALineOfTheirOwn() {
    let table = HelpText.table([("short", "One."), (String(repeating: "l", count: 40), "Two.")])
    #expect(table.split(separator: "\n").count == 3)
    #expect(HelpText.table([("a", "One two.")]) == "  a  One two.")
  }
}
