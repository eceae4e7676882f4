import OptimalTransport
import TestSupport
import Testing

@testable import Snapshots

/// Matrices whose columns have no names, and how a user gives them some.
@Suite struct ColumnRolesTests {
  private let directory: TemporaryDirectory
  init() throws { directory = try TemporaryDirectory() }

  private func read(_ name: String, _ columns: ColumnRoles? = nil) throws -> SnapshotFile {
    var options = ReadingOptions()
    options.columns = columns
    return try SnapshotFile.read(directory[name], options: options)
  }

  private func list(_ text: String) throws -> ColumnRoles {
    .list(try #require(ColumnList(text)))
  }

  private func sentence(_ name: String, _ columns: ColumnRoles? = nil) -> String {
    do {
      return "read \(try read(name, columns).snapshot.count) particles"
    } catch {
      return "\(error)".replacing("\(directory.path)/", with: "")
    }
  }

  private func write(_ shape: String, _ numbers: [Double]) throws {
    try directory.write(NumpyTests.array(NumpyTests.header(shape), numbers), to: "a.npy")
  }

  @Test func arraysOfAnyColumns() throws {
    try write("(2, 4)", [1, 2, 3, 4, 5, 6, 7, 8])
    let halves = try read("a.npy")
    #expect(
      halves.snapshot == Snapshot(positions: [[1, 5], [2, 6]], velocities: [[3, 7], [4, 8]]))
    #expect(
      halves.facts == [
        SnapshotFact(
          "columns",
          "x1, x2, v1, v2: the first half positions, the second velocities",
          unless: [.points, .columns])
      ])
    #expect(
      try read("a.npy", .points).snapshot
        == Snapshot(positions: [[1, 5], [2, 6], [3, 7], [4, 8]]))
    let named = try read("a.npy", list("v,weight,-,x"))
    #expect(
      named.snapshot == Snapshot(positions: [[4, 8]], velocities: [[1, 5]], weights: [2, 6]))
    #expect(named.facts[0].text == "v1, weight, -, x1: as listed")
    #expect(try read("a.npy", list("x2,x1,id,-")).snapshot.ids == [3, 7])
    #expect(
      sentence("a.npy", try list("x,v"))
        == "a.npy, in the header: found an array of 2 × 4, <f8, expected the 2 of the list "
        + "(ReadingOptions.columns).")
  }

  @Test func oddAndSingleColumns() throws {
    try write("(1, 3)", [1, 2, 3])
    #expect(sentence("a.npy").contains("or a role for each"))
    #expect(try read("a.npy", .points).snapshot == Snapshot(positions: [[1], [2], [3]]))
    for shape in ["(3,)", "(3, 1)"] {
      try write(shape, [1, 2, 3])
      #expect(try read("a.npy").snapshot == Snapshot(positions: [[1, 2, 3]]))
    }
    try write("(1, 1, 2)", [1, 2])
    #expect(sentence("a.npy").contains("a matrix with a row for each particle"))
  }

  @Test func numbersAreCheckedByTheirRoles() throws {
    try write("(2, 2)", [1, 2, 3, -1])
    #expect(
      sentence("a.npy", try list("x,weight"))
        == "a.npy, row 2, column 2: found -1.0, expected a nonnegative finite number.")
    #expect(sentence("a.npy", try list("x,id")).contains("a whole number from 0 to 2^53"))
    // What is left out may be anything.
    try write("(2, 2)", [1, .nan, 3, .infinity])
    #expect(try read("a.npy", list("x,-")).snapshot == Snapshot(positions: [[1, 3]]))
  }

  @Test(arguments: ["X", "arr_0"]) func matricesInArchives(name: String) throws {
    var archive = try ZipWriter(path: directory["a.npz"])
    try archive.add(name, [[1, 2], [3, 4]], shape: [2, 2])
    try archive.add("weight", [[5, 6]], shape: [2])
    try archive.add("box", [[10]], shape: [1])
    try archive.commit()
    let expected = Snapshot(
      positions: [[1, 2]], velocities: [[3, 4]], weights: [5, 6],
      box: try ProductDomain([.circle(length: 10)]))
    #expect(try read("a.npz").snapshot == expected)
    #expect(sentence("a.npz", try list("x,weight")).contains("none beside those of the matrix"))
    archive = try ZipWriter(path: directory["b.npz"])
    try archive.add("x", [[1, 2]], shape: [2])
    try archive.add(name, [[3, 4]], shape: [2])
    try archive.commit()
    #expect(sentence("b.npz").contains("either one matrix X or arr_0 or the arrays x and v"))
  }

  @Test func textWithoutHeader() throws {
    try directory.write("# box=5\n1,2,7,a\n3,4,8,b\n", to: "a.csv")
    let file = try read("a.csv", list("x,v,weight,-"))
    #expect(
      file.snapshot
        == Snapshot(
          positions: [[1, 3]], velocities: [[2, 4]], weights: [7, 8],
          box: try ProductDomain([.circle(length: 5)])))
    #expect(sentence("a.csv").contains("or a role for each column (ReadingOptions.columns)."))
    // A line of other names is a header, which is said; one with a number in it is not.
    try directory.write("px,py\n1,2\n", to: "b.csv")
    let named = try read("b.csv", .points)
    #expect(named.snapshot == Snapshot(positions: [[1], [2]]))
    #expect(
      named.facts == [
        SnapshotFact("columns", "x1, x2: as asked for, and not as the line \"px,py\"")
      ])
    try directory.write("1,2x\n1,2\n", to: "c.csv")
    #expect(sentence("c.csv", .points).hasPrefix("c.csv, line 1, column x2: found the text \"2x\""))
    try directory.write("nan,1\n1,2\n", to: "d.csv")
    #expect(sentence("d.csv", .points).hasPrefix("d.csv, line 1, column x1: found the number"))
  }

  @Test func filesWithNamesLeaveNoChoice() throws {
    var archive = try ZipWriter(path: directory["a.npz"])
    try archive.add("x", [[1, 2]], shape: [2])
    try archive.commit()
    #expect(sentence("a.npz", .points).contains("a matrix X or arr_0 (ReadingOptions.columns"))
    try directory.write(GkeyllTests.single, to: "a.gkyl")
    #expect(
      sentence("a.gkyl", .points).contains("a .csv, .npy or .npz file (ReadingOptions.columns"))
  }

  @Test(arguments: ["", "x,", "v", "x,x1", "x,z", "x3", "x,q", "x,weight,weight"])
  func noList(text: String) {
    #expect(ColumnList(text) == nil)
  }
}
