import CKwass
import OptimalTransport

/// The pairs of a matrix that each process of a group measures, and how all get what each has found.
struct SharedPairs {
  let group: any ProcessGroup

  /// Whether a pair belongs to this process.
  func owns(_ pair: Int) -> Bool { pair % group.size == group.rank }

  /// How many of so many pairs belong to this process.
  func ownCount(of count: Int) -> Int { (count - group.rank + group.size - 1) / group.size }

  /// What all processes have found.
  func gathered(
    _ own: [DistanceMatrix.Found?]
  ) throws(Failure) -> [DistanceMatrix.Found?] {
    guard group.size > 1 else { return own }
    var message = PairMessage()
    for (pair, found) in own.enumerated() where owns(pair) { message.append(found) }
    var messages = try group.gathered(message.bytes).map { PairMessage(bytes: $0) }
    guard messages.count == group.size else {
      throw Failure(
        KWASS_ERROR_GROUP, "Of \(group.size) processes \(messages.count) have sent what they found."
      )
    }
    var all: [DistanceMatrix.Found?] = []
    for pair in own.indices {
      let rank = pair % group.size
      let found = messages[rank].next()
      guard !messages[rank].isShort else {
        throw Failure(KWASS_ERROR_GROUP, "What the process \(rank) of a group has sent is cut off.")
      }
      all.append(rank == group.rank ? own[pair] : found.map { named($0, rank) })
    }
    return all
  }

  private func named(_ found: DistanceMatrix.Found, _ rank: Int) -> DistanceMatrix.Found {
    guard case .failure(let failure) = found, failure.status < 0 else { return found }
    return .failure(
      Failure(
        Int(failure.status),
        "The process \(rank) of a group of \(group.size): \(failure.message)"))
  }
}

/// What pairs have given, one after another, as bytes.
private struct PairMessage {
  private(set) var bytes: [UInt8] = []
  private var place = 0
  /// Whether more was read than there is.
  private(set) var isShort = false

  init(bytes: [UInt8] = []) { self.bytes = bytes }

  private enum Kind: UInt64 {
    case nothing, entry, inaccurateEntry, failure
  }

  mutating func append(_ found: DistanceMatrix.Found?) {
    switch found {
    case nil: append(Kind.nothing.rawValue)
    case .success((let entry, let failure)):
      append((failure == nil ? Kind.entry : .inaccurateEntry).rawValue)
      for number in [entry.distance, entry.bounds.lower, entry.bounds.upper] {
        append(number.bitPattern)
      }
      if let failure { append(failure) }
    case .failure(let failure):
      append(Kind.failure.rawValue)
      append(failure)
    }
  }

  private mutating func append(_ failure: Failure) {
    let text = Array(failure.message.utf8)
    append(UInt64(bitPattern: Int64(failure.status)))
    append(UInt64(text.count))
    bytes += text
  }

  private mutating func append(_ number: UInt64) {
    withUnsafeBytes(of: number) { bytes.append(contentsOf: $0) }
  }

  /// What the next pair has given.
  mutating func next() -> DistanceMatrix.Found? {
    switch Kind(rawValue: number()) {
    case .entry: return .success((entry(), nil))
    case .inaccurateEntry:
      let entry = entry()
      return .success((entry, failure()))
    case .failure: return .failure(failure())
    case .nothing: return nil
    case nil:
      isShort = true
      return nil
    }
  }

  private mutating func entry() -> DistanceMatrix.Entry {
    let distance = Double(bitPattern: number())
    let (lower, upper) = (Double(bitPattern: number()), Double(bitPattern: number()))
    return DistanceMatrix.Entry(
      distance: distance, bounds: ProvedBounds(lower: lower, upper: upper))
  }

  private mutating func failure() -> Failure {
    let status = Int(Int32(truncatingIfNeeded: number()))
    let count = number()
    guard count <= UInt64(bytes.count - place) else {
      isShort = true
      return Failure(status, "")
    }
    defer { place += Int(count) }
    return Failure(status, String(decoding: bytes[place..<place + Int(count)], as: UTF8.self))
  }

  private mutating func number() -> UInt64 {
    let end = place + MemoryLayout<UInt64>.size
    guard end <= bytes.count else {
      isShort = true
      return 0
    }
    defer { place = end }
    return bytes.withUnsafeBytes { $0.loadUnaligned(fromByteOffset: place, as: UInt64.self) }
  }
}
