import OptimalTransport

/// The particles of one species in SI units.
struct OpenPMDSpecies {
  private(set) var positions: [CoordinateColumn] = []
  private(set) var velocities: [CoordinateColumn] = []
  private(set) var weights: [Double]?
  private(set) var ids: [UInt64]?
  var positionNames: [String] = []
  /// The coordinates that are made of momenta or velocities.
  var motion = OpenPMDMotion()
  private(set) var weightText = "not stated"
  var notes: [ReadingNote] = []

  let group: HDF5Object
  let name: String?
  /// The particles that are read; `nil` for all.
  let rows: ParticleRows?
  var count = 0
  /// How many of them are marked as lost.
  private(set) var lostCount = 0
  /// The time of all particles in s; `nil` where each has its own, or none.
  var time: Double?
  /// Where particles were brought together; `nil` where they are where the file has them.
  var driftText: String?
  /// From where coordinates are measured; `nil` for the origin of the file.
  var referenceText: String?

  /// What the momenta or velocities are, in a phrase.
  var velocityText: String {
    [motion.text, referenceText].compactMap(\.self).joined(separator: ", ")
  }

  /// The name of the coordinate that is the time of each particle.
  static let timeName = "t"

  /// - Parameters:
  ///   - time: that of the iteration.
  ///   - rows: the particles to read, without their ids; `nil` for all, with ids.
  init(
    _ group: HDF5Object, name: String?, time: Double?, _ options: ReadingOptions,
    rows: ParticleRows? = nil
  ) throws(SnapshotError) {
    self.group = group
    self.name = name
    self.time = time
    self.rows = rows
    var places = try places(options)
    try countParticles(places.map(\.source))
    let weighting = try weightColumn()
    let kept = try keptParticles(options)
    let average = ParticleAverage(kept: kept, weighting: weighting)
    var times: OpenPMDColumn?
    var momenta: [OpenPMDSource]
    if options.drift == nil, options.reference == nil {
      momenta = try velocityColumns(options, nil, average, weighting: weighting)
      times = try particleTimes(options)
    } else {
      (places, momenta, times) = try moved(places, options, average, weighting: weighting)
    }

    var selection = OpenPMDSelection(of: self, kept)
    for name in positionNames {
      if name == Self.timeName, let times {
        selection.add(.read(times), "the time")
      } else if let place = places.first(where: { $0.name == name }) {
        selection.add(place.source, "the position \(name) =")
      }
    }
    for (name, source) in zip(motion.axes, momenta) {
      selection.add(source, "the \(motion.quantity) \(name) =")
    }
    let columns = try selection.columns()
    positions = Array(columns.prefix(columns.count - min(motion.axes.count, momenta.count)))
    velocities = Array(columns.dropFirst(positions.count))
    if let weighting {
      var selection = OpenPMDSelection(of: self, kept)
      selection.add(.read(weighting), "the weight")
      weights = try selection.columns()[0].array
    }
    // Over all pieces they are counted together.
    if rows == nil, let note = Self.lostNote(lostCount, options) { notes.append(note) }
    guard rows?.includesIds ?? true else { return }
    let all = try identities()
    ids = kept.flatMap { kept in all.map { all in kept.map { all[$0] } } } ?? all
  }

  /// What the coordinates are called.
  var coordinates: CoordinateNames {
    CoordinateNames(
      positions: positionNames.map { .init($0, unit: $0 == Self.timeName ? "s" : "m") },
      velocities: motion.coordinates)
  }

  /// What the positions are, in a phrase.
  var positionText: String {
    let spatial = positionNames.filter { $0 != Self.timeName }
    let parts =
      (spatial.isEmpty ? [] : ["\(spatial.joined(separator: ", ")) in m"])
      + (spatial.count < positionNames.count ? ["t in s"] : [])
    return [parts.joined(separator: " and "), driftText, referenceText].compactMap(\.self)
      .joined(separator: ", ")
  }

  /// The number of a particle among all, from 1.
  func number(_ index: Int) -> Int { (rows?.range.lowerBound ?? 0) + index + 1 }

  func record(_ name: String) throws(SnapshotError) -> OpenPMDRecord? {
    try OpenPMDRecord(name, of: group, rows)
  }

  /// All records must have as many numbers; a constant does not make a large file.
  private mutating func countParticles(_ sources: [OpenPMDSource]) throws(SnapshotError) {
    let arrays = sources.filter { if case .read(.constant) = $0 { false } else { true } }
    count = (arrays.first ?? sources[0]).count
    if let other = sources.first(where: { $0.count != count }) {
      throw group.malformed(
        found: "components of \(count) and of \(other.count) numbers", expected: "as many")
    }
    guard count > 0 else { throw group.malformed(found: "no particles", expected: "at least one") }
    guard !arrays.isEmpty || count <= Self.largestConstantCount else {
      throw Self.allAtOnePlace(count, group)
    }
  }

  func check(_ column: OpenPMDColumn?, _ what: String) throws(SnapshotError) {
    if let column { try check(column.count, what) }
  }

  func check(_ found: Int, _ what: String) throws(SnapshotError) {
    guard found != count else { return }
    throw group.malformed(
      found: "\(found) numbers of \(what)", expected: "one for each of \(count) particles")
  }

  /// The coordinates and the times of particles once they have drifted and are measured from a reference.
  private mutating func moved(
    _ places: [(name: String, source: OpenPMDSource)], _ options: ReadingOptions,
    _ average: ParticleAverage, weighting: OpenPMDColumn?
  ) throws(SnapshotError) -> (
    places: [(name: String, source: OpenPMDSource)], momenta: [OpenPMDSource],
    times: OpenPMDColumn?
  ) {
    var found: [Place] = []
    for place in places { found.append(Place(name: place.name, column: try place.source.column())) }
    var reference =
      try options.reference == .file ? OpenPMDReference(of: self, found, weighting) : nil
    var momenta: [OpenPMDColumn] = []
    for source in try velocityColumns(options, reference, average, weighting: weighting) {
      momenta.append(try source.column())
    }
    var beam = BeamState(places: found, times: try particleTimes(options))
    if let drift = options.drift {
      try self.drift(&beam, &reference, to: drift, average, weighting: weighting)
    }
    refer(&beam, &momenta, to: options.reference, reference, average)
    return (
      beam.places.map { ($0.name, .read($0.column)) }, momenta.map { .read($0) }, beam.times
    )
  }

  // MARK: Weights

  private mutating func weightColumn() throws(SnapshotError) -> OpenPMDColumn? {
    var column = try record("weighting")?.column()
    if column != nil {
      weightText = "weighting: particles for each macroparticle"
    } else if let record = try record("weight") {
      column = try record.column()
      let dimension = try record.object.numbers(of: "unitDimension")
      switch dimension {
      case [0, 0, 1, 1, 0, 0, 0]?: weightText = "weight in C"
      case let dimension? where dimension.contains { $0 != 0 }: weightText = "weight in SI units"
      default: weightText = "weight of no stated unit"
      }
    }
    try check(column, "the weights")
    if let column, let bad = column.firstNegative {
      throw group.malformed(
        found: "the weight \(column[bad]) of particle \(number(bad))",
        expected: "a nonnegative number")
    }
    return column
  }

  /// The value of a record for one real particle: what belongs to a whole macroparticle grows with a
  /// power of its weight.
  func perParticle(
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

  // MARK: Lost particles

  /// The particles that are not lost; `nil` for all.
  private mutating func keptParticles(_ options: ReadingOptions) throws(SnapshotError) -> [Int]? {
    guard let column = try record(Self.statusName)?.column() else { return nil }
    try check(column, Self.statusName)
    let alive = (0..<count).filter { Self.isAlive(column[$0]) }
    lostCount = count - alive.count
    guard lostCount > 0, !options.includesLost else { return nil }
    guard rows != nil || !alive.isEmpty else { throw Self.noneAlive(group) }
    return alive
  }

  private static let statusName = "particleStatus"

  /// BeamPhysics: 1 is alive, everything else is not.
  private static func isAlive(_ status: Double) -> Bool { status == 1 }

  /// How many of some particles are marked as lost, of which nothing else is read.
  static func lostCount(of group: HDF5Object, _ rows: ParticleRows) throws(SnapshotError) -> Int {
    guard let column = try OpenPMDRecord(statusName, of: group, rows)?.column() else { return 0 }
    return (0..<column.count).count { !isAlive(column[$0]) }
  }

  /// The error of a species of lost particles alone.
  static func noneAlive(_ group: HDF5Object) -> SnapshotError {
    group.malformed(
      found: "no particle that is alive", expected: "at least one", choices: [.lostParticles])
  }

  /// What became of lost particles; `nil` where there are none.
  static func lostNote(_ count: Int, _ options: ReadingOptions) -> ReadingNote? {
    guard count > 0 else { return nil }
    let words = "\(counted(count, "particle is", "particles are")) marked as not alive"
    return options.includesLost
      ? "\(words) and kept, as asked for."
      : ReadingNote("\(words) and left out", unless: .lostParticles)
  }
}
