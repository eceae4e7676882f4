import OptimalTransport
import PhaseSpace
import TestSupport
import Testing

@testable import Snapshots

/// Snapshots beside each other: their times, boxes and units.
@Suite struct TimelineTests {
  private let directory: TemporaryDirectory

  init() throws { directory = try TemporaryDirectory() }

  private func file(_ name: String, _ remark: String) throws -> SnapshotFile {
    try SnapshotFile.read(
      directory.write("# \(remark)\nx1,v1\n0,1\n2,5\n", to: "\(name).csv"))
  }

  @Test func snapshotsAreOrderedByTime() throws {
    let files = try ["b": 2, "c": 3.5, "a": 0.5].map { try file($0.key, "time=\($0.value)") }
    let series = try SnapshotTimeline(files)
    #expect(series.times == [0.5, 2, 3.5] && series.span == 3)
    #expect(series.files.map(\.path) == ["a.csv", "b.csv", "c.csv"].map { directory[$0] })
    #expect(series.index(at: 2.2, within: 0.3) == 1 && series.index(at: 2.4, within: 0.3) == nil)
    // Codes add up their steps.
    let other = try SnapshotTimeline([
      file("d", "time=2.000001"), file("e", "time=3.6"), file("f", "time=0.5"),
    ])
    #expect(series.partners(in: other) == [0, 1, nil])
    #expect(series.partners(in: other, tolerance: 0.1) == [0, 1, 2])
  }

  @Test func timesMustBeStatedAndDiffer() throws {
    let (a, b) = (try file("a", "time=1"), try file("b", "time=1"))
    #expect(
      throws: TimelineError.sameTime(first: a.path, second: b.path, time: 1)
    ) { try SnapshotTimeline([a, b]) }
    let none = try file("c", "box=1")
    #expect(throws: TimelineError.noTime(path: none.path)) { try SnapshotTimeline([a, none]) }
  }

  @Test func boxesMustAgree() throws {
    let (one, two) = (try file("a", "box=1"), try file("b", "box=2"))
    let (none, free) = (try file("c", "time=1"), try file("d", "box=free"))
    #expect(try one.sharedBox(with: one)?.axes == [.circle(length: 1)])
    #expect(try none.sharedBox(with: none) == nil)
    #expect(try none.sharedBox(with: free)?.axes == [.line])
    let error = #expect(throws: SnapshotPairError.self) { try one.sharedBox(with: two) }
    #expect(
      error?.description
        == "\(one.path) states the box 1.0 and \(two.path) states the box 2.0; state the right one "
        + "(Snapshot.box).")
    #expect(throws: SnapshotPairError.self) { try none.sharedBox(with: one) }
    var wide = none.snapshot
    wide.velocities = []
    #expect(
      throws: SnapshotPairError.dimensionsDiffer(
        first: none.path, [1, 1], second: none.path, [1, 0])
    ) { try none.checkDimensions(like: none.replacing(wide)) }
  }

  /// Each normalization by hand: positions 0 and 2, velocities 1 and 5.
  @Test func unitsOfASnapshot() throws {
    let snapshot = try file("a", "box=4").snapshot
    func scaling(_ normalization: Normalization) throws -> Scaling {
      try normalization.scaling(of: snapshot)
    }
    #expect(try scaling(.box) == Scaling(positions: [0.25], velocities: [1]))
    #expect(
      try scaling(.debye(plasmaFrequency: 4)) == Scaling(positions: [2], velocities: [0.5]))
    #expect(try scaling(.standardDeviations) == Scaling(positions: [1], velocities: [0.5]))
    #expect(try scaling(.blockDeviations) == Scaling(positions: [1], velocities: [0.5]))
    let plane = Snapshot(positions: [[-3, 3], [-1, 1]], velocities: [[0, 0], [-1, 1]])
    #expect(
      try Normalization.blockDeviations.scaling(of: plane).positions
        == Array(repeating: 1 / 5.0.squareRoot(), count: 2))
    #expect(throws: NormalizationError.badDivisor(axis: "v1", value: 0)) {
      try Normalization.standardDeviations.scaling(of: plane)
    }
    #expect(throws: NormalizationError.noPeriod) { try Normalization.box.scaling(of: plane) }
  }
}

/// Densities for methods on grids.
@Suite struct EvenGridTests {
  private func grid(
    _ positions: [Double], _ velocities: [Double], range: ClosedRange<Double>? = nil,
    period: Double? = 2
  ) throws -> DensityGrid {
    DensityGrid(
      positions: positions, velocities: velocities,
      values: velocities.map { _ in positions.map { _ in 1 } }, velocityRange: range,
      box: try period.map { try ProductDomain([.circle(length: $0)]) })
  }

  private func error(_ grid: DensityGrid, box: ProductDomain? = nil) -> DensityGridError? {
    #expect(throws: DensityGridError.self) { try grid.evenGrid(box: box) }
  }

  @Test func evenStepsFillTheBox() throws {
    let even = try grid([0, 0.5, 1, 1.5], [-1, 0, 1])
    #expect(try even.evenGrid() == .init(length: 2, velocityRange: -1.5...1.5))
    #expect(try even.evenGrid(box: ProductDomain([.circle(length: 2)])).length == 2)
    #expect(try grid([0, 1], [0, 2], range: -1...3).evenGrid().velocityRange == -1...3)
  }

  @Test func otherGridsAreRefused() throws {
    let even = [0, 0.5, 1, 1.5]
    #expect(error(try grid([0, 0.5, 1, 1.6], [0, 1])) == .unevenSteps(of: "positions"))
    #expect(error(try grid(even, [0, 1, 3])) == .unevenSteps(of: "velocities"))
    #expect(error(try grid(even, [0, 1], period: nil)) == .noPeriod)
    #expect(error(try grid(even, [0, 1]), box: try ProductDomain([.line])) == .noPeriod)
    #expect(
      error(try grid([0, 0.5, 1, 1.5, 2], [0, 1]))
        == .periodMismatch(count: 5, step: 0.5, length: 2))
    #expect(error(try grid(even, [0, 1], range: 0...1)) == .rangeMismatch)
  }
}
