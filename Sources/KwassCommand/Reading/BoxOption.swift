import KineticTransport

/// The box that a user states with `--box`, which overrides those of the files.
struct BoxOption: Sendable, Equatable {
  /// For each position axis its period, or none.
  let axes: [CoordinateAxis]

  /// The option of a command that reads several files.
  static let specification = specification(
    "For each position axis its period, or free. Overrides the box stated in the files.")

  /// The option with a sentence for the help.
  static func specification(_ summary: String) -> OptionSpecification {
    OptionSpecification("--box", "1,free,...", summary)
  }

  /// The box that was stated; `nil` for none.
  init?(_ reader: ArgumentReader) throws(UsageError) {
    guard let text = reader.text("--box") else { return nil }
    var axes: [CoordinateAxis] = []
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      guard let axis = CoordinateAxis(notation: part) else {
        throw .badValue(
          option: "--box", value: text,
          requirement: "a positive length or free for each position axis, with commas between")
      }
      axes.append(axis)
    }
    self.axes = axes
  }

  /// The box for a snapshot.
  ///
  /// - Throws: `CommandFailure` unless there is an axis for each of its position coordinates.
  func domain(of snapshot: Snapshot, named name: String) throws(CommandFailure) -> ProductDomain {
    try domain(positionCount: snapshot.positions.count, named: name)
  }

  /// The box for a file with so many position coordinates.
  func domain(positionCount: Int, named name: String) throws(CommandFailure) -> ProductDomain {
    guard positionCount == axes.count else {
      throw CommandFailure(
        .usage,
        "The option --box has \(count(axes.count, "axis", "axes")), but \(name) has "
          + "\(count(positionCount, "position coordinate", "position coordinates")).")
    }
    return try attempt { () throws(ProductDomainError) in try ProductDomain(axes) }
  }
}
