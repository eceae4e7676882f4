import OptimalTransport

/// The coordinates that are made of momenta or velocities.
struct OpenPMDMotion {
  /// The axes that are read: x, y, z or some of them.
  var axes: [String] = []
  /// What a number on one of them is.
  var quantity = "velocity"
  /// What a coordinate is called by before its axis; empty for slopes, which have a mark behind it.
  var letter = "v"
  /// The unit; `nil` for none.
  var unit: String? = "m/s"
  /// What they are, in a phrase.
  var text = ""
  /// Whether δ = (p − p₀)/p₀ stands in the place of the axis z.
  var hasDelta = false

  /// The axis in whose place δ stands.
  static let deltaAxis = "z"

  /// Whether an axis has δ in its place.
  func isDelta(_ axis: String) -> Bool { hasDelta && axis == Self.deltaAxis }

  /// What the coordinates are called.
  var coordinates: [CoordinateNames.Coordinate] {
    axes.map { axis in
      if isDelta(axis) { return .init("delta") }
      return .init(letter.isEmpty ? axis + "'" : letter + axis, unit: unit)
    }
  }
}

/// Momenta of single particles.
struct OpenPMDMomenta {
  /// The components that the file has.
  let names: [String]
  var columns: [OpenPMDColumn]
  /// Whether they are in kg m/s.
  let hasUnit: Bool
  let record: OpenPMDRecord

  subscript(name: String) -> OpenPMDColumn? {
    names.firstIndex(of: name).map { columns[$0] }
  }

  /// |p| of each particle.
  func sizes(count: Int) -> OpenPMDColumn {
    let zero = OpenPMDColumn.constant(0, count: count)
    return zero.map(
      { index, _ in
        // Squares of momenta in SI units may be below all numbers.
        let largest = columns.reduce(0) { max($0, abs($1[index])) }
        guard largest > 0, largest.isFinite else { return largest }
        let square = columns.reduce(0) { $0 + ($1[index] / largest) * ($1[index] / largest) }
        return largest * square.squareRoot()
      }, count: count)
  }
}

/// Means of the particles that count, by weight where they have one.
struct ParticleAverage {
  /// The particles; `nil` for all.
  let kept: [Int]?
  let weighting: OpenPMDColumn?

  /// The mean of a column.
  func callAsFunction(_ column: OpenPMDColumn) -> Double {
    var (sum, total) = (CompensatedSum(), CompensatedSum())
    func add(_ index: Int) {
      let weight = weighting?[index] ?? 1
      sum.add(weight * column[index])
      total.add(weight)
    }
    if case .constant(let value, _) = column { return value }
    if let kept { kept.forEach(add) } else { (0..<column.count).forEach(add) }
    return sum.value / total.value
  }

  /// The first of the particles with a property.
  func first(count: Int, where isSuch: (Int) -> Bool) -> Int? {
    kept.map { $0.first(where: isSuch) } ?? (0..<count).first(where: isSuch)
  }
}
