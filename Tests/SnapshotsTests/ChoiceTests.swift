import Snapshots
import TestSupport
import Testing

/// Choices that a file does not leave.
@Suite struct ChoiceTests {
  private let directory: TemporaryDirectory

  init() throws { directory = try TemporaryDirectory() }

  private func sentence(_ path: String, _ change: (inout ReadingOptions) -> Void) -> String {
    var options = ReadingOptions()
    change(&options)
    do {
      let file = try SnapshotFile.read(path, options: options)
      return "read \(file.snapshot.count) particles"
    } catch {
      return error.description
    }
  }

  /// The same component as often as no file has dimensions.
  @Test func componentsAreFew() {
    let text = sentence(fixture("edpic.h5")) {
      $0.species = "electrons"
      $0.iteration = 100
      $0.positionComponents = Array(repeating: "x", count: 17)
    }
    #expect(text.contains("position") && text.contains("x, x, x") && text.hasSuffix("."), "\(text)")
  }

  /// A grid of two axes has one or two axes of positions, and a Gkeyll file no others.
  @Test(arguments: [0, 3, 7]) func axesAreThere(count: Int) throws {
    let path = try directory.write(GkeyllTests.single, to: "a.gkyl")
    #expect(sentence(path) { $0.gridPositionAxes = 1 } == "read 4 particles")
    let text = sentence(path) { $0.gridPositionAxes = count }
    #expect(text.contains("found a grid of 2 axes") && text.contains("\(count)"), "\(text)")
  }

  @Test(arguments: ["a.csv", "a.npy", "a", "a.npz.csv"])
  func gridsGoIntoArchives(name: String) throws {
    let grid = try #require(try SnapshotFile.read(fixture("grid.npz")).density)
    let error = #expect(throws: SnapshotError.self) { try grid.write(to: directory[name]) }
    #expect("\(error, default: "")".hasSuffix("a density on a grid goes into a .npz file."))
    #expect(directory.names.isEmpty)
    try grid.write(to: directory["a.npz"])
    #expect(directory.names == ["a.npz"])
  }
}
