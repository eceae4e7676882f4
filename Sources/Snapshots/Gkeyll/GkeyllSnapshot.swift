/// A field of Gkeyll on a phase-space grid (`.gkyl`), as a measure of cells.
///
/// A cell holds the coefficients of an orthonormal modal expansion on [−1, 1]^n; its mean is the
/// first of them over 2^(n/2).
enum GkeyllSnapshot {
  private static let largestSubcells = 64

  static func read(_ file: InputFile, _ options: ReadingOptions) throws(SnapshotError) -> Reading {
    var bytes = GkeyllBytes(file)
    let header = try GkeyllHeader(&bytes)
    let positionDimension = try positionDimension(of: header, file, options)
    let basisText = try checkBasis(of: header, file)
    let subcells = options.subcells
    let weights = try weights(of: header, subcells: subcells, file)
    var values = try GkeyllValues(header, subcells: subcells, weights: weights, file)
    try values.read(&bytes)

    let axes = header.cells.indices.map { axis in
      CellGrid.GridAxis(
        from: header.lower[axis], to: header.upper[axis], count: header.cells[axis] * subcells)
    }
    var (snapshot, remainder) = CellGrid(
      axes: axes, values: values.all, positionDimension: positionDimension
    ).particles()
    guard snapshot.count > 0 else {
      throw .malformed(
        path: file.path, place: nil, found: "no cell of positive mass",
        expected: "a density")
    }
    snapshot.time = try time(of: header, file)
    let grid = zip(header.cells, zip(header.lower, header.upper)).map { cells, ends in
      "\(cells) cells on [\(ends.0), \(ends.1)]"
    }
    return Reading(
      snapshot: snapshot,
      layout: "a field of float\(8 * header.realSize) on \(grid.joined(separator: " × "))",
      facts: [
        SnapshotFact("basis", basisText),
        SnapshotFact(
          "sampling",
          subcells == 1
            ? "cell means at cell centres" : "means over \(subcells) parts of a cell on each axis"),
        SnapshotFact("integral", "\(remainder.integral)"),
      ],
      notes: remainder.notes + [
        ReadingNote(
          "Of \(counted(header.dimension, "axis", "axes")), the first "
            + "\(positionDimension == 1 ? "is" : "\(positionDimension) are") taken for positions",
          unless: .positionAxes)
      ])
  }

  /// The time that the metadata state; `nil` for none.
  private static func time(
    of header: GkeyllHeader, _ file: InputFile
  ) throws(SnapshotError) -> Double? {
    guard case .number(let time)? = header.metadata["time"] else { return nil }
    guard time.isFinite else {
      throw .malformed(
        path: file.path, place: "in the metadata", found: "the time \(time)",
        expected: "a finite number")
    }
    return time
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
      throw .undecided(
        path: file.path, place: nil, found: "a grid of 4 axes",
        expected: "a statement how many of them are positions", choices: [.positionAxes])
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
      throw .undecided(
        path: file.path, place: nil, found: "an expansion that cannot be sampled more finely",
        expected: "a serendipity basis of order 1, or of order 2 on at most two axes, and at most "
          + "\(largestSubcells) parts", choices: [.subcells])
    }
    return basis.means(subcells: subcells)
  }
}
