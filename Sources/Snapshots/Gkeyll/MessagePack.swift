/// Reads the flat map that Gkeyll puts before its data, in the MessagePack format
/// (github.com/msgpack/msgpack, spec.md).
struct MessagePack {
  /// A value of the map; what is nested is skipped.
  enum Value: Equatable {
    case number(Double)
    case text(String)
    case other
  }

  private let bytes: [UInt8]
  private var position = 0

  /// The entries of a map with text as keys; `nil` when the bytes are none.
  static func map(_ bytes: [UInt8]) -> [String: Value]? {
    var reader = MessagePack(bytes: bytes)
    guard let count = reader.mapCount() else { return nil }
    var entries: [String: Value] = [:]
    for _ in 0..<count {
      guard case .text(let key)? = reader.value(depth: 0), let value = reader.value(depth: 0) else {
        return nil
      }
      entries[key] = value
    }
    return entries
  }

  private init(bytes: [UInt8]) { self.bytes = bytes }

  private mutating func byte() -> UInt8? {
    guard position < bytes.count else { return nil }
    defer { position += 1 }
    return bytes[position]
  }

  private mutating func integer(bytes count: Int) -> UInt64? {
    var value: UInt64 = 0
    for _ in 0..<count {
      guard let next = byte() else { return nil }
      value = value << 8 | UInt64(next)
    }
    return value
  }

  /// A size that the bytes still to come can hold.
  private mutating func size(bytes count: Int) -> Int? {
    integer(bytes: count).flatMap { Int(exactly: $0) }.flatMap { fits($0) }
  }

  private func fits(_ size: Int) -> Int? { size <= bytes.count - position ? size : nil }

  private mutating func mapCount() -> Int? {
    switch byte() {
    case let head? where head & 0xf0 == 0x80: fits(Int(head & 0x0f))
    case 0xde: size(bytes: 2)
    case 0xdf: size(bytes: 4)
    default: nil
    }
  }

  private mutating func value(depth: Int) -> Value? {
    guard depth < 8, let head = byte() else { return nil }
    switch head {
    case 0...0x7f: return .number(Double(head))
    case 0xe0...0xff: return .number(Double(Int8(bitPattern: head)))
    case 0xa0...0xbf: return text(fits(Int(head & 0x1f)))
    case 0xd9: return text(size(bytes: 1))
    case 0xda: return text(size(bytes: 2))
    case 0xdb: return text(size(bytes: 4))
    case 0xca: return integer(bytes: 4).map { .number(Double(Float(bitPattern: UInt32($0)))) }
    case 0xcb: return integer(bytes: 8).map { .number(Double(bitPattern: $0)) }
    case 0xcc...0xcf: return integer(bytes: 1 << (head & 3)).map { .number(Double($0)) }
    case 0xd0...0xd3:
      let size = 1 << (head & 3)
      let shift = 64 - 8 * size
      return integer(bytes: size).map { .number(Double(Int64(bitPattern: $0 << shift) >> shift)) }
    case 0xc0, 0xc2, 0xc3: return .other
    case 0xc4: return skip(size(bytes: 1))
    case 0xc5: return skip(size(bytes: 2))
    case 0xc6: return skip(size(bytes: 4))
    case 0x80...0x8f: return nested(fits(Int(head & 0x0f)), each: 2, depth)
    case 0x90...0x9f: return nested(fits(Int(head & 0x0f)), each: 1, depth)
    case 0xdc: return nested(size(bytes: 2), each: 1, depth)
    case 0xdd: return nested(size(bytes: 4), each: 1, depth)
    case 0xde: return nested(size(bytes: 2), each: 2, depth)
    case 0xdf: return nested(size(bytes: 4), each: 2, depth)
    default: return nil
    }
  }

  private mutating func text(_ size: Int?) -> Value? {
    guard let size, let end = fits(size).map({ position + $0 }) else { return nil }
    defer { position = end }
    return .text(String(decoding: bytes[position..<end], as: UTF8.self))
  }

  private mutating func skip(_ size: Int?) -> Value? {
    guard let size else { return nil }
    position += size
    return .other
  }

  private mutating func nested(_ count: Int?, each: Int, _ depth: Int) -> Value? {
    guard let count else { return nil }
    for _ in 0..<count * each {
      guard value(depth: depth + 1) != nil else { return nil }
    }
    return .other
  }
}
