import OptimalTransport

/// A snapshot as an archive of numpy arrays: `x` (n × d), `v` (n × e), `weight` (n), `time` (one
/// number), `box` (d numbers, `inf` for a free axis), `id` (n). Only `x` is required. In place of `x` and `v`
/// there may be one matrix without a name of its own, `X` or `arr_0`. Or a density `f` on a grid
/// with the nodes `x` and `v` and, where it is stated, the `velocity_range` (two numbers) between whose
/// ends the cells of the velocity nodes lie.
enum NPZSnapshot {
  static let names = ["x", "v", "weight", "time", "box", "id", "f", "velocity_range"]
  /// How an array is called that was saved without a name, or as a matrix.
  static let matrixNames = ["X", "arr_0"]

  // MARK: Reading

  static func read(_ file: InputFile, _ options: ReadingOptions) throws(SnapshotError) -> Reading {
    var arrays: [String: NPZMember] = [:]
    var layout: [String] = []
    for member in try ZipDirectory(file).members {
      let name = member.name.hasSuffix(".npy") ? String(member.name.dropLast(4)) : member.name
      guard (names + matrixNames).contains(name) else {
        throw file.malformedZip(
          "a member named \(quoted(member.name))",
          "an archive of the arrays \(names.joined(separator: ", ")) and no others, or one with a "
            + "matrix \(matrixNames.joined(separator: " or "))")
      }
      let array = try NPZMember(opening: member, of: file, called: name)
      layout.append("\(name) (\(array.header.summary))")
      arrays[name] = array
    }
    try readNumbers(of: &arrays)
    let matrices = matrixNames.compactMap { arrays[$0] }
    if let matrix = matrices.first {
      guard matrices.count == 1,
        ["x", "v", "f", "velocity_range"].allSatisfy({ arrays[$0] == nil })
      else {
        throw file.malformedZip(
          "the arrays \(layout.joined(separator: ", "))",
          "either one matrix \(matrixNames.joined(separator: " or ")) or the arrays x and v")
      }
      return try self.matrix(matrix, arrays, layout, options)
    }
    if options.columns != nil {
      throw file.malformedZip(
        "the arrays \(layout.joined(separator: ", "))",
        "a matrix \(matrixNames.joined(separator: " or "))", choices: [.columns, .points])
    }
    guard let x = arrays["x"] else {
      let found = layout.isEmpty ? "no arrays" : "only \(layout.joined(separator: ", "))"
      throw file.malformedZip(found, "an array x (the positions, n × d) among them")
    }
    if let f = arrays["f"] {
      var reading = try grid(f, x, arrays, options)
      reading.layout += ", arrays \(layout.joined(separator: ", "))"
      return reading
    }
    if let range = arrays["velocity_range"] {
      throw range.source.malformed(
        nil, found: "a range of velocities", expected: "one beside the density f of a grid alone")
    }
    let positions = try x.matrix(like: nil)
    let snapshot = Snapshot(
      positionColumns: positions, velocityColumns: try arrays["v"]?.matrix(like: x) ?? [],
      weights: try arrays["weight"]?.masses(like: x),
      box: try arrays["box"]?.box(dimension: positions.count),
      time: try arrays["time"]?.number(), ids: try arrays["id"]?.identities(like: x))
    return Reading(snapshot: snapshot, layout: "arrays \(layout.joined(separator: ", "))")
  }

  /// Reads the numbers of all arrays, those of positions and velocities into one array.
  private static func readNumbers(
    of arrays: inout [String: NPZMember]
  ) throws(SnapshotError) {
    var rest = Set(arrays.keys)
    if var x = arrays["x"], var v = arrays["v"], arrays["f"] == nil, try NPZMember.read(&x, &v) {
      (arrays["x"], arrays["v"]) = (x, v)
      rest.subtract(["x", "v"])
    }
    for name in rest.sorted() { try arrays[name]?.read(name) }
  }

  /// The rows of a matrix without names, and what stands beside it.
  private static func matrix(
    _ matrix: NPZMember, _ arrays: [String: NPZMember], _ layout: [String],
    _ options: ReadingOptions
  ) throws(SnapshotError) -> Reading {
    var reading = try NPYSnapshot.reading(matrix.header, matrix.source, options.columns) {
      matrix.columns
    }
    if let weight = arrays["weight"] {
      guard reading.snapshot.weights == nil else {
        throw weight.source.malformed(
          nil, found: "weights", expected: "none beside those of the matrix", choices: [.columns])
      }
      reading.snapshot.weights = try weight.masses(like: matrix)
    }
    if let id = arrays["id"] {
      guard reading.snapshot.ids == nil else {
        throw id.source.malformed(
          nil, found: "ids", expected: "none beside those of the matrix", choices: [.columns])
      }
      reading.snapshot.ids = try id.identities(like: matrix)
    }
    reading.snapshot.box = try arrays["box"]?.box(dimension: reading.snapshot.positions.count)
    reading.snapshot.time = try arrays["time"]?.number()
    reading.layout = "arrays \(layout.joined(separator: ", "))"
    return reading
  }

  /// The density `f` at the nodes `x` and `v` of a grid of one position and one velocity axis.
  private static func grid(
    _ f: NPZMember, _ x: NPZMember, _ arrays: [String: NPZMember], _ options: ReadingOptions
  ) throws(SnapshotError) -> Reading {
    guard let v = arrays["v"], arrays["weight"] == nil, arrays["id"] == nil else {
      throw f.source.malformed(
        nil,
        found: "a density f \(arrays["v"] == nil ? "without v" : "beside arrays of particles")",
        expected: "the arrays f, x and v of a grid")
    }
    let nodes = [x, v].map { $0.columns.count == 1 ? $0.columns[0].array : [] }
    let values = (0..<(f.columns.first?.count ?? 0)).flatMap { row in f.columns.map { $0[row] } }
    let grid = NodeGrid(
      nodes: nodes, positionDimension: 1, values: values, shape: f.header.shape)
    switch grid.reading(dropsPeriodicEnd: options.dropsPeriodicEnd) {
    case .success(var reading):
      reading.snapshot.time = try arrays["time"]?.number()
      if let box = try arrays["box"]?.box(dimension: 1) { reading.snapshot.box = box }
      // A node that is left out is not one of the grid.
      if !options.dropsPeriodicEnd {
        reading.density = DensityGrid(
          positions: nodes[0], velocities: nodes[1], values: f.columns.map(\.array),
          velocityRange: try arrays["velocity_range"]?.range(), box: reading.snapshot.box,
          time: reading.snapshot.time)
      }
      return reading
    case .failure(let problem):
      throw f.source.malformed(nil, found: problem.found, expected: problem.expected)
    }
  }

  // MARK: Writing

  static func write(_ snapshot: Snapshot, to path: String) throws(SnapshotError) {
    let count = snapshot.count
    var archive = try ZipWriter(path: path)
    try archive.add("x", snapshot.positions, shape: [count, snapshot.positions.count])
    if !snapshot.velocities.isEmpty {
      try archive.add("v", snapshot.velocities, shape: [count, snapshot.velocities.count])
    }
    if let weights = snapshot.weights { try archive.add("weight", [weights], shape: [count]) }
    if let ids = snapshot.ids { try archive.add("id", wholes: ids) }
    if let time = snapshot.time { try archive.add("time", [[time]], shape: []) }
    if let box = snapshot.box {
      try archive.add("box", [box.axes.map(\.length)], shape: [box.dimension])
    }
    try archive.commit()
  }
}
