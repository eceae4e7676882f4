/// A field of Gkeyll on a phase-space grid (`.gkyl`), as a measure of cells.
///
/// A cell holds the coefficients of an orthonormal modal expansion on [−1, 1]^n; its mean is the
/// first of them over 2^(n/2).
enum GkeyllSnapshot {
  private static let cellsPerPiece = 1 << 12
  private static let largestSubcells = 64

  static func read(_ file: InputFile, _ options: ReadingOptions) throws(SnapshotError) -> Reading {
    var bytes = GkeyllBytes(file)
    let header = try GkeyllHeader(&bytes)
    let positionDimension = try positionDimension(of: header, file, options)
    let basisText = try checkBasis(of: header, file)
    let subcells = options.subcells
    let weights = try weights(of: header, subcells: subcells, file)
    let parts = weights.count
    let (valueCount, overflow) = header.cellCount.multipliedReportingOverflow(by: parts)
    guard !overflow, valueCount <= Memory.size / 64 else {
      throw .malformed(
        path: file.path, place: nil, found: "more cells than fit into memory",
        expected: "at most \(Memory.size / 64)")
    }
    if let lack = Memory.lack(of: valueCount * MemoryLayout<Double>.size) {
      throw .tooLarge(path: file.path, needed: lack.needed, available: lack.available)
    }

    let place = CellPlace(cells: header.cells, subcells: subcells)
    var values = [Double](repeating: 0, count: valueCount)
    var isFilled = header.hasRanges ? [Bool](repeating: false, count: header.cellCount) : []
    let whole = CellRange(lower: header.cells.map { _ in 0 }, sizes: header.cells)
    var rangeCount = 1
    if header.hasRanges {
      rangeCount = try bytes.integer("the number of ranges", in: 1...header.cellCount)
    }
    for _ in 0..<rangeCount {
      var range = whole
      if header.hasRanges { range = try CellRange(header, &bytes) }
      var cell = 0
      while cell < range.count {
        let count = min(cellsPerPiece, range.count - cell)
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
            values[place.value(index, part: part)] = value
          }
        }
        cell += count
      }
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

    let axes = header.cells.indices.map { axis in
      CellGrid.GridAxis(
        from: header.lower[axis], to: header.upper[axis], count: header.cells[axis] * subcells)
    }
    var (snapshot, remainder) = CellGrid(
      axes: axes, values: values, positionDimension: positionDimension
    ).particles()
    guard snapshot.count > 0 else {
      throw .malformed(
        path: file.path, place: nil, found: "no cell of positive mass",
        expected: "a density")
    }
    if case .number(let time)? = header.metadata["time"] {
      guard time.isFinite else {
        throw .malformed(
          path: file.path, place: "in the metadata", found: "the time \(time)",
          expected: "a finite number")
      }
      snapshot.time = time
    }
    let grid = zip(header.cells, zip(header.lower, header.upper)).map { cells, ends in
      "\(cells) cells on [\(ends.0), \(ends.1)]"
    }
    return Reading(
      snapshot: snapshot,
      layout: "a field of float\(8 * header.realSize) on \(grid.joined(separator: " × "))",
      facts: [
        Fact("basis", basisText),
        Fact(
          "sampling",
          subcells == 1
            ? "cell means at cell centres" : "means over \(subcells) parts of a cell on each axis"),
        Fact("integral", "\(remainder.integral)"),
      ],
      notes: remainder.notes + [
        "Of \(counted(header.dimension, "axis", "axes")), the first "
          + "\(positionDimension == 1 ? "is" : "\(positionDimension) are") taken for positions "
          + "(--position-axes says otherwise)."
      ])
  }

  /// One, two or three velocity axes go with one to three position axes in a way that is common
  /// knowledge, but for four axes.
  private static func positionDimension(
    of header: GkeyllHeader, _ file: InputFile, _ options: ReadingOptions
  ) throws(SnapshotError) -> Int {
    if let stated = options.gridPositionAxes {
      guard 1...header.dimension ~= stated else {
        throw .malformed(
          path: file.path, place: nil, found: "a grid of \(header.dimension) axes",
          expected: "one with at least the \(stated) position axes asked for")
      }
      return stated
    }
    guard header.dimension != 4 else {
      throw .malformed(
        path: file.path, place: nil, found: "a grid of 4 axes",
        expected: "a statement how many of them are positions (--position-axes)")
    }
    return [1: 1, 2: 1, 3: 1, 5: 2, 6: 3][header.dimension] ?? 1
  }

  private static func checkBasis(
    of header: GkeyllHeader, _ file: InputFile
  ) throws(SnapshotError) -> String {
    guard case .text(let name)? = header.metadata["basisType"],
      case .number(let number)? = header.metadata["polyOrder"], let order = Int(exactly: number)
    else {
      return "not stated; \(counted(header.coefficients, "coefficient", "coefficients")) a cell"
    }
    let expected = ModalBasis.count(named: name, order: order, dimension: header.dimension)
    if let expected, expected != header.coefficients {
      throw .malformed(
        path: file.path, place: nil,
        found: "\(counted(header.coefficients, "coefficient", "coefficients")) a cell",
        expected: "the \(expected) of one density (\(name), order \(order))")
    }
    return "modal, \(quoted(name)), order \(order)"
  }

  /// For each part of a cell the weights of the coefficients.
  private static func weights(
    of header: GkeyllHeader, subcells: Int, _ file: InputFile
  ) throws(SnapshotError) -> [[Double]] {
    guard subcells > 1 else {
      let factor = (0..<header.dimension).reduce(1.0) { product, _ in product * 0.5.squareRoot() }
      // Exact for an even number of axes, where the product of roots need not be.
      let power = 1 / Double(1 << (header.dimension / 2))
      return [[header.dimension.isMultiple(of: 2) ? power : factor]]
    }
    guard subcells <= largestSubcells, case .text("serendipity")? = header.metadata["basisType"],
      case .number(let number)? = header.metadata["polyOrder"], let order = Int(exactly: number),
      let basis = ModalBasis(serendipityOrder: order, dimension: header.dimension),
      basis.degrees.count == header.coefficients
    else {
      throw .malformed(
        path: file.path, place: nil, found: "an expansion that kwass cannot sample more finely",
        expected: "a serendipity basis of order 1, or of order 2 on at most two axes, and at most "
          + "\(largestSubcells) parts (--subcells)")
    }
    return basis.means(subcells: subcells)
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
