import KineticTransport

/// How agents align, as the options of a command say.
struct AlignmentOptions: Sendable, Equatable {
  /// The kernels φ.
  enum Kernel: Sendable, Equatable {
    case constant
    case gaussian(width: Double)
    case power(exponent: Double, scale: Double)

    /// The kernel as `--phi` takes it.
    var notation: String {
      switch self {
      case .constant: "constant"
      case .gaussian(let width): "gaussian:\(width)"
      case .power(let exponent, let scale): "power:\(exponent),\(scale)"
      }
    }
  }

  /// The strength or weight at the start.
  enum Start: Sendable, Equatable {
    case inverseDensity
    case number(Double)
  }

  /// φ; `nil` for the model of segregation, which has none.
  var kernel: Kernel?
  /// λ.
  var strength: Double
  /// s₀ or w₀; `nil` for 1 in the s-model and 1/(ρ₀)_φ in the w-model.
  var start: Start?
  /// The points at which the carried strength is kept, or the outer one of two averages is taken.
  var lattice: [Int]?
  /// Into how many parts the model of segregation cuts each axis.
  var parts: [Int]?

  static let specification = [
    OptionSpecification(
      "--phi", "NAME:NUMBERS",
      "How much agents listen at a distance r, for all systems of agents but segregation: "
        + "power:B, with (1 + r^2)^-B, or power:B,L, with (1 + (r/L)^2)^-B; gaussian:W, with "
        + "exp(-r^2/2W^2); constant."),
    OptionSpecification("--strength", "L", "The strength lambda of their alignment. Default: 1."),
    OptionSpecification(
      "--initial-strength", "inverse-density|NUMBER",
      "The strength s of s-model (default: 1) or the weight w of w-model (default: inverse-density, "
        + "1/(rho*phi)) at the start."),
    OptionSpecification(
      "--lattice", "N,N,...",
      "The points at which s-model and w-model keep where the strength came from, and overmollified takes "
        + "the outer one of its averages, one number for each axis. Default: 256 in one dimension, 128 in "
        + "two, 32 in three."),
    OptionSpecification(
      "--parts", "N,N,...",
      "Into how many parts segregation cuts each axis, at least 4: cubic B-splines that add up to 1."
    ),
  ]

  /// The options of a system of alignment; `nil` for another system.
  ///
  /// - Throws: `UsageError`.
  init?(_ reader: ArgumentReader, _ kind: FlowSystem.Kind) throws(UsageError) {
    let names = Self.specification.map(\.name)
    for option in names where reader.text(option) != nil && !kind.takes(option) {
      let others = FlowSystem.Kind.allCases.filter { $0.takes(option) }
      throw .conflict(
        "\(option) goes only with --system \(UsageError.list(others.map(\.rawValue))).")
    }
    guard kind.isAlignment else { return nil }
    kernel = try Self.kernel(reader)
    strength = try reader.number("--strength", "a positive number") { $0 > 0 } ?? 1
    start = try Self.start(reader)
    lattice = try reader.counts("--lattice", in: 6...32768)
    parts = try reader.counts("--parts", in: 4...1024)
    if let option = ["--phi", "--parts"].first(where: kind.takes), reader.text(option) == nil {
      throw .missingOption(option: option, command: "--system \(kind.rawValue)")
    }
    if kind == .sModel, start == .inverseDensity {
      throw .conflict(
        "--initial-strength inverse-density is a weight; it goes with --system w-model.")
    }
  }

  private static func kernel(_ reader: ArgumentReader) throws(UsageError) -> Kernel? {
    guard let text = reader.text("--phi") else { return nil }
    let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
    let numbers = parts.dropFirst().flatMap {
      $0.split(separator: ",", omittingEmptySubsequences: false).map { Double($0) ?? .nan }
    }
    let isRight = numbers.allSatisfy { $0.isFinite && $0 > 0 }
    switch (parts[0], numbers.count) {
    case ("constant", 0): return .constant
    case ("gaussian", 1) where isRight: return .gaussian(width: numbers[0])
    case ("power", 1) where isRight: return .power(exponent: numbers[0], scale: 1)
    case ("power", 2) where isRight: return .power(exponent: numbers[0], scale: numbers[1])
    default:
      throw .badValue(
        option: "--phi", value: text,
        requirement:
          "power:B, power:B,L, gaussian:W or constant, with positive numbers, so that phi is positive "
          + "and falls")
    }
  }

  private static func start(_ reader: ArgumentReader) throws(UsageError) -> Start? {
    guard let text = reader.text("--initial-strength") else { return nil }
    if text == "inverse-density" { return .inverseDensity }
    guard let number = Double(text), number >= 0, number.isFinite else {
      throw .badValue(
        option: "--initial-strength", value: text,
        requirement: "inverse-density or a number of 0 or more")
    }
    return .number(number)
  }
}

extension FlowSystem.Kind {
  /// Whether the system has an option of alignment.
  fileprivate func takes(_ option: String) -> Bool {
    switch option {
    case "--phi": isAlignment && self != .segregation
    case "--strength": isAlignment
    case "--initial-strength": isAdaptive
    case "--lattice": isAdaptive || self == .overmollified
    case "--parts": self == .segregation
    default: false
    }
  }
}

extension ArgumentReader {
  /// A whole number for each axis.
  fileprivate func counts(
    _ option: String, in range: ClosedRange<Int>
  ) throws(UsageError) -> [Int]? {
    guard let text = text(option) else { return nil }
    let counts = text.split(separator: ",", omittingEmptySubsequences: false).map { Int($0) ?? 0 }
    guard counts.allSatisfy(range.contains) else {
      throw .badValue(
        option: option, value: text,
        requirement:
          "a whole number from \(range.lowerBound) to \(range.upperBound) for each axis, "
          + "with commas between")
    }
    return counts
  }
}
