import KineticTransport

/// What is found of a unit of a scan.
enum ScanFinding: Codable, Sendable {
  /// How far the first solution of an ε is from its quasi-neutral limit; `nil` where that was not asked for or
  /// there is none.
  case limit(Limit?)
  /// One ε and θ.
  case run(Run)

  /// The suprema of W₁ to the limit.
  struct Limit: Codable, Sendable {
    let distance: Double
    let filteredDistance: Double
  }

  /// What a pair of solutions has shown.
  struct Run: Codable, Sendable {
    let epsilon: Double
    let theta: Double
    let initialDistance: Double
    let finalDistance: Double?
    let escapeTime: Double?
    let effectiveGrowth: Double?
    let hypothesisTime: Double?
    let newBoundTime: Double?
    let loeperBoundTime: Double?
    /// |log W₂(0)|.
    let logarithm: Double
    /// How many inequalities fail.
    let violations: Int
    let heldByConstruction: [String]
    let field: String

    init(_ one: QuasineutralScan.Case) {
      let escape = one.report.escape
      let root = escape?.rootLogarithm ?? .nan
      epsilon = one.epsilon
      theta = one.theta
      initialDistance = one.report.trajectory.initialDistance
      finalDistance = one.report.rows.last?.sample.distance
      escapeTime = one.escapeTime
      effectiveGrowth = one.effectiveGrowth
      hypothesisTime = one.hypothesisTime
      newBoundTime = escape?.new
      loeperBoundTime = escape?.loeper
      logarithm = root * root
      violations = one.report.violations.count
      heldByConstruction = one.report.heldByConstruction
      field = one.report.trajectory.end.first.field.name
    }
  }
}

/// One ε and θ as the scan prints it.
struct ScanRow {
  static let headings = [
    "epsilon", "theta", "W_2(0)", "W_2(end)", "W_2 = .1 at", "sup C_eff", "(3.4) until",
    "new = 1 at", "Loeper = 1 at", "W_1 to limit", "filtered", "violated",
  ]
  static let names = [
    "epsilon", "theta", "initial_distance", "final_distance", "escape_time", "effective_growth",
    "hypothesis_time", "new_bound_time", "loeper_bound_time", "limit_distance",
    "filtered_limit_distance", "violations",
  ]
  /// The names in camel case, as JSON has them.
  private static let keys = names.map { name in
    let words = name.split(separator: "_")
    return (words.prefix(1) + words.dropFirst().map { $0.prefix(1).uppercased() + $0.dropFirst() })
      .joined()
  }

  /// A number, or the time of something that may never or always be so.
  private enum Value {
    case number(Double?)
    case time(Double?, infinite: String)

    var text: String {
      switch self {
      case .number(let value): significant(value)
      case .time(let value, let word): timeText(value, infinite: word)
      }
    }

    var csv: String {
      if case .time(.infinity, let word) = self { return word }
      return csvField(number)
    }

    var json: JSON {
      switch self {
      case .number(let value): JSON.optional(value)
      case .time(let value, let word): JSON.time(value, infinite: word)
      }
    }

    private var number: Double? {
      switch self {
      case .number(let value), .time(let value, _): value
      }
    }
  }

  private let values: [Value]
  let violations: Int
  private let heldByConstruction: [String]
  private let field: String

  init(_ run: ScanFinding.Run, _ limit: ScanFinding.Limit?) {
    let hypothesis: Value =
      run.hypothesisTime.map { .time($0, infinite: "always") }
      ?? .time(.infinity, infinite: "never")
    values = [
      .number(run.epsilon), .number(run.theta), .number(run.initialDistance),
      .number(run.finalDistance), .time(run.escapeTime ?? .infinity, infinite: "never"),
      .number(run.effectiveGrowth), hypothesis, .time(run.newBoundTime, infinite: "never"),
      .time(run.loeperBoundTime, infinite: "never"), .number(limit?.distance),
      .number(limit?.filteredDistance),
    ]
    violations = run.violations
    heldByConstruction = run.heldByConstruction
    field = run.field
  }

  var cells: [String] {
    values.map(\.text) + [violations == 0 ? "none" : "\(violations)"]
  }

  var csv: String {
    (values.map(\.csv) + ["\(violations)"]).joined(separator: ",")
  }

  var json: JSON {
    .object(
      zip(Self.keys, values).map { .init($0, $1.json) }
        + [
          .init("violations", .integer(violations)),
          .init("heldByConstruction", .array(heldByConstruction.map { .string($0) })),
          .init("field", .string(field)),
        ])
  }
}
