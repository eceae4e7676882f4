import OptimalTransport
import TestSupport
import Testing

@testable import Snapshots

/// Densities on grids and arrays of no standard (`Tests/Fixtures/make_hdf5.py`).
@Suite struct GridTests {
  private func read(
    _ name: String, _ datasets: String? = nil, dropsEnd: Bool = false
  ) throws -> SnapshotFile {
    var options = ReadingOptions()
    options.datasets = try datasets.map { try #require(DatasetMapping($0)) }
    options.dropsPeriodicEnd = dropsEnd
    return try SnapshotFile.read(fixture(name), options: options)
  }

  private func sentence(_ name: String, _ datasets: String) -> String {
    do {
      return "\(try read(name, datasets).snapshot.count)"
    } catch {
      return "\(error)"
    }
  }

  /// f = 20 + x + 10 v at x = 0, 1, 2 and v = −1, 1, each node for a cell of 1 × 2.
  private let expected = Snapshot(
    positions: [[0, 0, 1, 1, 2, 2]], velocities: [[-1, 1, -1, 1, -1, 1]],
    weights: [20, 60, 22, 62, 24, 64], time: 3)

  @Test func numpyGrid() throws {
    let file = try read("grid.npz")
    #expect(file.snapshot == expected)
    #expect(file.facts == [SnapshotFact("integral", "252.0")])
  }

  @Test func gyselaGrid() throws {
    var periodic = expected
    periodic.box = try ProductDomain([.circle(length: 3)])
    #expect(try read("VOICEXX_00007.h5", "gysela", dropsEnd: true).snapshot == periodic)
    // Only on request.
    #expect(try read("VOICEXX_00007.h5", "gysela").snapshot.count == 8)
    let empty = "f=/fdistribu[1],x=VOICEXX_initstate.h5:/MeshX,v=VOICEXX_initstate.h5:/MeshVx"
    #expect(sentence("VOICEXX_00007.h5", empty).contains("no cell of positive mass"))
    let third = empty.replacing("[1]", with: "[2]")
    #expect(sentence("VOICEXX_00007.h5", third).contains("found 2 entries, expected an entry [2]"))
    let turned = empty.replacing("x=", with: "v=").replacing("MeshX,v=", with: "MeshX,x=")
    #expect(
      sentence("VOICEXX_00007.h5", turned).contains("found a density of 4 × 2, expected the 2 × 4"))
  }

  /// Two position axes and a velocity axis, x₁ with 0, 1, 2 and x₂ with 0, 2, 6 as ends that repeat.
  @Test func endsOfSeveralAxes() throws {
    func value(_ i: Int, _ j: Int, _ k: Int) -> Double {
      Double(1 + i % 2 + 10 * (j % 2) + 100 * k)
    }
    var values = (0..<18).map { value($0 / 6, $0 / 2 % 3, $0 % 2) }
    func reading() -> Result<Reading, NodeGrid.Problem> {
      NodeGrid(
        nodes: [[0, 1, 2], [0, 2, 6], [-1, 1]], positionDimension: 2, values: values,
        shape: [3, 3, 2]
      ).reading(dropsPeriodicEnd: true)
    }
    let snapshot = try reading().get().snapshot
    #expect(snapshot.box == (try ProductDomain([.circle(length: 2), .circle(length: 6)])))
    #expect(snapshot.positions == [[0, 0, 0, 0, 1, 1, 1, 1], [0, 0, 2, 2, 0, 0, 2, 2]])
    #expect(snapshot.velocities == [[-1, 1, -1, 1, -1, 1, -1, 1]])
    // Cells of 1 × 3 × 2.
    #expect(snapshot.weights == [1, 101, 11, 111, 2, 102, 12, 112].map { 6 * $0 })
    values[17] += 1e-6
    guard case .failure(let problem) = reading() else {
      Issue.record("An end that does not repeat the beginning was dropped.")
      return
    }
    #expect(problem.found.contains("at the first node of axis 1"))
  }

  @Test func particleArrays() throws {
    let file = try read("arrays.h5", "x=/run/x,v=/run/p,weight=run/w")
    #expect(
      file.snapshot
        == Snapshot(
          positions: [[0, 2, 4], [1, 3, 5]], velocities: [[1, -2, 3]], weights: [1, 2, 3]))
    #expect(sentence("arrays.h5", "x=/run/y").contains("no dataset of this name"))
    #expect(sentence("arrays.h5", "x=other.h5:/run/x").contains("there is no such file"))
    #expect(sentence("arrays.h5", "x=/run/x/deep").contains("no dataset of this name"))
    #expect(sentence("arrays.h5", "x=/run").contains("no dataset of this name"))
    #expect(sentence("arrays.h5", "x=/run/p,time=/run/w").contains("found 3 numbers"))
  }

  @Test func nodesAreCells() {
    let axis = CellGrid.GridAxis(nodes: [0, 1, 4])
    #expect(axis.widths == [1, 2, 3])
    let circle = CellGrid.GridAxis(periodicNodes: [0, 1, 4, 6])
    #expect(circle.centers == [0, 1, 4] && circle.widths == [1.5, 2, 2.5])
  }

  @Test(arguments: ["", "x", "x=", "y=/y", "x=/x,x=/y", "x2=/x", "v=/v", "x=/x[a]", "x=../a:/b"])
  func wrongMappingsAreNone(text: String) { #expect(DatasetMapping(text) == nil) }
}
