import KineticTransport

/// The largest distance that passes a comparison.
enum Allowance: Sendable, Equatable {
  /// A number.
  case distance(Double)
  /// A multiple of the noise floor, the mean distance between random halves of the reference.
  case noise(factor: Double)

  /// What stands behind a multiple of the noise floor.
  private static let unit = "noise"

  static let requirement =
    "a number of at least 0, or a multiple of the noise floor such as 2\(unit)"

  /// What a user wrote; `nil` for what is neither.
  init?(_ text: String) {
    func number(_ text: some StringProtocol) -> Double? {
      Double(text).flatMap { $0.isFinite && $0 >= 0 ? $0 : nil }
    }
    if let value = number(text) {
      self = .distance(value)
    } else if text.hasSuffix(Self.unit), let factor = number(text.dropLast(Self.unit.count)),
      factor > 0
    {
      self = .noise(factor: factor)
    } else {
      return nil
    }
  }

  /// As a user writes it.
  var text: String {
    switch self {
    case .distance(let value): plain(value)
    case .noise(let factor): plain(factor) + Self.unit
    }
  }

  /// The number; `nil` for a multiple of the noise floor.
  var number: Double? { if case .distance(let value) = self { value } else { nil } }

  /// Whether it is a multiple of the noise floor.
  var needsNoiseFloor: Bool { number == nil }

  /// The gate of a comparison with a reference.
  ///
  /// - Parameter floor: the noise floor of the reference.
  func gate(_ option: String, floor: NoiseFloor?) -> Gate? {
    switch self {
    case .distance(let value): Gate(option: option, limit: value)
    case .noise(let factor):
      floor.map { Gate(option: "\(option) \(text) =", limit: factor * $0.mean) }
    }
  }
}
