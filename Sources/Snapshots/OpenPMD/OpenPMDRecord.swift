/// The numbers of a record component in SI units.
enum OpenPMDColumn {
  case array([Double])
  /// The same number for all particles, with the number of them that the file states.
  case constant(Double, count: Int)

  var count: Int {
    switch self {
    case .array(let values): values.count
    case .constant(_, let count): count
    }
  }

  subscript(index: Int) -> Double {
    switch self {
    case .array(let values): values[index]
    case .constant(let value, _): value
    }
  }

  /// The place of the first number that is negative, or none.
  var firstNegative: Int? {
    switch self {
    case .array(let values): values.firstIndex { !($0 >= 0) }
    case .constant(let value, let count): value >= 0 || count == 0 ? nil : 0
    }
  }

  /// The array, of a size that was checked.
  func expanded(count: Int) -> [Double] {
    switch self {
    case .array(let values): values
    case .constant(let value, _): Array(repeating: value, count: count)
    }
  }

  /// This column minus another one of as many numbers.
  func subtracting(_ other: OpenPMDColumn) -> OpenPMDColumn {
    if case .constant(let value, let count) = self, case .constant(let shift, _) = other {
      return .constant(value - shift, count: count)
    }
    return map({ $1 - other[$0] }, count: count)
  }

  /// Changes each number by its index.
  consuming func map(_ transform: (Int, Double) -> Double, count: Int) -> OpenPMDColumn {
    var values = expanded(count: count)
    for index in values.indices { values[index] = transform(index, values[index]) }
    return .array(values)
  }
}

/// A record component whose numbers may still be in the file.
enum OpenPMDSource {
  /// So many numbers of a dataset, which are yet to be read, and what they are multiplied by.
  case stored(HDF5Object, ParticleRows?, count: Int, unit: Double)
  case read(OpenPMDColumn)

  var count: Int {
    switch self {
    case .stored(_, _, let count, _): count
    case .read(let column): column.count
    }
  }

  /// The numbers.
  func column() throws(SnapshotError) -> OpenPMDColumn {
    switch self {
    case .stored(let object, let rows, _, let unit):
      var values = try object.numbers(rows: rows?.range)
      if unit != 1 { for index in values.indices { values[index] *= unit } }
      return .array(values)
    case .read(let column): return column
    }
  }
}

/// Some consecutive particles of a species, of which alone the numbers are read.
struct ParticleRows {
  let range: Range<Int>
  /// The number of all particles of the species.
  let total: Int
  /// Whether ids are read, too.
  let includesIds: Bool
}

/// A record of a species: a quantity with or without components.
struct OpenPMDRecord {
  let object: HDF5Object
  /// The particles that are read; `nil` for all.
  let rows: ParticleRows?
  /// Whether numbers stand for whole macroparticles, not for one of their particles.
  let isMacroWeighted: Bool
  /// The power of the weight with which the quantity grows, where `isMacroWeighted`.
  let weightingPower: Double

  /// The record of a name; `nil` when the species has none.
  init?(
    _ name: String, of species: HDF5Object, _ rows: ParticleRows? = nil
  ) throws(SnapshotError) {
    guard let object = try species.member(name) else { return nil }
    self.object = object
    self.rows = rows
    isMacroWeighted = try object.number(of: "macroWeighted") == 1
    weightingPower = try object.number(of: "weightingPower") ?? 0
  }

  /// Whether the record is itself a component: a dataset or a constant.
  private var isScalar: Bool {
    get throws(SnapshotError) {
      if object.isDataset { return true }
      return try object.numbers(of: "value") != nil
    }
  }

  /// The names of the components.
  func componentNames() throws(SnapshotError) -> [String] {
    guard try !isScalar else { return [] }
    return try object.memberNames().sorted()
  }

  /// The numbers of a component in SI units, or of the record itself where it has none; `nil` when
  /// there is no such component.
  ///
  /// - Parameter component: ignored for a record without components.
  func column(_ component: String? = nil) throws(SnapshotError) -> OpenPMDColumn? {
    try source(component)?.column()
  }

  /// The same, with numbers that are stored one by one still in the file.
  func source(_ component: String?) throws(SnapshotError) -> OpenPMDSource? {
    guard let component, try !isScalar else { return try source(object, unit: nil) }
    guard let member = try object.member(component) else { return nil }
    return try source(member, unit: try object.number(of: "unitSI"))
  }

  /// The unit of a component in SI; `nil` when it is not stated.
  func unit(_ component: String) throws(SnapshotError) -> Double? {
    if let unit = try object.member(component)?.number(of: "unitSI") { return unit }
    return try object.number(of: "unitSI")
  }

  /// How many numbers a component has, and whether they are stored one by one; `nil` when there is no such
  /// component.
  func count(_ component: String) throws(SnapshotError) -> (count: Int, isStored: Bool)? {
    guard let member = try object.member(component) else { return nil }
    guard member.isDataset else { return (try constant(member).count, false) }
    return (try length(member), true)
  }

  private func source(
    _ object: HDF5Object, unit recordUnit: Double?
  ) throws(SnapshotError) -> OpenPMDSource {
    let ownUnit = try object.number(of: "unitSI")
    let unit = ownUnit ?? recordUnit ?? 1
    if object.isDataset {
      if rows != nil { try demand(try length(object), of: object) }
      let count = try object.count(rows: rows?.range)
      _ = try length(object)
      return .stored(object, rows, count: count, unit: unit)
    }
    let (value, count) = try constant(object)
    if rows != nil { try demand(count, of: object) }
    return .read(.constant(value * unit, count: rows?.range.count ?? count))
  }

  private func demand(_ count: Int, of object: HDF5Object) throws(SnapshotError) {
    guard let rows, count != rows.total else { return }
    throw object.malformed(
      found: counted(count, "number", "numbers"),
      expected: "one for each of \(rows.total) particles")
  }

  /// The number of numbers of a dataset of one dimension.
  private func length(_ object: HDF5Object) throws(SnapshotError) -> Int {
    let shape = try object.shape()
    guard shape.count == 1 else {
      throw object.malformed(
        found: "an array of \(shape.count) dimensions", expected: "one number for each particle")
    }
    return shape[0]
  }

  /// A number that is the same for all particles, and for how many.
  private func constant(
    _ object: HDF5Object
  ) throws(SnapshotError) -> (value: Double, count: Int) {
    guard let value = try object.number(of: "value"),
      let shape = try object.numbers(of: "shape"), shape.count == 1,
      let count = Int(exactly: shape[0]), count >= 0
    else {
      throw object.malformed(
        found: "a group without dataset",
        expected: "a dataset, or the attributes value and shape of a constant")
    }
    return (value, count)
  }
}
