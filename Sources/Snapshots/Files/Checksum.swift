import CZlib

/// The checksum of zip archives (CRC-32, ISO 3309) of bytes as they come.
struct Checksum: ByteSink {
  private(set) var value: UInt32 = 0
  /// How many bytes have come.
  private(set) var count = 0

  mutating func add(_ bytes: ArraySlice<UInt8>) {
    count += bytes.count
    value = bytes.withUnsafeBufferPointer { buffer in
      UInt32(truncatingIfNeeded: crc32_z(UInt(value), buffer.baseAddress, buffer.count))
    }
  }

  mutating func write(_ bytes: [UInt8]) throws(SnapshotError) { add(bytes[...]) }
}
