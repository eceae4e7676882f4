extension OpenPMDSpecies {
  /// A component of the positions.
  struct Place {
    let name: String
    var column: OpenPMDColumn
  }

  /// The time of each particle in s; `nil` where it is not wanted, or a drift to a plane does without.
  mutating func particleTimes(_ options: ReadingOptions) throws(SnapshotError) -> OpenPMDColumn? {
    let isCoordinate = positionNames.contains(Self.timeName)
    let isWanted = isCoordinate || options.drift != nil
    guard let record = try self.record("time") else {
      guard isWanted else { return nil }
      if let time { return .constant(time, count: count) }
      if !isCoordinate, case .plane? = options.drift { return nil }
      throw group.malformed(found: "no times of particles", expected: "a record time")
    }
    guard isWanted else {
      if time == nil {
        notes.append(
          ReadingNote("Each particle has a time of its own, which is not used", unless: .drift))
      }
      return nil
    }
    let times = try sums(record, try self.record("timeOffset"), [nil])[0].column()
    try check(times, "the times")
    return times
  }

  /// Moves particles along straight lines to one time or one plane, and the reference particle likewise.
  ///
  /// - Parameters:
  ///   - beam: all components of the positions, and the times of the particles, where they are known.
  ///   - reference: the reference particle of the file, where it is wanted.
  mutating func drift(
    _ beam: inout BeamState, _ reference: inout OpenPMDReference?, to drift: Drift,
    _ average: ParticleAverage, weighting: OpenPMDColumn?
  ) throws(SnapshotError) {
    let speeds = try speeds(weighting: weighting)
    guard beam.places.allSatisfy({ speeds[BeamState.axis(of: $0.name)] != nil }) else {
      throw group.malformed(
        found: "velocities on the axes \(listed(speeds.keys.sorted()))",
        expected: "one for each axis of the positions, \(listed(beam.places.map(\.name)))")
    }
    let target: Double
    switch drift {
    case .time(let stated):
      guard let column = beam.times else { return }
      target = stated ?? average(column)
      time = target
      driftText = "after a drift to t = \(target) s"
    case .plane(let stated):
      guard let z = beam.places.first(where: { $0.name == "z" }), let speed = speeds["z"] else {
        throw group.malformed(
          found: "positions \(listed(beam.places.map(\.name)))",
          expected: "z, to which particles drift")
      }
      if let still = average.first(count: count, where: { speed[$0] == 0 }) {
        throw group.malformed(
          found: "the velocity 0 along z of particle \(still + 1)",
          expected: "one that brings it to a plane")
      }
      target = stated ?? average(z.column)
      time = nil
      driftText = "after a drift to z = \(target) m"
    }
    beam.fly(to: drift, target, speeds, count: count)
    guard reference != nil else { return }
    guard let momenta = reference?.momenta, let mass = try mass(weighting: weighting) else {
      throw group.malformed(
        found: "a reference particle without momenta", expected: "some, with which it drifts",
        choices: [.reference])
    }
    let own = Dictionary(
      zip(momenta.names, velocities(of: momenta, mass))
    ) { first, _ in first }
    if case .plane = drift, own["z"]?.contains(0) ?? true {
      throw group.malformed(
        found: "a reference particle at rest", expected: "one that comes to a plane",
        choices: [.reference])
    }
    reference?.beam.fly(to: drift, target, own, count: count)
  }
}

/// Where and when particles are.
struct BeamState {
  var places: [OpenPMDSpecies.Place]
  /// Their times; `nil` where they are not known or not wanted.
  var times: OpenPMDColumn?

  /// The axis along which a coordinate grows: a lattice is straight where particles drift.
  static func axis(of name: String) -> String { name == OpenPMDSpecies.pathName ? "z" : name }

  /// Moves each particle with its own velocity to a time or a plane.
  ///
  /// - Parameters:
  ///   - drift: which of the two.
  ///   - target: the time or the plane.
  ///   - speeds: the velocities, by their axes.
  mutating func fly(
    to drift: Drift, _ target: Double, _ speeds: [String: [Double]], count: Int
  ) {
    let flights: [Double]
    switch drift {
    case .time:
      guard let times else { return }
      flights = (0..<count).map { target - times[$0] }
      self.times = .constant(target, count: count)
    case .plane:
      guard let z = places.first(where: { $0.name == "z" })?.column, let speed = speeds["z"] else {
        return
      }
      flights = (0..<count).map { (target - z[$0]) / speed[$0] }
      times = times?.map({ $1 + flights[$0] }, count: count)
    }
    for index in places.indices {
      let name = places[index].name
      // The plane itself is reached to the last bit.
      if case .plane = drift, name == "z" {
        places[index].column = .constant(target, count: count)
      } else if let speed = speeds[Self.axis(of: name)] {
        places[index].column = places[index].column.map(
          { $1 + speed[$0] * flights[$0] }, count: count)
      }
    }
  }
}
