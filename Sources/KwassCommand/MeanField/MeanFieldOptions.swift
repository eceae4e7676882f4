import KineticTransport

/// The arguments of `kwass stability --theorem mean-field`.
public struct MeanFieldOptions: Sendable, Equatable {
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
  var isJSON: Bool
  var table: String?
  var figure: String?
  /// How many threads compute.
  var threads: ThreadOptions
  /// The box to use instead of the snapshots' own.
  var box: [Axis]?

  /// The name of the theorem.
  static let theorem = "mean-field"

  private static let specification =
    FlowSystem.specification + [
      OptionSpecification("--theorem", theorem, ""), OptionSpecification("--until", "T", ""),
      OptionSpecification("--every", "S", ""), OptionSpecification("--json", ""),
      OptionSpecification("--csv", "FILE", ""), OptionSpecification("--figure", "FILE", ""),
      OptionSpecification("--box", "1,free,...", ""),
    ] + ThreadOptions.specification

  static let explanation = """
    With --theorem mean-field and agents that align (--system cucker-smale, motsch-tadmor, s-model
    or w-model), every snapshot but the last is a start of few agents, and the last one the fine
    start that they approximate. For each of them W_1 to the fine solution is computed at the
    sampled times, and set beside the cost of the carried plan, which is never smaller; printed are
    the suprema over time and their quotients by W_1 at the start, which the mean-field limit says
    to be bounded whatever the number of agents, and the largest difference of the strengths of
    alignment. Source: R. Shvydkoy and T. Teolis (2024), Theorem 3.2.
    """

  /// Whether the arguments of `kwass stability` ask for the mean-field limit.
  static func areMeant(by arguments: some Sequence<String>) -> Bool {
    let all = Array(arguments)
    return all.contains("--theorem=\(theorem)")
      || zip(all, all.dropFirst()).contains { $0 == "--theorem" && $1 == theorem }
  }

  /// Understands the arguments behind the command's name.
  ///
  /// - Throws: `UsageError`.
  init(_ arguments: some Sequence<String>) throws(UsageError) {
    let reader = try ArgumentReader(
      arguments, command: "kwass stability --theorem mean-field", options: Self.specification)
    guard reader.operands.count >= 2, let last = reader.operands.last else {
      throw .operands(
        command: reader.command, found: reader.operands.count,
        requirement: "the snapshots of few agents, and the fine one last")
    }
    paths = Array(reader.operands.dropLast())
    fine = last
    system = try FlowSystem(reader)
    guard system.alignment != nil else {
      throw .conflict(
        "The mean-field limit is studied for agents that align: --system "
          + UsageError.list(FlowSystem.Kind.allCases.filter(\.isAlignment).map(\.rawValue)) + ".")
    }
    guard system.tolerance == nil else {
      throw .conflict("--tolerance does not go with --theorem mean-field; choose --step.")
    }
    until = try reader.required(reader.number("--until"), "--until")
    every = try reader.number("--every", "a positive number") { $0 > 0 }
    isJSON = reader.has("--json")
    table = reader.text("--csv")
    figure = try reader.figure("--figure")
    threads = try ThreadOptions(reader)
    box = try reader.axes("--box")
  }
}
