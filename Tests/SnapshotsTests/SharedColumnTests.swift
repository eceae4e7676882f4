import OptimalTransport
import PhaseSpace
import TestSupport
import Testing

@testable import Snapshots

/// What readers put in one array becomes a measure without a copy.
@Suite struct SharedColumnTests {
  private let directory: TemporaryDirectory
  init() throws { directory = try TemporaryDirectory() }

  private func snapshot(_ count: Int, weighted: Bool) -> Snapshot {
    var generator = SeededGenerator(seed: 5)
    func column() -> [Double] { (0..<count).map { _ in generator.uniform() } }
    return Snapshot(
      positions: [column(), column()], velocities: [column(), column()],
      weights: weighted ? column() : nil)
  }

  private func isShared(_ snapshot: Snapshot) throws -> Bool {
    let measure = try snapshot.measure()
    let place = measure.particles.coordinates.withUnsafeBufferPointer(\.baseAddress)
    #expect(
      measure.particles.coordinates
        == (snapshot.positions + snapshot.velocities).flatMap(Array.init))
    return snapshot.positions[0].withNumbers(\.baseAddress) == place
  }

  @Test(arguments: ["a.npy", "a.npz", "w.npz", "a.h5", "w.h5"])
  func readersShareTheirArray(name: String) throws {
    // More than a block of the file.
    let written = snapshot(70_000, weighted: name.hasPrefix("w"))
    try SnapshotFile.write(written, to: directory[name])
    let file = try SnapshotFile.read(directory[name])
    #expect(file.snapshot.positions == written.positions)
    #expect(file.snapshot.velocities == written.velocities)
    #expect(file.snapshot.weights == written.weights)
    #expect(try isShared(file.snapshot))
  }

  @Test func scaledSnapshotsAndMeasuresShareTheirs() throws {
    let written = snapshot(1000, weighted: false)
    let scaled = try written.scaled(by: Scaling(positions: [2, 1], velocities: [0.5, 1]))
    #expect(
      scaled.positions == [
        CoordinateColumn(written.positions[0].map { 2 * $0 }), written.positions[1],
      ])
    #expect(scaled.velocities[0] == CoordinateColumn(written.velocities[0].map { $0 / 2 }))
    #expect(try isShared(scaled))
    #expect(try isShared(Snapshot(written.measure())))
    var uneven = written
    uneven.velocities[1] = [1]
    #expect(throws: PhaseSpaceError.measure(.axisCountMismatch(axis: 3, expected: 1000, found: 1)))
    {
      try uneven.scaled(by: Scaling(positions: [2, 1], velocities: [0.5, 1]))
    }
  }

  /// A factor may make numbers infinite that were not.
  @Test func scaledNumbersAreChecked() throws {
    let large = Snapshot(positions: [[1e200]], velocities: [[1]])
    let scaled = try large.scaled(by: Scaling(positions: [1e200], velocities: [1]))
    #expect(throws: PhaseSpaceError.self) { try scaled.measure() }
  }
}
