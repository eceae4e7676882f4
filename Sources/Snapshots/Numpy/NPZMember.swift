import OptimalTransport

/// One array of the archive, its shape and numbers to be checked by the role it has.
struct NPZMember {
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

  func demand(_ isRight: Bool, _ expected: String) throws(SnapshotError) {
    guard isRight else { throw source.malformed(nil, found: header.summary, expected: expected) }
  }

  /// The columns of positions or velocities; a one-dimensional array is a single column.
  func matrix(like other: NPZMember?) throws(SnapshotError) -> [[Double]] {
    let rows = other?.header.shape[0]
    try demand(
      !header.shape.isEmpty && (header.shape[0] == rows ?? header.shape[0]),
      "n × d numbers, one row for each \(rows.map { "of the \($0) particles" } ?? "particle")")
    try demand(!columns.isEmpty, "at least one row and one column")
    try source.check(columns, .finite)
    return columns
  }

  func masses(like other: NPZMember) throws(SnapshotError) -> [Double] {
    let rows = other.header.shape[0]
    try demand(
      header.shape.first == rows && columns.count == 1,
      "one number for each of the \(rows) particles")
    try source.check(columns, .finiteNonnegative)
    return columns[0]
  }

  func identities(like other: NPZMember) throws(SnapshotError) -> [UInt64] {
    let rows = other.header.shape[0]
    try demand(
      header.shape.first == rows && wholes.count == rows,
      "one whole number for each of the \(rows) particles")
    return wholes
  }

  func number() throws(SnapshotError) -> Double {
    try demand(header.count == 1, "one number")
    try source.check(columns, .finite)
    return columns[0][0]
  }

  /// Two numbers in increasing order.
  func range() throws(SnapshotError) -> ClosedRange<Double> {
    try demand(header.shape == [2] && columns.count == 1, "two numbers")
    try source.check(columns, .finite)
    let (lower, upper) = (columns[0][0], columns[0][1])
    try demand(lower < upper, "two numbers in increasing order")
    return lower...upper
  }

  func box(dimension: Int) throws(SnapshotError) -> ProductDomain {
    try demand(
      header.shape.count <= 1 && header.count == dimension,
      "one length for each of the \(dimension) position axes")
    for column in columns.indices {
      try source.check(columns, column, "a positive length, or inf for a free axis") { $0 > 0 }
    }
    do {
      return try ProductDomain(columns[0].map { $0.isFinite ? .circle(length: $0) : .line })
    } catch {
      throw .unusable(path: source.path, reason: .domain(error))
    }
  }
}
