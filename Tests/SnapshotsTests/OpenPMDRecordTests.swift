import OptimalTransport
import TestSupport
import Testing

@testable import Snapshots

/// Records as other codes may write them: units at either place, constants and offsets in every
/// combination, quantities of macroparticles, boundaries.
@Suite struct OpenPMDRecordTests {
  private let directory: TemporaryDirectory
  init() throws { directory = try TemporaryDirectory() }

  private static let light = 299_792_458.0

  /// Reads a file of one species, into which `body` puts the records.
  private func read(
    _ change: (inout ReadingOptions) -> Void = { _ in },
    _ body: (_ species: HDF5Group, _ iteration: HDF5Group) throws(SnapshotError) -> Void
  ) throws(SnapshotError) -> SnapshotFile {
    let path = directory["a.h5"]
    try HDF5Output.write(to: path) { root throws(SnapshotError) in
      try root.set("openPMD", "1.1.0")
      try root.set("basePath", "/data/%T/")
      try root.set("particlesPath", "particles/")
      try root.set("meshesPath", "fields/")
      let iteration = try root.group("data").group("5")
      try body(try iteration.group("particles").group("beam"), iteration)
    }
    var options = ReadingOptions()
    change(&options)
    return try SnapshotFile.read(path, options: options)
  }

  private func put(
    _ group: HDF5Group, _ name: String, constant value: Double, count: Int, unit: Double = 1
  ) throws(SnapshotError) {
    let constant = try group.group(name)
    try constant.set("value", value)
    try constant.set("shape", wholes: [UInt64(count)])
    try constant.set("unitSI", unit)
  }

  private func isNear(_ found: some Collection<Double>, _ expected: [Double]) -> Bool {
    found.count == expected.count
      && zip(found, expected).allSatisfy { abs($0 - $1) <= 1e-15 * abs($1) }
  }

  @Test func unitsConstantsAndOffsets() throws {
    let file = try read { species, _ throws(SnapshotError) in
      let position = try species.group("position")
      // A unit of the record goes for components that state none.
      try position.set("unitSI", 0.5)
      try position.dataset("x", [1, 2, 4])
      try put(position, "y", constant: 3, count: 3, unit: 2)
      try put(position, "z", constant: 1, count: 3, unit: 4)
      let offset = try species.group("positionOffset")
      try offset.dataset("x", [10, 20, 30]).set("unitSI", 2)
      try offset.dataset("y", [1, 2, 3])
      try put(offset, "z", constant: 5, count: 3, unit: 0.25)
    }
    #expect(file.snapshot.positions == [[20.5, 41, 62], [7, 8, 9], [5.25, 5.25, 5.25]])
    #expect(file.snapshot.time == nil && file.snapshot.box == nil)
    #expect(file.notes.isEmpty)
  }

  @Test func aMissingOffsetIsTold() throws {
    let file = try read { species, _ throws(SnapshotError) in
      try species.group("position").dataset("x", [1, 2])
    }
    #expect(file.snapshot.positions == [[1, 2]])
    #expect(file.notes.map(\.description).contains("There is no positionOffset; none is added."))
  }

  /// p = .75 mc·(.6, .8) for each of the particles, so that γ = 1.25 and v = .6 c·(.6, .8). It is
  /// stated for macroparticles of two, with the square of the weight, and partly as an offset. γ needs
  /// the component that is not asked for.
  @Test func momentaOfMacroparticles() throws {
    let light = Self.light
    let file = try read(
      { $0.velocityComponents = ["y"] },
      { species, iteration throws(SnapshotError) in
        try species.group("position").dataset("x", [0, 1])
        let momentum = try species.group("momentum")
        try momentum.set("macroWeighted", whole: 1)
        try momentum.set("weightingPower", 2)
        try momentum.dataset("x", [4 * 0.25 * light, 4 * 0.25 * light]).set("unitSI", 1)
        try put(momentum, "y", constant: 4 * 0.6, count: 2, unit: light)
        try put(try species.group("momentumOffset"), "x", constant: 4 * 0.2, count: 2, unit: light)
        try put(species, "weighting", constant: 2, count: 2)
        let mass = try species.dataset("mass", [2, 2])
        try mass.set("macroWeighted", whole: 1)
        try mass.set("weightingPower", 1)
        try iteration.set("time", 3)
        try iteration.set("timeUnitSI", 0.5)
      })
    let snapshot = file.snapshot
    #expect(snapshot.velocities.count == 1)
    #expect(isNear(snapshot.velocities[0], [0.48 * light, 0.48 * light]))
    #expect(snapshot.weights == [2, 2] && snapshot.time == 1.5)
    #expect(
      file.facts.contains(
        SnapshotFact("v", "velocities y in m/s, from the momenta with mass and γ")))
  }

  @Test func massesOfKnownSpecies() throws {
    let proton = 1.672_621_923_69e-27
    let file = try read { species, _ throws(SnapshotError) in
      try species.set("speciesType", "proton")
      try species.group("position").dataset("x", [0])
      try put(
        try species.group("momentum"), "x", constant: 0.75 * proton, count: 1, unit: Self.light)
    }
    #expect(isNear(file.snapshot.velocities[0], [0.6 * Self.light]))
    #expect(file.notes.contains("No mass is stated; that of the proton, \(proton) kg, is taken."))
    let error = #expect(throws: SnapshotError.self) {
      try read { species, _ throws(SnapshotError) in
        try species.group("position").dataset("x", [0, 1])
        try species.dataset("weighting", [1, -2])
      }
    }
    #expect(error?.description.contains("found the weight -2.0 of particle 2") == true)
  }

  /// Boundaries are named in the order of the mesh, z before x here; an axis is periodic at both ends
  /// or not at all. Without boundaries, or with too few, no box is assumed.
  @Test(arguments: [6, 4, 0])
  func boundaries(count: Int) throws {
    let file = try read { species, iteration throws(SnapshotError) in
      let position = try species.group("position")
      for name in ["x", "y", "z"] { try position.dataset(name, [0]) }
      let fields = try iteration.group("fields")
      let ends = ["periodic", "absorbing", "periodic", "periodic", "reflecting", "periodic"]
      if count > 0 { try fields.set("particleBoundary", Array(ends.prefix(count))) }
      let mesh = try fields.dataset("rho", Array(repeating: 0, count: 24), shape: [2, 3, 4])
      try mesh.set("geometry", "cartesian")
      try mesh.set("axisLabels", ["z", "x", "y"])
      try mesh.set("gridSpacing", [1, 2, 3])
      try mesh.set("gridUnitSI", 0.5)
    }
    if count == 6 {
      #expect(file.snapshot.box == (try ProductDomain([.circle(length: 3), .line, .line])))
    } else {
      #expect(file.snapshot.box == nil)
      #expect(
        file.notes.contains {
          $0.description.hasPrefix("The meshes extend over x 3.0 m, y 6.0 m, z 1.0 m")
        })
    }
  }
}
