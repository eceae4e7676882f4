import PhaseSpace
import TestSupport
import Testing

@testable import Snapshots

/// Text as spreadsheets, pandas, R and Fortran write it.
@Suite struct CSVDialectTests {
  private let directory: TemporaryDirectory
  init() throws { directory = try TemporaryDirectory() }

  private func read(
    _ text: String, _ options: ReadingOptions = ReadingOptions()
  ) throws -> SnapshotFile {
    try SnapshotFile.read(directory.write(text, to: "a.csv"), options: options)
  }

  private let wanted = Snapshot(
    positions: [[1, -3]], velocities: [[0.25, 400]], weights: [2, 0.5])

  @Test(arguments: [
    ("x1,v1,weight\n1,.25,2\n-3,4e2,.5\n", ""),
    ("x1;v1;weight\n1;.25;2\n-3; 4e2 ;.5\n", ", separated by semicolons"),
    ("x1\tv1\tweight\n1\t.25\t2\n-3\t4e2\t.5\n", ", separated by tabs"),
    ("  x1 v1   weight\n 1  .25 2  \n-3 4e2\t.5\n", ", separated by blanks"),
    (
      "\"x1\";\"v1\";\"weight\"\n\"1\";\".25\";\"2\"\n\"-3\";\"4e2\";\"0.5\"\n",
      ", separated by semicolons"
    ),
    ("\"x1\",\"v1\",\"weight\"\n \"1\" ,\".25\",\"2\"\n\"-3\",\" 4e2\",.5\n", ""),
    (
      "# a; remark\nx1\tv1\tweight\n1.0D0\t2.5D-01\t2.0d+0\n-3D0\t4.D2\t.5D0\n",
      ", separated by tabs"
    ),
  ])
  func separatorsAreFound(text: String, statement: String) throws {
    let file = try read(text)
    #expect(file.snapshot == wanted)
    #expect(file.layout == "columns x1, v1, weight\(statement)")
    #expect(file.notes.isEmpty)
  }

  @Test func separatorsAreChosen() throws {
    var options = ReadingOptions()
    options.separator = .blank
    options.columns = .list(try #require(ColumnList("x,v,weight")))
    #expect(try read("1 .25 2\n-3 4e2 .5\n", options).snapshot == wanted)
    options.separator = .semicolon
    let error = #expect(throws: SnapshotError.self) { try read("1 .25 2\n", options) }
    #expect("\(error, default: "")".contains("1 column"))
    options.columns = nil
    let refused = #expect(throws: SnapshotError.self) {
      try SnapshotFile.read(fixture("plain.npz"), options: options)
    }
    #expect("\(refused, default: "")".contains("ReadingOptions.separator"))
  }

  @Test(arguments: [
    "x1;v1;weight\n1;0,25;2\n-3;4,0e2;,5\n", "x1\tv1\tweight\n1,0\t,25\t2\n-3\t400\t0,5\n",
    "x1 v1 weight\n1,0 ,25 2\n-3 400 0,5\n",
    "\"x1\",\"v1\",\"weight\"\n\"1,0\",\"0,25\",\"2\"\n-3,\"400\",\"0,5\"\n",
    "x1;v1;weight\n1,0D0;2,5D-1;2\n-3;4,00000000000000000000000D2;,5\n",
  ])
  func decimalCommasAreChosen(text: String) throws {
    var options = ReadingOptions()
    options.hasDecimalComma = true
    if text.hasPrefix("\"") { options.separator = .comma }
    #expect(try read(text, options).snapshot == wanted)
  }

  /// A decimal comma is never guessed, since 1,234 may be a thousand; the sentence says what to do.
  @Test func decimalCommasAreNotGuessed() throws {
    let error = #expect(throws: SnapshotError.self) { try read("x1;v1\n1;0,25\n") }
    let sentence = "\(error, default: "")"
    #expect(sentence.contains("line 2, column v1: found the text \"0,25\""))
    #expect(sentence.contains("ReadingOptions.hasDecimalComma"))
  }

  /// Row numbers have no name.
  @Test(arguments: [
    ",x1,v1,weight\n0,1,.25,2\n1,-3,400,.5\n",
    "\"\",\"x1\",\"v1\",\"weight\"\n\"1\",1,.25,2\n\"2\",-3,400,.5\n",
    "\tx1\tv1\tweight\n0\t1\t.25\t2\n1\t-3\t400\t.5\n",
    "Unnamed: 0,x1,v1,weight\na,1,.25,2\nb,-3,400,.5\n",
  ])
  func rowNumbersAreLeftOut(text: String) throws {
    let file = try read(text)
    #expect(file.snapshot == wanted)
    #expect(
      file.notes.map(\.description) == [
        "The first column has no name; it is taken for the numbers of the rows and left out."
      ])
    // Only the first one, and not the only one.
    #expect(throws: SnapshotError.self) { try read("x1,,v1\n1,2,3\n") }
    #expect(throws: SnapshotError.self) { try read("\"\"\n1\n") }
  }

  @Test(arguments: ["x,v,w", "x,p,w", "X,PX,Weights", "x1,p1,weight"])
  func usualNamesAreUnderstood(header: String) throws {
    let file = try read("\(header)\n1,.25,2\n-3,400,.5\n")
    #expect(file.snapshot == wanted)
    let isMomentum = header.lowercased().contains("p")
    #expect(file.notes.isEmpty != isMomentum)
    if isMomentum { #expect(file.notes[0].description.contains("is taken as momenta")) }
    #expect(file.coordinates.velocities.map(\.name) == [String(header.split(separator: ",")[1])])
  }

  @Test func namesAreStillChecked() {
    for header in ["x,v,vx", "x,px,vx", "x,pz", "x,w,weight", "x,q", "x,index"] {
      #expect(throws: SnapshotError.self, "\(header)") { try read("\(header)\n1,2,3\n") }
    }
  }
}
