import TestSupport
import Testing

@testable import KwassCommand

/// Completions, the manual page and the licences, all made from the tables of options.
@Suite struct InstallationTests {
  @Test(arguments: ["bash", "zsh", "fish"])
  func completionsKnowEveryCommandAndOption(shell: String) {
    let script = kwass("completions", shell)
    #expect(script.status == .success)
    for command in CommandTable.own.commands {
      #expect(script.output.contains(command.name))
      for option in command.options {
        let name = shell == "fish" ? option.name.drop { $0 == "-" }[...] : option.name[...]
        #expect(script.output.contains(name), "\(command.name) \(option.name)")
        for choice in option.choices { #expect(script.output.contains(choice)) }
      }
    }
  }

  /// bash itself completes with the script.
  @Test func bashCompletes() throws {
    let folder = try TemporaryDirectory()
    _ = try folder.write(kwass("completions", "bash").output, to: "kwass.bash")
    func completions(_ words: String...) throws -> [Substring] {
      let quoted = words.map { "'\($0)'" }.joined(separator: " ")
      let outcome = try ChildProcess(
        "/bin/bash",
        [
          "-c",
          "source '\(folder["kwass.bash"])'; COMP_WORDS=(\(quoted)); COMP_CWORD=\(words.count - 1); "
            + "_kwass; printf '%s\\n' \"${COMPREPLY[@]}\"",
        ]
      ).outcome()
      #expect(outcome.status == 0, "\(outcome.report)")
      return outcome.output.split(separator: "\n")
    }
    #expect(try completions("kwass", "di") == ["distance"])
    #expect(try completions("kwass", "distance", "--meth") == ["--method"])
    #expect(try completions("kwass", "distance", "--method", "ne") == ["network"])
    #expect(try completions("kwass", "completions", "z") == ["zsh"])
    #expect(try completions("kwass", "help", "mat") == ["matrix"])
    #expect(try completions("kwass", "distance", "--color", "al") == ["always"])
    #expect(try completions("kwass", "distance", "--threads", "").isEmpty)
  }

  @Test func otherShellsAreRefused() {
    let outcome = kwass("completions", "zhs")
    #expect(outcome.status == .usage)
    #expect(outcome.report.contains("it must be bash, zsh or fish"))
    #expect(kwass("completions").status == .usage)
    #expect(kwass("manual", "page").status == .usage)
  }

  @Test func theManualPageHasEveryOption() {
    let page = kwass("manual")
    #expect(page.status == .success && page.output.hasPrefix(".TH KWASS 1"))
    let text = page.output.replacing("\\-", with: "-")
    for command in CommandTable.own.commands {
      #expect(text.contains(".SS kwass \(command.name)"))
      for option in command.options {
        #expect(text.contains(option.name))
        guard !option.summary.isEmpty else { continue }
        #expect(text.contains("\n.B \(option.name)"))
        #expect(text.contains(option.summary), "\(command.name) \(option.name)")
      }
    }
    // No line but the requests may begin with a dot.
    for line in page.output.split(separator: "\n") where line.hasPrefix(".") {
      let request = line.dropFirst().prefix { $0.isLetter }
      #expect(["TH", "SH", "SS", "PP", "TP", "B", "nf", "fi"].contains(String(request)), "\(line)")
    }
  }

  @Test func theVersionTellsTheLicenses() {
    let outcome = kwass("--version", "--verbose")
    #expect(outcome.status == .success)
    #expect(outcome.output.hasPrefix("kwass \(Kwass.version)\nkwass: MIT (this software)\n"))
    let hasGLPK = outcome.output.contains("\nGLPK: GPL-3.0-or-later (linear programs)\n")
    #expect(outcome.output.contains("bound by the GNU General Public License") == hasGLPK)
    #expect(kwass("--version", "--verbos").status == .usage)
    #expect(kwass("--version", "now").status == .usage)
  }
}
