import KineticTransport
import Libc

/// What a command says beside its results, and in which colours; all commands have it.
struct ConsoleOptions: OptionGroup, Equatable {
  /// When words are coloured.
  enum Color: String, Sendable, CaseIterable {
    /// On a terminal, unless the environment says `NO_COLOR`.
    case auto
    case never, always
  }

  /// Whether nothing is said but results and errors.
  var isQuiet: Bool
  /// When words are coloured.
  var color: Color
  /// What to say before the command runs, in sentences.
  private var notes: [String]

  static let specification = [
    OptionSpecification(
      "--quiet",
      "Say nothing on standard error but errors: no progress, and no sentence about a gate, which the "
        + "exit status tells."),
    OptionSpecification(
      "--color", "auto|never|always",
      "When to mark what is violated in red. Default: auto, on a terminal unless the environment has "
        + "NO_COLOR."),
  ]

  init(_ reader: ArgumentReader) throws(UsageError) {
    isQuiet = reader.has("--quiet")
    color = try reader.choice("--color") ?? .auto
    notes = reader.notes
  }

  /// A console that does as the options say, and was told what there is to say about them.
  func console(_ console: any Console) -> any Console {
    let console = ConfiguredConsole(base: console, options: self)
    for note in notes { console.remark("kwass: \(note)\n") }
    return console
  }
}

/// A console with the options of a command.
private struct ConfiguredConsole: Console {
  let base: any Console
  let options: ConsoleOptions

  func write(_ text: String) throws(ConsoleError) { try base.write(text) }
  func report(_ text: String) { base.report(text) }
  func remark(_ text: String) {
    if !options.isQuiet { base.remark(text) }
  }

  var isInteractive: Bool { base.isInteractive && !options.isQuiet }

  var isOutputTerminal: Bool {
    switch options.color {
    case .never: false
    case .always: true
    // no-color.org: the variable counts where it is not empty.
    case .auto: base.isOutputTerminal && getenv("NO_COLOR").map { $0.pointee == 0 } ?? true
    }
  }
}
