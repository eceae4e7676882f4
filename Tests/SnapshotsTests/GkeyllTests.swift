import OptimalTransport
import TestSupport
import Testing

@testable import Snapshots

@Suite struct GkeyllTests {
  private let directory: TemporaryDirectory
  init() throws { directory = try TemporaryDirectory() }

  // MARK: A real file

  /// Σ m and Σ m v² / Σ m over the cells.
  private func integrals(_ snapshot: Snapshot) throws -> (mass: Double, square: Double) {
    let weights = try #require(snapshot.weights)
    let mass = CompensatedSum(weights).value
    let squares = zip(weights, snapshot.velocities[0]).map { $0 * $1 * $1 }
    return (mass, CompensatedSum(squares).value / mass)
  }

  @Test(.enabled(if: hasSharedData("twostream-f-p2.gkyl"), "needs ../shared/data"))
  func twoStreams() throws {
    let path = sharedData("twostream-f-p2.gkyl")
    let file = try SnapshotFile.read(path)
    let (mass, square) = try integrals(file.snapshot)
    #expect(abs(mass - 12.567398796697965) < 1e-12)
    // numpy, by the same sum.
    #expect(abs(square - 1.050539975028262) < 1e-12)
    #expect(file.snapshot.count == 64 * 32 && file.snapshot.time == 0)
  }

  /// The second moment of the expansion itself, by exact integration of its modes in numpy, is
  /// 1.0397733074888706; subcells come to it with the square of their width once nothing is left out.
  @Test(.enabled(if: hasSharedData("twostream-f-p2.gkyl"), "needs ../shared/data"))
  func finerSamplingConverges() throws {
    let path = sharedData("twostream-f-p2.gkyl")
    var errors: [Double] = []
    for subcells in [4, 8] {
      var options = ReadingOptions()
      options.subcells = subcells
      let snapshot = try SnapshotFile.read(path, options: options).snapshot
      let (mass, square) = try integrals(snapshot)
      // Negative subcells were left out.
      #expect(mass > 12.5673 && mass < 12.572)
      errors.append(square - 1.0397733074888706)
    }
    #expect(abs(errors[1]) < 2e-3, "\(errors)")
  }

  // MARK: An expansion whose integrals are known

  /// The serendipity expansion of order 2 of f(x, v) = 2 + v² on [0, 4] × [−3, 3] with 2 × 3 cells, which
  /// it holds exactly: with v = c + y, y in [−1, 1], v² = (c² + ⅓) + 2c·y + (y² − ⅓).
  private static var quadratic: [UInt8] {
    let metadata: [UInt8] =
      [0x82, 0xa9] + Array("polyOrder".utf8) + [2, 0xa9] + Array("basisType".utf8) + [0xab]
      + Array("serendipity".utf8)
    let coefficients = (0..<6).flatMap { cell -> [Double] in
      let center = Double(2 * (cell % 3) - 2)
      // Of the orthonormal modes ½, √3/2·y and √5/4·(3y² − 1) on [−1, 1]².
      return [
        2 * (2 + center * center + 1.0 / 3), 0, 2 * center / 3.0.squareRoot() * 2, 0, 0,
        4.0 / 3 / 5.0.squareRoot(), 0, 0,
      ]
    }
    return head(type: 1, metadata: metadata) + integer(64) + integer(6)
      + coefficients.flatMap(number)
  }

  /// ∫f = 4·(12 + 18) = 120 in cell means; ∫v²f = 4·(2·18 + 97.2) = 532.8 in the limit of fine subcells,
  /// with an error of the square of their width.
  @Test func subcellsComeToTheIntegrals() throws {
    let path = try directory.write(Self.quadratic, to: "q.gkyl")
    var errors: [Double] = []
    for subcells in [1, 4, 8, 16] {
      var options = ReadingOptions()
      options.subcells = subcells
      let (mass, square) = try integrals(try SnapshotFile.read(path, options: options).snapshot)
      #expect(abs(mass - 120) < 1e-12)
      errors.append(abs(square - 532.8 / 120))
    }
    #expect(errors[0] > 0.1 && errors[3] < 1e-2)
    for (coarse, fine) in zip(errors.dropFirst(), errors.dropFirst(2)) {
      #expect(abs(coarse / fine - 4) < 0.1, "\(errors)")
    }
  }

  // MARK: Files made byte by byte

  static func integer(_ value: Int) -> [UInt8] {
    (0..<8).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
  }
  static func number(_ value: Double) -> [UInt8] {
    integer(Int(bitPattern: UInt(value.bitPattern)))
  }

  static func head(type: Int, real: Int = 2, metadata: [UInt8] = []) -> [UInt8] {
    Array("gkyl0".utf8) + integer(1) + integer(type) + integer(metadata.count) + metadata
      + integer(real) + integer(2) + integer(2) + integer(3)
      + [0.0, -3, 4, 3].flatMap(number)
  }

  /// Means 1, 2, …, 6 but for the fourth, −4; one coefficient a cell, which is twice the mean.
  static let means = [1.0, 2, 3, -4, 0, 6]
  static var single: [UInt8] {
    head(type: 1) + integer(8) + integer(6) + means.flatMap { number(2 * $0) }
  }

  @Test func negativeAndEmptyCellsAreLeftOut() throws {
    let file = try SnapshotFile.read(try directory.write(Self.single, to: "a.gkyl"))
    // Cells of 2 × 2 in x and v.
    #expect(
      file.snapshot
        == Snapshot(
          positions: [[1, 1, 1, 3]], velocities: [[-2, 0, 2, 2]], weights: [4, 8, 12, 24]))
    #expect(file.facts.contains(SnapshotFact("integral", "32.0")))
    #expect(
      file.notes.prefix(2) == [
        "1 cell has negative mass, -16.0 in all (0.5 of the integral); they are left out.",
        "1 cell is empty and left out.",
      ])
  }

  @Test func singlePrecisionInTwoRanges() throws {
    func floats(_ values: [Double]) -> [UInt8] {
      values.flatMap { value in
        let bits = Float(2 * value).bitPattern
        return (0..<4).map { UInt8(truncatingIfNeeded: bits >> (8 * $0)) }
      }
    }
    let integer = Self.integer
    let file =
      Self.head(type: 3, real: 1) + integer(4) + integer(6) + integer(2)
      // Both rows, the last column first.
      + [1, 3, 2, 3, 2].flatMap(integer) + floats([3, 6])
      + [1, 1, 2, 2, 4].flatMap(integer) + floats([1, 2, -4, 0])
    let read = try SnapshotFile.read(try directory.write(file, to: "a.gkyl"))
    let whole = try SnapshotFile.read(try directory.write(Self.single, to: "b.gkyl"))
    #expect(read.snapshot == whole.snapshot)

    var twice = file
    twice[twice.count - 16 - 40] = 2
    let outcome = #expect(throws: SnapshotError.self) {
      try SnapshotFile.read(try directory.write(twice, to: "c.gkyl"))
    }
    #expect(outcome?.description.contains(", expected ") == true)
  }

  @Test func metadataOfAnySizeIsRead() throws {
    let metadata: [UInt8] =
      [0x83] + [0xa4] + Array("time".utf8) + [0xcb] + Self.number(0.5).reversed()
      + [0xa1, 0x61, 0x92, 0xc0, 0x81, 0xa1, 0x62, 0xd1, 0xff, 0xfe] + [0xa1, 0x63, 0xd9, 1, 0x64]
    let map = try #require(MessagePack.map(metadata))
    #expect(map["time"] == .number(0.5) && map["a"] == .other && map["c"] == .text("d"))
    #expect(MessagePack.map([0x81, 0xa1, 0x61, 0xd1, 0xff, 0xfe]) == ["a": .number(-2)])
    for size in metadata.indices { #expect(MessagePack.map(Array(metadata[..<size])) == nil) }
    #expect(MessagePack.map([0xdf, 0xff, 0xff, 0xff, 0xff]) == nil)
    #expect(MessagePack.map([0x81, 0xa1, 0x61] + Array(repeating: 0x91, count: 100)) == nil)
  }

  @Test(arguments: [
    (5, 2, "version 2"), (13, 2, "time series"), (29, 3, "as the kind of numbers"),
    (37, 7, "as the number of axes"), (45, 9, "the 9 × 3 of the grid"), (93, 12, "12 bytes a cell"),
  ])
  func saysWhatIsWrong(byte: Int, value: UInt8, words: String) throws {
    var file = Self.single
    file[byte] = value
    let error = #expect(throws: SnapshotError.self) {
      try SnapshotFile.read(try directory.write(file, to: "a.gkyl"))
    }
    #expect(error?.description.contains(words) == true, "\(error?.description ?? "")")
  }

  @Test func bytesAfterTheLastNumberAreTold() throws {
    let error = #expect(throws: SnapshotError.self) {
      try SnapshotFile.read(try directory.write(Self.single + [0], to: "a.gkyl"))
    }
    #expect(error?.description.contains("1 bytes after the last number") == true)
  }

  @Test func componentsAreToldFromModes() throws {
    let metadata: [UInt8] =
      [0x82, 0xa9] + Array("polyOrder".utf8) + [1, 0xa9] + Array("basisType".utf8) + [0xab]
      + Array("serendipity".utf8)
    let file =
      Self.head(type: 1, metadata: metadata) + Self.integer(8) + Self.integer(6)
      + Self.means.flatMap { Self.number($0) }
    let error = #expect(throws: SnapshotError.self) {
      try SnapshotFile.read(try directory.write(file, to: "a.gkyl"))
    }
    #expect(error?.description.contains("the 4 of one density") == true)
  }

  @Test(arguments: [(1, 1), (1, 2), (1, 3), (2, 1), (2, 2)])
  func meansOfSubcellsKeepTheCell(order: Int, dimension: Int) throws {
    let basis = try #require(ModalBasis(serendipityOrder: order, dimension: dimension))
    #expect(
      basis.degrees.count
        == ModalBasis.count(named: "serendipity", order: order, dimension: dimension))
    let means = basis.means(subcells: 3)
    for function in basis.degrees.indices {
      let mean = CompensatedSum(means.map { $0[function] }).value / Double(means.count)
      let expected = function == 0 ? 0.5.squareRoot().power(Double(dimension)) : 0
      #expect(abs(mean - expected) < 1e-15)
    }
  }
}
