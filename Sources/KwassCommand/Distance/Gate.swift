import KineticTransport

/// A limit for distances, judged by what is proved of them.
struct Gate {
  /// The option that states it.
  let option: String
  let limit: Double

  /// On which side of the limit a distance lies, by its bracket.
  func verdict(_ bounds: Bounds) -> GateVerdict { GateVerdict(of: bounds, threshold: limit) }

  /// The status for some verdicts together: one distance that is above decides, and all must be within.
  static func status(_ verdicts: [GateVerdict]) -> ExitCode {
    verdicts.contains(.above) ? .exceeded : verdicts.contains(.undecided) ? .undecided : .success
  }

  /// What a user is told of a distance that does not pass; `nil` for one that does.
  func sentence(_ bounds: Bounds, distance: Double?) -> String? {
    switch verdict(bounds) {
    case .within: nil
    case .above:
      "The distance \(distance ?? bounds.lower) exceeds \(option) \(plain(limit))."
    case .undecided:
      "Whether the distance exceeds \(option) \(plain(limit)) is not decided: it lies in "
        + "[\(bounds.lower), \(bounds.upper)]."
    }
  }

  /// The status of many distances; says how many of them do not pass.
  func judge(_ brackets: [Bounds], _ console: any Console) -> ExitCode {
    let verdicts = brackets.map(verdict)
    let exceeding = verdicts.count { $0 == .above }
    let undecided = verdicts.count { $0 == .undecided }
    if exceeding > 0 {
      console.report(
        "kwass: \(count(exceeding, "distance exceeds", "distances exceed")) \(option) "
          + "\(plain(limit)).\n")
    }
    if undecided > 0 {
      console.report(
        "kwass: Whether \(count(undecided, "distance exceeds", "distances exceed")) \(option) "
          + "\(plain(limit)) is not decided by the brackets.\n")
    }
    return Self.status(verdicts)
  }

  /// The verdict for programs.
  func members(_ bounds: Bounds) -> [JSON.Member] {
    let verdict = verdict(bounds)
    return [
      .init("exceeded", verdict.isAbove.map { .boolean($0) } ?? .null),
      .init("verdict", .string(verdict.rawValue)),
    ]
  }
}

extension GateVerdict {
  /// Whether the distance is above the threshold; `nil` where that is not known.
  var isAbove: Bool? { self == .undecided ? nil : self == .above }
}

extension DistanceOptions {
  /// The gate of `--max`; `nil` without one.
  var gate: Gate? { maximum.map { Gate(option: limitOption, limit: $0) } }

  /// What is wanted of the bracket of the distance. Where there is a gate, a bracket that is otherwise
  /// narrow enough must decide about it.
  var goal: BracketGoal {
    if decidesOnly, let maximum { return BracketGoal(deciding: maximum) }
    guard let tolerance else { return .exact }
    return BracketGoal(relativeWidth: tolerance, threshold: maximum)
  }
}
