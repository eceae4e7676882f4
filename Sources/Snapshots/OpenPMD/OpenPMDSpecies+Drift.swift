import OptimalTransport

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
    let times = try sums(record, try self.record("timeOffset"), [nil])[0]
    try check(times, "the times")
    return times
  }

  /// Moves particles along straight lines to one time or one plane.
  ///
  /// - Parameters:
  ///   - places: all components of the positions.
  ///   - times: the times of the particles, where they are known.
  ///   - kept: the particles that count; `nil` for all.
  mutating func drift(
    _ places: inout [Place], _ times: inout OpenPMDColumn?, to drift: Drift, kept: [Int]?,
    weighting: OpenPMDColumn?
  ) throws(SnapshotError) {
    let motion = try motion(weighting: weighting)
    guard places.allSatisfy({ motion[$0.name] != nil }) else {
      throw group.malformed(
        found: "velocities on the axes \(listed(motion.keys.sorted()))",
        expected: "one for each axis of the positions, \(listed(places.map(\.name)))")
    }
    let particles = kept ?? Array(0..<count)
    let flights: [Double]
    var plane: Double?
    switch drift {
    case .time(let stated):
      guard let column = times else { return }
      let target = stated ?? mean(column, particles, weighting)
      flights = (0..<count).map { target - column[$0] }
      (times, time) = (.constant(target, count: count), target)
      driftText = "after a drift to t = \(target) s"
    case .plane(let stated):
      guard let z = places.firstIndex(where: { $0.name == "z" }), let speed = motion["z"] else {
        throw group.malformed(
          found: "positions \(listed(places.map(\.name)))", expected: "z, to which particles drift")
      }
      if let still = particles.first(where: { speed[$0] == 0 }) {
        throw group.malformed(
          found: "the velocity 0 along z of particle \(still + 1)",
          expected: "one that brings it to a plane")
      }
      let column = places[z].column
      let target = stated ?? mean(column, particles, weighting)
      plane = target
      flights = (0..<count).map { (target - column[$0]) / speed[$0] }
      times = times?.map({ $1 + flights[$0] }, count: count)
      time = nil
      driftText = "after a drift to z = \(target) m"
    }
    for index in places.indices {
      guard let speed = motion[places[index].name] else { continue }
      // The plane itself is reached to the last bit.
      places[index].column =
        if places[index].name == "z", let plane { .constant(plane, count: count) } else {
          places[index].column.map({ $1 + speed[$0] * flights[$0] }, count: count)
        }
    }
  }

  /// The mean of some particles, by weight where there is one.
  private func mean(
    _ column: OpenPMDColumn, _ particles: [Int], _ weighting: OpenPMDColumn?
  ) -> Double {
    var (sum, total) = (CompensatedSum(), CompensatedSum())
    for index in particles {
      let weight = weighting?[index] ?? 1
      sum.add(weight * column[index])
      total.add(weight)
    }
    return sum.value / total.value
  }
}
