import OptimalTransport
import TestSupport
import Testing

@testable import Snapshots

@Suite struct ArchiveTests {
  private let directory: TemporaryDirectory
  init() throws { directory = try TemporaryDirectory() }

  /// Writes an archive of arrays and returns the sentence that reading it ends in.
  private func complaint(
    _ arrays: [(name: String, columns: [[Double]], shape: [Int])]
  ) throws -> String {
    var archive = try ZipWriter(path: directory["a.npz"])
    for (name, columns, shape) in arrays { try archive.add(name, columns, shape: shape) }
    try archive.commit()
    return try complaint()
  }

  private func complaint() throws -> String {
    let path = directory["a.npz"]
    let error = #expect(throws: SnapshotError.self) { try SnapshotFile.read(path).measure() }
    return "\(error, default: "none")".replacing("\(directory.path)/", with: "")
  }

  private func complaint(about bytes: [UInt8]) throws -> String {
    try directory.write(bytes, to: "a.npz")
    return try complaint()
  }

  @Test func saysWhichArrayIsMissingOrTooMany() throws {
    #expect(
      try complaint([("v", [[1, 2]], [2, 1])])
        == "a.npz: found only v (2 × 1, <f8), expected an array x (the positions, n × d) among them."
    )
    #expect(
      try complaint([])
        == "a.npz: found no arrays, expected an array x (the positions, n × d) among them.")
    #expect(
      try complaint([("x", [[1]], [1, 1]), ("weights", [[1]], [1])])
        == "a.npz: found a member named \"weights.npy\", expected an archive of the arrays x, v, weight, "
        + "time, box, id, f, velocity_range and no others, or one with a matrix X or arr_0."
    )
  }

  @Test func saysWhatIsWrongWithARangeOfVelocities() throws {
    let grid: [(String, [[Double]], [Int])] = [
      ("f", [[1, 1], [1, 1]], [2, 2]), ("x", [[0, 1]], [2]), ("v", [[0, 1]], [2]),
    ]
    for (range, words) in [
      (([2, 1], [2]), "two numbers in increasing order"), (([1], [1]), "two numbers"),
      (([.nan, 1], [2]), "a finite number"),
    ] as [(([Double], [Int]), String)] {
      let found = try complaint(grid + [("velocity_range", [range.0], range.1)])
      #expect(found.hasPrefix("a.npz, array velocity_range") && found.contains(words), "\(found)")
    }
    #expect(
      try complaint([("x", [[1]], [1, 1]), ("velocity_range", [[0, 1]], [2])])
        .contains("one beside the density f of a grid alone"))
  }

  @Test func saysWhichArrayHasAWrongShape() throws {
    let x = (name: "x", columns: [[1.0, 2]], shape: [2, 1])
    #expect(
      try complaint([x, ("v", [[1, 2, 3]], [3, 1])])
        == "a.npz, array v: found 3 × 1, <f8, expected n × d numbers, one row for each of the 2 particles."
    )
    #expect(
      try complaint([x, ("weight", [[1, 2, 3]], [3])])
        == "a.npz, array weight: found 3, <f8, expected one number for each of the 2 particles."
    )
    #expect(
      try complaint([x, ("weight", [[1], [2]], [1, 2])])
        == "a.npz, array weight: found 1 × 2, <f8, expected one number for each of the 2 particles."
    )
    #expect(
      try complaint([x, ("time", [[1, 2]], [2])])
        == "a.npz, array time: found 2, <f8, expected one number.")
    #expect(
      try complaint([x, ("box", [[1, 2]], [2])])
        == "a.npz, array box: found 2, <f8, expected one length for each of the 1 position axes.")
    #expect(
      try complaint([("x", [[1]], [])])
        == "a.npz, array x: found one number, <f8, expected n × d numbers, one row for each particle."
    )
    #expect(
      try complaint([("x", [[1]], [1, 1, 1])])
        == "a.npz, array x: found 1 × 1 × 1, <f8, expected an array of at most two dimensions.")
    #expect(
      try complaint([("x", [], [0, 2])])
        == "a.npz, array x: found 0 × 2, <f8, expected at least one row and one column.")
  }

  @Test func saysWhichNumberIsWrong() throws {
    let x = (name: "x", columns: [[1.0, 2], [3, 4]], shape: [2, 2])
    #expect(
      try complaint([("x", [[1, 2], [3, .infinity]], [2, 2])])
        == "a.npz, array x, row 2, column 2: found inf, expected a finite number.")
    #expect(
      try complaint([x, ("v", [[1, .nan]], [2])])
        == "a.npz, array v, row 2: found nan, expected a finite number.")
    #expect(
      try complaint([x, ("weight", [[1, -1]], [2])])
        == "a.npz, array weight, row 2: found -1.0, expected a nonnegative finite number.")
    #expect(
      try complaint([x, ("weight", [[0, 0]], [2])])
        == "a.npz: The total mass is 0; at least one point must have positive mass.")
    #expect(
      try complaint([x, ("time", [[.nan]], [])])
        == "a.npz, array time, row 1: found nan, expected a finite number.")
    for bad in [0, -1, .nan, -.infinity] as [Double] {
      #expect(
        try complaint([x, ("box", [[1, bad]], [2])])
          == "a.npz, array box, row 2: found \(bad), expected a positive length, or inf for a free axis."
      )
    }
  }

  @Test func refusesDamagedArchives() throws {
    let good = try bytes(ofFile: fixture("plain.npz"))
    var flipped = good
    // In the numbers of x, behind its headers.
    flipped[200] ^= 1
    #expect(
      try complaint(about: flipped)
        == "a.npz, array x: found bytes whose checksum is not the one that the archive states, expected "
        + "an intact archive.")
    #expect(
      try complaint(about: Array(good.dropLast(30)))
        == "a.npz: found no directory at the end of the archive, expected a complete .npz file.")
    let packed = try bytes(ofFile: fixture("compressed.npz"))
    var torn = packed
    // The first byte of a stream: a block of a type that does not exist.
    torn[55] = 0xff
    #expect(
      try complaint(about: torn)
        == "a.npz, array x: found packed bytes that do not unpack, expected an intact archive.")
  }

  @Test func refusesImpossibleClaims() throws {
    let good = try bytes(ofFile: fixture("compressed.npz"))
    let entry = try #require(good.indices.first { good[$0...].starts(with: [0x50, 0x4b, 1, 2]) })
    func claiming(_ offset: Int, _ values: [UInt8]) throws -> String {
      var changed = good
      changed.replaceSubrange(entry + offset..<entry + offset + values.count, with: values)
      return try complaint(about: changed)
    }
    // The unpacked size.
    #expect(
      try claiming(24, [0, 0, 0, 0x7f]).contains(
        "packed and 2130706432 unpacked, expected sizes that are possible in a file of"))
    // The packed size.
    #expect(try claiming(20, [0, 0, 0, 0x7f]).contains("with sizes of 2130706432 bytes packed"))
    // The place of the header.
    #expect(try claiming(42, [0, 0, 0, 0x7f]).contains("with sizes of"))
    #expect(try claiming(42, [1, 0, 0, 0]).contains("found no member where array x should begin"))
    #expect(try claiming(8, [1, 0]).contains("found \"x.npy\" encrypted"))
    #expect(try claiming(10, [12, 0]).contains("\"x.npy\" compressed by method 12"))
    #expect(try claiming(28, [0xff, 0xff]).contains("a directory with a broken entry"))
  }

  @Test(arguments: [0, 300, 1000])
  func wideSizesReturn(limit: Int) throws {
    // Everything above the limit goes to the 64-bit fields, as beyond 4 GB.
    let columns = [(0..<50).map(Double.init), (0..<50).map { -Double($0) }]
    var archive = try ZipWriter(path: directory["a.npz"], wideLimit: limit)
    try archive.add("x", columns, shape: [50, 2])
    try archive.add("weight", [columns[0]], shape: [50])
    try archive.add("time", [[2.5]], shape: [])
    try archive.commit()
    #expect(
      try SnapshotFile.read(directory["a.npz"]).snapshot
        == Snapshot(positions: columns, weights: columns[0], time: 2.5))
    // The directory's entry of `time`, behind 1,500 bytes, leaves its offset to the wide field.
    let bytes = try bytes(ofFile: directory["a.npz"])
    let entry = try #require(bytes.indices.last { bytes[$0...].starts(with: [0x50, 0x4b, 1, 2]) })
    #expect(Array(bytes[entry + 42..<entry + 46]) == [0xff, 0xff, 0xff, 0xff])
  }

  @Test func equalContentsGiveEqualBytes() throws {
    let snapshot = Snapshot(positions: [[1, 2]], velocities: [[3, 4]], time: 1)
    try SnapshotFile.write(snapshot, to: directory["a.npz"])
    try SnapshotFile.write(snapshot, to: directory["b.npz"])
    #expect(try bytes(ofFile: directory["a.npz"]) == bytes(ofFile: directory["b.npz"]))
  }
}
