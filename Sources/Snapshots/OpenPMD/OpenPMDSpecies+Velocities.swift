extension OpenPMDSpecies {
  /// Momenta of single particles.
  private struct Momenta {
    /// The components that the file has.
    let names: [String]
    var columns: [OpenPMDColumn]
    /// Whether they are in kg m/s.
    let hasUnit: Bool
    let record: OpenPMDRecord

    subscript(name: String) -> OpenPMDColumn? {
      names.firstIndex(of: name).map { columns[$0] }
    }
  }

  mutating func velocityColumns(
    _ options: ReadingOptions, weighting: OpenPMDColumn?
  ) throws(SnapshotError) -> [OpenPMDColumn] {
    if options.velocityComponents == [] { return [] }
    guard let momenta = try momenta(weighting: weighting) else {
      guard let record = try self.record("velocity") else { return [] }
      guard options.momentum == .velocity else {
        throw group.malformed(
          found: "velocities and no momenta",
          expected: "a record momentum, to take from it what was asked for")
      }
      velocityNames = try Self.components(of: record, options.velocityComponents)
      velocityText = "velocities \(listedNames) in m/s"
      return try velocities(record, velocityNames)
    }
    if options.momentum == .slope { return try slopes(momenta, options.velocityComponents) }
    velocityNames = try Self.components(of: momenta.record, options.velocityComponents)
    let chosen = velocityNames.compactMap { momenta.names.firstIndex(of: $0) }
    guard options.momentum != .momentum, momenta.hasUnit,
      let mass = try mass(weighting: weighting)
    else {
      guard options.momentum != .betaGamma else {
        throw momenta.record.object.malformed(
          found: "momenta without a unit or a mass", expected: "both, of which βγ = p/(mc) is made")
      }
      if !momenta.hasUnit {
        notes.append("The momenta state no unit; they are kept as they are.")
      } else if options.momentum == .velocity {
        notes.append("No mass is stated; momenta are kept, in kg m/s.")
      }
      (velocityQuantity, velocityLetter) = ("momentum", "p")
      velocityUnit = momenta.hasUnit ? "kg m/s" : nil
      velocityText = "momenta \(listedNames)\(momenta.hasUnit ? " in kg m/s" : "")"
      return chosen.map { momenta.columns[$0] }
    }
    if options.momentum == .betaGamma {
      (velocityQuantity, velocityLetter, velocityUnit) = ("momentum", "u", "mc")
      velocityText = "momenta \(listedNames) as βγ = p/(mc)"
      return chosen.map { place in
        momenta.columns[place].map(
          { $1 / (mass[$0] * ParticleSpecies.speedOfLight) }, count: count)
      }
    }
    velocityText = "velocities \(listedNames) in m/s, from the momenta with mass and γ"
    let velocities = velocities(of: momenta, mass)
    return chosen.map { .array(velocities[$0]) }
  }

  /// The velocity of each particle in m/s on each axis, whatever else is made of the momenta.
  mutating func motion(
    weighting: OpenPMDColumn?
  ) throws(SnapshotError) -> [String: [Double]] {
    var (names, columns): ([String], [[Double]]) = ([], [])
    if let momenta = try momenta(weighting: weighting) {
      guard momenta.hasUnit, let mass = try mass(weighting: weighting) else {
        throw momenta.record.object.malformed(
          found: "momenta without a unit or a mass",
          expected: "both, of which the velocities of a drift are made"
        )
      }
      (names, columns) = (momenta.names, velocities(of: momenta, mass))
    } else if let record = try self.record("velocity") {
      names = try record.componentNames()
      columns = try velocities(record, names).map { $0.expanded(count: count) }
    } else {
      throw group.malformed(
        found: "neither momenta nor velocities", expected: "some, along which particles drift")
    }
    return Dictionary(zip(names, columns)) { first, _ in first }
  }

  private var listedNames: String { velocityNames.joined(separator: ", ") }

  private func velocities(
    _ record: OpenPMDRecord, _ names: [String]
  ) throws(SnapshotError) -> [OpenPMDColumn] {
    let columns = try sums(record, nil, names)
    for column in columns { try check(column, "the velocities") }
    return columns
  }

  /// All components, which γ needs.
  private func momenta(weighting: OpenPMDColumn?) throws(SnapshotError) -> Momenta? {
    guard let record = try self.record("momentum") else { return nil }
    let names = try record.componentNames()
    var columns = try sums(record, try self.record("momentumOffset"), names)
    for index in columns.indices {
      try check(columns[index], "the momenta")
      columns[index] = try perParticle(columns[index], record, weighting: weighting)
    }
    var hasUnit = true
    for name in names { if try record.unit(name) == nil { hasUnit = false } }
    return Momenta(names: names, columns: columns, hasUnit: hasUnit, record: record)
  }

  private func velocities(of momenta: Momenta, _ mass: OpenPMDColumn) -> [[Double]] {
    var velocities = momenta.columns.map { $0.expanded(count: count) }
    ParticleSpecies.divide(&velocities, by: mass)
    return velocities
  }

  /// x′ = p_x/p_z and y′ = p_y/p_z.
  private mutating func slopes(
    _ momenta: Momenta, _ wanted: [String]?
  ) throws(SnapshotError) -> [OpenPMDColumn] {
    velocityNames =
      if let wanted { wanted } else {
        try Self.components(of: momenta.record, nil).filter { $0 != "z" }
      }
    guard let along = momenta["z"], !velocityNames.isEmpty,
      velocityNames.allSatisfy({ $0 != "z" && momenta[$0] != nil })
    else {
      throw momenta.record.object.malformed(
        found: "the components \(listed(momenta.names))",
        expected:
          "z, and \(velocityNames.isEmpty ? "x or y" : listed(velocityNames)) beside it, for slopes p_x/p_z"
      )
    }
    (velocityQuantity, velocityLetter, velocityUnit) = ("slope", "", "rad")
    velocityText = "slopes \(velocityNames.map { "p_\($0)/p_z" }.joined(separator: ", "))"
    let columns = velocityNames.compactMap { momenta[$0] }
    return columns.map { column in column.map({ $1 / along[$0] }, count: count) }
  }

  /// The mass of one particle in kg; `nil` when it is neither stated nor known.
  private mutating func mass(weighting: OpenPMDColumn?) throws(SnapshotError) -> OpenPMDColumn? {
    if let record = try record("mass"), let column = try record.column() {
      try check(column, "the masses")
      let mass = try perParticle(column, record, weighting: weighting)
      for index in 0..<count where !(mass[index] > 0 && mass[index].isFinite) {
        throw record.object.malformed(
          found: "the mass \(mass[index]) of particle \(number(index))",
          expected: "a positive number"
        )
      }
      return mass
    }
    guard let name = try group.text(of: "speciesType") ?? name,
      let mass = ParticleSpecies.mass(named: name)
    else { return nil }
    let note: ReadingNote = "No mass is stated; that of the \(name), \(mass) kg, is taken."
    if !notes.contains(note) { notes.append(note) }
    return .constant(mass, count: count)
  }
}
