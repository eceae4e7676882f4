import TestSupport
import Testing

@testable import Snapshots

/// Particles at times of their own, brought to one time or one plane.
@Suite struct DriftTests {
  private let directory: TemporaryDirectory
  private let path: String
  private static let light = 299_792_458.0
  private static let mass = 9.1093837015e-31

  /// Three electrons at z = 2 m, the last of which is lost and stands still, with weights 1, 3 and 5.
  init() throws {
    directory = try TemporaryDirectory()
    path = directory["bunch.h5"]
    try HDF5Output.write(to: path) { root throws(SnapshotError) in
      let species = try root.electrons()
      let position = try species.group("position")
      try position.dataset("x", [0, 1, 9]).set("unitSI", 1e-3)
      try position.dataset("z", [0, 0, 0])
      let offset = try species.group("positionOffset")
      for (axis, value) in [("x", 0.0), ("z", 2.0)] { try offset.constant(axis, value, count: 3) }
      let momentum = try species.group("momentum")
      for (axis, values) in [("x", [0, 1.0, 0]), ("z", [0.75, 2, 0])] {
        try momentum.dataset(axis, values).set("unitSI", Self.mass * Self.light)
      }
      try species.dataset("time", [1, 2, .nan]).set("unitSI", 1e-9)
      try species.constant("timeOffset", 1e-9, count: 3)
      try species.dataset("weight", [1, 3, 5])
      try species.dataset("particleStatus", wholes: [1, 1, 0])
    }
  }

  private func read(_ change: (inout ReadingOptions) -> Void) throws -> SnapshotFile {
    var options = ReadingOptions()
    change(&options)
    return try SnapshotFile.read(path, options: options)
  }

  private func isNear(_ found: some Collection<Double>, _ expected: [Double]) -> Bool {
    found.count == expected.count
      && zip(found, expected).allSatisfy { abs($0 - $1) <= 1e-14 * abs($1) }
  }

  /// γ is 5/4 for the first, so that it flies at 3/5 c; √6 for the second one.
  private let speeds = (
    x: [0, light / 6.0.squareRoot()], z: [0.6 * light, 2 * light / 6.0.squareRoot()]
  )

  @Test func toOneTime() throws {
    // The mean of 2 and 3 ns with the weights 1 and 3.
    for (drift, time) in [(Drift.time(nil), 2.75e-9), (.time(5e-9), 5e-9)] {
      let file = try read { $0.drift = drift }
      #expect(isNear([try #require(file.snapshot.time)], [time]))
      let flights = [time - 2e-9, time - 3e-9]
      #expect(isNear(file.snapshot.positions[0], [0, 1e-3 + speeds.x[1] * flights[1]]))
      #expect(
        isNear(
          file.snapshot.positions[1], [2 + speeds.z[0] * flights[0], 2 + speeds.z[1] * flights[1]]))
      #expect(isNear(file.snapshot.velocities[1], speeds.z))
      #expect(file.facts.contains { $0.text.hasPrefix("x, z in m, after a drift to t = ") })
      #expect(!file.notes.contains { $0.description.contains("not used") })
    }
  }

  @Test func toOnePlane() throws {
    let file = try read {
      $0.drift = .plane(2.5)
      $0.positionComponents = ["t", "z", "x"]
      $0.momentum = .slope
    }
    let flights = speeds.z.map { 0.5 / $0 }
    #expect(isNear(file.snapshot.positions[0], [2e-9 + flights[0], 3e-9 + flights[1]]))
    #expect(file.snapshot.positions[1] == [2.5, 2.5] && file.snapshot.time == nil)
    #expect(isNear(file.snapshot.positions[2], [0, 1e-3 + 0.25]))
    #expect(isNear(file.snapshot.velocities[0], [0, 0.5]) && file.snapshot.velocities.count == 1)
    #expect(file.coordinates.positions.map(\.label) == ["t (s)", "z (m)", "x (m)"])
    #expect(file.coordinates.velocities.map(\.label) == ["x' (rad)"])
  }

  @Test func timesAreACoordinate() throws {
    let file = try read {
      $0.positionComponents = ["t"]
      $0.velocityComponents = ["z"]
      $0.momentum = .betaGamma
    }
    #expect(isNear(file.snapshot.positions[0], [2e-9, 3e-9]) && file.snapshot.positions.count == 1)
    #expect(isNear(file.snapshot.velocities[0], [0.75, 2]))
    #expect(file.coordinates.velocities.map(\.label) == ["uz (mc)"])
    // Unless they are asked for, a note says so.
    let plain = try read { _ in }
    #expect(plain.snapshot.positions.count == 2)
    #expect(
      plain.notes.map(\.description).contains {
        $0.hasPrefix("Each particle has a time of its own, which is not used (ReadingOptions.drift")
      })
  }

  @Test func whatCannotDriftIsTold() throws {
    func complaint(_ change: (inout ReadingOptions) -> Void) -> String {
      let error = #expect(throws: SnapshotError.self) { try read(change) }
      return "\(error, default: "")"
    }
    // The lost one stands still.
    #expect(
      complaint {
        $0.drift = .plane(nil)
        $0.includesLost = true
      }.contains("the velocity 0 along z of particle 3"))
    #expect(
      complaint {
        $0.momentum = .slope
        $0.velocityComponents = ["z"]
      }.contains("for slopes p_x/p_z"))
    let csv = try directory.write("x1,v1\n1,2\n", to: "a.csv")
    for change: (inout ReadingOptions) -> Void in [
      { $0.drift = .time(nil) }, { $0.momentum = .slope }, { $0.momentum = .betaGamma },
    ] {
      var options = ReadingOptions()
      change(&options)
      let error = #expect(throws: SnapshotError.self) {
        try SnapshotFile.read(csv, options: options)
      }
      #expect("\(error, default: "")".contains("found a file that is not openPMD"))
    }
  }

  /// Particles of a code in the laboratory frame share the time of the iteration.
  @Test func snapshotsAtOneTimeDriftToo() throws {
    var options = ReadingOptions()
    (options.species, options.iteration) = ("ions", 0)
    let before = try SnapshotFile.read(fixture("edpic.h5"), options: options)
    let time = try #require(before.snapshot.time)
    options.drift = .time(time + 1e-15)
    let after = try SnapshotFile.read(fixture("edpic.h5"), options: options)
    #expect(after.snapshot.time == time + 1e-15)
    for axis in before.snapshot.positions.indices {
      let name = before.coordinates.positions[axis].name
      let place = try #require(before.coordinates.velocities.firstIndex { $0.name == "v" + name })
      let moved = zip(before.snapshot.positions[axis], before.snapshot.velocities[place]).map {
        $0 + ((time + 1e-15) - time) * $1
      }
      #expect(isNear(after.snapshot.positions[axis], moved), "\(name)")
    }
  }

  @Test(arguments: [
    ("t", Drift.time(nil)), ("z", .plane(nil)), ("t=-1e-9", .time(-1e-9)), ("z=.5", .plane(0.5)),
  ])
  func driftsAreWritten(text: String, drift: Drift) { #expect(Drift(text) == drift) }

  @Test(arguments: ["", "x", "t=", "t=inf", "z=1=2", "t1", "=1"])
  func otherWordsAreNone(text: String) { #expect(Drift(text) == nil) }
}

/// Coordinates by their names, in formats that are read whole.
@Suite struct SelectionTests {
  private let directory: TemporaryDirectory
  init() throws { directory = try TemporaryDirectory() }

  private func read(_ name: String, _ change: (inout ReadingOptions) -> Void) throws -> SnapshotFile
  {
    var options = ReadingOptions()
    change(&options)
    return try SnapshotFile.read(directory[name], options: options)
  }

  @Test func columnsAreChosenByName() throws {
    try directory.write(
      "# box=4,free\nx,y,px,py,weight\n1,2,3,4,5\n6,7,8,9,10\n", to: "a.csv")
    let file = try read("a.csv") {
      $0.positionComponents = ["y"]
      $0.velocityComponents = ["x"]
      $0.momentum = .momentum
    }
    #expect(file.snapshot.positions == [[2, 7]] && file.snapshot.velocities == [[3, 8]])
    #expect(file.snapshot.weights == [5, 10] && file.snapshot.box?.notation == "free")
    #expect(file.coordinates.velocities.map(\.name) == ["px"])
    let none = try read("a.csv") { $0.velocityComponents = [] }
    #expect(none.snapshot.velocities.isEmpty && none.snapshot.positions.count == 2)
    let error = #expect(throws: SnapshotError.self) {
      try read("a.csv") { $0.velocityComponents = ["z"] }
    }
    #expect(
      "\(error, default: "")".contains("found the coordinates px, py, expected pz among them"))
    // Columns of velocities are no momenta.
    try directory.write("x,vx\n1,2\n", to: "v.csv")
    #expect(throws: SnapshotError.self) {
      try read("v.csv") {
        $0.velocityComponents = ["x"]
        $0.momentum = .momentum
      }
    }
    try SnapshotFile.write(
      Snapshot(positions: [[1, 2], [3, 4]], velocities: [[5, 6]]), to: directory["n.npz"])
    let numbered = try read("n.npz") {
      $0.positionComponents = ["x2"]
      $0.velocityComponents = ["1"]
    }
    #expect(numbered.snapshot.positions == [[3, 4]] && numbered.snapshot.velocities == [[5, 6]])
  }
}
