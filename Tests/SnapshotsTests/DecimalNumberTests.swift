import OptimalTransport
import Testing

@testable import Snapshots

@Suite struct DecimalNumberTests {
  private func parse(_ text: String) -> Double? {
    Array(text.utf8).withUnsafeBufferPointer { DecimalNumber.parse($0[...]) }
  }

  @Test(arguments: [
    ("0", 0), ("-0", -0.0), ("+1", 1), ("1.", 1), (".5", 0.5), ("-.5e1", -5), ("1e5", 1e5),
    ("1E+05", 1e5), ("1e-05", 1e-5), ("00012", 12), ("0.000", 0), ("9007199254740993", 0x1p53),
    ("9007199254740993.0000000000000000000001", 9_007_199_254_740_994), ("1e22", 1e22),
    ("1e23", 1e23), ("1.7976931348623157e308", .greatestFiniteMagnitude),
    ("5e-324", .leastNonzeroMagnitude),
    ("1e-400", 0), ("1e400", .infinity), ("0e999999999999999999999", 0),
    ("123456789012345678901234567890", 1.2345678901234568e29),
    ("0.1000000000000000055511151231257827", 0.1), ("1.0D0", 1), ("2.5d-01", 0.25),
    ("1.2345678901234567890123D+29", 1.2345678901234568e29),
  ])
  func readsDecimalNotation(text: String, value: Double) {
    #expect(parse(text)?.bitPattern == value.bitPattern)
  }

  @Test(arguments: [
    "", "+", "-", ".", "-.", "e5", "1e", "1e+", "1e5.0", "1.2.3", "1,5", "nan", "inf", "-inf",
    "infinity", "0x10", "1_000", "1 2", "--1", "1d", "1dx", "1f", "½", "١",
  ])
  func refusesEverythingElse(text: String) { #expect(parse(text) == nil) }

  @Test func agreesWithTheStandardLibrary() {
    var generator = SeededGenerator(seed: 5)
    for _ in 0..<100_000 {
      let digits = String(
        (0..<(1 + generator.next() % 21)).map { _ in
          "0123456789".randomElement(using: &generator) ?? "0"
        })
      let point = Int(generator.next() % UInt64(digits.count + 1))
      let exponent = Int(generator.next() % 61) - 30
      let text =
        digits.prefix(point) + "." + digits.dropFirst(point)
        + (exponent % 3 == 0 ? "" : "e\(exponent)")
      #expect(parse(String(text)) == Double(text), "\(text)")
      let double = Double(bitPattern: generator.next())
      if double.isFinite { #expect(parse("\(double)") == double) }
    }
  }
}
