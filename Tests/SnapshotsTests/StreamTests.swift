import OptimalTransport
import TestSupport
import Testing

@testable import Snapshots

/// Snapshots that are read piece by piece are those that are read at once.
@Suite struct StreamTests {
  private let directory: TemporaryDirectory
  init() throws { directory = try TemporaryDirectory() }

  private func snapshot(count: Int, weighted: Bool = true) throws -> Snapshot {
    var generator = SeededGenerator(seed: 4)
    func column() -> [Double] { (0..<count).map { _ in generator.uniform() } }
    return Snapshot(
      positions: [column(), column()], velocities: [column(), column()],
      weights: weighted ? column() : nil,
      box: weighted ? try ProductDomain([.circle(length: 2), .line]) : nil,
      time: weighted ? 0.25 : nil)
  }

  /// All pieces together, and how many they were.
  private func joined(
    _ path: String, _ size: Int, _ options: ReadingOptions = ReadingOptions()
  ) throws -> (snapshot: Snapshot, file: SnapshotFile, pieces: Int) {
    var all: Snapshot?
    var pieces = 0
    let file = try SnapshotFile.stream(path, options: options, chunkSize: size) { piece in
      #expect(piece.count <= size)
      pieces += 1
      guard var sum = all else {
        all = piece
        return true
      }
      for axis in piece.positions.indices {
        sum.positions[axis] = CoordinateColumn(Array(sum.positions[axis]) + piece.positions[axis])
      }
      for axis in piece.velocities.indices {
        sum.velocities[axis] = CoordinateColumn(
          Array(sum.velocities[axis]) + piece.velocities[axis])
      }
      if let weights = piece.weights { sum.weights = (sum.weights ?? []) + weights }
      all = sum
      return true
    }
    return (try #require(all), file, pieces)
  }

  @Test(arguments: ["a.csv", "a.npz", "a.h5"], [1, 7, 100, 101])
  func piecesAreTheWhole(name: String, size: Int) throws {
    let snapshot = try snapshot(count: 100)
    try SnapshotFile.write(snapshot, to: directory[name])
    let (found, file, pieces) = try joined(directory[name], size)
    let whole = try SnapshotFile.read(directory[name])
    #expect(found == whole.snapshot)
    #expect(pieces == (100 + size - 1) / size)
    #expect(file.layout == whole.layout && file.facts == whole.facts && file.notes == whole.notes)
    #expect(file.snapshot.count == 0 && file.snapshot.time == 0.25)
  }

  @Test(arguments: [3, 1000])
  func matricesWithoutNames(size: Int) throws {
    let path = directory["a.npy"]
    try SnapshotFile.write(try snapshot(count: 500, weighted: false), to: path)
    #expect(try joined(path, size).snapshot == SnapshotFile.read(path).snapshot)
  }

  /// A file that cannot be read piece by piece is read whole and handed over in pieces.
  @Test func columnByColumn() throws {
    var archive = try ZipWriter(path: directory["f.npz"])
    try archive.add("x", [[1, 2, 3, 4, 5, 6]], shape: [6, 1])
    try archive.commit()
    var bytes = NPYHeader(type: .float64, isColumnMajor: true, shape: [3, 2]).bytes
    for value in [1.0, 2, 3, 10, 20, 30] {
      withUnsafeBytes(of: value.bitPattern.littleEndian) { bytes.append(contentsOf: $0) }
    }
    let path = try directory.write(bytes, to: "f.npy")
    let (found, _, pieces) = try joined(path, 2)
    #expect(found.positions == [[1, 2, 3]] && found.velocities == [[10, 20, 30]])
    #expect(pieces == 2)
  }

  /// Lost particles are left out of their pieces and counted over all of them.
  @Test(arguments: [1, 2, 3, 4])
  func lostParticles(size: Int) throws {
    let path = directory["beam.h5"]
    try BeamFile.write(to: path)
    let whole = try SnapshotFile.read(path)
    let (found, file, _) = try joined(path, size)
    #expect(found == whole.snapshot)
    #expect(
      Set(file.notes.map { $0.sentence { $0.description } })
        == Set(whole.notes.map { $0.sentence { $0.description } }))
  }

  /// A file that is written in pieces is, byte for byte, the one that is written at once.
  @Test(arguments: [1, 30, 99])
  func piecesMakeTheSameFile(size: Int) throws {
    var whole = try snapshot(count: 100)
    let piece = { (range: Range<Int>) in
      var part = whole
      part.positions = whole.positions.map { CoordinateColumn(Array($0[range])) }
      part.velocities = whole.velocities.map { CoordinateColumn(Array($0[range])) }
      part.weights = whole.weights.map { Array($0[range]) }
      return part
    }
    try SnapshotFile.write(count: 100, to: directory["b.h5"], chunkSize: size, piece)
    whole.ids = nil
    try SnapshotFile.write(whole, to: directory["a.h5"])
    #expect(try SnapshotFile.read(directory["b.h5"]).snapshot == whole)
    #expect(
      try TestSupport.bytes(ofFile: directory["b.h5"])
        == TestSupport.bytes(ofFile: directory["a.h5"]))
    #expect(throws: SnapshotError.self) {
      try SnapshotFile.write(count: 100, to: directory["c.h5"], chunkSize: size) { _ in
        piece(0..<2)
      }
    }
    #expect(!directory.names.contains("c.h5"))
  }

  /// Pieces that are not wanted are passed over, and all others are what they are among all.
  @Test(arguments: ["a.csv", "a.npz", "a.h5", "a.npy"], [7, 100])
  func piecesThatAreWanted(name: String, size: Int) throws {
    let snapshot = try snapshot(count: 200, weighted: name != "a.npy")
    try SnapshotFile.write(snapshot, to: directory[name])
    let whole = try SnapshotFile.read(directory[name])
    for isWanted in [{ $0 % 3 == 0 }, { (0...1).contains($0) }, { $0 * size + size >= 200 }] {
      var asked: [Int] = []
      let file = try SnapshotFile.stream(
        directory[name], chunkSize: size,
        isWanted: {
          asked.append($0)
          return isWanted($0)
        }
      ) { piece in
        let start = (asked.last ?? 0) * size
        let range = start..<min(start + size, 200)
        #expect(isWanted(asked.last ?? -1))
        #expect(
          piece.positions.map { Array($0) } == whole.snapshot.positions.map { Array($0[range]) })
        #expect(
          piece.velocities.map { Array($0) } == whole.snapshot.velocities.map { Array($0[range]) })
        #expect(piece.weights == whole.snapshot.weights.map { Array($0[range]) })
        #expect(piece.box == whole.snapshot.box && piece.time == whole.snapshot.time)
        return true
      }
      #expect(asked == Array(0..<(200 + size - 1) / size))
      #expect(file.layout == whole.layout && file.facts == whole.facts)
    }
  }

  /// Lost particles are counted in pieces that are passed over, too.
  @Test func lostParticlesOfPiecesThatAreNotWanted() throws {
    let path = directory["beam.h5"]
    try BeamFile.write(to: path)
    let whole = try SnapshotFile.read(path)
    let file = try SnapshotFile.stream(path, chunkSize: 1, isWanted: { $0 == 0 }) { _ in true }
    #expect(
      file.notes.map { $0.sentence { $0.description } }
        == whole.notes.map { $0.sentence { $0.description } })
  }

  /// What is cut off is missed also where nobody wants it.
  @Test(arguments: ["a.npy", "a.npz", "a.h5"])
  func cutOffPiecesThatAreNotWanted(name: String) throws {
    try SnapshotFile.write(try snapshot(count: 3000, weighted: false), to: directory[name])
    let bytes = try TestSupport.bytes(ofFile: directory[name])
    let path = try directory.write(bytes.dropLast(bytes.count / 3 + 1), to: "cut-\(name)")
    #expect(throws: SnapshotError.self) {
      try SnapshotFile.stream(path, chunkSize: 100, isWanted: { $0 < 2 }) { _ in true }
    }
  }

  @Test func anEarlyEndIsAnEnd() throws {
    try SnapshotFile.write(try snapshot(count: 100), to: directory["a.h5"])
    var pieces = 0
    _ = try SnapshotFile.stream(directory["a.h5"], chunkSize: 10) { _ in
      pieces += 1
      return pieces < 3
    }
    #expect(pieces == 3)
  }

  /// Pieces have ids where they are asked for, in every format.
  @Test(arguments: ["a.csv", "a.npz", "a.h5"], [7, 100])
  func piecesHaveIds(name: String, size: Int) throws {
    var snapshot = try snapshot(count: 100)
    snapshot.ids = (0..<100).map { UInt64.max - 3 * $0 }
    try SnapshotFile.write(snapshot, to: directory[name])
    var ids: [UInt64] = []
    for isWanted in [true, false] {
      let file = try SnapshotFile.stream(
        directory[name], chunkSize: size, includesIds: isWanted
      ) { piece in
        #expect((piece.ids != nil) == isWanted)
        ids += piece.ids ?? []
        return true
      }
      #expect(file.layout == (try SnapshotFile.read(directory[name]).layout))
    }
    #expect(ids == snapshot.ids)
  }

  /// Ids are counted right whether they lie close to each other, in any order, or anywhere.
  @Test func differentIds() {
    func tally(_ ids: [UInt64], pages: Int = 1 << 17) -> IdentityTally {
      var tally = IdentityTally(largestPageCount: pages)
      for start in stride(from: 0, to: ids.count, by: 77) {
        tally.add(Array(ids[start..<min(start + 77, ids.count)]))
      }
      return tally
    }
    var generator = SeededGenerator(seed: 3)
    let scattered = (0..<5000).map { _ in generator.next() }
    let repeated = (scattered + scattered.prefix(700)).shuffled(using: &generator)
    #expect(tally(Array(3..<9000)).distinct == 8997)
    #expect(tally((3..<9000).reversed() + [4, 5, 6]).distinct == 8997)
    #expect(tally(repeated).distinct == 5000)
    #expect(tally(repeated).least == scattered.min() && tally(repeated).greatest == scattered.max())
    #expect(tally(repeated, pages: 100).distinct == nil)
    #expect(tally(scattered.sorted(), pages: 100).distinct == 5000)
    for count in [1, 3] {
      let found = (0..<count).map { number in
        var part = IdentityPart(number, of: count)
        part.add(repeated)
        return part.distinct()
      }
      #expect(found.reduce(0, +) == 5000)
    }
  }

  /// A file that is cut off fails, though its first pieces are whole.
  @Test(arguments: ["a.csv", "a.npy", "a.npz", "a.h5"])
  func cutOffFilesFail(name: String) throws {
    try SnapshotFile.write(
      try snapshot(count: 3000, weighted: false), to: directory[name])
    let bytes = try TestSupport.bytes(ofFile: directory[name])
    let path = try directory.write(bytes.dropLast(bytes.count / 3 + 1), to: "cut-\(name)")
    #expect(throws: SnapshotError.self) { try joined(path, 100) }
  }

  /// Errors name the particle among all, not among those of its piece.
  @Test func errorsCountFromTheFirstParticle() throws {
    var rows = (0..<50).map { "\($0),1" }
    rows[37] = "37,-1"
    let path = try directory.write("x1,weight\n" + rows.joined(separator: "\n") + "\n", to: "a.csv")
    #expect(
      throws: SnapshotError.malformed(
        path: path, place: "line 39, column weight", found: "the number \"-1\"",
        expected: "a nonnegative finite number")
    ) { try joined(path, 10) }
    var bytes = NPYHeader(type: .float64, shape: [50, 2]).bytes
    for index in 0..<100 {
      let value = index == 71 ? Double.nan : 1
      withUnsafeBytes(of: value.bitPattern.littleEndian) { bytes.append(contentsOf: $0) }
    }
    let matrix = try directory.write(bytes, to: "a.npy")
    #expect(
      throws: SnapshotError.malformed(
        path: matrix, place: "row 36, column 2", found: "nan", expected: "a finite number")
    ) { try joined(matrix, 10) }
  }

  @Test func aBoxBehindParticlesIsRefused() throws {
    let rows = (0..<50).map { "\($0)" }.joined(separator: "\n")
    let path = try directory.write("x1\n\(rows)\n# box=1\n", to: "a.csv")
    #expect(throws: SnapshotError.self) { try joined(path, 10) }
    #expect(try joined(path, 100).snapshot.box != nil)
  }
}
