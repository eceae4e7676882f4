import Testing

@testable import KwassCommand

@Suite struct JSONCodingTests {
  private struct Record: Codable, Equatable {
    enum Kind: Codable, Equatable { case none, one(Double?), two(name: String, [Int]) }
    var number = 0.1
    var missing: Double?
    var flag = true
    var count: UInt64 = .max
    var numbers: [Double] = []
    var kinds: [Kind] = [.none, .one(nil), .one(2), .two(name: "\u{1}\n\"\\é😀", [1, -2])]
    var table: [[Int]] = [[], [1, 2]]
    var range = -1.5...2.5
  }

  /// All bits come back, through one line and through several.
  @Test func valuesComeBack() throws {
    let numbers: [Double] = [
      0, -0.0, 1, -1e300, .leastNonzeroMagnitude, .leastNormalMagnitude, .greatestFiniteMagnitude,
      .infinity,
      -.infinity, 0.1 + 0.2, 1 / 3, 123_456_789_012_345_680, .pi,
    ]
    let record = Record(numbers: numbers)
    let json = try JSONEncoding.json(record)
    for text in [json.text, json.line] {
      let found: Record = try JSONDecoding.value(of: JSON(text.utf8))
      #expect(found == record)
      #expect(found.numbers.map(\.bitPattern) == numbers.map(\.bitPattern))
    }
    #expect(!json.line.contains("\n"))
    #expect(try JSONDecoding.value(Double.self, of: JSONEncoding.json(Double.nan)).isNaN)
  }

  @Test func textsAreUnderstood() throws {
    #expect(
      try JSON(#" {"a" : [1, -2.5e3 ,true,false,null] , "b":{}} "#.utf8).line
        == #"{"a": [1, -2500.0, true, false, null], "b": {}}"#)
    #expect(try JSON(#""\u00e9\ud83d\ude00\/\b""#.utf8) == .string("é😀/\u{8}"))
  }

  @Test(arguments: [
    "", "{", "[1,", "[1 2]", "{\"a\" 1}", "{a: 1}", "tru", "nul", "1 2", "\"", "\"\\x\"",
    "\"\\u12\"",
    "\"\\ud800\"", "\"\\ud800\\u0041\"", "\"\n\"", "--1", "1e999", "[}", "\u{1}",
    String(repeating: "[", count: 10_000),
  ])
  func whatIsNoJSONIsRefused(text: String) {
    #expect(throws: JSONError.self) { try JSON(text.utf8) }
  }

  @Test func otherValuesAreRefused() throws {
    let json = try JSONEncoding.json(Record())
    #expect(throws: JSONError.self) { try JSONDecoding.value([Int].self, of: json) }
    #expect(throws: JSONError.self) { try JSONDecoding.value(Record.self, of: .object([])) }
    #expect(throws: JSONError.self) { try JSONDecoding.value(Int.self, of: .number(1.5)) }
    #expect(throws: JSONError.self) { try JSONDecoding.value(UInt8.self, of: .integer(300)) }
    #expect(throws: JSONError.self) {
      try JSONDecoding.value(ClosedRange<Double>.self, of: JSON("[2.0, 1.0]".utf8))
    }
    #expect(throws: JSONError.self) { try JSON([0x22, 0xff, 0x22]) }
  }
}
