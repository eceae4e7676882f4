import OptimalTransport
import PhaseSpace
import TestSupport
import Testing

@testable import Snapshots

/// Files that numpy wrote, and files made byte by byte.
@Suite struct NumpyTests {
  private let directory: TemporaryDirectory
  init() throws { directory = try TemporaryDirectory() }

  /// What `Tests/Fixtures/make.py` put into the files.
  static let x = [[0.1, 1.0 / 3, 7], [-2.5, Double.leastNormalMagnitude / 64, 1e300]]
  static let v = [[-0.0, 0x1p53 + 2, .pi], [1.5, -1e-5, 3]]
  static let weight = [1, 0, 2.5]
  static let whole = [[1.0, 5], [-2, 6], [3, -7], [-4, 8]]

  // MARK: Written by numpy

  @Test(arguments: ["plain.npz", "compressed.npz"])
  func readsEveryArray(name: String) throws {
    let snapshot = try SnapshotFile.read(fixture(name)).snapshot
    #expect(
      snapshot
        == Snapshot(
          positions: Self.x, velocities: Self.v, weights: Self.weight,
          box: try ProductDomain([.circle(length: 1), .line]), time: 0.75))
    #expect(snapshot.velocities[0][0].sign == .minus)
  }

  @Test(arguments: ["column-major.npz", "streamed.npz"])
  func readsOtherWaysOfWriting(name: String) throws {
    #expect(
      try SnapshotFile.read(fixture(name)).snapshot
        == Snapshot(positions: Self.x, velocities: Self.v, weights: Self.weight))
  }

  @Test func readsOneDimensionalArrays() throws {
    let snapshot = try SnapshotFile.read(fixture("one-axis.npz")).snapshot
    #expect(
      snapshot
        == Snapshot(
          positions: [Self.x[0]], velocities: [Self.v[0].map { Double(Float($0)) }]))
  }

  @Test func readsWhatCompressesAThousandfold() throws {
    let snapshot = try SnapshotFile.read(fixture("many-zeros.npz")).snapshot
    #expect(snapshot.positions == [CoordinateColumn(Array(repeating: 0, count: 50_000))])
    #expect(snapshot.weights == Array(repeating: 1, count: 50_000))
  }

  @Test(arguments: ["big-endian.npy", "column-major.npy", "version-2.npy"])
  func readsPlainArrays(name: String) throws {
    #expect(
      try SnapshotFile.read(fixture(name)).snapshot
        == Snapshot(positions: Self.x, velocities: Self.v))
  }

  @Test(arguments: ["i1", "i2", "i4", "i8", "big-i8", "u1", "u2", "u4", "big-u4", "u8"])
  func readsIntegers(type: String) throws {
    let isUnsigned = type.contains("u")
    let columns = Self.whole.map { $0.map { isUnsigned ? abs($0) : $0 } }
    #expect(
      try SnapshotFile.read(fixture("integers-\(type).npy")).snapshot
        == Snapshot(positions: Array(columns[..<2]), velocities: Array(columns[2...])))
  }

  @Test func readsSinglePrecision() throws {
    #expect(
      try SnapshotFile.read(fixture("single.npy")).snapshot.positions
        == Self.whole[..<2].map { CoordinateColumn($0.map { $0 / 8 }) })
  }

  @Test func tellsTheFormatByItsFirstBytes() throws {
    let archive = try directory.write(bytes(ofFile: fixture("plain.npz")), to: "a.csv")
    #expect(try SnapshotFile.read(archive).format == .npz)
    let array = try directory.write(bytes(ofFile: fixture("single.npy")), to: "b.dat")
    #expect(try SnapshotFile.read(array).format == .npy)
    let text = try directory.write("x1\n1\n", to: "c")
    #expect(try SnapshotFile.read(text).format == .csv)
  }

  // MARK: Made byte by byte

  /// The sentence that a file ends in, without the directory.
  private func complaint(_ bytes: [UInt8], _ name: String) throws -> String {
    let path = try directory.write(bytes, to: name)
    let error = #expect(throws: SnapshotError.self) { try SnapshotFile.read(path).measure() }
    return "\(error, default: "none")".replacing("\(directory.path)/", with: "")
  }

  static func array(_ header: String, _ numbers: [Double] = [], version: UInt8 = 1) -> [UInt8] {
    let size = [UInt8(header.utf8.count & 255), UInt8(header.utf8.count >> 8)]
    return NPYHeader.signature + [version, 0] + size + (version > 1 ? [0, 0] : []) + header.utf8
      + numbers.flatMap { number in withUnsafeBytes(of: number.bitPattern.littleEndian, Array.init)
      }
  }

  static func header(_ shape: String, type: String = "<f8", order: String = "False") -> String {
    "{'descr': '\(type)', 'fortran_order': \(order), 'shape': \(shape), }\n"
  }

  @Test(arguments: [
    header("(1, 2)"), "{\"shape\":(1,2),\"fortran_order\":False,\"descr\":\"<f8\"}",
    " { 'shape' : ( 1L , 2L , ) , 'descr' : '<f8' , 'fortran_order' : False } ",
    header("(1, 2)", type: "=f8"),
  ])
  func readsHeadersAsPythonWould(header: String) throws {
    for version in 1...3 as ClosedRange<UInt8> {
      let path = try directory.write(Self.array(header, [3, 4], version: version), to: "a.npy")
      let snapshot = try SnapshotFile.read(path).snapshot
      #expect(snapshot == Snapshot(positions: [[3]], velocities: [[4]]))
    }
  }

  /// A file and the sentence that it deserves.
  struct BadArray: CustomTestStringConvertible, Sendable {
    let bytes: [UInt8]
    let sentence: String

    init(_ bytes: [UInt8], _ sentence: String) {
      self.bytes = bytes
      self.sentence = sentence
    }

    var testDescription: String { sentence }
  }

  @Test(arguments: [
    BadArray(
      [UInt8]("junk".utf8),
      "a.npy, at byte 0: found other bytes than those with which a .npy file begins, expected \\x93NUMPY."
    ),
    BadArray(
      [],
      "a.npy, at byte 0: found other bytes than those with which a .npy file begins, expected \\x93NUMPY."
    ),
    BadArray(
      Array(array(header("(1, 2)")).prefix(4)),
      "a.npy, at byte 4: found the end of the data, expected the rest of the header."),
    BadArray(
      Array(array(header("(1, 2)")).prefix(9)),
      "a.npy, at byte 9: found the end of the data, expected the rest of the header."),
    BadArray(
      Array(array(header("(1, 2)")).prefix(40)),
      "a.npy, at byte 40: found the end of the data, expected 30 bytes of the header."),
    BadArray(
      array(header("(1, 2)"), version: 9),
      "a.npy, at byte 6: found version 9 of the .npy format, expected version 1, 2 or 3."),
    BadArray(
      Array(array(header("(2, 2)"), [1, 2, 3, 4]).dropLast(5)),
      "a.npy: found 27 bytes of numbers, expected 32 (2 × 2, <f8)."),
    BadArray(
      array(header("(1, 2)"), [1, 2, 3]),
      "a.npy: found 8 bytes after the last number, expected 16 bytes of numbers (1 × 2, <f8)."
    ),
    BadArray(
      array(header("(1, 2)"), [1, .nan]),
      "a.npy, row 1, column 2: found nan, expected a finite number."),
    BadArray(
      array(header("(1, 3)"), [1, 2, 3]),
      "a.npy, in the header: found an array of 1 × 3, <f8, expected an even number (the positions, then as many velocities), or a role for each (ReadingOptions.columns = .points, ReadingOptions.columns)."
    ),
    BadArray(
      array(header("(1, 1, 2)"), [1, 2]),
      "a.npy, in the header: found an array of 1 × 1 × 2, <f8, expected a matrix with a row for each particle, or one column."
    ),
    BadArray(
      array(header("(1, 1000000000000)"), [1, 2]),
      "a.npy, in the header: found an array of 1 × 1000000000000, <f8, expected at most 9999 columns."
    ),
    BadArray(
      array(header("(0, 2)")),
      "a.npy, in the header: found no particles, expected at least one row."),
    BadArray(
      array(header("(4611686018427387904, 4)")),
      "a.npy: found 0 bytes of numbers, expected more (4611686018427387904 × 4, <f8)."),
    BadArray(
      array(header("(1, 4611686018427387902)")),
      "a.npy, in the header: found an array of 1 × 4611686018427387902, <f8, expected at most 9999 columns."
    ),
    BadArray(
      array(header("(99999999999999999999, 4)")),
      "a.npy, in the header: found \"(99999999999999999999, 4)\", expected a tuple of sizes such as (1000, 4)."
    ),
    BadArray(
      array(header("(-1, 4)")),
      "a.npy, in the header: found \"(-1, 4)\", expected a tuple of sizes such as (1000, 4)."),
    BadArray(
      array(header("4")),
      "a.npy, in the header: found \"4\", expected a tuple of sizes such as (1000, 4)."),
    BadArray(
      array(header("(1, 2)", order: "Maybe")),
      "a.npy, in the header: found \"Maybe\", expected True or False for fortran_order."),
    BadArray(
      array(header("(1, 2)", type: "<c16")),
      "a.npy, in the header: found \"<c16\", expected numbers of the type f8, f4, or an integer type of up to 8 bytes."
    ),
    BadArray(
      array(header("(1, 2)", type: "|O")),
      "a.npy, in the header: found \"|O\", expected numbers of the type f8, f4, or an integer type of up to 8 bytes."
    ),
    BadArray(
      array("{'descr': [('x', '<f8'), ('v', '<f8')], 'fortran_order': False, 'shape': (1,), }"),
      "a.npy, in the header: found \"[('x', '<f8'), ('v', '<f8')]\", expected numbers of the type f8, f4, or an integer type of up to 8 bytes."
    ),
    BadArray(
      array("{'descr': '<f8', 'shape': (1, 2), }"),
      "a.npy, in the header: found \"{'descr': '<f8', 'shape': (1, 2), }\", expected a dictionary of descr, fortran_order and shape."
    ),
  ])
  func saysWhatIsWrongWithAnArray(bad: BadArray) throws {
    #expect(try complaint(bad.bytes, "a.npy") == bad.sentence)
  }

  @Test func refusesHugeHeaders() throws {
    let bytes = NPYHeader.signature + [2, 0, 255, 255, 255, 255]
    #expect(
      try complaint(bytes, "a.npy")
        == "a.npy, at byte 8: found a header of 4294967295 bytes, expected at most 65536 bytes."
    )
  }

  @Test func writesAlignedNumbersForNumpy() throws {
    let header = NPYHeader(type: .float64, shape: [123, 4])
    #expect(header.bytes.count == 128 || header.bytes.count == 64)
    #expect(header.bytes.count.isMultiple(of: 64) && header.bytes.last == UInt8(ascii: "\n"))
    let path = try directory.write(header.bytes, to: "a.npy")
    #expect(try NPYHeader.read(from: FileBytes(InputFile(path: path))) == header)
  }
}
