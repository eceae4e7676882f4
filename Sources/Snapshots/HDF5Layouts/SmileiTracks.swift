/// The tracked particles of SMILEI in one file, ordered by their identities by its tool happi:
/// `Times` (the time steps), and for each time step a row of `Id`, `x`, `y`, `z`, `px`, `py`, `pz` and
/// `w`. An `Id` of 0 stands where there is no particle.
///
/// Source: SMILEI, happi/_Diagnostics/TrackParticles.py (github.com/SmileiPIC/Smilei). What the code
/// itself writes, `TrackParticlesDisordered`, is openPMD.
struct SmileiTracks {
  private let root: HDF5Object
  private let steps: [Int]

  /// The tracks in a file; `nil` when it is another one.
  init?(_ root: HDF5Object) throws(SnapshotError) {
    guard try root.text(of: "openPMD") == nil, let times = try root.member("Times"),
      times.isDataset, try root.member("Id") != nil, try root.member("x") != nil
    else { return nil }
    self.root = root
    guard try times.shape().count == 1, let steps = try times.wholeNumbers(), !steps.isEmpty else {
      throw times.malformed(found: "something else", expected: "a list of time steps")
    }
    self.steps = steps.map { Int(clamping: $0) }
  }

  /// The time steps, in increasing order.
  var iterations: [Int] { steps.sorted() }

  func read(_ options: ReadingOptions) throws(SnapshotError) -> Reading {
    try options.checkNoKinematics(root.path)
    let step = try TrackedStep(root, row: row(options.iteration), of: steps)
    let positions = try step.columns("", options.positionComponents)
    let momenta = try step.columns("p", options.velocityComponents)
    var reading = Reading(
      snapshot: Snapshot(
        positions: positions.columns, velocities: momenta.columns, weights: try step.column("w"),
        time: Double(step.time), ids: step.tracked.map { step.ids[$0] }),
      layout: "tracked particles of SMILEI, time step \(step.time)")
    reading.facts = [
      SnapshotFact("iteration", "\(step.time)"),
      SnapshotFact("x", "\(positions.names.joined(separator: ", ")) in the unit of the code"),
      SnapshotFact("v", "momenta \(momenta.names.joined(separator: ", ")) in the unit of the code"),
      SnapshotFact("time unit", "time steps"),
    ]
    reading.coordinates = CoordinateNames(
      positions: positions.names.map { .init($0) },
      velocities: momenta.names.map { .init("p" + $0) })
    if options.momentum == .velocity, !momenta.names.isEmpty {
      reading.notes.append("No mass is stated; momenta are kept.")
    }
    let absent = step.ids.count - step.tracked.count
    if absent > 0 {
      reading.notes.append(
        "\(counted(absent, "particle is", "particles are")) tracked at other time steps only.")
    }
    return reading
  }

  /// The row of the time step that was asked for, or of the only one.
  private func row(_ wanted: Int?) throws(SnapshotError) -> Int {
    if wanted == nil, steps.count == 1 { return 0 }
    guard let wanted, let row = steps.firstIndex(of: wanted) else {
      throw root.malformed(
        found: "the time steps \(listed(iterations.map(\.description)))",
        expected: wanted.map { "the time step \($0) among them" }
          ?? "one time step, or a choice",
        choices: wanted == nil ? [.iteration("\(iterations[0])")] : [])
    }
    return row
  }
}

/// The particles of one time step.
private struct TrackedStep {
  private let root: HDF5Object
  private let row: Int
  /// The time step.
  let time: Int
  /// The identities in the row, 0 where there is no particle.
  let ids: [UInt64]
  /// The places of the particles in the row.
  let tracked: [Int]

  init(_ root: HDF5Object, row: Int, of steps: [Int]) throws(SnapshotError) {
    guard let member = try root.member("Id"), let ids = try member.wholeRow(row) else {
      throw root.malformed(
        found: "an array Id of other things", expected: "a row of identities for each time step")
    }
    tracked = ids.indices.filter { ids[$0] != 0 }
    guard !tracked.isEmpty else {
      throw root.malformed(
        found: "no particles at the time step \(steps[row])", expected: "at least one")
    }
    self.root = root
    self.row = row
    self.ids = ids
    time = steps[row]
  }

  /// The numbers of the tracked particles in an array; `nil` where there is none of that name.
  func column(_ name: String) throws(SnapshotError) -> [Double]? {
    guard let member = try root.member(name) else { return nil }
    let values = try member.row(row)
    guard values.count == ids.count else {
      throw member.malformed(
        found: "rows of \(values.count) numbers", expected: "\(ids.count), as in Id")
    }
    if let bad = tracked.first(where: { !values[$0].isFinite }) {
      throw member.malformed(
        found: "\(values[bad]) for particle \(bad + 1) (Id \(ids[bad])) at the time step \(time)",
        expected: "a finite number")
    }
    return tracked.map { values[$0] }
  }

  /// The arrays of the components that were asked for, or of all there are.
  func columns(
    _ prefix: String, _ wanted: [String]?
  ) throws(SnapshotError) -> (names: [String], columns: [[Double]]) {
    var found: (names: [String], columns: [[Double]]) = ([], [])
    for axis in wanted ?? ["x", "y", "z"] {
      if let column = try column(prefix + axis) {
        found.names.append(axis)
        found.columns.append(column)
      } else if wanted != nil {
        throw root.malformed(found: "no array \(quoted(prefix + axis))", expected: "one")
      }
    }
    return found
  }
}
