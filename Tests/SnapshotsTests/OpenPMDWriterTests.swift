import OptimalTransport
import TestSupport
import Testing

@testable import Snapshots

@Suite struct OpenPMDWriterTests {
  private func snapshot() throws -> Snapshot {
    Snapshot(
      positions: [[0.25, 0.5, 3], [-1, 7, 2]], velocities: [[1, 2, 3], [4, 5, 6], [7, 8, 9]],
      weights: [1, 0, 2.5], box: try ProductDomain([.circle(length: 4), .line]), time: 0.1,
      ids: [.max, 0, 1 << 53 + 1])
  }

  /// What other programs see in the file, through the reader of attributes.
  @Test func theFileSaysWhatItHolds() throws {
    let directory = try TemporaryDirectory()
    let path = directory["run-0012.h5"]
    try SnapshotFile.write(try snapshot(), to: path)
    func attributes(_ place: String, _ name: String) throws -> [String] {
      try HDF5Library.read(try InputFile(path: path)) { root throws(SnapshotError) in
        guard let object = try root.member(place) else { throw .missing(path: place) }
        if let numbers = try object.numbers(of: name) { return numbers.map(\.description) }
        return try object.texts(of: name) ?? []
      }
    }
    #expect(try attributes("/", "openPMD") == ["1.1.0"])
    #expect(try attributes("/", "iterationEncoding") == ["fileBased"])
    #expect(try attributes("/", "iterationFormat") == ["run-%04T.h5"])
    #expect(try attributes("data/12", "time") == ["0.1"])
    let species = "data/12/particles/all"
    #expect(
      try attributes("\(species)/velocity", "unitDimension")
        == ["1.0", "0.0", "-1.0", "0.0", "0.0", "0.0", "0.0"])
    #expect(try attributes("\(species)/weighting", "macroWeighted") == ["1.0"])
    #expect(
      try attributes("data/12/meshes", "particleBoundary")
        == ["periodic", "periodic", "open", "open"])
    // The period of the first axis, and how far particles reach on the second.
    let mesh = "data/12/meshes/totalWeighting"
    #expect(try attributes(mesh, "gridSpacing") == ["4.0", "8.0"])
    #expect(try attributes(mesh, "gridGlobalOffset") == ["0.0", "-1.0"])
    let total = try HDF5Library.read(try InputFile(path: path)) { root throws(SnapshotError) in
      try root.member(mesh)?.numbers()
    }
    #expect(total == [3.5])
    #expect(directory.names == ["run-0012.h5"])
  }

  @Test(arguments: [
    ("a.h5", nil, 0), ("a7.h5", "a%T.h5", 7), ("run_000100.H5", "run_%06T.H5", 100),
    ("12.h5", "%T.h5", 12), ("0.h5", "%T.h5", 0), ("a%07.h5", nil, 0),
  ])
  func theNumberOfTheNameIsThatOfTheIteration(name: String, pattern: String?, number: Int) throws {
    let directory = try TemporaryDirectory()
    try SnapshotFile.write(try snapshot(), to: directory[name])
    #expect(try SnapshotFile.iterations(of: directory[name]) == [number])
    let format = try HDF5Library.read(try InputFile(path: directory[name])) {
      root throws(SnapshotError) in
      try root.text(of: "iterationFormat")
    }
    #expect(format == pattern ?? "/data/%T/")
    #expect(try SnapshotFile.read(directory[name]).snapshot == (try snapshot()))
  }

  @Test func theSameContentsAreTheSameBytes() throws {
    let directory = try TemporaryDirectory()
    try SnapshotFile.write(try snapshot(), to: directory["a.h5"])
    try SnapshotFile.write(try snapshot(), to: directory["b.h5"])
    #expect(try bytes(ofFile: directory["a.h5"]) == bytes(ofFile: directory["b.h5"]))
  }

  @Test func aFailureLeavesWhatWasThere() throws {
    let directory = try TemporaryDirectory()
    let many = Snapshot(positions: Array(repeating: [1, 2], count: 17))
    try directory.write("before", to: "a.h5")
    #expect(
      throws: SnapshotError.unwritable(
        path: directory["a.h5"],
        reason: "the snapshot has 17 position coordinates; .h5 files of kwass have at most 16.")
    ) { try SnapshotFile.write(many, to: directory["a.h5"]) }
    #expect(directory.names == ["a.h5"])
    #expect(try bytes(ofFile: directory["a.h5"]) == Array("before".utf8))
    let folder = SnapshotError.cannotCreate(
      path: directory["none/a.h5"], reason: "No such file or directory")
    #expect(throws: folder) { try SnapshotFile.write(try snapshot(), to: directory["none/a.h5"]) }
    #expect(throws: SnapshotError.self) { try SnapshotFile.write(many, to: "/dev/full.h5") }
  }

  /// A point on a free axis has a cell, too; 16 axes keep their order.
  @Test func extremeShapes() throws {
    let directory = try TemporaryDirectory()
    for axes in [1, 4, 9, 10, 16] {
      let snapshot = Snapshot(
        positions: (0..<axes).map { [Double($0)] }, velocities: (0..<axes).map { [-Double($0)] },
        box: try ProductDomain((0..<axes).map { $0 % 3 == 1 ? .circle(length: 99) : .line }))
      try SnapshotFile.write(snapshot, to: directory["a.h5"])
      #expect(try SnapshotFile.read(directory["a.h5"]).snapshot == snapshot)
    }
  }
}
