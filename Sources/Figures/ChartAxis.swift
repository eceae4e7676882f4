import Libc

/// An axis of a diagram that fits what is drawn: gnuplot itself goes on to the next tic, which is a whole
/// decade on a logarithmic axis.
struct ChartAxis {
  private let range: ClosedRange<Double>?
  private let isLogarithmic: Bool

  /// The share of its length that stays free at either end.
  private static let margin = 0.04

  /// The axis of some numbers, positive ones where it is logarithmic.
  init(_ values: [Double], isLogarithmic: Bool) {
    self.isLogarithmic = isLogarithmic
    guard let least = values.min(), let greatest = values.max() else {
      range = nil
      return
    }
    if isLogarithmic {
      let (low, high) = (log(least), log(greatest))
      // A constant has a twentieth above and below itself.
      let margin = max(Self.margin * (high - low), high - low < 1e-9 ? 0.05 : 0)
      let ends = (exp(low - margin), exp(high + margin))
      range = ends.0 > 0 && ends.1.isFinite ? ends.0...ends.1 : least...greatest
      return
    }
    let (extent, size) = (greatest - least, max(abs(least), abs(greatest)))
    let margin =
      extent > 1e-12 * size ? Self.margin * extent : size > 0 ? 0.05 * size : 1
    let ends = (least - margin, greatest + margin)
    range = ends.0.isFinite && ends.1.isFinite ? ends.0...ends.1 : least...greatest
  }

  /// The commands that set it up as `x` or `y`.
  func commands(_ letter: String) -> [String] {
    var lines: [String] = []
    if isLogarithmic { lines.append("set logscale \(letter)") }
    guard let range, range.lowerBound < range.upperBound,
      (range.upperBound - range.lowerBound).isFinite
    else { return lines + ["set format \(letter) '%g'"] }
    lines += [
      "set format \(letter) '%.\(Self.digits(range))g'",
      "set \(letter)range [\(range.lowerBound):\(range.upperBound)]",
    ]
    if isLogarithmic, let tics { lines.append("set \(letter)tics (\(tics))") }
    return lines
  }

  /// Where a logarithmic axis of few decades has its tics, of which gnuplot sets one a decade.
  private var tics: String? {
    guard let range else { return nil }
    let decades = log10(range.upperBound / range.lowerBound)
    guard decades < 3 else { return nil }
    let powers =
      Int(log10(range.lowerBound).rounded(.down))...Int(log10(range.upperBound).rounded(.up))
    let found = powers.flatMap { power in
      (decades < 1.5 ? [1, 2, 5] : [1, 3]).map { Double($0) * pow(10, Double(power)) }
    }.filter { range.contains($0) }
    if found.count >= 3 { return found.map(\.description).joined(separator: ", ") }
    // Less than a factor of about four: even steps.
    let step = Self.niceStep((range.upperBound - range.lowerBound) / 5)
    let first = (range.lowerBound / step).rounded(.up)
    let even = (0..<12).map { (first + Double($0)) * step }.filter { range.contains($0) }
    return even.isEmpty ? nil : even.map(\.description).joined(separator: ", ")
  }

  /// Enough digits to tell neighbouring tics apart.
  static func digits(_ range: ClosedRange<Double>) -> Int {
    let extent = range.upperBound - range.lowerBound
    let size = max(abs(range.lowerBound), abs(range.upperBound))
    guard extent > 0, extent.isFinite else { return 4 }
    return max(4, min(15, Int((log10(size / extent)).rounded(.up)) + 3))
  }

  /// The commands for the few tics of a small image.
  static func fewTics(_ letter: String, _ range: ClosedRange<Double>) -> [String] {
    let extent = range.upperBound - range.lowerBound
    guard extent > 0, extent.isFinite else { return ["set format \(letter) '%g'"] }
    return [
      "set format \(letter) '%.\(digits(range))g'", "set \(letter)tics \(fewStep(range))",
    ]
  }

  /// The least nice step with which a range has no more than five tics.
  private static func fewStep(_ range: ClosedRange<Double>) -> Double {
    var step = niceStep((range.upperBound - range.lowerBound) / 10)
    // A rounding must not hide a tic at an end.
    let slack = 1e-9 * (range.upperBound - range.lowerBound)
    func count(_ step: Double) -> Double {
      ((range.upperBound + slack) / step).rounded(.down)
        - ((range.lowerBound - slack) / step).rounded(.up) + 1
    }
    while step.isFinite, count(step) > 5 { step = niceStep(1.01 * step) }
    return step
  }

  /// 1, 2 or 5 times a power of ten, at least as large as a number.
  private static func niceStep(_ least: Double) -> Double {
    let unit = pow(10, log10(least).rounded(.down))
    return [1, 2, 5, 10].map { $0 * unit }.first { $0 >= least } ?? 10 * unit
  }
}
