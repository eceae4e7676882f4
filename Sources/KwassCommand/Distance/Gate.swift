import KineticTransport

/// A limit for distances, judged by what is proved of them.
struct Gate {
  /// The option that states it.
  let option: String
  let limit: Double

  /// On which side of the limit a distance lies, by its bracket.
  func verdict(_ bounds: ProvedBounds) -> GateVerdict { GateVerdict(of: bounds, threshold: limit) }

  /// The status for some verdicts together: one distance that is above decides, and all must be within.
  static func status(_ verdicts: [GateVerdict]) -> ExitCode {
    verdicts.contains(.above) ? .exceeded : verdicts.contains(.undecided) ? .undecided : .success
  }

  /// What a user is told of a distance that does not pass; `nil` for one that does.
  func sentence(_ bounds: ProvedBounds, distance: Double?) -> String? {
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
  func judge(_ brackets: [ProvedBounds], _ console: any Console) -> ExitCode {
    Self.judge(brackets.map(verdict), about: "\(option) \(plain(limit))", console)
  }

  /// The status of many verdicts; says how many are none that pass.
  ///
  /// - Parameter limit: what the distances may not exceed, in words.
  static func judge(
    _ verdicts: [GateVerdict], about limit: String, _ console: any Console
  ) -> ExitCode {
    let exceeding = verdicts.count { $0 == .above }
    let undecided = verdicts.count { $0 == .undecided }
    if exceeding > 0 {
      console.remark(
        "kwass: \(count(exceeding, "distance exceeds", "distances exceed")) \(limit).\n")
    }
    if undecided > 0 {
      console.remark(
        "kwass: Whether \(count(undecided, "distance exceeds", "distances exceed")) \(limit) is not "
          + "decided by the brackets.\n")
    }
    return status(verdicts)
  }

  /// The verdict for programs.
  func members(_ bounds: ProvedBounds) -> [JSON.Member] {
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

/// The gate of a command.
struct GateOptions: OptionGroup, Equatable {
  /// The option that states the limit.
  private(set) var option = "--max"
  /// The distance above which the exit status is 1; `nil` for no gate.
  var limit: Double?
  /// Whether solvers may stop as soon as they can tell whether the distance exceeds the limit.
  var decidesOnly = false

  static let specification = [
    OptionSpecification(
      "--max", "D",
      "A gate for CI: exit with status 1 when a distance is proved to exceed D, and with 2 when its "
        + "bracket does not tell."),
    decisionSpecification,
  ]

  /// The gate of a command that cannot do without.
  static let toleranceSpecification = [
    OptionSpecification(
      "--tolerance", "D",
      "The largest distance that passes: a number, or a multiple of the noise floor such as 2noise. The "
        + "status is 1 when a distance is proved to be larger, and 2 when a bracket does not tell."),
    decisionSpecification,
  ]

  private static let decisionSpecification = OptionSpecification(
    "--gate-only",
    "Measure no further than the gate needs: stop as soon as the bracket decides about it.")

  /// No gate.
  init() {}

  init(_ reader: ArgumentReader) throws(UsageError) {
    limit = try reader.number("--max", "a number of at least 0") { $0 >= 0 }
    decidesOnly = reader.has("--gate-only")
    if decidesOnly, limit == nil { throw .missingOption(option: "--max", command: "--gate-only") }
  }

  /// The gate of `--tolerance`.
  ///
  /// - Parameter tolerance: `nil` where it is known only when the noise floor is.
  init(tolerance: Double?, _ reader: ArgumentReader) {
    (option, limit) = ("--tolerance", tolerance)
    decidesOnly = reader.has("--gate-only")
  }

  /// The gate; `nil` for none.
  var gate: Gate? { limit.map { Gate(option: option, limit: $0) } }
}
