import OptimalTransport
import TestSupport
import Testing

@testable import Snapshots

/// The modal bases and the axes of Gkeyll's fields, on cells whose expansion is known.
@Suite struct GkeyllSamplingTests {
  private let directory: TemporaryDirectory
  init() throws { directory = try TemporaryDirectory() }

  /// A file of one cell, [0, 2] on each axis.
  private func file(
    dimension: Int, order: Int? = nil, _ coefficients: [Double]
  ) throws -> String {
    let (integer, number) = (GkeyllTests.integer, GkeyllTests.number)
    func text(_ text: String) -> [UInt8] { [0xa0 + UInt8(text.utf8.count)] + text.utf8 }
    let metadata =
      order.map {
        [0x82] + text("polyOrder") + [UInt8($0)] + text("basisType") + text("serendipity")
      }
      ?? []
    let axes = 0..<dimension
    let bytes =
      Array("gkyl0".utf8) + integer(1) + integer(1) + integer(metadata.count) + metadata
      + integer(2) + integer(dimension) + axes.flatMap { _ in integer(1) }
      + axes.flatMap { _ in number(0) } + axes.flatMap { _ in number(2) }
      + integer(8 * coefficients.count) + integer(1) + coefficients.flatMap(number)
    return try directory.write(bytes, to: "a.gkyl")
  }

  private func read(_ path: String, subcells: Int) throws -> [Double] {
    var options = ReadingOptions()
    options.subcells = subcells
    return try #require(try SnapshotFile.read(path, options: options).snapshot.weights)
  }

  private func isNear(_ found: some Collection<Double>, _ expected: [Double]) -> Bool {
    found.count == expected.count && zip(found, expected).allSatisfy { abs($0 - $1) < 1e-14 }
  }

  /// On [−1, 1]: the constant √½, √(3/2) ξ, and √(5/2) P₂(ξ) with P₂ = (3ξ² − 1)/2.
  private let norms = [0.5, 1.5, 2.5].map { $0.squareRoot() }

  /// The degrees of each mode, in Gkeyll's order, and a number that tells them apart.
  static let bases: [(order: Int, modes: [[Int]])] = [
    (1, [[0], [1]]), (2, [[0], [1], [2]]),
    (1, [[0, 0], [1, 0], [0, 1], [1, 1]]),
    (2, [[0, 0], [1, 0], [0, 1], [1, 1], [2, 0], [0, 2], [2, 1], [1, 2]]),
    (
      1,
      [
        [0, 0, 0], [1, 0, 0], [0, 1, 0], [0, 0, 1], [1, 1, 0], [1, 0, 1], [0, 1, 1], [1, 1, 1],
      ]
    ),
  ]

  /// Each mode has the coefficient of f = 8 + Σ a_k Π P(ξ), a_k = 1/(k + 1); four parts on each axis,
  /// over which ξ and P₂ have the means below.
  @Test(arguments: bases.indices)
  func modesAreWhereTheyBelong(index: Int) throws {
    let (order, modes) = Self.bases[index]
    let dimension = modes[0].count
    let sizes = modes.indices.map { $0 == 0 ? 8 : 1 / Double($0 + 1) }
    let coefficients = zip(modes, sizes).map { degrees, size in
      degrees.reduce(size) { $0 / norms[$1] }
    }
    let means: [[Double]] = [
      [1, 1, 1, 1], [-0.75, -0.25, 0.25, 0.75], [0.375, -0.375, -0.375, 0.375],
    ]
    let parts = (0..<dimension).reduce(1) { product, _ in 4 * product }
    let expected = (0..<parts).map { part in
      let places = (0..<dimension).map { part >> (2 * (dimension - 1 - $0)) & 3 }
      let value = zip(modes, sizes).reduce(0) { sum, mode in
        sum + zip(mode.0, places).reduce(mode.1) { $0 * means[$1.0][$1.1] }
      }
      return value * Double(1 << dimension) / Double(parts)
    }
    let path = try file(dimension: dimension, order: order, coefficients)
    #expect(isNear(try read(path, subcells: 4), expected))
    #expect(isNear(try read(path, subcells: 1), [8 * Double(1 << dimension)]))
  }

  @Test(arguments: [(1, 1, 0), (2, 1, 1), (3, 1, 2), (5, 2, 3), (6, 3, 3)])
  func usualAxes(dimension: Int, positions: Int, velocities: Int) throws {
    let snapshot = try SnapshotFile.read(try file(dimension: dimension, [1])).snapshot
    #expect(snapshot.positions.count == positions && snapshot.velocities.count == velocities)
  }

  @Test func fourAxesMustBeStated() throws {
    let path = try file(dimension: 4, [1])
    let error = #expect(throws: SnapshotError.self) { try SnapshotFile.read(path) }
    #expect(error?.description.contains("(ReadingOptions.gridPositionAxes).") == true)
    var options = ReadingOptions()
    options.gridPositionAxes = 3
    let snapshot = try SnapshotFile.read(path, options: options).snapshot
    #expect(snapshot.positions.count == 3 && snapshot.velocities.count == 1)
  }
}
