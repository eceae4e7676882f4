/// A snapshot in an HDF5 file of no standard, by a mapping that the user states.
enum HDF5Arrays {
  static func read(
    _ root: HDF5Object, _ mapping: DatasetMapping, _ options: ReadingOptions
  ) throws(SnapshotError) -> Reading {
    let files = try HDF5Neighbours(root, mapping)
    var reading =
      if let density = mapping.density {
        try grid(files, density, mapping, options)
      } else {
        try particles(files, mapping)
      }
    if let time = mapping.time {
      let values = try files.array(time).values
      guard values.count == 1, values[0].isFinite else {
        throw files.malformed(
          time, found: "\(counted(values.count, "number", "numbers"))",
          expected: "one finite number, the time")
      }
      reading.snapshot.time = values[0]
    }
    return reading
  }

  private static func particles(
    _ files: HDF5Neighbours, _ mapping: DatasetMapping
  ) throws(SnapshotError) -> Reading {
    let positions = try columns(files, mapping.positions)
    let velocities = try columns(files, mapping.velocities)
    var weights: [Double]?
    if let weight = mapping.weight {
      let values = try files.array(weight).values
      try files.check(weight, values, width: 1, "a nonnegative finite number") {
        $0 >= 0 && $0.isFinite
      }
      weights = values
    }
    let count = positions[0].count
    let ids = try identities(files, mapping, count: count)
    let all = positions + velocities + [weights].compactMap(\.self)
    guard count > 0, all.allSatisfy({ $0.count == count }) else {
      throw files.malformed(
        mapping.positions[0], found: "\(count) particles",
        expected: "at least one, and as many in all arrays")
    }
    return Reading(
      snapshot: Snapshot(
        positions: positions, velocities: velocities, weights: weights, ids: ids),
      layout: "particles, as mapped")
  }

  private static func identities(
    _ files: HDF5Neighbours, _ mapping: DatasetMapping, count: Int
  ) throws(SnapshotError) -> [UInt64]? {
    guard let place = mapping.id else { return nil }
    guard let ids = try files.wholeNumbers(place), ids.count == count else {
      throw files.malformed(
        place, found: "something else", expected: "one nonnegative whole number for each particle")
    }
    return ids
  }

  /// The columns of arrays of one dimension, or of one array with a row for each particle.
  private static func columns(
    _ files: HDF5Neighbours, _ places: [DatasetMapping.Place]
  ) throws(SnapshotError) -> [[Double]] {
    var columns: [[Double]] = []
    for place in places {
      let (values, shape) = try files.array(place)
      try files.check(
        place, values, width: shape.count == 2 ? shape[1] : 1, "a finite number", \.isFinite)
      switch shape.count {
      case 1: columns.append(values)
      case 2 where places.count == 1 && 1...16 ~= shape[1]:
        let width = shape[1]
        columns = (0..<width).map { column in
          stride(from: column, to: values.count, by: width).map { values[$0] }
        }
      default:
        throw files.malformed(
          place, found: "an array of \(shape.count) dimensions",
          expected: "one number, or one row of at most 16, for each particle")
      }
    }
    return columns
  }

  private static func grid(
    _ files: HDF5Neighbours, _ density: DatasetMapping.Place, _ mapping: DatasetMapping,
    _ options: ReadingOptions
  ) throws(SnapshotError) -> Reading {
    let (values, shape) = try files.array(density)
    var nodes: [[Double]] = []
    for place in mapping.positions + mapping.velocities {
      nodes.append(try files.array(place).values)
    }
    let grid = NodeGrid(
      nodes: nodes, positionDimension: mapping.positions.count, values: values, shape: shape)
    switch grid.reading(dropsPeriodicEnd: options.dropsPeriodicEnd) {
    case .success(let reading): return reading
    case .failure(let problem):
      throw files.malformed(density, found: problem.found, expected: problem.expected)
    }
  }
}

/// The files that a mapping names, open.
private struct HDF5Neighbours {
  private let root: HDF5Object
  private var others: [String: HDF5Object] = [:]

  init(_ root: HDF5Object, _ mapping: DatasetMapping) throws(SnapshotError) {
    self.root = root
    let folder = root.path.lastIndex(of: "/").map { String(root.path[...$0]) } ?? ""
    let places =
      mapping.positions + mapping.velocities
      + [mapping.density, mapping.weight, mapping.id, mapping.time].compactMap(\.self)
    for place in places {
      guard let name = place.file, others[name] == nil else { continue }
      others[name] = try HDF5Library.open(try InputFile(path: folder + name))
    }
  }

  private func file(_ place: DatasetMapping.Place) -> HDF5Object {
    place.file.flatMap { others[$0] } ?? root
  }

  func malformed(
    _ place: DatasetMapping.Place, found: String, expected: String
  ) -> SnapshotError {
    .malformed(path: file(place).path, place: place.path, found: found, expected: expected)
  }

  /// Refuses an array with a number that is not right.
  ///
  /// - Parameter width: how many numbers of it belong to one particle.
  func check(
    _ place: DatasetMapping.Place, _ values: [Double], width: Int, _ expected: String,
    _ isRight: (Double) -> Bool
  ) throws(SnapshotError) {
    guard let bad = values.firstIndex(where: { !isRight($0) }) else { return }
    let column = width > 1 ? ", column \(bad % width + 1)" : ""
    throw malformed(
      place, found: "\(values[bad]) in row \(bad / width + 1)\(column)", expected: expected)
  }

  private func dataset(_ place: DatasetMapping.Place) throws(SnapshotError) -> HDF5Object {
    guard let object = try file(place).member(place.path), object.isDataset else {
      throw malformed(place, found: "no dataset of this name", expected: "one")
    }
    return object
  }

  /// The numbers and the shape of an array.
  func array(
    _ place: DatasetMapping.Place
  ) throws(SnapshotError) -> (values: [Double], shape: [Int]) {
    let object = try dataset(place)
    return try entry(place, of: try object.numbers(), shape: try object.shape())
  }

  /// The whole numbers of an array of one dimension; `nil` when it holds something else.
  func wholeNumbers(_ place: DatasetMapping.Place) throws(SnapshotError) -> [UInt64]? {
    let object = try dataset(place)
    guard let values = try object.wholeNumbers() else { return nil }
    let (wholes, shape) = try entry(place, of: values, shape: try object.shape())
    return shape.count == 1 ? wholes : nil
  }

  /// The part of an array that a place names.
  private func entry<Number>(
    _ place: DatasetMapping.Place, of values: [Number], shape: [Int]
  ) throws(SnapshotError) -> (values: [Number], shape: [Int]) {
    guard let index = place.index else { return (values, shape) }
    guard let first = shape.first, index < first else {
      throw malformed(
        place, found: "\(shape.first.map { counted($0, "entry", "entries") } ?? "one number")",
        expected: "an entry [\(index)], counted from 0")
    }
    let size = values.count / first
    return (Array(values[index * size..<(index + 1) * size]), Array(shape.dropFirst()))
  }
}
