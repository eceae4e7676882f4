/// Collects small pieces before they go on to a sink.
struct OutputBuffer {
  /// The bytes that wait.
  var bytes: [UInt8] = []
  private static let limit = 1 << 18

  init() { bytes.reserveCapacity(Self.limit + 4096) }

  /// Passes the bytes on when there are many.
  mutating func flushWhenFull(to sink: inout some ByteSink & ~Copyable) throws(SnapshotError) {
    if bytes.count >= Self.limit { try flush(to: &sink) }
  }

  /// Passes the bytes on.
  mutating func flush(to sink: inout some ByteSink & ~Copyable) throws(SnapshotError) {
    try sink.write(bytes)
    bytes.removeAll(keepingCapacity: true)
  }
}
