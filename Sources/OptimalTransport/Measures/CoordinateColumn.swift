/// The coordinates of points on one axis, in one array of their own or with those on other axes.
///
/// Numbers are counted from 0, and copies share them until one is changed. A measure of columns that follow one another
/// in an array and fill it, such as those of a file, takes the array as it is, without copying a number.
public struct CoordinateColumn: Sendable, RandomAccessCollection, MutableCollection,
  ExpressibleByArrayLiteral
{
  /// The array in which the numbers stand.
  private var storage: [Double]
  /// Where the first of them stands.
  private var offset: Int
  /// The number of points.
  public let count: Int
  /// Whether all numbers were found to be finite; they may be so without having been looked at.
  package private(set) var isKnownFinite: Bool

  /// The numbers of an array.
  ///
  /// - Complexity: O(1).
  public init(_ numbers: [Double]) {
    self.init(numbers, at: 0, count: numbers.count, isKnownFinite: false)
  }

  /// The numbers of a literal.
  public init(arrayLiteral elements: Double...) { self.init(elements) }

  private init(_ storage: [Double], at offset: Int, count: Int, isKnownFinite: Bool) {
    self.storage = storage
    self.offset = offset
    self.count = count
    self.isKnownFinite = isKnownFinite
  }

  /// The columns that follow one another in an array.
  ///
  /// - Parameters:
  ///   - storage: as many numbers for each column.
  ///   - areFinite: for each column whether all of its numbers were found to be finite.
  package static func columns(of storage: [Double], areFinite: [Bool]) -> [CoordinateColumn] {
    let count = areFinite.isEmpty ? 0 : storage.count / areFinite.count
    return areFinite.enumerated().map { column, isFinite in
      CoordinateColumn(storage, at: column * count, count: count, isKnownFinite: isFinite)
    }
  }

  /// 0.
  public var startIndex: Int { 0 }
  /// The number of points.
  public var endIndex: Int { count }

  /// The coordinate of a point. The first one that is changed in a column that shares its array gives it its own.
  public subscript(position: Int) -> Double {
    get {
      precondition(0..<count ~= position, "a coordinate beyond the last point")
      return storage[offset + position]
    }
    set {
      precondition(0..<count ~= position, "a coordinate beyond the last point")
      if count < storage.count { (storage, offset) = (array, 0) }
      storage[offset + position] = newValue
      isKnownFinite = isKnownFinite && newValue.isFinite
    }
  }

  /// Hands over the numbers where they stand; never `nil`.
  public func withContiguousStorageIfAvailable<Result>(
    _ body: (UnsafeBufferPointer<Double>) throws -> Result
  ) rethrows -> Result? {
    try withNumbers(body)
  }

  /// Hands over the numbers where they stand.
  package func withNumbers<Result>(
    _ body: (UnsafeBufferPointer<Double>) throws -> Result
  ) rethrows -> Result {
    try storage.withUnsafeBufferPointer {
      try body(UnsafeBufferPointer(rebasing: $0[offset..<offset + count]))
    }
  }

  /// The numbers as an array; nothing is copied where they have one of their own.
  package var array: [Double] {
    count == storage.count ? storage : Array(storage[offset..<offset + count])
  }

  /// Some consecutive ones of the numbers.
  ///
  /// - Complexity: O(1).
  package func part(_ range: Range<Int>) -> CoordinateColumn {
    precondition(range.lowerBound >= 0 && range.upperBound <= count)
    return CoordinateColumn(
      storage, at: offset + range.lowerBound, count: range.count, isKnownFinite: isKnownFinite)
  }

  /// The array that columns of as many numbers fill one after the other; `nil` where there is none.
  static func sharedStorage(of columns: [CoordinateColumn]) -> [Double]? {
    guard let first = columns.first, first.storage.count == columns.count * first.count else {
      return nil
    }
    func place(_ column: CoordinateColumn) -> UnsafePointer<Double>? {
      column.storage.withUnsafeBufferPointer(\.baseAddress)
    }
    let isShared = columns.enumerated().allSatisfy { index, column in
      column.count == first.count && column.offset == index * first.count
        && place(column) == place(first)
    }
    return isShared ? first.storage : nil
  }
}

extension CoordinateColumn: Equatable {
  /// Whether the numbers are equal, one by one.
  public static func == (first: CoordinateColumn, second: CoordinateColumn) -> Bool {
    first.elementsEqual(second)
  }
}

extension NumberRule {
  /// The place of the first number that is not as it must be.
  ///
  /// - Complexity: O(n), or O(1) where it is known already.
  package func firstViolation(in column: CoordinateColumn) -> Int? {
    if self == .finite, column.isKnownFinite { return nil }
    return column.withNumbers { firstViolationInParallel($0) }
  }
}

extension CoordinateAxis {
  /// The representatives of some coordinates, as `wrapped(_:)` gives them.
  ///
  /// - Complexity: O(n); nothing is copied where all of them lie on the line or in [0, length).
  package func wrapped(_ column: CoordinateColumn) -> CoordinateColumn {
    guard case .circle(let length) = self,
      !column.withNumbers({ $0.allSatisfy { $0 >= 0 && $0 < length } })
    else { return column }
    return CoordinateColumn(column.map { wrapped($0) })
  }
}
