extension OpenPMDSpecies {
  /// The coordinates of the motion that are wanted.
  ///
  /// - Parameters:
  ///   - reference: the reference particle of the file, where momenta are measured from it.
  ///   - average: means, of which the reference momentum is one where there is no such particle.
  mutating func velocityColumns(
    _ options: ReadingOptions, _ reference: OpenPMDReference?, _ average: ParticleAverage,
    weighting: OpenPMDColumn?
  ) throws(SnapshotError) -> [OpenPMDSource] {
    if options.velocityComponents == [] { return [] }
    guard let momenta = try momenta(weighting: weighting) else {
      guard let record = try self.record("velocity") else { return [] }
      guard options.momentum == .velocity, reference == nil else {
        throw group.malformed(
          found: "velocities and no momenta",
          expected: "a record momentum, to take from it what was asked for")
      }
      motion.axes = try Self.components(of: record, options.velocityComponents)
      motion.text = "velocities \(listedAxes) in m/s"
      return try velocities(record, motion.axes)
    }
    let isScaled = options.momentum == .slope || options.momentum == .relative
    let mass =
      isScaled || options.momentum == .momentum || !momenta.hasUnit
      ? nil : try mass(weighting: weighting)
    let use = try use(options.momentum, momenta, mass)
    motion.axes =
      try use == .slope
      ? slopeAxes(momenta, options)
      : Self.components(of: momenta.record, options.velocityComponents)
    motion.hasDelta = isScaled && motion.axes.contains(OpenPMDMotion.deltaAxis)
    var unit: OpenPMDColumn?
    if motion.hasDelta || use == .relative {
      unit = try referenceMomentum(momenta, options, reference, average)
    }
    describe(use, momenta, unit)
    let columns = columns(of: momenta, use, mass, unit)
    guard let own = reference?.momenta else { return columns.map { .read($0) } }
    if use == .slope, let along = own["z"],
      average.first(count: count, where: { along[$0] == 0 }) != nil
    {
      throw Self.atRest(group)
    }
    return zip(motion.axes, zip(columns, self.columns(of: own, use, mass, unit))).map {
      axis, pair in
      // δ is a deviation already.
      .read(motion.isDelta(axis) ? pair.0 : pair.0.subtracting(pair.1))
    }
  }

  /// What becomes of momenta, also where it is not what was asked for.
  private mutating func use(
    _ wanted: ReadingOptions.MomentumUse, _ momenta: OpenPMDMomenta, _ mass: OpenPMDColumn?
  ) throws(SnapshotError) -> ReadingOptions.MomentumUse {
    switch wanted {
    case .momentum, .slope, .relative: return wanted
    case .velocity, .betaGamma: break
    }
    if mass != nil { return wanted }
    guard wanted == .velocity else {
      throw momenta.record.object.malformed(
        found: "momenta without a unit or a mass", expected: "both, of which βγ = p/(mc) is made")
    }
    notes.append(
      momenta.hasUnit
        ? "No mass is stated; momenta are kept, in kg m/s."
        : "The momenta state no unit; they are kept as they are.")
    return .momentum
  }

  /// The axes of slopes: x and y, and z for δ where it is asked for.
  private func slopeAxes(
    _ momenta: OpenPMDMomenta, _ options: ReadingOptions
  ) throws(SnapshotError) -> [String] {
    let axes =
      if let wanted = options.velocityComponents { wanted } else {
        try Self.components(of: momenta.record, nil).filter { $0 != "z" }
      }
    let isRight = axes.allSatisfy { axis in
      momenta[axis] != nil && (axis != OpenPMDMotion.deltaAxis || options.reference != nil)
    }
    guard momenta["z"] != nil, !axes.isEmpty, isRight else {
      throw momenta.record.object.malformed(
        found: "the components \(listed(momenta.names))",
        expected:
          "z, and \(axes.isEmpty ? "x or y" : listed(axes)) beside it, for slopes p_x/p_z")
    }
    return axes
  }

  /// p₀: that of the file, or the mean of |p|.
  private func referenceMomentum(
    _ momenta: OpenPMDMomenta, _ options: ReadingOptions, _ reference: OpenPMDReference?,
    _ average: ParticleAverage
  ) throws(SnapshotError) -> OpenPMDColumn {
    guard options.reference != nil else {
      throw group.malformed(
        found: "no reference particle", expected: "one, by whose momentum others are divided",
        choices: [.reference])
    }
    let unit =
      reference?.totalMomentum ?? .constant(average(momenta.sizes(count: count)), count: count)
    if average.first(count: count, where: { !(unit[$0] > 0) }) != nil { throw Self.atRest(group) }
    return unit
  }

  private static func atRest(_ group: HDF5Object) -> SnapshotError {
    group.malformed(
      found: "a reference particle at rest", expected: "one by whose momentum others are divided",
      choices: [.reference])
  }

  /// Says what the coordinates are.
  private mutating func describe(
    _ use: ReadingOptions.MomentumUse, _ momenta: OpenPMDMomenta, _ unit: OpenPMDColumn?
  ) {
    var delta = ""
    if case .constant(let value, _)? = unit {
      delta = ", p0 = \(value)\(momenta.hasUnit ? " kg m/s" : "")"
    }
    let axes = motion.axes.filter { !motion.isDelta($0) }
    func ratios(_ below: String) -> String {
      (axes.map { "p_\($0)/\(below)" } + (motion.hasDelta ? ["delta = (p - p0)/p0"] : []))
        .joined(separator: ", ") + delta
    }
    switch use {
    case .velocity:
      motion.text = "velocities \(listedAxes) in m/s, from the momenta with mass and γ"
    case .momentum:
      (motion.quantity, motion.letter) = ("momentum", "p")
      motion.unit = momenta.hasUnit ? "kg m/s" : nil
      motion.text = "momenta \(listedAxes)\(momenta.hasUnit ? " in kg m/s" : "")"
    case .betaGamma:
      (motion.quantity, motion.letter, motion.unit) = ("momentum", "u", "mc")
      motion.text = "momenta \(listedAxes) as βγ = p/(mc)"
    case .slope:
      (motion.quantity, motion.letter, motion.unit) = ("slope", "", "rad")
      motion.text = "slopes \(ratios("p_z"))"
    case .relative:
      (motion.quantity, motion.letter, motion.unit) = ("momentum", "q", nil)
      motion.text = "momenta \(ratios("p0"))"
    }
  }

  /// The coordinates of some momenta.
  private func columns(
    of momenta: OpenPMDMomenta, _ use: ReadingOptions.MomentumUse, _ mass: OpenPMDColumn?,
    _ unit: OpenPMDColumn?
  ) -> [OpenPMDColumn] {
    let speeds: [[Double]]? =
      if use == .velocity, let mass { velocities(of: momenta, mass) } else { nil }
    let along = momenta["z"]
    return motion.axes.compactMap { axis -> OpenPMDColumn? in
      guard let place = momenta.names.firstIndex(of: axis) else { return nil }
      let column = momenta.columns[place]
      if motion.isDelta(axis) {
        guard let unit else { return nil }
        return momenta.sizes(count: count).map({ ($1 - unit[$0]) / unit[$0] }, count: count)
      }
      switch use {
      case .momentum: return column
      case .velocity: return speeds.map { .array($0[place]) }
      case .betaGamma:
        return mass.map { mass in
          column.map({ $1 / (mass[$0] * ParticleSpecies.speedOfLight) }, count: count)
        }
      case .slope: return along.map { along in column.map({ $1 / along[$0] }, count: count) }
      case .relative: return unit.map { unit in column.map({ $1 / unit[$0] }, count: count) }
      }
    }
  }

  /// The velocity of each particle in m/s on each axis, whatever else is made of the momenta.
  mutating func speeds(
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
      for source in try velocities(record, names) {
        columns.append(try source.column().expanded(count: count))
      }
    } else {
      throw group.malformed(
        found: "neither momenta nor velocities", expected: "some, along which particles drift")
    }
    return Dictionary(zip(names, columns)) { first, _ in first }
  }

  private var listedAxes: String { motion.axes.joined(separator: ", ") }

  private func velocities(
    _ record: OpenPMDRecord, _ names: [String]
  ) throws(SnapshotError) -> [OpenPMDSource] {
    let sources = try sums(record, nil, names)
    for source in sources { try check(source.count, "the velocities") }
    return sources
  }

  /// All components, which γ needs.
  private func momenta(
    weighting: OpenPMDColumn?
  ) throws(SnapshotError) -> OpenPMDMomenta? {
    guard let record = try self.record("momentum") else { return nil }
    let names = try record.componentNames()
    var columns: [OpenPMDColumn] = []
    for source in try sums(record, try self.record("momentumOffset"), names) {
      try check(source.count, "the momenta")
      columns.append(try perParticle(try source.column(), record, weighting: weighting))
    }
    var hasUnit = true
    for name in names { if try record.unit(name) == nil { hasUnit = false } }
    return OpenPMDMomenta(names: names, columns: columns, hasUnit: hasUnit, record: record)
  }

  func velocities(of momenta: OpenPMDMomenta, _ mass: OpenPMDColumn) -> [[Double]] {
    var velocities = momenta.columns.map { $0.expanded(count: count) }
    ParticleSpecies.divide(&velocities, by: mass)
    return velocities
  }

  /// The mass of one particle in kg; `nil` when it is neither stated nor known.
  mutating func mass(weighting: OpenPMDColumn?) throws(SnapshotError) -> OpenPMDColumn? {
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
