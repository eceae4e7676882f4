import CKwass
import Libc

/// Numbers of the caller, some bytes apart on each of one or more axes.
///
/// Whatever the arguments are, no address is computed that does not lie within what they describe.
struct StridedArray {
  private let start: UnsafeRawPointer
  private let isFloat: Bool
  private let counts: [Int]
  private let strides: [Int]

  /// More coordinates than any measure has.
  static let largestDimension = 1 << 10
  /// More points than any solver takes: indices have 32 bits.
  static let largestCount = Int(Int32.max)

  /// The bytes of memory that a process can have.
  private static let largestReach = 1 << 47

  /// Numbers at `data + Σ i_k · strides[k]`.
  ///
  /// - Parameter name: what the array is called in sentences.
  init(
    _ data: UnsafeRawPointer?, type: Int32, counts: [Int], strides: [Int], name: String
  ) throws(Failure) {
    guard let data else {
      throw .argument("The array of \(name) is NULL; it must point to numbers.")
    }
    switch Int(type) {
    case KWASS_DOUBLE: isFloat = false
    case KWASS_FLOAT: isFloat = true
    default:
      throw .argument(
        "The type of the \(name) is \(type); it must be KWASS_DOUBLE (\(KWASS_DOUBLE)) or KWASS_FLOAT "
          + "(\(KWASS_FLOAT)).")
    }
    // The first and the last byte that the strides reach, from the start.
    var (low, high) = (0, MemoryLayout<Double>.size)
    for (count, stride) in zip(counts, strides) {
      let (reach, overflow) = stride.multipliedReportingOverflow(by: count - 1)
      let (end, overflowsEnd) = (reach < 0 ? low : high).addingReportingOverflow(reach)
      guard !overflow, !overflowsEnd else { throw Self.tooFar(name) }
      if reach < 0 { low = end } else { high = end }
    }
    guard low > -Self.largestReach, high < Self.largestReach,
      UInt(low.magnitude) < UInt(bitPattern: data)
    else { throw Self.tooFar(name) }
    (start, self.counts, self.strides) = (data, counts, strides)
  }

  private static func tooFar(_ name: String) -> Failure {
    .argument(
      "The strides of the \(name) lead out of the memory that a process can have; they are in bytes."
    )
  }

  /// Coordinates of points.
  ///
  /// - Returns: `nil` for an array of dimension 0.
  static func points(
    _ array: kwass_array, count: Int, name: String
  ) throws(Failure) -> StridedArray? {
    let dimension = Int(array.dimension)
    if dimension == 0 { return nil }
    guard 1...largestDimension ~= dimension else {
      throw .argument(
        "The dimension of the \(name) is \(dimension); it must be from 0 to \(largestDimension).")
    }
    var strides = [Int(array.axis_stride), Int(array.point_stride)]
    if strides == [0, 0] {
      let width = Int(array.type) == KWASS_FLOAT ? 4 : 8
      strides = [width, width * dimension]
    }
    return try StridedArray(
      array.data, type: array.type, counts: [dimension, count], strides: strides, name: name)
  }

  /// All numbers, the last axis fastest.
  var values: [Double] {
    let total = counts.reduce(1, *)
    return [Double](unsafeUninitializedCapacity: total) { buffer, filled in
      var place = 0
      read(axis: 0, from: start) {
        buffer.initializeElement(at: place, to: $0)
        place += 1
      }
      filled = place
    }
  }

  /// The numbers of one index of the first axis.
  func values(_ index: Int) -> [Double] {
    let row = start + index * strides[0]
    return [Double](unsafeUninitializedCapacity: counts.dropFirst().reduce(1, *)) {
      buffer, filled in
      var place = 0
      read(axis: 1, from: row) {
        buffer.initializeElement(at: place, to: $0)
        place += 1
      }
      filled = place
    }
  }

  private func read(axis: Int, from start: UnsafeRawPointer, _ take: (Double) -> Void) {
    guard axis < counts.count else {
      take(
        isFloat
          ? Double(start.loadUnaligned(as: Float.self)) : start.loadUnaligned(as: Double.self))
      return
    }
    let stride = strides[axis]
    for index in 0..<counts[axis] {
      // The last axis is the long one: one call less for each number.
      let place = start + index * stride
      if axis + 1 < counts.count {
        read(axis: axis + 1, from: place, take)
      } else {
        take(
          isFloat
            ? Double(place.loadUnaligned(as: Float.self)) : place.loadUnaligned(as: Double.self))
      }
    }
  }
}
