import PhaseSpace

/// Why a file could not be read or written. Every description is one sentence that names the file,
/// the place in it, what was found and what was expected; places count from 1, bytes from 0.
public enum SnapshotError: Error, Hashable, Sendable, CustomStringConvertible {
  /// There is no such file.
  case missing(path: String)
  /// The file is there but may not be opened, or is no file.
  case unreadable(path: String, reason: String)
  /// Something in the file is not as its format demands.
  case malformed(path: String, place: String?, found: String, expected: String)
  /// The file leaves a choice that was not made, or none where one was made.
  case undecided(
    path: String, place: String?, found: String, expected: String, choices: [ReadingChoice])
  /// The numbers are readable but make no measure.
  case unusable(path: String, reason: PhaseSpaceError)
  /// The output file cannot be created.
  case cannotCreate(path: String, reason: String)
  /// Reading or writing stopped with an error of the system.
  case inputOutput(path: String, reason: String)
  /// Reading takes more memory than there is, in bytes.
  case tooLarge(path: String, needed: Int, available: Int)
  /// What is to be written does not fit the format.
  case unwritable(path: String, reason: String)

  /// A full sentence.
  public var description: String { sentence(naming: \.description) }

  /// A full sentence, with names for the choices that it points to.
  public func sentence(naming name: (ReadingChoice) -> String) -> String {
    switch self {
    case .missing(let path):
      "\(path): there is no such file."
    case .unreadable(let path, let reason):
      "\(path): the file cannot be opened: \(reason)."
    case .malformed(let path, let place, let found, let expected):
      "\(path)\(place.map { ", \($0)" } ?? ""): found \(found), expected \(expected)."
    case .undecided(let path, let place, let found, let expected, let choices):
      "\(path)\(place.map { ", \($0)" } ?? ""): found \(found), expected \(expected) "
        + "(\(choices.map(name).joined(separator: ", ")))."
    case .unusable(let path, let reason):
      "\(path): \(reason)"
    case .cannotCreate(let path, let reason):
      "\(path): the file cannot be created: \(reason)."
    case .inputOutput(let path, let reason):
      "\(path): the system reports an error: \(reason)."
    case .tooLarge(let path, let needed, let available):
      "\(path): reading it takes \(needed) bytes of memory, of which \(available) are left."
    case .unwritable(let path, let reason):
      "\(path): \(reason)"
    }
  }
}

extension SnapshotError {
  /// The error of a file that is malformed, which points to choices that would make it right.
  func leaving(_ choices: [ReadingChoice]) -> SnapshotError {
    guard case .malformed(let path, let place, let found, let expected) = self, !choices.isEmpty
    else { return self }
    return .undecided(
      path: path, place: place, found: found, expected: expected, choices: choices)
  }
}

/// Text from a file as an error sentence shows it: in quotation marks, without control characters,
/// and not longer than a line can bear.
func quoted(_ text: some StringProtocol) -> String {
  let limit = 40
  var shown = ""
  for scalar in text.unicodeScalars.prefix(limit) {
    let isPlain = scalar.properties.generalCategory != .control && scalar != "\u{FFFD}"
    shown += isPlain ? String(scalar) : "?"
  }
  return "\"\(shown)\(text.unicodeScalars.count > limit ? "…" : "")\""
}

/// Names as an error sentence lists them, the first few of many.
func listed(_ names: [String]) -> String {
  let limit = 12
  return names.prefix(limit).map { $0.count > 20 ? quoted($0) : $0 }.joined(separator: ", ")
    + (names.count > limit ? ", …" : "")
}

/// A number of things in words: 1 row, 2 rows.
func counted(_ count: Int, _ singular: String, _ plural: String) -> String {
  "\(count) \(count == 1 ? singular : plural)"
}
