import OptimalTransport
import Synchronization

/// Room for columns of as many numbers, one after the other in one array, which a measure takes as it is. Numbers are
/// checked as they come: while they are in the cache.
struct ColumnStore {
  private let rowCount: Int
  private var numbers: [Double]
  private var areFinite: [Bool]

  /// Room for numbers that are all yet to be written.
  init(rows: Int, columns: Int) {
    rowCount = rows
    numbers = [Double](unwritten: rows * columns)
    areFinite = Array(repeating: true, count: columns)
  }

  /// The columns, once all of their numbers were written.
  var columns: [CoordinateColumn] { CoordinateColumn.columns(of: numbers, areFinite: areFinite) }

  private func place(_ column: Int, _ rows: Range<Int>) -> Range<Int> {
    precondition(areFinite.indices.contains(column) && rows.clamped(to: 0..<rowCount) == rows)
    return column * rowCount + rows.lowerBound..<column * rowCount + rows.upperBound
  }

  /// Writes some rows of some columns, several columns at the same time.
  ///
  /// - Parameter body: gets the number of a column, from 0 for the first of these, and where its numbers go.
  mutating func write(
    _ rows: Range<Int>, of columns: Range<Int>,
    _ body: @Sendable (_ column: Int, _ numbers: UnsafeMutableBufferPointer<Double>) -> Void
  ) {
    let places = columns.map { place($0, rows) }
    let isFinite = numbers.withUnsafeMutableBufferPointer { numbers in
      nonisolated(unsafe) let numbers = numbers
      return Parallel.map(count: places.count, costPerItem: 2 * Double(rows.count)) { column in
        let part = UnsafeMutableBufferPointer(rebasing: numbers[places[column]])
        body(column, part)
        return NumberRule.finite.firstViolation(in: UnsafeBufferPointer(part)) == nil
      }
    }
    for (column, isFinite) in zip(columns, isFinite) where !isFinite { areFinite[column] = false }
  }

  /// Writes all rows of some columns, several blocks of rows at the same time.
  ///
  /// - Parameters:
  ///   - blockSize: the rows of a block.
  ///   - body: gets the rows of a block, bytes to work with and where the numbers of each column go; says whether it could
  ///     write them.
  /// - Returns: the first row of a block that could not be written; `nil` when all were.
  mutating func fill<Failure: Error>(
    _ columns: Range<Int>, blockSize: Int,
    _ body:
      @Sendable (
        _ rows: Range<Int>, _ bytes: inout [UInt8], _ columns: [UnsafeMutableBufferPointer<Double>]
      ) throws(Failure) -> Bool
  ) throws(Failure) -> Int? {
    let rowCount = rowCount
    let starts = columns.map { place($0, 0..<rowCount).lowerBound }
    let blocks = (rowCount + blockSize - 1) / blockSize
    let pieces = min(blocks, 64)
    let results = numbers.withUnsafeMutableBufferPointer { numbers in
      nonisolated(unsafe) let numbers = numbers
      return Parallel.results(count: pieces) { piece throws(Failure) in
        var (bytes, areFinite) = ([UInt8](), columns.map { _ in true })
        for block in blocks * piece / pieces..<blocks * (piece + 1) / pieces {
          let rows = block * blockSize..<min(rowCount, (block + 1) * blockSize)
          let parts = starts.map {
            UnsafeMutableBufferPointer(
              rebasing: numbers[$0 + rows.lowerBound..<$0 + rows.upperBound])
          }
          guard try body(rows, &bytes, parts) else { return (rows.lowerBound as Int?, areFinite) }
          for (column, part) in parts.enumerated()
          where NumberRule.finite.firstViolation(in: UnsafeBufferPointer(part)) != nil {
            areFinite[column] = false
          }
        }
        return (nil as Int?, areFinite)
      }
    }
    for result in results {
      let (missing, found) = try result.get()
      if let missing { return missing }
      for (column, isFinite) in zip(columns, found) where !isFinite { areFinite[column] = false }
    }
    return nil
  }

  /// Writes some of a column's numbers, which this thread gets from elsewhere.
  mutating func write<Failure: Error>(
    _ rows: Range<Int>, of column: Int,
    _ body: (UnsafeMutableBufferPointer<Double>) throws(Failure) -> Void
  ) throws(Failure) {
    let place = place(column, rows)
    let isFinite = try numbers.withUnsafeMutableBufferPointer { numbers throws(Failure) in
      let part = UnsafeMutableBufferPointer(rebasing: numbers[place])
      try body(part)
      return NumberRule.finite.firstViolation(in: UnsafeBufferPointer(part)) == nil
    }
    if !isFinite { areFinite[column] = false }
  }

  /// Writes a whole column on several processors.
  ///
  /// - Parameter body: gets some of the rows, and where their numbers go.
  mutating func fill(
    _ column: Int,
    _ body: @Sendable (_ rows: Range<Int>, _ numbers: UnsafeMutableBufferPointer<Double>) -> Void
  ) {
    let start = place(column, 0..<rowCount).lowerBound
    let isFinite = Atomic(true)
    numbers.withUnsafeMutableBufferPointer { numbers in
      nonisolated(unsafe) let numbers = numbers
      Parallel.forEachChunk(of: rowCount, costPerItem: 1) { rows in
        let part = UnsafeMutableBufferPointer(
          rebasing: numbers[start + rows.lowerBound..<start + rows.upperBound])
        body(rows, part)
        if NumberRule.finite.firstViolation(in: UnsafeBufferPointer(part)) != nil {
          isFinite.store(false, ordering: .relaxed)
        }
      }
    }
    if !isFinite.load(ordering: .relaxed) { areFinite[column] = false }
  }
}
