import OptimalTransport

/// A number in few characters, for people: whole numbers without a point, others with all digits.
func plain(_ value: Double) -> String { value.plainText }

/// A number with two significant digits and a power of ten, where more would only pretend.
func rough(_ value: Double) -> String {
  guard let decimal = SignificantDigits(value, count: 2) else { return plain(value) }
  return decimal.withPower
}

/// A number with so many significant digits, in decimals from 1e-4 to 1e6 and with a power of ten
/// beyond; a dash for none.
func significant(_ value: Double?, digits: Int = 5) -> String {
  guard let value, !value.isNaN else { return "–" }
  guard value.isFinite else { return value < 0 ? "-∞" : "∞" }
  return SignificantDigits(value, count: digits)?.text ?? "0"
}

/// A time in five digits, or the word for one that is infinite; a dash for none.
func timeText(_ value: Double?, infinite word: String) -> String {
  value == .infinity ? word : significant(value)
}

/// Seconds to the millisecond.
func plainSeconds(_ seconds: Double) -> String {
  "\((seconds * 1000).rounded() / 1000) s"
}

/// A number as a field of a table in a file; nothing for one that is not there or not finite.
func csvField(_ value: Double?) -> String {
  value.flatMap { $0.isFinite ? $0.description : nil } ?? ""
}

/// A text as a field of comma-separated values.
func csvField(_ text: String) -> String {
  guard text.contains(where: { ",\"\n".contains($0) }) else { return text }
  return "\"\(text.replacing("\"", with: "\"\""))\""
}

/// A number of things in words: 1 axis, 2 axes.
func count(_ count: Int, _ singular: String, _ plural: String) -> String {
  "\(count) \(count == 1 ? singular : plural)"
}

/// The first digits of a decimal, rounded.
private struct SignificantDigits {
  private let sign: String
  /// As many as were asked for, the first of them not 0.
  private let digits: String
  /// The power of ten of the first digit.
  private let exponent: Int

  /// The digits, rounded half up from the shortest decimal that reads as the number; `nil` for 0 and for
  /// what is not finite.
  init?(_ value: Double, count: Int) {
    guard value.isFinite, value != 0 else { return nil }
    // A subnormal number has fewer digits than are asked for; scaled, it shows those that it stands for.
    let shift = value.isNormal ? 0 : 20
    let magnitude = value.isNormal ? abs(value) : abs(value) * 1e20
    let parts = magnitude.description.split(separator: "e")
    let mantissa = parts[0].split(separator: ".")
    let all = mantissa.joined().compactMap(\.wholeNumberValue)
    let zeros = all.prefix { $0 == 0 }.count
    var exponent =
      mantissa[0].count - 1 - zeros - shift + (parts.count > 1 ? Int(parts[1]) ?? 0 : 0)
    let known = all.dropFirst(zeros) + Array(repeating: 0, count: count + 1)
    var digits = Array(known.prefix(count))
    if known[known.startIndex + count] >= 5 {
      var place = count - 1
      while place >= 0, digits[place] == 9 { (digits[place], place) = (0, place - 1) }
      if place >= 0 {
        digits[place] += 1
      } else {
        digits = [1] + digits.dropLast()
        exponent += 1
      }
    }
    sign = value < 0 ? "-" : ""
    self.digits = digits.map(\.description).joined()
    self.exponent = exponent
  }

  var withPower: String { "\(sign)\(digits.prefix(1)).\(digits.dropFirst())e\(exponent)" }

  /// A decimal where it is short, and a power of ten elsewhere.
  var text: String {
    if exponent < -4 || exponent >= 6 { return withPower }
    if exponent < 0 {
      return "\(sign)0.\(String(repeating: "0", count: -exponent - 1))\(digits)"
    }
    let padded = digits + String(repeating: "0", count: max(0, exponent + 1 - digits.count))
    let fraction = padded.dropFirst(exponent + 1)
    return "\(sign)\(padded.prefix(exponent + 1))\(fraction.isEmpty ? "" : ".\(fraction)")"
  }
}
