/// The column names of a `.csv` file and the role that each column has.
struct CSVHeader: Equatable {
  enum Role: Hashable {
    case position(Int)
    case velocity(Int)
    case weight
    case id
    /// A column that is left out.
    case skipped
  }

  /// The role of each column, in the order of the file.
  let roles: [Role]
  /// The names as they stand in the file.
  let names: [String]

  /// What is wrong with a header.
  struct Problem: Error {
    let found: String
    let expected: String
    var choices: [ReadingChoice] = []
  }

  /// A header from the names that stand in a file, in capitals or not, quoted or not.
  ///
  /// - Parameter allowsSkipping: whether a name `-` leaves out its column.
  init(names: [String], allowsSkipping: Bool = false) throws(Problem) {
    self.names = names
    var roles: [Role] = []
    var seen: Set<Role> = []
    for (place, name) in names.enumerated() {
      let isIndex = !allowsSkipping && place == 0 && names.count > 1 && Self.isIndex(name)
      if isIndex || allowsSkipping && name == "-" {
        roles.append(.skipped)
        continue
      }
      guard let role = Self.role(of: name) else {
        let isNumber = DecimalNumber.isNumber(name)
        throw Problem(
          found: "\(isNumber ? "the number" : "a column named") \(quoted(name))",
          expected: isNumber
            ? "a header line with column names before it, such as x1,v1,weight, or a role for each column"
            : "columns named \(Self.vocabulary) and no others",
          choices: isNumber ? [.columns] : [])
      }
      guard seen.insert(role).inserted else {
        throw Problem(found: "the column \(name) twice", expected: "each column once")
      }
      roles.append(role)
    }
    self.roles = roles
    try demandEveryAxis(of: positionAxes, Role.position)
    try demandEveryAxis(of: velocityAxes, Role.velocity)
    guard dimension > 0 else {
      throw Problem(
        found: "the columns \(listed(names))",
        expected: "a column x1 (or x) among them")
    }
  }

  /// What was assumed of the names.
  var notes: [ReadingNote] {
    var notes: [ReadingNote] = []
    if roles.first == .skipped, let name = names.first, Self.isIndex(name) {
      notes.append(
        "The first column has no name; it is taken for the numbers of the rows and left out.")
    }
    let momenta = zip(names, roles).filter { name, role in
      if case .velocity = role { name.lowercased().first == "p" } else { false }
    }.map(\.0)
    if !momenta.isEmpty {
      notes.append(
        ReadingNote(
          "The \(momenta.count == 1 ? "column" : "columns") \(listed(momenta)) "
            + "\(momenta.count == 1 ? "is" : "are") taken as momenta, which are kept as they are."))
    }
    return notes
  }

  /// The number of position columns.
  var dimension: Int { positionAxes.count }
  /// The number of velocity columns.
  var velocityDimension: Int { velocityAxes.count }

  private var positionAxes: [Int] {
    roles.compactMap { if case .position(let axis) = $0 { axis } else { nil } }
  }
  private var velocityAxes: [Int] {
    roles.compactMap { if case .velocity(let axis) = $0 { axis } else { nil } }
  }

  /// What the coordinates are called in the file.
  var coordinates: CoordinateNames {
    func named(_ count: Int, _ role: (Int) -> Role) -> [CoordinateNames.Coordinate] {
      (0..<count).compactMap { axis in column(of: role(axis)).map { .init(names[$0]) } }
    }
    return CoordinateNames(
      positions: named(dimension, Role.position),
      velocities: named(velocityDimension, Role.velocity))
  }

  /// Where in a row the number of a role stands.
  func column(of role: Role) -> Int? { roles.firstIndex(of: role) }

  /// The highest number of an axis.
  static let largestAxis = 9999
  private static let axisLetters = ["x", "y", "z"]
  private static let vocabulary =
    "x1, x2, …, v1, v2, …, weight, id (or x, y, z, vx, vy, vz, px, py, pz, w)"

  /// Whether a first column has the numbers of the rows, as pandas and R write them: it has no name.
  private static func isIndex(_ name: String) -> Bool { name.isEmpty || name == "Unnamed: 0" }

  private static func role(of name: String) -> Role? {
    let name = name.lowercased()
    if ["weight", "weights", "w"].contains(name) { return .weight }
    if name == "id" { return .id }
    if let axis = axisLetters.firstIndex(of: name) { return .position(axis) }
    if name == "v" || name == "p" { return .velocity(0) }
    if name.first == "v" || name.first == "p",
      let axis = axisLetters.firstIndex(of: String(name.dropFirst()))
    {
      return .velocity(axis)
    }
    guard let letter = name.first, let number = Int(name.dropFirst()),
      (1...largestAxis).contains(number),
      name.dropFirst() == "\(number)"
    else { return nil }
    switch letter {
    case "x": return .position(number - 1)
    case "v", "p": return .velocity(number - 1)
    default: return nil
    }
  }

  /// Checks that the axes of a kind are numbered without a gap.
  private func demandEveryAxis(
    of axes: [Int], _ role: (Int) -> Role
  ) throws(Problem) {
    // All are different, so that in order they must be 0, 1, 2, …
    guard let gap = axes.sorted().enumerated().first(where: { $0 != $1 })?.offset,
      let last = axes.max(), let column = column(of: role(last))
    else { return }
    // The missing column in the style of those that are there: v2 beside v3, vy beside vz.
    let name = names[column].lowercased()
    let usesLetters = Self.axisLetters.contains(String(name.suffix(1)))
    let prefix = name.first == "v" ? "v" : name.first == "p" ? "p" : usesLetters ? "" : "x"
    let missing = "\(prefix)\(usesLetters ? Self.axisLetters[gap] : "\(gap + 1)")"
    throw Problem(
      found: "a column \(names[column]) but no column \(missing)",
      expected: "every axis from the first to the last")
  }
}
