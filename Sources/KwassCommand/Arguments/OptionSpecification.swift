/// An option of a command: how it is written and what its help says.
struct OptionSpecification: Sendable, Hashable {
  /// How the option is written, such as `--lambda` or `-o`.
  let name: String
  /// How the help calls its value; `nil` for an option that takes none.
  let value: String?
  /// One sentence for the help.
  let summary: String
  /// How it was written in earlier versions, which is still understood; `nil` for no other way.
  let formerName: String?

  /// An option.
  init(
    _ name: String, _ value: String? = nil, _ summary: String, formerly formerName: String? = nil
  ) {
    self.name = name
    self.value = value
    self.summary = summary
    self.formerName = formerName
  }

  /// Every command has this one.
  static let help = OptionSpecification("--help", "Show this help.")

  init(_ name: String, _ summary: String) { self.init(name, nil, summary) }
}
