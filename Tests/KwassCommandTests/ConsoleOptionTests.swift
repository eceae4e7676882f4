import Testing
import TestSupport

@testable import KwassCommand

/// What commands say beside their results.
@Suite struct ConsoleOptionTests {
  private let directory: TemporaryDirectory
  init() throws { directory = try TemporaryDirectory() }

  private func options(_ words: String...) throws -> ConsoleOptions {
    try ConsoleOptions(
      ArgumentReader(words, command: "kwass", options: ConsoleOptions.specification))
  }

  /// Gates still have their status, and errors their sentence.
  @Test func quietCommandsSayOnlyErrors() throws {
    let a = try directory.write("# box=9\nx1,v1\n0,1\n1,2\n", to: "a.csv")
    let b = try directory.write("# box=9\nx1,v1\n4,1\n1,2\n", to: "b.csv")
    for command in [["distance", a, b, "--max", "1"], ["compare", a, b, "--tolerance", "1"]] {
      let console = TestConsole(isInteractive: true)
      #expect(Kwass.run(arguments: command + ["--quiet"], console: console) == .exceeded)
      #expect(console.report.isEmpty && !console.output.isEmpty)
      let loud = TestConsole()
      #expect(Kwass.run(arguments: command, console: loud) == .exceeded)
      #expect(loud.report.contains("exceed") && loud.output.prefix(10) == console.output.prefix(10))
    }
    let failed = kwass("distance", a, directory["none.csv"], "--quiet")
    #expect(failed.status == .missingInput && failed.report.contains("none.csv"))
  }

  @Test func progressIsQuietToo() throws {
    let console = TestConsole(isInteractive: true)
    #expect(try options().console(console).isInteractive)
    #expect(try !options("--quiet").console(console).isInteractive)
  }

  @Test(arguments: [
    (["--color", "always"], false, true), (["--color", "never"], true, false),
    (["--color", "auto"], false, false), ([], false, false),
  ])
  func colorsAreChosen(words: [String], isTerminal: Bool, expected: Bool) throws {
    let reader = try ArgumentReader(
      words, command: "kwass", options: ConsoleOptions.specification)
    let console = try ConsoleOptions(reader).console(TestConsole(isOutputTerminal: isTerminal))
    #expect(console.isOutputTerminal == expected)
  }

  @Test func otherColorsAreRefused() {
    #expect(
      kwass("distance", "a", "b", "--color", "red").report.contains(
        "it must be auto, never or always"))
  }

  /// Every command has them.
  @Test(arguments: Kwass.commands.map { $0.name })
  func everyCommandHasThem(name: String) throws {
    let command = try #require(Kwass.commands.first { $0.name == name })
    let names = command.listedOptions.map(\.name)
    #expect(names.contains("--quiet") && names.contains("--color"))
  }
}
