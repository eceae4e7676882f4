/// The density in each cell of a Gkeyll file, or in each part of a cell.
struct GkeyllValues {
  /// The values on the grid of the parts, the last axis fastest.
  private(set) var all: [Double]
  private let header: GkeyllHeader
  private let file: InputFile
  /// For each part of a cell the weights of the coefficients.
  private let weights: [[Double]]
  private let place: CellPlace
  /// Which cells were read; empty where they come one after the other.
  private var isFilled: [Bool]

  private static let cellsPerPiece = 1 << 12

  /// Room for the values of a file.
  init(
    _ header: GkeyllHeader, subcells: Int, weights: [[Double]], _ file: InputFile
  ) throws(SnapshotError) {
    let (count, overflow) = header.cellCount.multipliedReportingOverflow(by: weights.count)
    guard !overflow, count <= Memory.size / 64 else {
      throw .malformed(
        path: file.path, place: nil, found: "more cells than fit into memory",
        expected: "at most \(Memory.size / 64)")
    }
    if let lack = Memory.lack(of: count * MemoryLayout<Double>.size) {
      throw .tooLarge(path: file.path, needed: lack.needed, available: lack.available)
    }
    all = [Double](repeating: 0, count: count)
    isFilled = header.hasRanges ? [Bool](repeating: false, count: header.cellCount) : []
    place = CellPlace(cells: header.cells, subcells: subcells)
    (self.header, self.weights, self.file) = (header, weights, file)
  }

  /// Reads all ranges of cells, behind which the file must end.
  mutating func read(_ bytes: inout GkeyllBytes) throws(SnapshotError) {
    if header.hasRanges {
      for _ in 0..<(try bytes.integer("the number of ranges", in: 1...header.cellCount)) {
        try read(try CellRange(header, &bytes), &bytes)
      }
    } else {
      try read(CellRange(lower: header.cells.map { _ in 0 }, sizes: header.cells), &bytes)
    }
    if let missing = isFilled.firstIndex(of: false) {
      throw .malformed(
        path: file.path, place: nil, found: "no range with cell \(missing + 1)",
        expected: "ranges that cover the grid")
    }
    guard bytes.rest == 0 else {
      throw bytes.malformed(
        found: "\(bytes.rest) bytes after the last number", expected: "the end of the file")
    }
  }

  private mutating func read(
    _ range: CellRange, _ bytes: inout GkeyllBytes
  ) throws(SnapshotError) {
    var cell = 0
    while cell < range.count {
      let count = min(Self.cellsPerPiece, range.count - cell)
      let piece = GkeyllBytes.doubles(
        try bytes.bytes(
          count * header.coefficients * header.realSize, "the numbers of all cells"),
        size: header.realSize)
      if let bad = piece.firstIndex(where: { !$0.isFinite }) {
        let number = place.number(range.index(cell + bad / header.coefficients))
        throw .malformed(
          path: file.path,
          place: "cell \(number + 1), coefficient \(bad % header.coefficients + 1)",
          found: "\(piece[bad])", expected: "a finite number")
      }
      for local in 0..<count {
        let index = range.index(cell + local)
        if header.hasRanges {
          let number = place.number(index)
          guard !isFilled[number] else {
            throw bytes.malformed(found: "a cell in two ranges", expected: "each cell in one")
          }
          isFilled[number] = true
        }
        for (part, means) in weights.enumerated() {
          var value = 0.0
          for (coefficient, mean) in means.enumerated() {
            value += mean * piece[local * header.coefficients + coefficient]
          }
          all[place.value(index, part: part)] = value
        }
      }
      cell += count
    }
  }
}

/// Consecutive cells on each axis.
private struct CellRange {
  let lower: [Int]
  let sizes: [Int]
  var count: Int { sizes.reduce(1, *) }

  init(lower: [Int], sizes: [Int]) {
    self.lower = lower
    self.sizes = sizes
  }

  /// The range that a file states, with bounds that count from 1 and are both inside.
  init(_ header: GkeyllHeader, _ bytes: inout GkeyllBytes) throws(SnapshotError) {
    var (lower, sizes): ([Int], [Int]) = ([], [])
    for cells in header.cells {
      lower.append(try bytes.integer("the first cell of a range", in: 1...cells) - 1)
    }
    for (first, cells) in zip(lower, header.cells) {
      sizes.append(try bytes.integer("the last cell of a range", in: first + 1...cells) - first)
    }
    self.init(lower: lower, sizes: sizes)
    let stated = try bytes.integer("the number of cells of a range")
    guard stated == count else {
      throw bytes.malformed(
        found: "a range of \(stated) cells", expected: "the \(count) between its bounds")
    }
  }

  /// The place of a cell on each axis, from its number in the range.
  func index(_ number: Int) -> [Int] {
    var rest = number
    var index = lower
    for axis in sizes.indices.reversed() {
      index[axis] += rest % sizes[axis]
      rest /= sizes[axis]
    }
    return index
  }
}

/// Where the parts of a cell stand among all values.
private struct CellPlace {
  let cells: [Int]
  let subcells: Int

  /// The number of a cell in the whole grid.
  func number(_ index: [Int]) -> Int { zip(index, cells).reduce(0) { $0 * $1.1 + $1.0 } }

  /// The number of a part of a cell in the finer grid.
  func value(_ index: [Int], part: Int) -> Int {
    guard subcells > 1 else { return number(index) }
    var rest = part
    var (value, stride) = (0, 1)
    for axis in cells.indices.reversed() {
      value += (index[axis] * subcells + rest % subcells) * stride
      stride *= cells[axis] * subcells
      rest /= subcells
    }
    return value
  }
}
