import OptimalTransport

/// A snapshot as an archive of numpy arrays: `x` (n × d), `v` (n × e), `weight` (n), `time` (one
/// number), `box` (d numbers, `inf` for a free axis), `id` (n). Only `x` is required. Or a density `f` on a grid
/// with the nodes `x` and `v`.
enum NPZSnapshot {
  private static let names = ["x", "v", "weight", "time", "box", "id", "f"]

  // MARK: Reading

  static func read(_ file: InputFile, _ options: ReadingOptions) throws(SnapshotError) -> Reading {
    var arrays: [String: Member] = [:]
    var layout: [String] = []
    for member in try ZipDirectory(file).members {
      let name = member.name.hasSuffix(".npy") ? String(member.name.dropLast(4)) : member.name
      guard names.contains(name) else {
        throw file.malformedZip(
          "a member named \(quoted(member.name))",
          "an archive of the arrays \(names.joined(separator: ", ")) and no others")
      }
      let array = try Member(member, of: file, called: name)
      layout.append("\(name) (\(array.header.summary))")
      arrays[name] = array
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
    let positions = try x.matrix(like: nil)
    let snapshot = Snapshot(
      positions: positions, velocities: try arrays["v"]?.matrix(like: x) ?? [],
      weights: try arrays["weight"]?.masses(like: x),
      box: try arrays["box"]?.box(dimension: positions.count),
      time: try arrays["time"]?.number(), ids: try arrays["id"]?.identities(like: x))
    return Reading(snapshot: snapshot, layout: "arrays \(layout.joined(separator: ", "))")
  }

  /// The density `f` at the nodes `x` and `v` of a grid of one position and one velocity axis.
  private static func grid(
    _ f: Member, _ x: Member, _ arrays: [String: Member], _ options: ReadingOptions
  ) throws(SnapshotError) -> Reading {
    guard let v = arrays["v"], arrays["weight"] == nil, arrays["id"] == nil else {
      throw f.source.malformed(
        nil,
        found: "a density f \(arrays["v"] == nil ? "without v" : "beside arrays of particles")",
        expected: "the arrays f, x and v of a grid")
    }
    let nodes = [x, v].map { $0.columns.count == 1 ? $0.columns[0] : [] }
    let values = (0..<(f.columns.first?.count ?? 0)).flatMap { row in f.columns.map { $0[row] } }
    let grid = NodeGrid(
      nodes: nodes, positionDimension: 1, values: values, shape: f.header.shape)
    switch grid.reading(dropsPeriodicEnd: options.dropsPeriodicEnd) {
    case .success(var reading):
      reading.snapshot.time = try arrays["time"]?.number()
      if let box = try arrays["box"]?.box(dimension: 1) { reading.snapshot.box = box }
      return reading
    case .failure(let problem):
      throw f.source.malformed(nil, found: problem.found, expected: problem.expected)
    }
  }

  /// One array of the archive, its shape and numbers to be checked by the role it has.
  private struct Member {
    let header: NPYHeader
    let columns: [[Double]]
    /// The numbers of an array of identities, of which a double would round some.
    let wholes: [UInt64]
    let source: ZipMemberBytes

    init(_ member: ZipMember, of file: InputFile, called name: String) throws(SnapshotError) {
      source = try ZipMemberBytes(member, of: file, called: "array \(name)")
      header = try NPYHeader.read(from: source)
      guard header.shape.count <= 2 else {
        throw source.malformed(
          nil, found: header.summary, expected: "an array of at most two dimensions")
      }
      guard name != "id" else {
        columns = []
        wholes = try NPYArray.readWholes(header, from: source)
        return
      }
      wholes = []
      columns = try NPYArray.readColumns(header, from: source)
    }

    private func demand(_ isRight: Bool, _ expected: String) throws(SnapshotError) {
      guard isRight else { throw source.malformed(nil, found: header.summary, expected: expected) }
    }

    /// The columns of positions or velocities; a one-dimensional array is a single column.
    func matrix(like other: Member?) throws(SnapshotError) -> [[Double]] {
      let rows = other?.header.shape[0]
      try demand(
        !header.shape.isEmpty && (header.shape[0] == rows ?? header.shape[0]),
        "n × d numbers, one row for each \(rows.map { "of the \($0) particles" } ?? "particle")")
      try demand(!columns.isEmpty, "at least one row and one column")
      try source.check(columns, "a finite number", \.isFinite)
      return columns
    }

    func masses(like other: Member) throws(SnapshotError) -> [Double] {
      let rows = other.header.shape[0]
      try demand(
        header.shape.first == rows && columns.count == 1,
        "one number for each of the \(rows) particles")
      try source.check(columns, "a nonnegative finite number") { $0 >= 0 && $0.isFinite }
      return columns[0]
    }

    func identities(like other: Member) throws(SnapshotError) -> [UInt64] {
      let rows = other.header.shape[0]
      try demand(
        header.shape.first == rows && wholes.count == rows,
        "one whole number for each of the \(rows) particles")
      return wholes
    }

    func number() throws(SnapshotError) -> Double {
      try demand(header.count == 1, "one number")
      try source.check(columns, "a finite number", \.isFinite)
      return columns[0][0]
    }

    func box(dimension: Int) throws(SnapshotError) -> Domain {
      try demand(
        header.shape.count <= 1 && header.count == dimension,
        "one length for each of the \(dimension) position axes")
      try source.check(columns, "a positive length, or inf for a free axis") { $0 > 0 }
      do {
        return try Domain(columns[0].map { $0.isFinite ? .circle(length: $0) : .line })
      } catch {
        throw .unusable(path: source.path, reason: .domain(error))
      }
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
