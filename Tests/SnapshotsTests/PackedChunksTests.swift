import CHDF5
import TestSupport
import Testing

@testable import Snapshots

/// Deflated chunks that are not unpacked by libhdf5.
@Suite struct PackedChunksTests {
  /// A dataset of the fixture.
  private func withDataset<Result>(
    _ name: String, of path: String = fixture("packed.h5"),
    _ body: (HDF5Node) throws -> Result
  ) throws -> Result {
    var result: Swift.Result<Result, any Error>?
    HDF5Library.exclusively {
      result = Swift.Result {
        let root = try HDF5Library.root(of: path, nil)
        return try body(try #require(try root.node("/data/0/particles/e/\(name)")))
      }
    }
    return try #require(result).get()
  }

  /// Numbers of single and double precision and integers, shuffled and not, from the middle of a chunk to the middle
  /// of another one.
  @Test(arguments: [
    "position/x", "position/y", "positionOffset/x", "velocity/x", "velocity/y", "weighting",
  ])
  func numbersOfChunks(name: String) throws {
    func value(_ index: Int) -> Double {
      switch name {
      case "position/x": Double(index) / 8
      case "position/y": Double(index) / 3
      case "positionOffset/x": -Double(index)
      case "velocity/x": 7 * Double(index)
      case "velocity/y": Double(index) / 7
      default: Double(index % 5)
      }
    }
    try withDataset(name) { node in
      let chunks = try #require(PackedChunks(node.handle))
      for rows in [0..<1000, 0..<1, 63..<65, 64..<128, 100..<700, 999..<1000, 959..<961] {
        var numbers = [Double](repeating: .nan, count: rows.count)
        #expect(numbers.withUnsafeMutableBufferPointer { chunks.read(rows, into: $0) })
        #expect(numbers == rows.map(value))
        #expect(try node.numbers(rows: rows) == numbers)
      }
    }
  }

  /// Other integers, and datasets that are not packed, are read by libhdf5.
  @Test func whatIsLeftToLibhdf5() throws {
    try withDataset("id") { #expect(PackedChunks($0.handle) == nil) }
    try withDataset("positionOffset/y") { #expect(PackedChunks($0.handle) == nil) }
    let whole = try SnapshotFile.read(fixture("packed.h5")).snapshot
    #expect(Array(whole.positions[0]) == (0..<1000).map { -0.875 * Double($0) })
    #expect(whole.ids == (0..<1000).map { UInt64($0) })
  }

  /// A damaged chunk is an error, also where only some numbers are read.
  @Test func damagedChunks() throws {
    let directory = try TemporaryDirectory()
    var bytes = try TestSupport.bytes(ofFile: fixture("packed.h5"))
    // The streams of zlib at its usual level begin so.
    let starts = bytes.indices.dropLast().filter { bytes[$0] == 0x78 && bytes[$0 + 1] == 0x5e }
    #expect(starts.count > 50)
    for start in starts { bytes[start + 10] ^= 0xff }
    let path = try directory.write(bytes, to: "damaged.h5")
    try withDataset("position/x", of: path) { node in
      for rows in [nil, 130..<140] {
        do throws(HDF5Failure) {
          _ = try node.numbers(rows: rows)
          Issue.record("damaged numbers were read")
        } catch {
          guard case .malformed(let place, let found, _) = error else { throw error }
          #expect(place == node.name && found.hasPrefix("numbers that libhdf5 cannot read"))
        }
      }
    }
  }
}
