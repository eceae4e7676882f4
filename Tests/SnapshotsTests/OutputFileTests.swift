import OptimalTransport
import TestSupport
import Testing

@testable import Snapshots
import Libc

@Suite struct OutputFileTests {
  private let directory: TemporaryDirectory
  init() throws { directory = try TemporaryDirectory() }

  private let snapshot = Snapshot(positions: [[1, 2]], velocities: [[3, 4]])

  @Test func replacesOnlyWhenComplete() throws {
    let path = try directory.write("old", to: "a.csv")
    do {
      let file = try OutputFile(path: path)
      try file.write(Array("new".utf8))
      #expect(directory.names.filter { !$0.hasPrefix(".") } == ["a.csv"])
      #expect(try bytes(ofFile: path) == Array("old".utf8))
    }
    #expect(directory.names == ["a.csv"])
    #expect(try bytes(ofFile: path) == Array("old".utf8))
    let file = try OutputFile(path: path)
    try file.write(Array("new".utf8))
    try file.commit()
    #expect(directory.names == ["a.csv"])
    #expect(try bytes(ofFile: path) == Array("new".utf8))
  }

  /// As on file systems that have no unnamed files.
  @Test func aTemporaryNameIsHiddenAndGoes() throws {
    let path = try directory.write("old", to: "a.csv")
    do {
      let output = try #require(TemporaryOutput(beside: path, mode: 0o640, hasName: true))
      #expect(write(output.descriptor, "new", 3) == 3)
      #expect(directory.names.count == 2 && directory.names[0].hasPrefix(".kwass-"))
      #expect(output.replace(path))
    }
    #expect(directory.names == ["a.csv"])
    #expect(try bytes(ofFile: path) == Array("new".utf8))
    do {
      _ = try #require(TemporaryOutput(beside: path, mode: nil, hasName: true))
    }
    #expect(directory.names == ["a.csv"])
    let unfinished = try #require(TemporaryOutput(beside: path, mode: nil, hasName: true))
    UnfinishedFiles.removeAll()
    #expect(directory.names == ["a.csv"])
    #expect(!unfinished.replace(path))
    #expect(try bytes(ofFile: path) == Array("new".utf8))
  }

  /// What a process that was killed has left goes, and what another one is at stays.
  @Test func oldTemporaryFilesAreSwept() throws {
    try directory.write("half", to: ".kwass-1a2b.tmp")
    try directory.write("half", to: ".kwass-3c4d.tmp")
    try directory.write("mine", to: "a.csv.123.tmp")
    let held = open(directory[".kwass-3c4d.tmp"], O_RDWR)
    defer { close(held) }
    try #require(flock(held, LOCK_EX | LOCK_NB) == 0)
    try SnapshotFile.write(snapshot, to: directory["a.csv"])
    #expect(directory.names == [".kwass-3c4d.tmp", "a.csv", "a.csv.123.tmp"])
  }

  /// A name that no file can have is told before the work.
  @Test func aNameThatIsTooLongIsToldAtOnce() throws {
    let path = directory[String(repeating: "n", count: 300) + ".csv"]
    #expect(
      throws: SnapshotError.cannotCreate(path: path, reason: "File name too long")
    ) { try DataFile.checkCreatable(path) }
  }

  @Test func keepsModeAndSymbolicLink() throws {
    let path = try directory.write("old", to: "a.csv")
    chmod(path, 0o640)
    symlink("a.csv", directory["link.csv"])
    try SnapshotFile.write(snapshot, to: directory["link.csv"])
    var status = stat()
    #expect(lstat(directory["link.csv"], &status) == 0 && status.st_mode & S_IFMT == S_IFLNK)
    #expect(lstat(path, &status) == 0 && status.st_mode & 0o777 == 0o640)
    #expect(try SnapshotFile.read(path).snapshot == snapshot)
  }

  @Test func badContentsLeaveTheOldFile() throws {
    let path = try directory.write("old", to: "a.npz")
    #expect(throws: SnapshotError.self) {
      try SnapshotFile.write(Snapshot(positions: [[1, .nan]]), to: path)
    }
    #expect(throws: SnapshotError.self) {
      try SnapshotFile.write(Snapshot(positions: [[1, 2]], weights: [0, 0]), to: path)
    }
    #expect(try bytes(ofFile: path) == Array("old".utf8))
  }

  @Test func saysWhyAFileCannotBeCreated() throws {
    func complaint(_ snapshot: Snapshot, _ name: String) -> String {
      do {
        try SnapshotFile.write(snapshot, to: directory[name])
        return "none"
      } catch {
        return error.description.replacing("\(directory.path)/", with: "")
      }
    }
    #expect(
      complaint(snapshot, "no/such/a.csv")
        == "no/such/a.csv: the file cannot be created: No such file or directory.")
    #expect(
      complaint(snapshot, "a.hdf")
        == "a.hdf: the format is chosen by the extension: .csv, .npy, .npz or .h5.")
    mkdir(directory["d.csv"], 0o700)
    defer { rmdir(directory["d.csv"]) }
    #expect(complaint(snapshot, "d.csv") == "d.csv: the file cannot be created: it is a directory.")
    var weighted = snapshot
    weighted.weights = [1, 2]
    #expect(
      complaint(weighted, "a.npy")
        == "a.npy: a .npy file has no place for masses; write .csv or .npz.")
    weighted = snapshot
    weighted.velocities = []
    #expect(
      complaint(weighted, "a.npy")
        == "a.npy: a .npy file holds as many velocities as positions, and here are 1 and 0; "
        + "write .csv or .npz.")
    #expect(directory.names == ["d.csv"])
  }

  @Test func saysWhatAFormatLeavesOut() throws {
    var timed = snapshot
    timed.time = 1.5
    timed.box = try ProductDomain([.circle(length: 2)])
    #expect(SnapshotFormat.npy.omissions(of: timed) == ["the time 1.5", "the box 2.0"])
    #expect(SnapshotFormat.npy.omissions(of: snapshot).isEmpty)
    #expect(SnapshotFormat.npz.omissions(of: timed).isEmpty)
    try SnapshotFile.write(timed, to: directory["a.npy"])
    #expect(try SnapshotFile.read(directory["a.npy"]).snapshot == snapshot)
  }

  @Test func saysWhyAFileCannotBeRead() throws {
    func complaint(_ path: String) -> SnapshotError? {
      #expect(throws: SnapshotError.self) { try SnapshotFile.read(path) }
    }
    #expect(complaint(directory["a.csv"]) == .missing(path: directory["a.csv"]))
    #expect(
      complaint(directory.path)
        == .unreadable(path: directory.path, reason: "it is a directory"))
    #expect(
      complaint("/dev/null")
        == .unreadable(path: "/dev/null", reason: "it is neither a file nor a pipe"))
    #expect(
      complaint(try directory.write([1, 0, 2], to: "a.bin"))?.description
        == "\(directory.path)/a.bin: found binary data of an unknown format, expected "
        + "a .csv, .npy, .npz, .h5 or .gkyl file.")
  }

  @Test func readsFromAPipe() throws {
    let whole = try bytes(ofFile: fixture("compressed.npz"))
    var ends: [Int32] = [0, 0]
    try #require(pipe(&ends) == 0)
    #expect(write(ends[1], whole, whole.count) == whole.count)
    close(ends[1])
    defer { close(ends[0]) }
    let file = try SnapshotFile.read("/dev/fd/\(ends[0])")
    #expect(file.snapshot == (try SnapshotFile.read(fixture("compressed.npz")).snapshot))
  }
}
