import CHDF5
import CZlib
import OptimalTransport

/// The deflated chunks of a dataset of one dimension: libhdf5 hands over their bytes, one chunk after the other, and
/// several of them are unpacked at the same time, straight to where their numbers belong.
///
/// Whatever is not as usual is left to libhdf5, which also says what is wrong with it.
struct PackedChunks {
  private let handle: HDF5Handle
  private let packing: hdf5_packing
  private let numberSize: Int

  /// So many bytes are unpacked before the next ones are read.
  private static let batchSize = 1 << 23
  /// Larger chunks are not unpacked here.
  private static let largestChunk = 1 << 26

  /// The chunks of a dataset; `nil` where libhdf5 has to unpack them.
  init?(_ handle: HDF5Handle) {
    packing = hdf5_packing_of(handle.id)
    self.handle = handle
    switch packing.type {
    case hdf5_packed_float, hdf5_packed_int32: numberSize = 4
    case hdf5_packed_double: numberSize = 8
    default: return nil
    }
    guard 1...Self.largestChunk / numberSize ~= packing.chunk_count else { return nil }
  }

  /// Reads some of the numbers.
  ///
  /// - Parameters:
  ///   - rows: which, in a dataset that has them.
  ///   - numbers: room for as many.
  /// - Returns: whether it could be done.
  func read(_ rows: Range<Int>, into numbers: UnsafeMutableBufferPointer<Double>) -> Bool {
    let chunkCount = packing.chunk_count
    let chunks = rows.lowerBound / chunkCount...(rows.upperBound - 1) / chunkCount
    let batch = max(1, Self.batchSize / (chunkCount * numberSize))
    for first in stride(from: chunks.lowerBound, through: chunks.upperBound, by: batch) {
      let last = min(first + batch - 1, chunks.upperBound)
      guard let packed = packedBytes(first...last) else { return false }
      nonisolated(unsafe) let numbers = numbers
      let (type, isShuffled, numberSize) = (packing.type, packing.is_shuffled != 0, numberSize)
      let areRead = Parallel.map(count: packed.count, costPerItem: Double(8 * chunkCount)) {
        index in
        let start = (first + index) * chunkCount
        let wanted = rows.clamped(to: start..<start + chunkCount)
        guard
          let bytes = Self.unpacked(
            packed[index], size: chunkCount * numberSize, numberSize, isShuffled)
        else { return false }
        let place = wanted.lowerBound - rows.lowerBound
        Self.decode(
          bytes, type, from: wanted.lowerBound - start,
          into: UnsafeMutableBufferPointer(rebasing: numbers[place..<place + wanted.count]))
        return true
      }
      guard areRead.allSatisfy(\.self) else { return false }
    }
    return true
  }

  /// The bytes of some chunks as they stand in the file.
  private func packedBytes(_ chunks: ClosedRange<Int>) -> [[UInt8]]? {
    var all: [[UInt8]] = []
    for chunk in chunks {
      let place = UInt64(chunk * packing.chunk_count)
      let size = hdf5_packed_size(handle.id, place)
      // Deflate makes what it cannot shorten longer by next to nothing.
      guard size > 0, size <= packing.chunk_count * numberSize * 2 + 1024 else { return nil }
      var bytes = [UInt8](unwritten: size)
      guard hdf5_read_packed(handle.id, place, &bytes) != 0 else { return nil }
      all.append(bytes)
    }
    return all
  }

  private static func unpacked(
    _ packed: [UInt8], size: Int, _ numberSize: Int, _ isShuffled: Bool
  ) -> [UInt8]? {
    var bytes = [UInt8](unwritten: size)
    var found = uLongf(size)
    guard uncompress(&bytes, &found, packed, uLong(packed.count)) == Z_OK, found == size else {
      return nil
    }
    return isShuffled ? unshuffled(bytes, numberSize) : bytes
  }

  /// The bytes of each number together, of which the first bytes of all numbers came first, then the second ones.
  private static func unshuffled(_ bytes: [UInt8], _ numberSize: Int) -> [UInt8] {
    let count = bytes.count / numberSize
    var numbers = [UInt8](unwritten: bytes.count)
    bytes.withUnsafeBytes { bytes in
      numbers.withUnsafeMutableBytes { numbers in
        for place in 0..<numberSize {
          for index in 0..<count {
            numbers[index &* numberSize &+ place] = bytes[place &* count &+ index]
          }
        }
      }
    }
    return numbers
  }

  private static func decode(
    _ bytes: [UInt8], _ type: hdf5_packed_type, from first: Int,
    into numbers: UnsafeMutableBufferPointer<Double>
  ) {
    bytes.withUnsafeBytes { bytes in
      switch type {
      case hdf5_packed_float: NPYType.float32.decode(bytes, first: first, into: numbers)
      case hdf5_packed_int32: NPYType.int32.decode(bytes, first: first, into: numbers)
      default: NPYType.float64.decode(bytes, first: first, into: numbers)
      }
    }
  }
}
