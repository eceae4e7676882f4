import OptimalTransport

/// What the columns of a matrix hold whose file does not name them.
public enum ColumnRoles: Sendable, Equatable {
  /// Every column is a position.
  case points
  /// Each column has the role that the list gives to its place.
  case list(ColumnList)

  /// The list in words.
  public static let notation =
    "x, v, weight, id or - for each column, with commas between, such as x,x,v,v,weight,-, and x among "
    + "them"

  /// How the roles of columns were found.
  struct Origin {
    /// It in a phrase.
    var phrase: String
    /// What says otherwise.
    var choices: [ReadingChoice] = []

    init(_ phrase: String, choices: [ReadingChoice] = []) {
      (self.phrase, self.choices) = (phrase, choices)
    }

    /// What is said of columns with these names.
    func fact(_ names: [String]) -> SnapshotFact {
      SnapshotFact("columns", "\(names.joined(separator: ", ")): \(phrase)", unless: choices)
    }
  }

  /// The roles in a matrix of so many columns, and how they were found.
  ///
  /// - Parameter roles: what a user says; `nil` for the usual: the positions before as many velocities,
  ///   or a single column of positions.
  static func header(
    _ roles: ColumnRoles?, count: Int
  ) throws(CSVHeader.Problem) -> (header: CSVHeader, origin: Origin) {
    guard count <= CSVHeader.largestAxis else {
      throw CSVHeader.Problem(
        found: "\(count) columns", expected: "at most \(CSVHeader.largestAxis) columns")
    }
    func positions(_ count: Int) -> [String] { (0..<count).map { "x\($0 + 1)" } }
    switch roles {
    case .list(let list)?:
      guard list.header.names.count == count else {
        throw CSVHeader.Problem(
          found: counted(count, "column", "columns"),
          expected: "the \(list.header.names.count) of the list", choices: [.columns])
      }
      return (list.header, Origin("as listed"))
    case .points?:
      return (try CSVHeader(names: positions(count)), Origin("as asked for"))
    case nil:
      if count == 1 { return (try CSVHeader(names: ["x1"]), Origin("a single column")) }
      guard count > 0, count.isMultiple(of: 2) else {
        throw CSVHeader.Problem(
          found: counted(count, "column", "columns"),
          expected:
            "an even number (the positions, then as many velocities), or a role for each",
          choices: [.points, .columns])
      }
      let half = count / 2
      return (
        try CSVHeader(names: positions(half) + (0..<half).map { "v\($0 + 1)" }),
        Origin(
          "the first half positions, the second velocities", choices: [.points, .columns])
      )
    }
  }
}

/// A role for each column of a matrix.
public struct ColumnList: Sendable, Equatable {
  let header: CSVHeader

  /// A list from its notation: `x` and `v` are the next axis of their kind, `x2`, `vy` and the like a
  /// certain one, `weight` and `id` what they say, and `-` is left out; `nil` for text that is none.
  public init?(_ text: String) {
    var counts: [String: Int] = [:]
    let names = text.split(separator: ",", omittingEmptySubsequences: false).map { name in
      guard name == "x" || name == "v" else { return String(name) }
      counts[String(name), default: 0] += 1
      return "\(name)\(counts[String(name), default: 0])"
    }
    guard let header = try? CSVHeader(names: names, allowsSkipping: true) else { return nil }
    self.header = header
  }
}

extension CSVHeader {
  /// The particles of a matrix whose columns have these roles.
  ///
  /// - Parameter ids: those of the column of identities, where the file has them as whole numbers.
  func snapshot(_ columns: [CoordinateColumn], ids: [UInt64]?) -> Snapshot {
    func axes(_ count: Int, _ role: (Int) -> Role) -> [CoordinateColumn] {
      (0..<count).compactMap { column(of: role($0)).map { columns[$0] } }
    }
    return Snapshot(
      positionColumns: axes(dimension, Role.position),
      velocityColumns: axes(velocityDimension, Role.velocity),
      weights: column(of: .weight).map { columns[$0].array }, ids: ids)
  }

  /// The particles of a matrix without names, checked, and what the report says of its columns.
  ///
  /// - Parameter firstRow: which row of the matrix the first of the columns is.
  func reading(
    _ columns: [CoordinateColumn], from source: some ByteSource, origin: ColumnRoles.Origin,
    firstRow: Int = 0
  ) throws(SnapshotError) -> (snapshot: Snapshot, fact: SnapshotFact) {
    var ids: [UInt64]?
    for (place, role) in roles.enumerated() {
      switch role {
      case .position, .velocity:
        try source.check(columns, place, .finite, firstRow: firstRow)
      case .weight:
        try source.check(columns, place, .finiteNonnegative, firstRow: firstRow)
      case .id:
        // A double tells all whole numbers apart up to here.
        try source.check(columns, place, "a whole number from 0 to 2^53", firstRow: firstRow) {
          $0 >= 0 && $0 <= 0x1p53 && $0 == $0.rounded()
        }
        ids = columns[place].map { UInt64($0) }
      case .skipped: break
      }
    }
    return (snapshot(columns, ids: ids), origin.fact(names))
  }
}

extension ByteSource {
  /// Checks every number of one of some columns.
  func check(
    _ columns: [CoordinateColumn], _ column: Int, _ rule: NumberRule, firstRow: Int = 0
  ) throws(SnapshotError) {
    guard let row = rule.firstViolation(in: columns[column]) else { return }
    throw malformed(columns, column, row, rule.phrase, firstRow: firstRow)
  }

  /// Checks every number of one of some columns.
  func check(
    _ columns: [CoordinateColumn], _ column: Int, _ expected: String, firstRow: Int = 0,
    _ isRight: (Double) -> Bool
  ) throws(SnapshotError) {
    guard let row = columns[column].firstIndex(where: { !isRight($0) }) else { return }
    throw malformed(columns, column, row, expected, firstRow: firstRow)
  }

  private func malformed(
    _ columns: [CoordinateColumn], _ column: Int, _ row: Int, _ expected: String, firstRow: Int
  ) -> SnapshotError {
    let number = firstRow + row + 1
    return malformed(
      columns.count > 1 ? "row \(number), column \(column + 1)" : "row \(number)",
      found: columns[column][row].description, expected: expected)
  }
}

extension NumberRule {
  /// What is expected of a number.
  var phrase: String { self == .finite ? "a finite number" : "a nonnegative finite number" }
}
