import OptimalTransport
import PhaseSpace
import TestSupport
import Testing

@testable import Snapshots
import Libc

/// Whatever is in a file, reading it ends in a measure or in one sentence. HDF5 files, on which the
/// HDF5 library may crash, are those of `HDF5HelperTests`.
@Suite struct HostileFileTests {
  static let names = [
    "plain.npz", "compressed.npz", "streamed.npz", "column-major.npz", "one-axis.npz",
    "many-zeros.npz", "big-endian.npy", "integers-i2.npy", "version-2.npy",
  ]

  static let text = """
    # time=0.5 box=1,free
    x1,x2,v1,v2,weight
    0.25,1e-3,-3,4.0,1
    .5,-7.125,0,12345678901234567890,2e0

    """

  private func attempt(_ path: String) -> String {
    do {
      let file = try SnapshotFile.read(path)
      return "\(try file.measure().count)"
    } catch {
      return error.description
    }
  }

  /// Whether an outcome is a count or one sentence; told without `#expect`, which is slow.
  private func judge(_ outcome: String, _ what: @autoclosure () -> String) {
    let isSentence = outcome.hasSuffix(".") && !outcome.contains("\n") && outcome.utf8.count < 600
    if Int(outcome) == nil, !isSentence { Issue.record("\(what()): \(outcome)") }
  }

  private func contents(_ name: String) throws -> [UInt8] {
    name == "text.csv" ? Array(Self.text.utf8) : try bytes(ofFile: fixture(name))
  }

  @Test(arguments: names + ["text.csv"])
  func truncatedAnywhere(name: String) throws {
    let directory = try TemporaryDirectory()
    let whole = try contents(name)
    for size in whole.indices {
      let path = try directory.write(whole[..<size], to: name)
      let outcome = attempt(path)
      judge(outcome, "\(name) cut to \(size) bytes")
      // A text that ends after a row is a shorter, valid text; binary formats know their sizes.
      if name != "text.csv", Int(outcome) != nil { Issue.record("\(name) cut to \(size) bytes") }
    }
    #expect(Int(attempt(try directory.write(whole, to: name))) != nil)
  }

  @Test(arguments: names + ["text.csv", "grid.npz"])
  func changedAnywhere(name: String) throws {
    let directory = try TemporaryDirectory()
    let whole = try contents(name)
    var generator = SeededGenerator(seed: 17)
    for _ in 0..<1500 {
      var changed = whole
      for _ in 0...(generator.next() % 4) {
        let position = Int(generator.next() % UInt64(changed.count))
        switch generator.next() % 4 {
        case 0: changed[position] = UInt8(truncatingIfNeeded: generator.next())
        case 1: changed[position] ^= 1 << (generator.next() % 8)
        case 2: changed[position] = [0, 0xff, 0x7f, 0x80][Int(generator.next() % 4)]
        default: changed.insert(UInt8(truncatingIfNeeded: generator.next()), at: position)
        }
      }
      let outcome = attempt(try directory.write(changed, to: name))
      judge(outcome, "\(name) changed")
    }
  }

  /// Fixtures of the formats with large headers, cut off at 50 random places.
  @Test(arguments: ["grid.gkyl", "compressed.npz"])
  func cutOffAtRandomPlaces(name: String) throws {
    let whole =
      switch name {
      case "grid.gkyl": GkeyllTests.single
      default: try bytes(ofFile: fixture(name))
      }
    try cutOff(whole, name)
  }

  /// The same of real files.
  @Test(
    .enabled(if: hasSharedData("twostream-f-p2.gkyl", "beam-screen-0.npz"), "needs ../shared/data"),
    arguments: ["twostream-f-p2.gkyl", "beam-screen-0.npz"])
  func realFilesCutOffAtRandomPlaces(name: String) throws {
    try cutOff(try bytes(ofFile: sharedData(name)), name)
  }

  private func cutOff(_ whole: [UInt8], _ name: String) throws {
    let directory = try TemporaryDirectory()
    var generator = SeededGenerator(seed: 50)
    for _ in 0..<50 {
      let size = Int(generator.next() % UInt64(whole.count))
      let outcome = attempt(try directory.write(whole[..<size], to: name))
      judge(outcome, "\(name) cut to \(size) bytes")
      if Int(outcome) != nil { Issue.record("\(name) cut to \(size) bytes was read") }
    }
  }

  /// Files that claim, list or repeat so much that a careless reader would hang or run out of
  /// memory.
  @Test func excessiveFiles() throws {
    let directory = try TemporaryDirectory()
    let names = (1...100_000).map { "x\($0)" }
    for header in [names, names.reversed(), names.map { _ in "x1" }, names.map { _ in "v2" }] {
      let text = "\(header.joined(separator: ","))\n1\n"
      let outcome = attempt(try directory.write(text, to: "a.csv"))
      judge(outcome, "many columns")
      #expect(Int(outcome) == nil)
    }
    let wide = "\(names[..<9999].joined(separator: ","))\n1\n"
    judge(attempt(try directory.write(wide, to: "a.csv")), "many columns and a short row")
    let remark = "#" + String(repeating: " box=1 time=", count: 50_000) + "\nx1\n1\n"
    judge(attempt(try directory.write(remark, to: "a.csv")), "many remarks")
    let sizes = String(repeating: "1, ", count: 15_000)
    for shape in ["(\(sizes))", "(1, \(sizes))", String(repeating: "(", count: 40_000)] {
      let array = NumpyTests.array(NumpyTests.header(shape), [1, 2], version: 2)
      judge(attempt(try directory.write(array, to: "a.npy")), "many dimensions")
    }
  }

  /// Whether the file system has files as large as the one of holes.
  private static let hasHugeFiles: Bool = {
    guard let directory = try? TemporaryDirectory(),
      let path = try? directory.write([], to: "a.npy")
    else { return false }
    return truncate(path, off_t(1) << 43 + 1 << 20) == 0
  }()

  /// A file of holes, as large as it claims but with nothing on the disk.
  @Test(.enabled(if: hasHugeFiles, "needs a file system with files of 9 TB"))
  func hugeFilesOfHoles() throws {
    let directory = try TemporaryDirectory()
    let rows = 1 << 39
    let array = NumpyTests.array(NumpyTests.header("(\(rows), 2)"))
    let path = try directory.write(array, to: "a.npy")
    #expect(truncate(path, off_t(array.count + rows * 16)) == 0)
    #expect(attempt(path).contains("found more numbers than fit into memory"))
  }
}
