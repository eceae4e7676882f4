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

  /// The array, of a size that was checked.
  func expanded(count: Int) -> [Double] {
    switch self {
    case .array(let values): values
    case .constant(let value, _): Array(repeating: value, count: count)
    }
  }

  /// Changes each number by its index.
  consuming func map(_ transform: (Int, Double) -> Double, count: Int) -> OpenPMDColumn {
    var values = expanded(count: count)
    for index in values.indices { values[index] = transform(index, values[index]) }
    return .array(values)
  }
}

/// A record of a species: a quantity with or without components.
struct OpenPMDRecord {
  let object: HDF5Object
  /// Whether numbers stand for whole macroparticles, not for one of their particles.
  let isMacroWeighted: Bool
  /// The power of the weight with which the quantity grows, where `isMacroWeighted`.
  let weightingPower: Double

  /// The record of a name; `nil` when the species has none.
  init?(_ name: String, of species: HDF5Object) throws(SnapshotError) {
    guard let object = try species.member(name) else { return nil }
    self.object = object
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
    guard let component, try !isScalar else { return try Self.column(object, unit: nil) }
    guard let member = try object.member(component) else { return nil }
    return try Self.column(member, unit: try object.number(of: "unitSI"))
  }

  /// The unit of a component in SI; `nil` when it is not stated.
  func unit(_ component: String) throws(SnapshotError) -> Double? {
    if let unit = try object.member(component)?.number(of: "unitSI") { return unit }
    return try object.number(of: "unitSI")
  }

  private static func column(
    _ object: HDF5Object, unit recordUnit: Double?
  ) throws(SnapshotError) -> OpenPMDColumn {
    let ownUnit = try object.number(of: "unitSI")
    let unit = ownUnit ?? recordUnit ?? 1
    if object.isDataset {
      var values = try object.numbers()
      guard try object.shape().count == 1 else {
        throw object.malformed(
          found: "an array of \(try object.shape().count) dimensions",
          expected: "one number for each particle")
      }
      if unit != 1 { for index in values.indices { values[index] *= unit } }
      return .array(values)
    }
    guard let value = try object.number(of: "value"),
      let shape = try object.numbers(of: "shape"), shape.count == 1,
      let count = Int(exactly: shape[0]), count >= 0
    else {
      throw object.malformed(
        found: "a group without dataset",
        expected: "a dataset, or the attributes value and shape of a constant")
    }
    return .constant(value * unit, count: count)
  }
}
