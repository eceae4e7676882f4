/// The reference particle that a file states by the offsets of its records, as BeamPhysics defines them: beside
/// each particle the one from which its numbers are measured. An offset that is missing is 0.
///
/// Source: openPMD standard, extension BeamPhysics 2.0: `positionOffset`, `timeOffset` ("the reference particle
/// time"), `momentumOffset`, `totalMomentumOffset`.
struct OpenPMDReference {
  /// Where and when it is.
  var beam: BeamState
  /// Its momentum in the components of the particles; `nil` where these have none.
  let momenta: OpenPMDMomenta?
  /// The size of its momentum, p₀.
  let totalMomentum: OpenPMDColumn?

  /// - Parameter places: the positions of the particles, before any drift.
  init(
    of species: OpenPMDSpecies, _ places: [OpenPMDSpecies.Place], _ weighting: OpenPMDColumn?
  ) throws(SnapshotError) {
    let (times, total) = (
      try species.record("timeOffset"), try species.record("totalMomentumOffset")
    )
    let offsets = (
      position: try species.record("positionOffset"), momentum: try species.record("momentumOffset")
    )
    guard times != nil || total != nil || offsets.momentum != nil else {
      throw species.group.malformed(
        found: "no reference particle",
        expected: "one of the records timeOffset, momentumOffset and totalMomentumOffset",
        choices: [.reference])
    }
    let zero = OpenPMDColumn.constant(0, count: species.count)
    func checked(_ column: OpenPMDColumn?) throws(SnapshotError) -> OpenPMDColumn {
      try species.check(column, "the reference particle")
      return column ?? zero
    }

    let components = try species.record("position")?.componentNames() ?? []
    var own: [OpenPMDSpecies.Place] = []
    for place in places {
      // The place along the lattice at which a particle is now is that which its reference particle passes at
      // the reference time.
      let isPath = !components.contains(place.name)
      own.append(
        .init(
          name: place.name,
          column: isPath ? place.column : try checked(offsets.position?.column(place.name))))
    }
    let hasOwnTimes = try species.record("time") != nil
    beam = BeamState(
      places: own,
      times: hasOwnTimes
        ? try checked(times?.column())
        : .constant(species.time ?? 0, count: species.count))

    guard let record = try species.record("momentum") else {
      (momenta, totalMomentum) = (nil, nil)
      return
    }
    func single(_ column: OpenPMDColumn) throws(SnapshotError) -> OpenPMDColumn {
      try species.perParticle(column, record, weighting: weighting)
    }
    let size = try total.map { total throws(SnapshotError) in
      try single(checked(total.column()))
    }
    let names = try record.componentNames()
    var columns: [OpenPMDColumn] = []
    for name in names {
      if let offset = offsets.momentum {
        columns.append(try single(checked(offset.column(name))))
      } else {
        columns.append(name == "z" ? size ?? zero : zero)
      }
    }
    let found = OpenPMDMomenta(names: names, columns: columns, hasUnit: true, record: record)
    (momenta, totalMomentum) = (found, size ?? found.sizes(count: species.count))
  }
}

extension OpenPMDSpecies {
  /// Measures coordinates from a reference particle. Momenta are measured from that of the file where they are
  /// made.
  ///
  /// - Parameters:
  ///   - momenta: the coordinates of the motion.
  ///   - stated: the reference particle of the file, for `.file`.
  mutating func refer(
    _ beam: inout BeamState, _ momenta: inout [OpenPMDColumn], to kind: ReferenceParticle?,
    _ stated: OpenPMDReference?, _ average: ParticleAverage
  ) {
    func fromMean(_ column: OpenPMDColumn) -> OpenPMDColumn {
      column.subtracting(.constant(average(column), count: column.count))
    }
    switch kind {
    case nil: break
    case .mean?:
      for index in beam.places.indices {
        beam.places[index].column = fromMean(beam.places[index].column)
      }
      beam.times = beam.times.map(fromMean)
      momenta = momenta.map(fromMean)
      referenceText = "from their mean"
    case .file?:
      guard let stated else { return }
      for (index, own) in stated.beam.places.enumerated() {
        beam.places[index].column = beam.places[index].column.subtracting(own.column)
      }
      if let times = stated.beam.times { beam.times = beam.times?.subtracting(times) }
      referenceText = "from the reference particle of the file"
    }
  }
}
