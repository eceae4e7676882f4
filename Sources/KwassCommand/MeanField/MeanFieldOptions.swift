import KineticTransport

/// The arguments of `kwass stability --theorem mean-field`.
struct MeanFieldOptions: OptionGroup, Equatable {
  /// The approximations.
  var paths: [String]
  /// The fine start.
  var fine: String
  /// The equation and the method.
  var system: FlowSystem
  /// The last time.
  var until: Double
  /// The time between true distances; `nil` for a tenth of the way.
  var every: Double?
  var output: StudyOutput
  /// The box to use instead of the snapshots' own.
  var box: BoxOption?

  /// The name of the theorem.
  static let theorem = "mean-field"

  static let specification =
    FlowSystem.specification + [
      OptionSpecification("--theorem", theorem, ""), OptionSpecification("--until", "T", ""),
      OptionSpecification("--every", "S", ""), OptionSpecification("--json", ""),
      OptionSpecification("--csv", "FILE", ""), OptionSpecification("--figure", "FILE", ""),
      BoxOption.specification,
    ]

  init(_ reader: ArgumentReader) throws(UsageError) {
    let operands = try reader.operands(
      2...(.max), "the snapshots of few agents, and the fine one last")
    (paths, fine) = (Array(operands.dropLast()), operands[operands.count - 1])
    system = try FlowSystem(reader)
    guard system.alignment != nil else {
      throw .conflict(
        "The mean-field limit is studied for agents that align: --system "
          + UsageError.list(FlowSystem.Kind.allCases.filter(\.isAlignment).map(\.rawValue)) + ".")
    }
    guard system.stepError == nil else {
      throw .conflict("--step-error does not go with --theorem mean-field; choose --step.")
    }
    until = try reader.required(reader.number("--until"), "--until")
    every = try reader.number("--every", "a positive number") { $0 > 0 }
    output = try StudyOutput(reader)
    box = try BoxOption(reader)
  }
}
