import OptimalTransport

/// The state of two solutions and of a plan that is carried between them: what a `CoupledFlow` needs
/// to go on to the same bits, as one file.
///
/// The archive has the arrays x1, v1, weight1 and x2, v2, weight2 of the two snapshots (as those of an
/// `.npz` snapshot; weights only where there are any), i, j and mass of the plan, turns (one row for
/// each of its entries, one column for each position axis), time and box. The order of the
/// particles identifies them; identities that a snapshot has are not kept.
///
/// ```swift
/// let state = try CoupledSnapshot.read("state.npz")
/// let halves = try [state.first, state.second].map {
///   try CharacteristicFlow(measure: $0.measure(), lifts: $0.positions, field: field, step: step)
/// }
/// var flow = try CoupledFlow(
///   first: halves[0], second: halves[1], plan: state.plan, turns: state.turns)
/// ```
public struct CoupledSnapshot: Sendable, Equatable {
  /// The state of the first solution; its positions are lifts, not wrapped into the box.
  public let first: Snapshot
  /// That of the second one, at the same time and in the same box.
  public let second: Snapshot
  /// The plan, by the indices of the particles.
  public let plan: TransportPlan
  /// How many turns round each axis the lifts of each pair were apart at the start: entry e on axis k
  /// stands at `turns[k * plan.count + e]`.
  public let turns: [Double]

  /// A state.
  ///
  /// - Throws: `CoupledSnapshotError` unless both snapshots have the same box, time and number of
  ///   coordinates, columns are of one length, and there is one finite turn for each entry and position
  ///   axis. Whether the plan is a coupling of the two, `CoupledFlow` finds out.
  /// - Complexity: O(particles + entries).
  public init(
    first: Snapshot, second: Snapshot, plan: TransportPlan, turns: [Double]
  ) throws(CoupledSnapshotError) {
    guard first.box == second.box else { throw .boxesDiffer }
    guard first.time == second.time else {
      throw .timesDiffer(first: first.time, second: second.time)
    }
    let axes = first.positions.count
    for (side, snapshot) in [("first", first), ("second", second)] {
      let columns =
        snapshot.positions + snapshot.velocities
        + (snapshot.weights.map { [CoordinateColumn($0)] } ?? [])
      guard snapshot.positions.count == axes,
        snapshot.box.map({ $0.dimension == axes }) ?? true,
        columns.allSatisfy({ $0.count == snapshot.count })
      else { throw .unequalColumns(snapshot: side, axes: axes) }
    }
    guard turns.count == plan.count * axes, turns.allSatisfy(\.isFinite) else {
      throw .turnsMismatch(found: turns.count, expected: plan.count * axes)
    }
    self.first = first
    self.second = second
    self.plan = plan
    self.turns = turns
  }

  // MARK: Files

  /// Writes the state to an `.npz` file, whole or not at all.
  ///
  /// - Throws: `SnapshotError`.
  /// - Complexity: O(particles + entries).
  public func write(to path: String) throws(SnapshotError) {
    guard SnapshotFormat(path: path) == .npz else {
      throw .unwritable(path: path, reason: "a coupled state goes into a .npz file.")
    }
    var archive = try ZipWriter(path: path)
    for (side, snapshot) in [("1", first), ("2", second)] {
      let (x, v, count) = (snapshot.positions, snapshot.velocities, snapshot.count)
      try archive.add("x" + side, x, shape: [count, x.count])
      try archive.add("v" + side, v, shape: [count, v.count])
      if let weights = snapshot.weights {
        try archive.add("weight" + side, [weights], shape: [count])
      }
    }
    try archive.add("i", indices: plan.sources)
    try archive.add("j", indices: plan.targets)
    try archive.add("mass", [plan.masses], shape: [plan.count])
    let axes = first.positions.count
    try archive.add(
      "turns", (0..<axes).map { Array(turns[$0 * plan.count..<($0 + 1) * plan.count]) },
      shape: [plan.count, axes])
    if let time = first.time { try archive.add("time", [[time]], shape: []) }
    if let box = first.box {
      try archive.add("box", [box.axes.map(\.length)], shape: [box.dimension])
    }
    try archive.commit()
  }

  /// Reads a state.
  ///
  /// - Throws: `SnapshotError`.
  /// - Complexity: O(size of the file).
  public static func read(_ path: String) throws(SnapshotError) -> CoupledSnapshot {
    let file = try InputFile(path: path)
    let required = ["x1", "v1", "x2", "v2", "i", "j", "mass", "turns"]
    let names = required + ["weight1", "weight2", "time", "box"]
    var arrays: [String: NPZMember] = [:]
    for member in try ZipDirectory(file).members {
      let name = member.name.hasSuffix(".npy") ? String(member.name.dropLast(4)) : member.name
      guard names.contains(name) else {
        throw file.malformedZip(
          "a member named \(quoted(member.name))",
          "a coupled state, the arrays \(names.joined(separator: ", ")) and no others")
      }
      arrays[name] = try NPZMember(member, of: file, called: name)
    }
    guard let x1 = arrays["x1"], let v1 = arrays["v1"], let x2 = arrays["x2"],
      let v2 = arrays["v2"], let i = arrays["i"], let j = arrays["j"], let mass = arrays["mass"],
      let turns = arrays["turns"]
    else {
      let missing = required.filter { arrays[$0] == nil }
      throw file.malformedZip(
        "no array \(missing.joined(separator: ", "))", "a coupled state with all of them")
    }
    let positions = (first: try x1.matrix(like: nil), second: try x2.matrix(like: nil))
    let axes = positions.first.count
    try x2.demand(positions.second.count == axes, "as many columns as x1 has, \(axes)")
    let time = try arrays["time"]?.number()
    let box = try arrays["box"]?.box(dimension: axes)
    let first = Snapshot(
      positionColumns: positions.first, velocityColumns: try v1.matrix(like: x1),
      weights: try arrays["weight1"]?.masses(like: x1), box: box, time: time)
    let second = Snapshot(
      positionColumns: positions.second, velocityColumns: try v2.matrix(like: x2),
      weights: try arrays["weight2"]?.masses(like: x2), box: box, time: time)
    let (sources, targets) = (
      try i.indices(below: first.count), try j.indices(below: second.count)
    )
    try j.demand(targets.count == sources.count, "one index for each entry of i")
    let plan = TransportPlan(
      sources: sources, targets: targets, masses: try mass.masses(like: i))
    let columns = try turns.matrix(like: i)
    try turns.demand(columns.count == axes, "one column for each of the \(axes) position axes")
    do throws(CoupledSnapshotError) {
      return try CoupledSnapshot(
        first: first, second: second, plan: plan, turns: Array(columns.joined()))
    } catch {
      throw .malformed(
        path: path, place: nil, found: "arrays that do not fit each other",
        expected: "a coupled state (\(error.description.dropLast()))")
    }
  }
}

extension NPZMember {
  /// The indices of points, counted from 0.
  fileprivate func indices(below count: Int) throws(SnapshotError) -> [Int32] {
    try demand(header.shape.count == 1 && columns.count == 1, "one index for each entry of a plan")
    try source.check(columns, 0, "a whole number from 0 to \(count - 1)") {
      $0 >= 0 && $0 < Double(count) && $0.rounded(.down) == $0
    }
    return columns[0].map { Int32($0) }
  }
}

/// Why two snapshots and a plan are not the state of a coupled flow.
public enum CoupledSnapshotError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The snapshots live in different boxes.
  case boxesDiffer
  /// The snapshots are of different times.
  case timesDiffer(first: Double?, second: Double?)
  /// A snapshot's columns are not as many, or not as long, as they must be.
  case unequalColumns(snapshot: String, axes: Int)
  /// There is not one finite turn for each entry of the plan and axis.
  case turnsMismatch(found: Int, expected: Int)

  /// A full sentence that says what was found and what was expected.
  public var description: String {
    switch self {
    case .boxesDiffer:
      "The two snapshots live in different boxes; they must agree."
    case .timesDiffer(let first, let second):
      "The two snapshots are of the times \(first.map(\.description) ?? "unknown") and "
        + "\(second.map(\.description) ?? "unknown"); they must agree."
    case .unequalColumns(let snapshot, let axes):
      "The \(snapshot) snapshot must have \(axes) position axes, a box of as many, and a number for "
        + "each particle in each of its columns."
    case .turnsMismatch(let found, let expected):
      "There are \(found) turns; there must be \(expected) finite ones, one for each entry of the plan "
        + "and position axis."
    }
  }
}
