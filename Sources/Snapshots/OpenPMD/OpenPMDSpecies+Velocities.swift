extension OpenPMDSpecies {
  mutating func velocityColumns(
    _ options: ReadingOptions, weighting: OpenPMDColumn?
  ) throws(SnapshotError) -> [OpenPMDColumn] {
    guard let record = try OpenPMDRecord("momentum", of: group) else {
      guard let record = try OpenPMDRecord("velocity", of: group) else { return [] }
      let names = try Self.components(of: record, options.velocityComponents)
      velocityNames = names
      let columns = try sums(record, nil, names)
      for column in columns { try check(column, "the velocities") }
      velocityText = "velocities \(names.joined(separator: ", ")) in m/s"
      return columns
    }
    let all = try record.componentNames()
    let wanted = try Self.components(of: record, options.velocityComponents)
    // γ needs every component.
    var momenta = try sums(record, try OpenPMDRecord("momentumOffset", of: group), all)
    for index in momenta.indices {
      try check(momenta[index], "the momenta")
      momenta[index] = try perParticle(momenta[index], record, weighting: weighting)
    }
    let chosen = wanted.compactMap { all.firstIndex(of: $0) }
    velocityNames = wanted
    let names = wanted.joined(separator: ", ")
    var hasUnit = true
    for name in all { if try record.unit(name) == nil { hasUnit = false } }
    guard options.momentum == .velocity, hasUnit, let mass = try mass(weighting: weighting) else {
      if !hasUnit {
        notes.append("The momenta state no unit; they are kept as they are.")
      } else if options.momentum == .velocity {
        notes.append("No mass is stated; momenta are kept, in kg m/s.")
      }
      velocityQuantity = "momentum"
      velocityUnit = hasUnit ? "kg m/s" : nil
      velocityText = "momenta \(names)\(hasUnit ? " in kg m/s" : "")"
      return chosen.map { momenta[$0] }
    }
    velocityText = "velocities \(names) in m/s, from the momenta with mass and γ"
    var velocities = momenta.map { $0.expanded(count: count) }
    momenta = []
    ParticleSpecies.divide(&velocities, by: mass)
    return chosen.map { .array(velocities[$0]) }
  }

  /// The mass of one particle in kg; `nil` when it is neither stated nor known.
  private mutating func mass(weighting: OpenPMDColumn?) throws(SnapshotError) -> OpenPMDColumn? {
    if let record = try OpenPMDRecord("mass", of: group), let column = try record.column() {
      try check(column, "the masses")
      let mass = try perParticle(column, record, weighting: weighting)
      for index in 0..<count where !(mass[index] > 0 && mass[index].isFinite) {
        throw record.object.malformed(
          found: "the mass \(mass[index]) of particle \(index + 1)", expected: "a positive number")
      }
      return mass
    }
    guard let name = try group.text(of: "speciesType") ?? name,
      let mass = ParticleSpecies.mass(named: name)
    else { return nil }
    notes.append("No mass is stated; that of the \(name), \(mass) kg, is taken.")
    return .constant(mass, count: count)
  }
}
