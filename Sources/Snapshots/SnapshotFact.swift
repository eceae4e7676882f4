/// A statement of a file, for people: a name of one or two words and a phrase.
public struct SnapshotFact: Sendable, Hashable {
  /// What it is about.
  public let name: String
  /// What is stated.
  public let text: String
  /// What says otherwise; empty where nothing does.
  public let choices: [ReadingChoice]

  init(_ name: String, _ text: String, unless choices: [ReadingChoice] = []) {
    self.name = name
    self.text = text
    self.choices = choices
  }

  /// The phrase, with names for what says otherwise.
  public func phrase(naming name: (ReadingChoice) -> String) -> String {
    guard !choices.isEmpty else { return text }
    let verb = choices.count == 1 ? "says" : "say"
    return "\(text) (\(choices.map(name).joined(separator: " or ")) \(verb) otherwise)"
  }
}
