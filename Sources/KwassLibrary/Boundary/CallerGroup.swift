import CKwass
import OptimalTransport

/// The processes of a `kwass_group`, which the caller's function brings together.
struct CallerGroup: ProcessGroup, @unchecked Sendable {
  let rank: Int
  let size: Int
  // The header lets the caller answer for the context: the function is called on the caller's thread.
  private let context: UnsafeMutableRawPointer?
  private let share: kwass_share

  /// More processes than there are anywhere.
  private static let largestCount: Int32 = 1 << 24
  /// More bytes than any exchange has.
  private static let largestTotal: Int64 = 1 << 44

  /// - Parameter pointer: NULL for this process alone.
  /// - Returns: `nil` for this process alone.
  init?(_ pointer: UnsafePointer<kwass_group>?) throws(Failure) {
    guard let pointer else { return nil }
    let group = try kwass_group.read(pointer)
    guard 1...Self.largestCount ~= group.count else {
      throw .argument(
        "The field count of the kwass_group is \(group.count); it must be from 1 to "
          + "\(Self.largestCount).")
    }
    guard 0..<group.count ~= group.rank else {
      throw .argument(
        "The field rank of the kwass_group is \(group.rank); it must be from 0 to "
          + "\(group.count - 1).")
    }
    guard group.count > 1 else { return nil }
    guard let share = group.share else {
      throw .argument(
        "The field share of the kwass_group is NULL; \(group.count) processes need a function that "
          + "brings together what they have.")
    }
    (rank, size) = (Int(group.rank), Int(group.count))
    (context, self.share) = (group.context, share)
  }

  func gather(_ bytes: [UInt8]) throws(ProcessGroupError) -> [[UInt8]] {
    var counts = [Int64](repeating: 0, count: size)
    counts[rank] = Int64(bytes.count)
    let width = MemoryLayout<Int64>.size
    let widths = (0...size).map { Int64($0 * width) }
    try check(counts.withUnsafeMutableBytes { call($0, widths) })
    guard counts[rank] == bytes.count, counts.allSatisfy({ 0...Self.largestTotal ~= $0 }),
      case let total = counts.reduce(0, { min($0 + $1, Self.largestTotal + 1) }),
      total <= Self.largestTotal
    else {
      throw ProcessGroupError(
        "What the function share of the kwass_group has brought together cannot be: the processes would "
          + "have sent \(counts.prefix(8)) bytes, this one instead of \(bytes.count).")
    }
    var offsets: [Int64] = [0]
    for count in counts { offsets.append(offsets[offsets.count - 1] + count) }
    let places = offsets.map { Int($0) }
    do throws(Failure) {
      try Memory.require(Double(places[size]), for: "what the processes of a group exchange")
    } catch {
      throw ProcessGroupError(error.message)
    }
    var all = [UInt8](repeating: 0, count: places[size])
    all.replaceSubrange(places[rank]..<places[rank + 1], with: bytes)
    try check(all.withUnsafeMutableBytes { call($0, offsets) })
    return (0..<size).map { Array(all[places[$0]..<places[$0 + 1]]) }
  }

  private func call(_ bytes: UnsafeMutableRawBufferPointer, _ offsets: [Int64]) -> Int32 {
    // Where no process has anything, there is still a place.
    var none: UInt8 = 0
    return withUnsafeMutablePointer(to: &none) { none in
      offsets.withUnsafeBufferPointer {
        share(context, bytes.baseAddress ?? UnsafeMutableRawPointer(none), $0.baseAddress)
      }
    }
  }

  private func check(_ answer: Int32) throws(ProcessGroupError) {
    guard answer == 0 else {
      throw ProcessGroupError(
        "The function share of the kwass_group answered \(answer) instead of 0: the processes cannot "
          + "exchange what they have.")
    }
  }

  /// Nothing: the caller ends its processes.
  func abort(_ status: Int32) {}
}

extension ProcessGroup {
  /// Does what every process does before it exchanges anything, so that where it fails in one, it fails in all.
  ///
  /// - Parameter setting: what must be the same for all, in words that programs compare.
  func together<Result>(
    _ setting: String, _ body: () throws(Failure) -> Result
  ) throws(Failure) -> Result {
    guard size > 1 else { return try body() }
    let result = Swift.Result { () throws(Failure) in try body() }
    var (status, text) = (Int32(KWASS_OK), setting)
    if case .failure(let failure) = result { (status, text) = (failure.status, failure.message) }
    let all = try gathered(withUnsafeBytes(of: status) { Array($0) } + Array(text.utf8))
    let value = try result.get()
    for (rank, bytes) in all.enumerated() where bytes != all[self.rank] {
      let width = MemoryLayout<Int32>.size
      guard bytes.count >= width else {
        throw Failure(KWASS_ERROR_GROUP, "What the process \(rank) of a group has sent is cut off.")
      }
      let status = bytes.withUnsafeBytes { $0.loadUnaligned(as: Int32.self) }
      let message = String(decoding: bytes[width...], as: UTF8.self)
      throw status == Int32(KWASS_OK)
        ? Failure(
          KWASS_ERROR_GROUP,
          "The processes \(self.rank) and \(rank) of a group have different options.")
        : Failure(Int(status), "The process \(rank) of a group of \(size): \(message)")
    }
    return value
  }

  /// The bytes of all processes.
  func gathered(_ bytes: [UInt8]) throws(Failure) -> [[UInt8]] {
    do throws(ProcessGroupError) {
      return try gather(bytes)
    } catch {
      throw Failure(KWASS_ERROR_GROUP, error.description)
    }
  }
}
