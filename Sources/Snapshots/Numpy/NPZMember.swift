import OptimalTransport

/// One array of the archive, its shape and numbers to be checked by the role it has.
struct NPZMember {
  let header: NPYHeader
  private(set) var columns: [CoordinateColumn] = []
  /// The numbers of an array of identities, of which a double would round some.
  private(set) var wholes: [UInt64] = []
  let source: ZipMemberBytes

  /// An array with its numbers.
  init(_ member: ZipMember, of file: InputFile, called name: String) throws(SnapshotError) {
    try self.init(opening: member, of: file, called: name)
    try read(name)
  }

  /// An array whose numbers are yet to be read.
  init(opening member: ZipMember, of file: InputFile, called name: String) throws(SnapshotError) {
    source = try ZipMemberBytes(member, of: file, called: "array \(name)")
    header = try NPYHeader.read(from: source)
    guard header.shape.count <= 2 else {
      throw source.malformed(
        nil, found: header.summary, expected: "an array of at most two dimensions")
    }
  }

  /// Reads the numbers of an array of this name.
  mutating func read(_ name: String) throws(SnapshotError) {
    if name == "id" {
      wholes = try NPYArray.readWholes(header, from: source)
    } else {
      columns = try NPYArray.readColumns(header, from: source)
    }
  }

  /// Reads the numbers of two arrays with as many rows into one; others are read one by one.
  ///
  /// - Returns: whether they were read.
  static func read(_ first: inout NPZMember, _ second: inout NPZMember) throws(SnapshotError)
    -> Bool
  {
    let sizes = (NPYArray.size(first.header), NPYArray.size(second.header))
    guard !first.header.shape.isEmpty, !second.header.shape.isEmpty,
      sizes.0.rows == sizes.1.rows, sizes.0.rows > 0, sizes.0.columns > 0, sizes.1.columns > 0
    else { return false }
    for member in [first, second] {
      try NPYArray.check(member.header, member.source)
      try NPYArray.checkMemory(member.header, member.source)
    }
    let (rows, columns) = (sizes.0.rows, sizes.0.columns + sizes.1.columns)
    if let lack = Memory.lack(of: rows * columns * MemoryLayout<Double>.size) {
      throw .tooLarge(path: first.source.path, needed: lack.needed, available: lack.available)
    }
    var store = ColumnStore(rows: rows, columns: columns)
    try NPYArray.read(first.header, from: first.source, into: &store, at: 0)
    try NPYArray.read(second.header, from: second.source, into: &store, at: sizes.0.columns)
    first.columns = Array(store.columns.prefix(sizes.0.columns))
    second.columns = Array(store.columns.dropFirst(sizes.0.columns))
    return true
  }

  func demand(_ isRight: Bool, _ expected: String) throws(SnapshotError) {
    guard isRight else { throw source.malformed(nil, found: header.summary, expected: expected) }
  }

  /// The columns of positions or velocities; a one-dimensional array is a single column.
  func matrix(like other: NPZMember?) throws(SnapshotError) -> [CoordinateColumn] {
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
    return columns[0].array
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
