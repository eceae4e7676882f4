import KineticTransport

/// The work that a part belongs to: parts with the same plan fit together, and what they found is what one
/// process would have found.
struct PartPlan: Sendable, Equatable, Codable {
  /// The version of kwass.
  let version: String
  /// The command and its arguments, but for those that change no finding.
  let command: String
  let arguments: [String]
  /// Sums of exponentials are rounded differently on each.
  let instructionSet: String
  let files: [InputDigest]

  /// The work of a command of this program on this machine.
  init(command: String, arguments: [String], files: [InputDigest]) {
    version = Kwass.version
    self.command = command
    self.arguments = arguments.map(FileName.shown)
    instructionSet = InstructionSet.current.rawValue
    self.files = files
  }

  private var commandLine: String {
    (["kwass", command] + arguments).joined(separator: " ")
  }

  /// What the plans of two parts have that differs, in a phrase; `nil` where they are the same.
  static func difference(_ first: PartPlan, _ second: PartPlan) -> String? {
    if first.version != second.version {
      return "they are of kwass \(first.version) and \(second.version)"
    }
    guard (first.command, first.arguments) == (second.command, second.arguments) else {
      return "they are of `\(first.commandLine)` and `\(second.commandLine)`"
    }
    if let difference = difference(first.files, second.files) { return difference }
    guard first.instructionSet == second.instructionSet else {
      return "they were computed with the instruction sets \(first.instructionSet) and "
        + "\(second.instructionSet), which round differently; set \(InstructionSet.variable) for all"
    }
    return nil
  }

  private static func difference(_ first: [InputDigest], _ second: [InputDigest]) -> String? {
    for one in first {
      guard let other = second.first(where: { $0.path == one.path }) else {
        return "only one of them has read \(one.path)"
      }
      if let difference = one.difference(from: other) {
        return "\(one.path) has changed between them (\(difference))"
      }
    }
    if let other = second.first(where: { one in !first.contains { $0.path == one.path } }) {
      return "only one of them has read \(other.path)"
    }
    return first == second ? nil : "they have read their files in another order"
  }
}

/// A part of a plan.
struct PartHeader: Sendable, Equatable, Codable {
  /// A unit of the whole work.
  struct Unit: Sendable, Equatable, Codable {
    let name: String
    /// Settles to which part it belongs.
    let share: Int
  }

  let plan: PartPlan
  let part: Part
  /// All units, those of other parts too.
  let units: [Unit]

  /// The units that a part of as many must have, by their places.
  func units(of part: Part) -> [Int] { units.indices.filter { part.owns(share: units[$0].share) } }

  /// Some units in a phrase.
  func names(of places: [Int]) -> String {
    let shown = places.prefix(4).map { units[$0].name }.joined(separator: "; ")
    return places.count > 4 ? "\(shown); and \(places.count - 4) more" : shown
  }
}
