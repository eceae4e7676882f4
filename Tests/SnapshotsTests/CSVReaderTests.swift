import OptimalTransport
import PhaseSpace
import TestSupport
import Testing

@testable import Snapshots

@Suite struct CSVReaderTests {
  private let directory: TemporaryDirectory
  init() throws { directory = try TemporaryDirectory() }

  private func read(_ text: String) throws -> Snapshot {
    try SnapshotFile.read(directory.write(text, to: "a.csv")).snapshot
  }

  /// The sentence that a text ends in, without the directory.
  private func complaint(_ text: String) throws -> String {
    let path = try directory.write(text, to: "a.csv")
    let error = #expect(throws: SnapshotError.self) {
      try SnapshotFile.read(path).measure()
    }
    return "\(error, default: "none")".replacing("\(directory.path)/", with: "")
  }

  @Test func readsNumberedAndLetteredAxesInAnyOrder() throws {
    let numbered = try read("weight,v2,v1,x2,x1\n1,2,3,4,5\n6,7,8,9,10\n")
    #expect(numbered.positions == [[5, 10], [4, 9]])
    #expect(numbered.velocities == [[3, 8], [2, 7]])
    #expect(numbered.weights == [1, 6])
    let lettered = try read("x,y,z,vx,vy,vz,weight\n1,2,3,4,5,6,7\n")
    #expect(lettered.positions == [[1], [2], [3]])
    #expect(lettered.velocities == [[4], [5], [6]])
    let positions = try read("X1\n0.5\n")
    #expect(positions == Snapshot(positions: [[0.5]]))
    #expect(try read("x1,v1,v2,v3\n1,2,3,4\n").velocities.count == 3)
  }

  @Test func toleratesWhatProgramsWrite() throws {
    let text = "\u{FEFF}# by a program\r\n \"x1\" , \"v1\"\r\n\r\n 1 ,\t2\r\n# between\r\n3,4"
    #expect(try read(text) == Snapshot(positions: [[1, 3]], velocities: [[2, 4]]))
  }

  @Test(arguments: [
    "# time=0.5 box=1,free", "#time=0.5\n# box = 1, free", "# made today; TIME = 5e-1, Box=1,free",
    "# runtime=7 box=1,free time=.5 (see notes, a=b)",
  ])
  func readsTimeAndBox(remarks: String) throws {
    let snapshot = try read("\(remarks)\nx1,x2\n1,2\n")
    #expect(snapshot.time == 0.5)
    #expect(snapshot.box == (try ProductDomain([.circle(length: 1), .line])))
  }

  @Test func readsLinesAcrossTheBuffer() throws {
    let rows = LineReader.longestLine / 8
    let text = "x1,v1\n" + (0..<rows).map { "\($0),0.\($0)\n" }.joined()
    let snapshot = try read(text)
    #expect(Array(snapshot.positions[0]) == (0..<rows).map(Double.init))
    #expect(snapshot.velocities[0].last == Double("0.\(rows - 1)"))
  }

  @Test(arguments: [
    (
      "x1,v1\n1,abc\n", "line 2, column v1: found the text \"abc\", expected a finite number."
    ),
    (
      "x1,v1\n1,2\n1,nan\n",
      "line 3, column v1: found the number \"nan\", expected a finite number."
    ),
    (
      "x1,v1\n-inf,1\n",
      "line 2, column x1: found the number \"-inf\", expected a finite number."
    ),
    (
      "x1,v1\n1e999,1\n",
      "line 2, column x1: found the number \"1e999\", expected a finite number."
    ),
    ("x1,v1\n1,\n", "line 2, column v1: found nothing, expected a finite number."),
    ("x1,v1\n1\n", "line 2: found 1 field, expected 2 (x1, v1)."),
    ("x1,v1\n1,2,3\n", "line 2: found 3 fields, expected 2 (x1, v1)."),
    (
      "# c\nx1,weight\n1,-2\n",
      "line 3, column weight: found the number \"-2\", expected a nonnegative finite number."
    ),
    (
      "x1,x3\n1,2\n",
      "line 1: found a column x3 but no column x2, expected every axis from the first to the last."
    ),
    (
      "x,z\n1,2\n",
      "line 1: found a column z but no column y, expected every axis from the first to the last."
    ),
    (
      "x1,v2\n1,2\n",
      "line 1: found a column v2 but no column v1, expected every axis from the first to the last."
    ),
    (
      "x,vz\n1,2\n",
      "line 1: found a column vz but no column vx, expected every axis from the first to the last."
    ),
    (
      "v1,weight\n1,2\n",
      "line 1: found the columns v1, weight, expected a column x1 (or x) among them."
    ),
    (
      "x1,wieght\n1,2\n",
      "line 1: found a column named \"wieght\", expected columns named x1, x2, …, v1, v2, …, weight, id (or x, y, z, vx, vy, vz, px, py, pz, w) and no others."
    ),
    (
      "1,2\n3,4\n",
      "line 1: found the number \"1\", expected a header line with column names before it, such as x1,v1,weight, or a role for each column (ReadingOptions.columns)."
    ),
    ("x1,x\n1,2\n", "line 1: found the column x twice, expected each column once."),
    (
      "x01\n1\n",
      "line 1: found a column named \"x01\", expected columns named x1, x2, …, v1, v2, …, weight, id (or x, y, z, vx, vy, vz, px, py, pz, w) and no others."
    ),
    ("", ": found no header line, expected a line with column names such as x1,v1,weight."),
    (
      "# only a remark",
      ": found no header line, expected a line with column names such as x1,v1,weight."
    ),
    ("x1,v1\n", ": found a header but no particles, expected at least one row."),
    ("x1,weight\n1,0\n2,0\n", ": The total mass is 0; at least one point must have positive mass."),
    (
      "# box=0\nx1\n1\n",
      "line 1: found \"0\" for axis 1 of the box, expected a positive length or free."
    ),
    (
      "# box=1,-2\nx1,x2\n1,1\n",
      "line 1: found \"-2\" for axis 2 of the box, expected a positive length or free."
    ),
    (
      "# box=1,nan\nx1,x2\n1,1\n",
      "line 1: found \"nan\" for axis 2 of the box, expected a positive length or free."
    ),
    (
      "# box=1\nx1,x2\n1,1\n",
      ": found a box of 1 axis for 2 position columns, expected one length or free for each."
    ),
    ("# time=soon\nx1\n1\n", "line 1: found the time \"soon\", expected a finite number."),
    ("# time=1\n# time=2\nx1\n1\n", "line 2: found a second time, 2.0, expected one time."),
    ("# box=1\n# box=2\nx1\n1\n", "line 2: found a second box, expected one box."),
    (
      "x1\n\u{1b}[31m\(String(repeating: "z", count: 99))\n",
      "line 2, column x1: found the text \"?[31m\(String(repeating: "z", count: 35))…\", expected a finite number."
    ),
  ])
  func saysWhatIsWrong(text: String, sentence: String) throws {
    let expected = sentence.hasPrefix(":") ? "a.csv\(sentence)" : "a.csv, \(sentence)"
    #expect(try complaint(text) == expected)
  }

  @Test func refusesEndlessLines() throws {
    let text = "x1\n" + String(repeating: "1", count: LineReader.longestLine + 10)
    #expect(
      try complaint(text)
        == "a.csv, line 2: found a line of more than 1048576 bytes, expected shorter lines.")
  }
}
