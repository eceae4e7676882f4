import OptimalTransport
import PhaseSpace
import TestSupport
import Testing

@testable import Snapshots

/// A number that is infinite or none is refused in every format, with the particle and the column, and
/// also where the axis is periodic and wrapping might lose it.
@Suite struct NonFiniteTests {
  private let directory: TemporaryDirectory
  init() throws { directory = try TemporaryDirectory() }

  static let values = [Double.nan, .infinity, -.infinity]

  private func sentence(
    _ name: String, _ change: (inout ReadingOptions) -> Void = { _ in }
  ) -> String {
    var options = ReadingOptions()
    change(&options)
    do throws(SnapshotError) {
      let file = try SnapshotFile.read(directory[name], options: options)
      return "read \(try file.measure().count) particles"
    } catch {
      return error.description.replacing("\(directory.path)/", with: "")
    }
  }

  // MARK: The root

  @Test(arguments: values) func wrappingKeepsThem(value: Double) {
    let wrapped = CoordinateAxis.circle(length: 1).wrapped(value)
    #expect(value.isNaN ? wrapped.isNaN : wrapped == value)
    #expect(CoordinateAxis.circle(length: 1).wrapped(1e300) < 1)
  }

  @Test(arguments: values) func measuresOnTheCircle(value: Double) throws {
    let box = try ProductDomain([.circle(length: 1)])
    let error = #expect(throws: PhaseSpaceError.self) {
      try PhaseSpaceMeasure(positions: [[0.1, value]], velocities: [[0, 1]], box: box)
    }
    #expect(
      error?.description == "The coordinate x1 of particle 2 is \(value); it must be finite.")
    let velocity = #expect(throws: PhaseSpaceError.self) {
      try PhaseSpaceMeasure(
        positions: [[0.1, 0.2]], velocities: [[0, 1], [value, 0]], box: box)
    }
    #expect(
      velocity?.description == "The coordinate v2 of particle 1 is \(value); it must be finite.")
  }

  // MARK: openPMD

  /// Three particles, the last of them lost, in a box with one periodic axis.
  private func openPMD(
    x: [Double] = [0.1, 0.2, 0.3], p: [Double] = [0, 1, 2], weights: [Double] = [1, 1, 1],
    spacing: Double = 1, time: Double = 0, name: String = "velocity"
  ) throws {
    try HDF5Output.write(to: directory["a.h5"]) { root throws(SnapshotError) in
      try root.set("openPMD", "1.1.0")
      try root.set("basePath", "/data/%T/")
      try root.set("particlesPath", "particles/")
      try root.set("meshesPath", "meshes/")
      let iteration = try root.group("data").group("0")
      try iteration.set("time", time)
      let species = try iteration.group("particles").group("electron")
      try species.group("position").dataset("x", x)
      try species.group(name).dataset("x", p).set("unitSI", 1)
      try species.dataset("weighting", weights)
      try species.dataset("particleStatus", [1, 1, 0])
      let meshes = try iteration.group("meshes")
      try meshes.set("particleBoundary", ["periodic", "periodic"])
      let mesh = try meshes.dataset("rho", [0])
      try mesh.set("geometry", "cartesian")
      try mesh.set("axisLabels", ["x"])
      try mesh.set("gridSpacing", [spacing])
    }
  }

  @Test(arguments: values) func openPMDRecords(value: Double) throws {
    let place = "a.h5, /data/0/particles/electron: found"
    try openPMD(x: [0.1, value, 0.3])
    #expect(
      sentence("a.h5")
        == "\(place) the position x = \(value) of particle 2, expected a finite number.")
    try openPMD(p: [value, 0, 0])
    #expect(
      sentence("a.h5")
        == "\(place) the velocity x = \(value) of particle 1, expected a finite number.")
    try openPMD(p: [value, 0, 0], name: "momentum")
    #expect(sentence("a.h5").contains("the velocity x = "))
    #expect(sentence("a.h5").contains("nan of particle 1, expected a finite number."))
    try openPMD(weights: [1, value, 1])
    #expect(sentence("a.h5").hasPrefix("\(place) the weight \(value) of particle 2, expected a "))
    // What is left out may be anything.
    try openPMD(x: [0.1, 0.2, value])
    #expect(sentence("a.h5") == "read 2 particles")
    #expect(sentence("a.h5") { $0.includesLost = true }.contains("of particle 3"))
  }

  @Test func openPMDBoxesAndTimes() throws {
    for value in Self.values {
      try openPMD(spacing: value)
      #expect(
        sentence("a.h5")
          == "a.h5, /data/0/meshes/rho: found the extent \(value) of the axis \"x\", expected a finite one."
      )
    }
    try openPMD(time: .infinity)
    #expect(
      sentence("a.h5")
        == "a.h5, /data/0: found the attribute time inf, expected one finite number.")
    // The standard demands a time, and this is how kwass itself says that it knows none.
    try openPMD(time: .nan)
    #expect(sentence("a.h5") == "read 2 particles")
  }

  /// The velocity of a momentum whose square exceeds all numbers is that of light, not 0.
  @Test func hugeMomenta() throws {
    try openPMD(p: [1e200, -1e300, 0], name: "momentum")
    let velocities = try SnapshotFile.read(directory["a.h5"]).snapshot.velocities
    #expect(velocities == [[299_792_458, -299_792_458]])
  }

  // MARK: HDF5 of other layouts

  @Test(arguments: values) func arrays(value: Double) throws {
    func write(x: [Double], v: [Double], weight: [Double], time: Double = 0) throws {
      try HDF5Output.write(to: directory["b.h5"]) { root throws(SnapshotError) in
        try root.dataset("x", x)
        try root.dataset("v", v, shape: [2, 2])
        try root.dataset("w", weight)
        try root.dataset("t", [time])
      }
    }
    func found() -> String {
      sentence("b.h5") { $0.datasets = DatasetMapping("x=/x,v=/v,weight=/w,time=/t") }
    }
    try write(x: [0, value], v: [0, 1, 2, 3], weight: [1, 1])
    #expect(found() == "b.h5, /x: found \(value) in row 2, expected a finite number.")
    try write(x: [0, 1], v: [0, 1, 2, value], weight: [1, 1])
    #expect(
      found() == "b.h5, /v: found \(value) in row 2, column 2, expected a finite number.")
    try write(x: [0, 1], v: [0, 1, 2, 3], weight: [1, value])
    #expect(
      found()
        == "b.h5, /w: found \(value) in row 2, expected a nonnegative finite number.")
    try write(x: [0, 1], v: [0, 1, 2, 3], weight: [1, 1], time: value)
    #expect(found().contains("one finite number, the time."))
  }

  @Test(arguments: values) func tracks(value: Double) throws {
    // The first is not there at this time step.
    func write(_ x: [Double], _ weights: [Double] = [1, 1, 1]) throws {
      try HDF5Output.write(to: directory["c.h5"]) { root throws(SnapshotError) in
        try root.dataset("Times", wholes: [50])
        try root.dataset("Id", wholes: [0, 7, 8], shape: [1, 3])
        try root.dataset("x", x, shape: [1, 3])
        try root.dataset("w", weights, shape: [1, 3])
      }
    }
    try write([value, 2, value])
    #expect(
      sentence("c.h5")
        == "c.h5, /x: found \(value) for particle 3 (Id 8) at the time step 50, expected a finite number."
    )
    try write([1, 2, 3], [1, value, 1])
    #expect(sentence("c.h5").hasPrefix("c.h5, /w: found \(value) for particle 2 (Id 7) at "))
    try write([value, 2, 3])
    #expect(sentence("c.h5") == "read 2 particles")
  }

  // MARK: Text, numpy, Gkeyll

  @Test(arguments: values) func textAndNumpy(value: Double) throws {
    try directory.write("# box=1\nx1,v1,weight\n0.1,0,1\n\(value),0,1\n", to: "a.csv")
    #expect(sentence("a.csv").hasPrefix("a.csv, line 4, column x1: found the "))
    try directory.write("# box=1 time=\(value)\nx1,v1\n0.1,0\n", to: "b.csv")
    #expect(sentence("b.csv").hasPrefix("b.csv, line 1: found the time"))
    let array = NumpyTests.array(
      NumpyTests.header("(2, 2)"), [0, 1, value, 3])
    try directory.write(array, to: "a.npy")
    #expect(
      sentence("a.npy")
        == "a.npy, row 2, column 1: found \(value), expected a finite number.")

    var archive = try ZipWriter(path: directory["a.npz"])
    try archive.add("x", [[0.5, value]], shape: [2])
    try archive.add("box", [[1]], shape: [1])
    try archive.commit()
    #expect(
      sentence("a.npz")
        == "a.npz, array x, row 2: found \(value), expected a finite number.")
    let length = value.isNaN ? value : -value
    archive = try ZipWriter(path: directory["b.npz"])
    try archive.add("x", [[0.5, 1]], shape: [2])
    try archive.add("box", [[length]], shape: [1])
    try archive.commit()
    // An infinite length is how the format says that an axis is free.
    #expect(
      sentence("b.npz")
        == (length == .infinity
          ? "read 2 particles"
          : "b.npz, array box, row 1: found \(length), expected a positive length, or inf for a free axis.")
    )
  }

  @Test(arguments: values) func grids(value: Double) throws {
    var means = GkeyllTests.means
    means[4] = value
    let file =
      GkeyllTests.head(type: 1) + GkeyllTests.integer(8) + GkeyllTests.integer(6)
      + means.flatMap { GkeyllTests.number($0) }
    try directory.write(file, to: "a.gkyl")
    #expect(
      sentence("a.gkyl")
        == "a.gkyl, cell 5, coefficient 1: found \(value), expected a finite number.")
    let metadata: [UInt8] =
      [0x81, 0xa4] + Array("time".utf8) + [0xcb] + GkeyllTests.number(value).reversed()
    let timed =
      GkeyllTests.head(type: 1, metadata: metadata) + GkeyllTests.integer(8)
      + GkeyllTests.integer(6) + GkeyllTests.means.flatMap { GkeyllTests.number($0) }
    try directory.write(timed, to: "b.gkyl")
    #expect(
      sentence("b.gkyl")
        == "b.gkyl, in the metadata: found the time \(value), expected a finite number.")

    var archive = try ZipWriter(path: directory["g.npz"])
    try archive.add("f", [[1, value], [3, 4]], shape: [2, 2])
    try archive.add("x", [[0, 1]], shape: [2])
    try archive.add("v", [[0, 1]], shape: [2])
    try archive.commit()
    #expect(
      sentence("g.npz")
        == "g.npz, array f: found the density \(value) at the node (2, 1), expected finite numbers."
    )
  }

  /// Nodes whose distances exceed all numbers make cells of no mass, which would count as empty.
  @Test func hugeGrids() throws {
    var archive = try ZipWriter(path: directory["g.npz"])
    try archive.add("f", [[1, 0], [3, 4]], shape: [2, 2])
    try archive.add("x", [[-1.5e308, 1.5e308]], shape: [2])
    try archive.add("v", [[0, 1]], shape: [2])
    try archive.commit()
    #expect(sentence("g.npz").contains("found axis 1 with 2 nodes"))
  }
}
