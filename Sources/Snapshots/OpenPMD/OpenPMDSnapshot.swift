/// A snapshot of the particles of an openPMD file.
enum OpenPMDSnapshot {
  static func read(
    _ root: HDF5Object, _ options: ReadingOptions
  ) throws(SnapshotError) -> Reading {
    let file = try OpenPMDFile(root: root)
    let (number, iteration) = try file.iteration(options.iteration)
    let (speciesName, group) = try file.species(options.species, in: iteration)
    var species = try OpenPMDSpecies(group, name: speciesName, options)
    let box = try OpenPMDBox(
      of: try file.meshes(of: iteration), components: species.positionNames)
    species.notes += box.notes

    var snapshot = Snapshot(
      positions: species.positions, velocities: species.velocities, weights: species.weights,
      box: box.domain, ids: species.ids)
    var facts = [
      Fact("species", speciesName ?? "without name"),
      Fact("iteration", number.map(\.description) ?? "the only one"),
      Fact("x", "\(species.positionNames.joined(separator: ", ")) in m"),
    ]
    if !species.velocities.isEmpty {
      facts.append(Fact("v", species.velocityText))
    }
    facts.append(Fact("weights", species.weightText))
    // kwass writes NaN where it does not know the time, which the standard demands.
    if let time = try iteration.numbers(of: "time"), time.count == 1, time[0].isNaN {
      snapshot.time = nil
    } else if let time = try iteration.number(of: "time") {
      snapshot.time = time * (try iteration.number(of: "timeUnitSI") ?? 1)
      facts.append(Fact("time unit", "s"))
    } else if try group.member("time") != nil {
      species.notes.append("Each particle has a time of its own, which is not used.")
    }
    if let software = file.software { facts.append(Fact("software", quoted(software))) }
    let dialect = file.extensions.isEmpty ? "" : ", \(quoted(file.extensions))"
    return Reading(
      snapshot: snapshot, layout: "openPMD \(quoted(file.version))\(dialect), \(group.name)",
      facts: facts, notes: species.notes)
  }

  /// The numbers of the iterations of a file, in increasing order; empty where it has one without
  /// number.
  static func iterations(_ root: HDF5Object) throws(SnapshotError) -> [Int] {
    try OpenPMDFile(root: root).iterations().compactMap(\.number)
  }
}

/// The particles of one species in SI units.
private struct OpenPMDSpecies {
  private(set) var positions: [[Double]] = []
  private(set) var velocities: [[Double]] = []
  private(set) var weights: [Double]?
  private(set) var ids: [UInt64]?
  private(set) var positionNames: [String] = []
  private(set) var velocityText = ""
  private var velocityNames: [String] = []
  private var velocityQuantity = "velocity"
  private(set) var weightText = "not stated"
  var notes: [String] = []

  /// A species of constant records alone has no more particles than this.
  private static let largestConstantCount = 1 << 24

  private let group: HDF5Object
  private let name: String?
  private var count = 0

  init(_ group: HDF5Object, name: String?, _ options: ReadingOptions) throws(SnapshotError) {
    self.group = group
    self.name = name
    let columns = try positionColumns(options)
    try countParticles(columns)
    let weighting = try weightColumn()
    let momenta = try velocityColumns(options, weighting: weighting)
    let kept = try keptParticles(options)

    // What is left out may hold anything.
    func selected(_ column: OpenPMDColumn, _ what: String) throws(SnapshotError) -> [Double] {
      let all = column.expanded(count: count)
      let values = kept.map { kept in kept.map { all[$0] } } ?? all
      if let bad = values.firstIndex(where: { !$0.isFinite }) {
        throw group.malformed(
          found: "\(what) \(values[bad]) of particle \((kept?[bad] ?? bad) + 1)",
          expected: "a finite number")
      }
      return values
    }
    for (name, column) in zip(positionNames, columns) {
      positions.append(try selected(column, "the position \(name) ="))
    }
    for (name, column) in zip(velocityNames, momenta) {
      velocities.append(try selected(column, "the \(velocityQuantity) \(name) ="))
    }
    if let weighting { weights = try selected(weighting, "the weight") }
    let all = try identities()
    ids = kept.flatMap { kept in all.map { all in kept.map { all[$0] } } } ?? all
  }

  // MARK: Positions

  private mutating func positionColumns(
    _ options: ReadingOptions
  ) throws(SnapshotError) -> [OpenPMDColumn] {
    guard let record = try OpenPMDRecord("position", of: group) else {
      throw group.malformed(found: "no positions", expected: "a record position")
    }
    positionNames = try Self.components(of: record, options.positionComponents)
    let offset = try OpenPMDRecord("positionOffset", of: group)
    if offset == nil { notes.append("There is no positionOffset; none is added.") }
    return try sums(record, offset, positionNames)
  }

  /// Component by component the sum of a record and of its offset, where it has one.
  private func sums(
    _ record: OpenPMDRecord, _ offset: OpenPMDRecord?, _ names: [String]
  ) throws(SnapshotError) -> [OpenPMDColumn] {
    var columns: [OpenPMDColumn] = []
    for name in names {
      guard let column = try record.column(name) else {
        throw record.object.malformed(found: "no component \(name)", expected: "one")
      }
      guard let added = try offset?.column(name) else {
        columns.append(column)
        continue
      }
      guard added.count == column.count else {
        throw record.object.malformed(
          found: "\(column.count) numbers of \(name) but \(added.count) offsets",
          expected: "as many")
      }
      switch (column, added) {
      case (.constant(let value, let count), .constant(let shift, _)):
        columns.append(.constant(value + shift, count: count))
      case (.array, .constant(0, _)):
        columns.append(column)
      case (.array, _):
        columns.append(column.map({ $1 + added[$0] }, count: column.count))
      case (.constant, .array):
        columns.append(added.map({ $1 + column[$0] }, count: added.count))
      }
    }
    return columns
  }

  /// The names of the components to read.
  private static func components(
    of record: OpenPMDRecord, _ wanted: [String]?
  ) throws(SnapshotError) -> [String] {
    let found = try record.componentNames()
    let names = wanted ?? found
    guard !names.isEmpty, names.count <= 16, names.allSatisfy(found.contains) else {
      throw record.object.malformed(
        found: found.isEmpty ? "no components" : "the components \(listed(found))",
        expected: wanted.map { "\($0.joined(separator: ", ")) among them" } ?? "x, y, z")
    }
    return names
  }

  /// All records must have as many numbers; a constant does not make a large file.
  private mutating func countParticles(_ columns: [OpenPMDColumn]) throws(SnapshotError) {
    let arrays = columns.filter { if case .array = $0 { true } else { false } }
    count = (arrays.first ?? columns[0]).count
    if let other = columns.first(where: { $0.count != count }) {
      throw group.malformed(
        found: "components of \(count) and of \(other.count) numbers", expected: "as many")
    }
    guard count > 0 else { throw group.malformed(found: "no particles", expected: "at least one") }
    guard !arrays.isEmpty || count <= Self.largestConstantCount else {
      throw group.malformed(
        found: "\(count) particles that are all at one place",
        expected: "at most \(Self.largestConstantCount)")
    }
  }

  private func check(_ column: OpenPMDColumn?, _ what: String) throws(SnapshotError) {
    guard let column, column.count != count else { return }
    throw group.malformed(
      found: "\(column.count) numbers of \(what)", expected: "one for each of \(count) particles")
  }

  /// The identity of each particle; `nil` when none is stated.
  private mutating func identities() throws(SnapshotError) -> [UInt64]? {
    guard let record = try group.member("id") else { return nil }
    guard let ids = try record.wholeNumbers() else {
      notes.append("The ids are no nonnegative whole numbers; they are not used.")
      return nil
    }
    guard ids.count == count else {
      throw group.malformed(
        found: "\(ids.count) ids", expected: "one for each of \(count) particles")
    }
    return ids
  }

  // MARK: Weights

  private mutating func weightColumn() throws(SnapshotError) -> OpenPMDColumn? {
    var column = try OpenPMDRecord("weighting", of: group)?.column()
    if column != nil {
      weightText = "weighting: particles for each macroparticle"
    } else if let record = try OpenPMDRecord("weight", of: group) {
      column = try record.column()
      let dimension = try record.object.numbers(of: "unitDimension")
      switch dimension {
      case [0, 0, 1, 1, 0, 0, 0]?: weightText = "weight in C"
      case let dimension? where dimension.contains { $0 != 0 }: weightText = "weight in SI units"
      default: weightText = "weight of no stated unit"
      }
    }
    try check(column, "the weights")
    if let column, let bad = (0..<column.count).first(where: { !(column[$0] >= 0) }) {
      throw group.malformed(
        found: "the weight \(column[bad]) of particle \(bad + 1)", expected: "a nonnegative number")
    }
    return column
  }

  /// The value of a record for one real particle: what belongs to a whole macroparticle grows with a
  /// power of its weight.
  private func perParticle(
    _ column: OpenPMDColumn, _ record: OpenPMDRecord, weighting: OpenPMDColumn?
  ) throws(SnapshotError) -> OpenPMDColumn {
    guard record.isMacroWeighted, record.weightingPower != 0 else { return column }
    guard let weighting else {
      throw record.object.malformed(
        found: "macroWeighted numbers without weights", expected: "a record weighting")
    }
    let power = record.weightingPower
    if case .constant(let value, let count) = column, case .constant(let weight, _) = weighting {
      return .constant(value / weight.power(power), count: count)
    }
    return column.map({ $1 / weighting[$0].power(power) }, count: count)
  }

  // MARK: Velocities

  private mutating func velocityColumns(
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

  // MARK: Lost particles

  /// The particles that are not lost; `nil` for all.
  private mutating func keptParticles(_ options: ReadingOptions) throws(SnapshotError) -> [Int]? {
    guard let column = try OpenPMDRecord("particleStatus", of: group)?.column() else { return nil }
    try check(column, "particleStatus")
    // BeamPhysics: 1 is alive, everything else is not.
    let alive = (0..<count).filter { column[$0] == 1 }
    let lost = count - alive.count
    guard lost > 0 else { return nil }
    let words = "\(counted(lost, "particle is", "particles are")) marked as not alive"
    if options.includesLost {
      notes.append("\(words) and kept, as asked for.")
      return nil
    }
    guard !alive.isEmpty else {
      throw group.malformed(
        found: "no particle that is alive", expected: "at least one, or --lost keep")
    }
    notes.append("\(words) and left out (--lost keep keeps them).")
    return alive
  }
}
