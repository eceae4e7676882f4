/// What a reader has found in a file.
struct Reading {
  var snapshot: Snapshot
  /// The grid from which the snapshot was made; `nil` where there is none that is kept.
  var density: DensityGrid?
  /// The columns or arrays, in words.
  var layout: String
  /// What else the file states.
  var facts: [Fact] = []
  /// What was assumed or left out, in sentences.
  var notes: [String] = []
}

/// A statement of a file, for people: a name of one or two words and a phrase.
public struct Fact: Sendable, Equatable {
  /// What it is about.
  public let name: String
  /// What is stated.
  public let text: String

  init(_ name: String, _ text: String) {
    self.name = name
    self.text = text
  }
}
