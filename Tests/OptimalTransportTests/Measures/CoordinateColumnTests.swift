import Testing

@testable import OptimalTransport

/// Columns of one array, and measures made of them.
@Suite struct CoordinateColumnTests {
  private func place(_ column: CoordinateColumn) -> UnsafePointer<Double>? {
    column.withNumbers(\.baseAddress)
  }
  private func place(_ numbers: [Double]) -> UnsafePointer<Double>? {
    numbers.withUnsafeBufferPointer(\.baseAddress)
  }

  private let numbers: [Double] = [1, 2, 3, 4, 5, 6]
  private var columns: [CoordinateColumn] {
    CoordinateColumn.columns(of: numbers, areFinite: [true, true])
  }

  @Test func columnsAreCollections() {
    #expect(columns == [[1, 2, 3], [4, 5, 6]] && columns[1] != [4, 5, 7])
    #expect(columns[1][2] == 6 && Array(columns[1]) == [4, 5, 6] && columns[1].array == [4, 5, 6])
    #expect(columns[1].map { 2 * $0 } == [8, 10, 12] && columns[1].max() == 6)
    #expect(columns[1].part(1..<3) == [5, 6] && Array(columns[1][1..<3]) == [5, 6])
    #expect(CoordinateColumn([]).isEmpty)
  }

  /// An array that columns fill one after the other is that of the measure; any others are copied.
  @Test func measuresTakeArraysAsTheyAre() throws {
    let measure = try DiscreteMeasure(columns: columns)
    #expect(place(measure.coordinates) == place(numbers))
    for others in [[columns[1], columns[0]], [columns[0], columns[0]], [columns[1]]] {
      let copied = try DiscreteMeasure(columns: others)
      #expect(place(copied.coordinates) != place(numbers))
      #expect(copied.coordinates == others.flatMap(Array.init))
    }
    let own = CoordinateColumn(numbers)
    #expect(place(try DiscreteMeasure(columns: [own]).coordinates) == place(numbers))
  }

  /// A column that is changed leaves the others and the measure as they were, and is checked anew.
  @Test func changesAreSeenNowhereElse() throws {
    var changed = columns
    let measure = try DiscreteMeasure(columns: changed)
    changed[0][1] = 7
    #expect(
      changed == [[1, 7, 3], [4, 5, 6]] && numbers[1] == 2 && measure.coordinates == numbers)
    #expect(try DiscreteMeasure(columns: changed).coordinates == [1, 7, 3, 4, 5, 6])
    changed[1][2] = .nan
    #expect(throws: MeasureError.self) { try DiscreteMeasure(columns: changed) }
    let known = columns[0]
    #expect(known.isKnownFinite && !changed[1].isKnownFinite && changed[0].isKnownFinite)
    #expect(NumberRule.finite.firstViolation(in: changed[1]) == 2)
  }

  /// Columns of which nobody knows are checked, also where they are taken as they stand.
  @Test func unknownColumnsAreChecked() throws {
    let bad = CoordinateColumn.columns(of: [1, 2, 3, .infinity], areFinite: [false, false])
    do {
      _ = try DiscreteMeasure(columns: bad)
      Issue.record("an infinite coordinate was accepted")
    } catch { #expect(error == .badCoordinate(point: 1, axis: 1, value: .infinity)) }
  }

  @Test func circlesLeaveWhatLiesInThem() {
    let axis = CoordinateAxis.circle(length: 6.5)
    #expect(place(axis.wrapped(columns[1])) == place(columns[1]))
    #expect(CoordinateAxis.circle(length: 6).wrapped(columns[1]) == [4, 5, 0])
  }
}
