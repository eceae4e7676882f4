/// Reads a number in decimal notation: digits with an optional sign, point and exponent, whose letter may be
/// the D of Fortran. Correctly rounded; locales play no part. Infinities, not-a-number and hexadecimal digits are not numbers
/// here.
enum DecimalNumber {
  /// The powers of ten that are doubles without rounding.
  private static let exactPowers: [Double] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
    1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
  ]

  /// The number that the bytes spell from first to last; `nil` when they spell none.
  ///
  /// - Parameter point: what stands before the decimals.
  static func parse(
    _ bytes: Slice<UnsafeBufferPointer<UInt8>>, point: UInt8 = UInt8(ascii: ".")
  ) -> Double? {
    var position = bytes.startIndex
    let end = bytes.endIndex
    let isNegative = position < end && bytes[position] == UInt8(ascii: "-")
    if isNegative || (position < end && bytes[position] == UInt8(ascii: "+")) { position += 1 }

    var significand: UInt64 = 0
    var digits = 0
    var exponent = 0
    var isInFraction = false
    while position < end {
      let byte = bytes[position]
      if byte &- UInt8(ascii: "0") <= 9 {
        // Wraps round after 19 digits; `digits` then forbids the short way below.
        significand = significand &* 10 &+ UInt64(byte &- UInt8(ascii: "0"))
        if significand > 0 { digits += 1 }
        if isInFraction { exponent -= 1 }
      } else if byte == point, !isInFraction {
        isInFraction = true
      } else {
        break
      }
      position += 1
    }
    let mantissaEnd = position
    let hasDigits =
      mantissaEnd - bytes.startIndex
      > (isInFraction ? 1 : 0) + (isNegative || bytes.first == UInt8(ascii: "+") ? 1 : 0)
    guard hasDigits else { return nil }
    if position < end {
      let letter = bytes[position] | 0x20
      guard letter == UInt8(ascii: "e") || letter == UInt8(ascii: "d"),
        let shift = integer(bytes[(position + 1)...])
      else { return nil }
      exponent += shift
    }
    // Significand and power of ten are exact, so their product or quotient is correctly rounded
    // (W. D. Clinger, "How to read floating point numbers accurately", PLDI 1990).
    if digits <= 19, significand <= 1 << 53, abs(exponent) <= 22 {
      let magnitude =
        exponent < 0
        ? Double(significand) / exactPowers[-exponent] : Double(significand) * exactPowers[exponent]
      return isNegative ? -magnitude : magnitude
    }
    let plain = bytes.map { byte in
      byte == point
        ? UInt8(ascii: ".") : byte | 0x20 == UInt8(ascii: "d") ? UInt8(ascii: "e") : byte
    }
    return Double(String(decoding: plain, as: UTF8.self))
  }

  /// Whether a text is a number.
  static func isNumber(_ text: String, point: UInt8 = UInt8(ascii: ".")) -> Bool {
    var text = text
    return text.withUTF8 { parse($0[...], point: point) != nil }
  }

  /// The whole number that the bytes spell in decimal digits from first to last; `nil` when they
  /// spell none or one beyond 64 bits.
  static func parseWhole(_ bytes: Slice<UnsafeBufferPointer<UInt8>>) -> UInt64? {
    guard !bytes.isEmpty else { return nil }
    var value: UInt64 = 0
    for byte in bytes {
      let digit = UInt64(byte &- UInt8(ascii: "0"))
      let (tens, overflowsFirst) = value.multipliedReportingOverflow(by: 10)
      let (sum, overflowsThen) = tens.addingReportingOverflow(digit)
      guard digit <= 9, !overflowsFirst, !overflowsThen else { return nil }
      value = sum
    }
    return value
  }

  /// An exponent; beyond ±100,000 it is cut off there, which is beyond all doubles.
  private static func integer(_ bytes: Slice<UnsafeBufferPointer<UInt8>>) -> Int? {
    var digits = bytes
    let isNegative = digits.first == UInt8(ascii: "-")
    if isNegative || digits.first == UInt8(ascii: "+") { digits = digits.dropFirst() }
    guard !digits.isEmpty else { return nil }
    var value = 0
    for byte in digits {
      guard byte &- UInt8(ascii: "0") <= 9 else { return nil }
      value = min(100_000, value * 10 + Int(byte &- UInt8(ascii: "0")))
    }
    return isNegative ? -value : value
  }
}
