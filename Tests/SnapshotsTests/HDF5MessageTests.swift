import Testing

@testable import Snapshots

/// Messages between a process and the one that reads HDF5 files for it.
@Suite struct HDF5MessageTests {
  private static func message(_ counts: [Int], _ bytes: [UInt8] = []) -> [UInt8] {
    var writer = MessageWriter()
    for count in counts { writer.append(count) }
    return writer.bytes + bytes
  }

  /// A length is believed only where that many bytes follow.
  @Test(arguments: [-1, 3, 1 << 40, Int.max, Int.min])
  func lengthsBeyondTheMessage(count: Int) {
    let bytes = Self.message([count], Array("ab".utf8))
    var text = MessageReader(bytes)
    #expect(text.text() == nil)
    var texts = MessageReader(bytes)
    #expect(texts.texts() == nil)
    var numbers = MessageReader(bytes)
    #expect((numbers.numbers() as [Double]?) == nil)
  }

  @Test func partsInTheirOrder() {
    var reader = MessageReader(Self.message([7, 2], Array("ab".utf8)))
    #expect(reader.integer() == 7 && !reader.isAtEnd)
    #expect(reader.text() == "ab" && reader.isAtEnd)
    #expect(reader.integer() == nil)
  }
}
