import Libc

extension Double {
  /// This number with two significant digits, for messages.
  package var twoDigits: String {
    guard isFinite, self != 0 else { return description }
    // A power of ten below the normal numbers would be rounded, or 0.
    guard magnitude.isNormal else { return description }
    var exponent = Int(log10(magnitude).rounded(.down))
    var digits = Int((magnitude / pow(10, Double(exponent)) * 10).rounded())
    if digits >= 100 { (digits, exponent) = (10, exponent + 1) }
    return "\(self < 0 ? "-" : "")\(digits / 10).\(digits % 10)e\(exponent)"
  }
}
