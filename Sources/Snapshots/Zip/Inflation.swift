import CZlib

/// Unpacks deflated bytes (RFC 1951).
final class Inflation {
  // zlib keeps the address of this structure, so it must stay where it is.
  private let stream: UnsafeMutablePointer<z_stream>
  private var packed = [UInt8](repeating: 0, count: 1 << 14)
  /// The part of `packed` that was read and not yet used.
  private var waiting = 0..<0
  private var isAtEnd = false

  /// - Parameter file: the file to name when zlib cannot start.
  init(_ file: InputFile) throws(SnapshotError) {
    stream = .allocate(capacity: 1)
    stream.initialize(to: z_stream())
    // Negative: without the zlib header, as archives have it.
    let windowBits = -MAX_WBITS
    let size = Int32(MemoryLayout<z_stream>.size)
    guard inflateInit2_(stream, windowBits, ZLIB_VERSION, size) == Z_OK else {
      throw .inputOutput(path: file.path, reason: "zlib cannot start")
    }
  }

  deinit {
    inflateEnd(stream)
    stream.deallocate()
  }

  /// Whether so many packed bytes can unpack to so many: deflate needs at least two bits for 258
  /// bytes.
  static func canYield(_ size: Int, from packedSize: Int) -> Bool {
    size / 1032 <= packedSize
  }

  /// Unpacks at least one byte into part of a buffer.
  ///
  /// - Returns: the number of bytes; 0 at the end of the stream, `nil` when the packed bytes are
  ///   damaged or end too early.
  func read(
    into buffer: inout [UInt8], in range: Range<Int>, from source: inout FileSection
  ) throws(SnapshotError) -> Int? {
    while !isAtEnd {
      if waiting.isEmpty {
        waiting = 0..<(try source.read(into: &packed, in: 0..<packed.count))
      }
      let (status, used, written) = step(into: &buffer, in: range)
      waiting = waiting.lowerBound + used..<waiting.upperBound
      switch status {
      case Z_STREAM_END: isAtEnd = true
      case Z_OK: break
      default: return nil
      }
      if written > 0 { return written }
    }
    return 0
  }

  /// One call of zlib, which either makes progress or says why not.
  private func step(
    into buffer: inout [UInt8], in range: Range<Int>
  ) -> (status: Int32, used: Int, written: Int) {
    let room = UInt32(clamping: range.count)
    let available = UInt32(waiting.count)
    return packed.withUnsafeMutableBufferPointer { input in
      buffer.withUnsafeMutableBufferPointer { output in
        stream.pointee.next_in = input.baseAddress?.advanced(by: waiting.lowerBound)
        stream.pointee.avail_in = available
        stream.pointee.next_out = output.baseAddress?.advanced(by: range.lowerBound)
        stream.pointee.avail_out = room
        let status = inflate(stream, Z_NO_FLUSH)
        return (
          status, Int(available - stream.pointee.avail_in), Int(room - stream.pointee.avail_out)
        )
      }
    }
  }
}
