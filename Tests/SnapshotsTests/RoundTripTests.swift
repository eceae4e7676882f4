import OptimalTransport
import PhaseSpace
import TestSupport
import Testing

@testable import Snapshots

@Suite struct RoundTripTests {
  /// Numbers at which careless printing or parsing goes wrong.
  static let delicate: [Double] = [
    0, -0.0, 0.1, 1 / 3, -2.5, .pi, .leastNonzeroMagnitude, -2.2250738585072014e-308,
    .greatestFiniteMagnitude,
    9_007_199_254_740_992, 123_456_789_012_345_680, 1e22, 1e23, 8.41e21, 2.0e-5,
  ]

  static func delicateSnapshot(axes: Int, velocityAxes: Int) -> Snapshot {
    func column(_ shift: Int) -> [Double] { Array(delicate[shift...] + delicate[..<shift]) }
    return Snapshot(
      positions: (0..<axes).map(column), velocities: (0..<velocityAxes).map { column(5 + $0) },
      weights: delicate.map { min(abs($0), 1e300) })
  }

  @Test(arguments: ["csv", "npz", "h5"], [(1, 1), (2, 2), (3, 3), (1, 3), (3, 2), (2, 0), (5, 5)])
  func everyNumberReturns(format: String, axes: (Int, Int)) throws {
    let directory = try TemporaryDirectory()
    var snapshot = Self.delicateSnapshot(axes: axes.0, velocityAxes: axes.1)
    snapshot.time = 0.1 + 0.2
    snapshot.box = try ProductDomain(
      (0..<axes.0).map { $0 % 2 == 0 ? .circle(length: 1 / 3) : .line })
    // Beyond the whole numbers that a double holds.
    snapshot.ids = (0..<UInt64(snapshot.count)).map { .max - $0 }
    let path = directory["a.\(format)"]
    try SnapshotFile.write(snapshot, to: path)
    let file = try SnapshotFile.read(path)
    #expect(file.format.fileExtension == ".\(format)")
    // `==` would let −0 pass for 0.
    #expect(bits(file.snapshot.positions) == bits(snapshot.positions))
    #expect(bits(file.snapshot.velocities) == bits(snapshot.velocities))
    #expect(file.snapshot == snapshot)
    #expect(directory.names == ["a.\(format)"])
  }

  @Test(arguments: ["csv", "npz", "npy", "h5"])
  func unstatedThingsStayUnstated(format: String) throws {
    let directory = try TemporaryDirectory()
    var snapshot = Self.delicateSnapshot(axes: 2, velocityAxes: 2)
    snapshot.weights = nil
    try SnapshotFile.write(snapshot, to: directory["a.\(format)"])
    #expect(try SnapshotFile.read(directory["a.\(format)"]).snapshot == snapshot)
  }

  @Test(arguments: ["csv", "npz", "h5"])
  func measuresReturnToTwoRoundingsOfTheirMasses(format: String) throws {
    var generator = SeededGenerator(seed: 11)
    let axes = (0..<3).map { _ in (0..<500).map { _ in generator.uniform() } }
    let measure = try PhaseSpaceMeasure(
      positions: [axes[0]], velocities: [axes[1], axes[2]],
      masses: (0..<500).map { _ in 1e-13 * generator.uniform() },
      box: ProductDomain([.circle(length: 1)]), time: -3)
    let directory = try TemporaryDirectory()
    try SnapshotFile.write(Snapshot(measure), to: directory["a.\(format)"])
    let again = try SnapshotFile.read(directory["a.\(format)"]).measure()
    #expect(again.particles.coordinates == measure.particles.coordinates)
    #expect(again.box == measure.box && again.time == measure.time)
    #expect(abs(again.rawMass - measure.rawMass) <= 2 * measure.rawMass.ulp)
    for (first, second) in zip(again.masses, measure.masses) {
      #expect(abs(first - second) <= 2 * second.ulp)
    }
  }

  @Test func equalMassesReturnUnchanged() throws {
    let measure = try PhaseSpaceMeasure(positions: [[1, 2, 3]], velocities: [[0, 0, 1]])
    let snapshot = Snapshot(measure)
    #expect(snapshot.weights == nil)
    #expect(try snapshot.measure() == measure)
  }

  @Test func anotherBoxSeesThePositionsUnwrapped() throws {
    let snapshot = Snapshot(
      positions: [[-0.25, 1.5]], velocities: [[0, 0]], box: try ProductDomain([.circle(length: 1)]))
    #expect(Array(try snapshot.measure().position(0)) == [0.75, 0.5])
    let free = try snapshot.measure(box: ProductDomain([.line]))
    #expect(free.position(0) == [-0.25, 1.5])
  }

  private func bits(_ columns: [CoordinateColumn]) -> [[UInt64]] {
    columns.map { $0.map(\.bitPattern) }
  }
}
