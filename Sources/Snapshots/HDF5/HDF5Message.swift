import OptimalTransport

/// Puts a message together: integers of eight bytes, and lists behind their length, in the byte order
/// of the machine, which both ends share.
struct MessageWriter {
  private(set) var bytes: [UInt8] = []

  mutating func append(_ value: Int) { append(raw: [value]) }

  mutating func append(_ text: String) {
    append(text.utf8.count)
    bytes += text.utf8
  }

  mutating func append(_ texts: [String]) {
    append(texts.count)
    for text in texts { append(text) }
  }

  /// A list of numbers.
  mutating func append<Number: BitwiseCopyable>(_ numbers: [Number]) {
    append(numbers.count)
    append(raw: numbers)
  }

  /// Something that may not be there.
  mutating func append<Number: BitwiseCopyable>(_ numbers: [Number]?) {
    append(numbers == nil ? 0 : 1)
    if let numbers { append(numbers) }
  }

  mutating func append(_ texts: [String]?) {
    append(texts == nil ? 0 : 1)
    if let texts { append(texts) }
  }

  mutating func append(_ node: HDF5NodeDescription) {
    append(node.number)
    append(node.name)
    append(node.isDataset ? 1 : 0)
  }

  mutating func append(_ node: HDF5NodeDescription?) {
    append(node == nil ? 0 : 1)
    if let node { append(node) }
  }

  mutating func append(_ failure: HDF5Failure) {
    switch failure {
    case .malformed(let place, let found, let expected):
      append(1)
      append(place.map { [$0] })
      append(found)
      append(expected)
    case .tooLarge(let needed, let available):
      append(2)
      append(needed)
      append(available)
    case .noAnswer:
      // Another process has no channel of its own.
      append(3)
    }
  }

  private mutating func append<Number: BitwiseCopyable>(raw numbers: [Number]) {
    numbers.withUnsafeBytes { bytes.append(contentsOf: $0) }
  }
}

/// Takes a message apart; every part is `nil` when the message is too short for it.
struct MessageReader {
  private let bytes: [UInt8]
  private var place = 0

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  var isAtEnd: Bool { place == bytes.count }

  mutating func integer() -> Int? {
    let numbers: [Int]? = raw(1)
    return numbers?[0]
  }

  mutating func text() -> String? {
    guard let count = integer(), 0...bytes.count - place ~= count else { return nil }
    defer { place += count }
    return String(decoding: bytes[place..<place + count], as: UTF8.self)
  }

  mutating func texts() -> [String]? {
    // Each text takes at least the eight bytes of its length.
    guard let count = integer(), 0...(bytes.count - place) / 8 ~= count else { return nil }
    var texts: [String] = []
    for _ in 0..<count {
      guard let text = text() else { return nil }
      texts.append(text)
    }
    return texts
  }

  /// A list of numbers.
  mutating func numbers<Number: BitwiseCopyable>() -> [Number]? {
    guard let count = integer() else { return nil }
    return raw(count)
  }

  /// Something that may not be there.
  mutating func optional<Value>(_ value: (inout MessageReader) -> Value?) -> Value?? {
    switch integer() {
    case 0: .some(nil)
    case 1: value(&self).map { .some($0) }
    default: nil
    }
  }

  mutating func node() -> HDF5NodeDescription? {
    guard let number = integer(), let name = text(), let isDataset = integer() else { return nil }
    return HDF5NodeDescription(number: number, name: name, isDataset: isDataset != 0)
  }

  /// The failure that a message reports; `nil` when it is an answer, which then follows.
  mutating func failure() -> HDF5Failure? {
    let broken = HDF5Failure.noAnswer(.lost("the process that reads HDF5 files gave no answer"))
    switch integer() {
    case 0: return nil
    case 1:
      guard let place = optional({ $0.texts() }), let found = text(), let expected = text() else {
        return broken
      }
      return .malformed(place: place?.first, found: found, expected: expected)
    case 2:
      guard let needed = integer(), let available = integer() else { return broken }
      return .tooLarge(needed: needed, available: available)
    default: return broken
    }
  }

  private mutating func raw<Number: BitwiseCopyable>(_ count: Int) -> [Number]? {
    let stride = MemoryLayout<Number>.stride
    guard 0...(bytes.count - place) / stride ~= count else { return nil }
    let start = place
    place += count * stride
    var numbers = [Number](unwritten: count)
    numbers.withUnsafeMutableBytes { numbers in
      bytes.withUnsafeBytes { all in
        numbers.copyMemory(
          from: UnsafeRawBufferPointer(rebasing: all[start..<start + count * stride]))
      }
    }
    return numbers
  }
}

/// What one process tells another of an object.
struct HDF5NodeDescription {
  let number: Int
  let name: String
  let isDataset: Bool
}
