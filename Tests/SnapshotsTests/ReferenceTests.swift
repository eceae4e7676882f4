import OptimalTransport
import TestSupport
import Testing

@testable import Snapshots

/// Beams measured from a reference particle, and places along a lattice.
@Suite struct ReferenceTests {
  private let directory: TemporaryDirectory
  private let path: String
  private static let light = 299_792_458.0
  private static let mass = 9.1093837015e-31

  /// Three electrons of the weights 1, 3 and 5, the last of which is lost. The reference particle is at (1 mm, 2 m)
  /// at 1 ns, and at s = 7 m of a lattice; its momentum is 0.75 mc along z.
  init() throws {
    directory = try TemporaryDirectory()
    path = directory["bunch.h5"]
    try Self.write(to: path, momentumOffset: true)
  }

  private static func write(
    to path: String, momentumOffset: Bool, timeOffset: Bool = true, totalMomentum: Double? = nil
  ) throws(SnapshotError) {
    try HDF5Output.write(to: path) { root throws(SnapshotError) in
      let species = try root.electrons()
      let position = try species.group("position")
      try position.dataset("x", [0, 4, 9]).set("unitSI", 1e-3)
      try position.dataset("z", [0, 0.25, 0])
      let offset = try species.group("positionOffset")
      for (axis, value) in [("x", 1e-3), ("z", 2.0)] { try offset.constant(axis, value, count: 3) }
      let unit = mass * light
      let momentum = try species.group("momentum")
      // The first is the reference particle; the second has the momentum (1, 2).
      let shift = momentumOffset ? 0.75 : 0
      for (axis, values) in [("x", [0, 1.0, 8]), ("z", [0.75 - shift, 2 - shift, 8])] {
        try momentum.dataset(axis, values).set("unitSI", unit)
      }
      if momentumOffset {
        try species.group("momentumOffset").constant("z", 0.75, count: 3, unit: unit)
      } else if timeOffset {
        try species.constant("totalMomentumOffset", 0.75, count: 3, unit: unit)
      }
      if let totalMomentum {
        try species.constant("totalMomentumOffset", totalMomentum, count: 3, unit: unit)
      }
      try species.dataset("time", [0, 2, .nan]).set("unitSI", 1e-9)
      if timeOffset { try species.constant("timeOffset", 1e-9, count: 3) }
      try species.constant("sPosition", 7, count: 3)
      try species.dataset("weight", [1, 3, 5])
      try species.dataset("particleStatus", wholes: [1, 1, 0])
    }
  }

  private func read(
    _ path: String? = nil, _ change: (inout ReadingOptions) -> Void
  ) throws -> SnapshotFile {
    var options = ReadingOptions()
    change(&options)
    return try SnapshotFile.read(path ?? self.path, options: options)
  }

  private func isNear(_ found: some Collection<Double>, _ expected: [Double], _ unit: Double = 1)
    -> Bool
  {
    found.count == expected.count
      && zip(found, expected).allSatisfy { abs($0 - $1) <= 1e-14 * max(abs($1), unit) }
  }

  /// The reference particle itself has the coordinates 0, in whatever way the file states its momentum.
  @Test(arguments: [true, false])
  func fromTheReferenceOfTheFile(momentumOffset: Bool) throws {
    let path = directory["\(momentumOffset).h5"]
    try Self.write(to: path, momentumOffset: momentumOffset)
    let unit = Self.mass * Self.light
    let momenta = try read(path) {
      $0.reference = .file
      $0.positionComponents = ["x", "z", "t", "s"]
      $0.momentum = .momentum
    }
    #expect(isNear(momenta.snapshot.positions[0], [0, 4e-3], 1e-3))
    #expect(isNear(momenta.snapshot.positions[1], [0, 0.25]))
    #expect(isNear(momenta.snapshot.positions[2], [0, 2e-9], 1e-9))
    #expect(momenta.snapshot.positions[3] == [0, 0])
    #expect(isNear(momenta.snapshot.velocities[0], [0, unit], unit))
    #expect(isNear(momenta.snapshot.velocities[1], [0, 1.25 * unit], unit))
    #expect(
      momenta.facts.map(\.text).contains(
        "x, z, s in m and t in s, from the reference particle of the file"))
    // γ of the second is √6, of the first 5/4.
    let light = Self.light
    for (use, expected) in [
      (ReadingOptions.MomentumUse.betaGamma, [1, 1.25]),
      (.relative, [4 / 3.0, 5.0.squareRoot() / 0.75 - 1]),
      (.velocity, [light / 6.0.squareRoot(), 2 * light / 6.0.squareRoot() - 0.6 * light]),
      (.slope, [0.5, 5.0.squareRoot() / 0.75 - 1]),
    ] {
      let file = try read(path) {
        $0.reference = .file
        $0.momentum = use
        $0.velocityComponents = ["x", "z"]
      }
      for axis in 0..<2 {
        #expect(
          isNear(file.snapshot.velocities[axis], [0, expected[axis]], abs(expected[axis])),
          "\(use) \(file.snapshot.velocities[axis])")
      }
    }
  }

  /// p₀ is what the file calls the total momentum, also where an offset of the components is another one.
  @Test func theTotalMomentumIsTheUnit() throws {
    let path = directory["both.h5"]
    try Self.write(to: path, momentumOffset: true, totalMomentum: 1)
    let file = try read(path) {
      $0.reference = .file
      $0.momentum = .relative
    }
    #expect(isNear(file.snapshot.velocities[0], [0, 1]))
    #expect(isNear(file.snapshot.velocities[1], [-0.25, 5.0.squareRoot() - 1]))
  }

  /// Means are of the particles that are not lost, with their weights 1 and 3.
  @Test func fromTheMean() throws {
    let file = try read {
      $0.reference = .mean
      $0.positionComponents = ["x", "t", "s"]
      $0.momentum = .relative
    }
    #expect(isNear(file.snapshot.positions[0], [-3e-3, 1e-3], 1e-3))
    #expect(isNear(file.snapshot.positions[1], [-1.5e-9, 0.5e-9], 1e-9))
    #expect(file.snapshot.positions[2] == [0, 0])
    let (sizes, mean) = ([0.75, 5.0.squareRoot()], (0.75 + 3 * 5.0.squareRoot()) / 4)
    #expect(isNear(file.snapshot.velocities[0], [-0.75 / mean, 0.25 / mean]))
    #expect(isNear(file.snapshot.velocities[1], sizes.map { $0 / mean - 1 }))
    #expect(file.coordinates.velocities.map(\.label) == ["qx", "delta"])
    let text = try #require(file.facts.first { $0.name == "v" }?.text)
    #expect(
      text.hasPrefix("momenta p_x/p0, delta = (p - p0)/p0, p0 = 5.0")
        && text.hasSuffix("from their mean"))
    let slopes = try read {
      $0.reference = .mean
      $0.momentum = .slope
    }
    #expect(slopes.coordinates.velocities.map(\.label) == ["x' (rad)"])
    #expect(isNear(slopes.snapshot.velocities[0], [-0.375, 0.125]))
  }

  /// The reference particle drifts too, with its own velocity 0.6 c.
  @Test func referencesDrift() throws {
    func read(_ drift: Drift) throws -> [CoordinateColumn] {
      try self.read {
        $0.reference = .file
        $0.drift = drift
        $0.positionComponents = ["x", "z", "t", "s"]
      }.snapshot.positions
    }
    // The second particle is at 2.25 m at 3 ns, the reference at 2 m + 0.6 c · 2 ns; along the lattice likewise.
    let late = try read(.time(3e-9))
    let way = 0.6 * Self.light * 2e-9
    #expect(isNear(late[0], [0, 4e-3]) && late[2] == [0, 0])
    #expect(isNear(late[1], [0, 0.25 - way]) && isNear(late[3], [0, -way]))
    let far = try read(.plane(5))
    let speed = 2 * Self.light / 6.0.squareRoot()
    let flights = (own: 3 / (0.6 * Self.light), other: 2.75 / speed)
    #expect(far[1] == [0, 0] && isNear(far[3], [0, 2.75 - 3]))
    #expect(isNear(far[0], [0, 4e-3 + 2.75 / 2]))
    #expect(isNear(far[2], [0, 2e-9 + flights.other - flights.own], 1e-8))
  }

  /// Places along the lattice stand beside the others, and move along z.
  @Test func placesAlongALattice() throws {
    let file = try read { $0.positionComponents = ["s", "x"] }
    #expect(file.snapshot.positions == [[7, 7], [1e-3, 5e-3]])
    #expect(file.coordinates.positions.map(\.label) == ["s (m)", "x (m)"])
    let moved = try read {
      $0.positionComponents = ["s"]
      $0.drift = .time(2e-9)
    }
    let speed = 2 * Self.light / 6.0.squareRoot()
    #expect(isNear(moved.snapshot.positions[0], [7 + 0.6 * Self.light * 1e-9, 7 - speed * 1e-9]))
    let pieces = try pieces { $0.positionComponents = ["s"] }
    #expect(pieces == [[7, 7]])
    let error = #expect(throws: SnapshotError.self) {
      try SnapshotFile.read(
        fixture("beam.h5"),
        options: {
          var options = ReadingOptions()
          (options.iteration, options.positionComponents) = (1, ["s"])
          return options
        }())
    }
    #expect("\(error, default: "")".contains("expected a record sPosition, or z in place of s"))
  }

  private func pieces(_ change: (inout ReadingOptions) -> Void) throws -> [CoordinateColumn] {
    var options = ReadingOptions()
    change(&options)
    var found: [CoordinateColumn] = []
    _ = try SnapshotFile.stream(path, options: options) { piece throws(SnapshotError) in
      found.append(piece.positions[0])
      return true
    }
    return found
  }

  /// Pieces have the mean of all particles.
  @Test func streamsHaveOneMean() throws {
    var options = ReadingOptions()
    (options.reference, options.positionComponents) = (.mean, ["x"])
    var found: [Double] = []
    _ = try SnapshotFile.stream(path, options: options, chunkSize: 1) {
      piece throws(SnapshotError) in
      found += piece.positions[0]
      return true
    }
    #expect(isNear(found, [-3e-3, 1e-3], 1e-3))
  }

  @Test func whatIsNoReferenceIsTold() throws {
    func complaint(_ path: String? = nil, _ change: (inout ReadingOptions) -> Void) -> String {
      let error = #expect(throws: SnapshotError.self) { try read(path, change) }
      return "\(error, default: "")"
    }
    let none = directory["none.h5"]
    try Self.write(to: none, momentumOffset: false, timeOffset: false)
    #expect(
      complaint(none) { $0.reference = .file }.contains(
        "found no reference particle, expected one of the records timeOffset, momentumOffset and "
          + "totalMomentumOffset (ReadingOptions.reference)"))
    #expect(
      complaint { $0.momentum = .relative }.contains(
        "found no reference particle, expected one, by whose momentum others are divided"))
    let csv = try directory.write("x1,v1\n1,2\n", to: "a.csv")
    #expect(complaint(csv) { $0.reference = .mean }.contains("found a file that is not openPMD"))
    #expect(complaint(csv) { $0.momentum = .relative }.contains("found a file that is not openPMD"))
    #expect(
      complaint(fixture("edpic.h5")) {
        ($0.species, $0.iteration, $0.reference) = ("ions", 0, .file)
      }.contains("found no reference particle"))
    #expect(
      complaint(fixture("edpic.h5")) {
        ($0.species, $0.iteration, $0.reference) = ("ions", 0, .mean)
      }.contains("found a periodic axis, on which there is no mean"))
  }
}
