import Foundation
import OptimalTransport
import Testing

@testable import KwassCommand

@Suite struct JSONTests {
  @Test func numbersReturnToTheBit() throws {
    var generator = SeededGenerator(seed: 3)
    var numbers: [Double] = [0, -0.0, 0.1, 1e21, 1e-7, .leastNonzeroMagnitude]
    numbers += [-.greatestFiniteMagnitude, 1 / 3]
    while numbers.count < 1000 {
      let number = Double(bitPattern: generator.next())
      if number.isFinite { numbers.append(number) }
    }
    let text = JSON.array(numbers.map { .number($0) }).text
    let decoded = try JSONDecoder().decode([Double].self, from: Data(text.utf8))
    #expect(decoded.map(\.bitPattern) == numbers.map(\.bitPattern))
  }

  @Test func whatIsNoNumberIsNull() {
    #expect(
      JSON.array([.number(.nan), .number(.infinity), .optional(nil)]).text == "[null, null, null]")
  }

  @Test func anyTextReturns() throws {
    let texts = ["", "a\"b\\c/d", "\u{0}\u{1}\n\r\t\u{1f}\u{7f}", "Φ = ε⁻²|log s|", "🙂\u{2028}"]
    let text = JSON.array(texts.map { .string($0) }).text
    #expect(try JSONDecoder().decode([String].self, from: Data(text.utf8)) == texts)
  }

  @Test func objectsKeepTheirOrder() {
    let value = JSON.object([
      .init("b", .integer(1)), .init("a", .array([.boolean(true), .null])),
      .init("c", .object([.init("d", .boolean(false))])), .init("e", .object([])),
    ])
    #expect(
      value.text == """
        {
          "b": 1,
          "a": [true, null],
          "c": {
            "d": false
          },
          "e": {}
        }
        """)
  }
}
