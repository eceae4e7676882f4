import KineticTransport
import KwassCommand
import TestSupport
import Testing

/// What a new user gets wrong, and what the command says to it: one sentence and a status.
@Suite struct BadInputTests {
  private let directory: TemporaryDirectory
  private let good: String

  init() throws {
    directory = try TemporaryDirectory()
    good = try directory.write("x1,v1,weight\n0.1,1,1\n0.2,-1,2\n", to: "good.csv")
  }

  /// Measures the distance from a good snapshot to a file with these contents.
  private func expect(
    _ contents: some Sequence<UInt8>, _ name: String, _ status: ExitCode, _ sentence: String,
    options: [String] = [], sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let bad = try directory.write(contents, to: name)
    let console = TestConsole()
    let found = Kwass.run(arguments: ["distance", good, bad] + options, console: console)
    #expect(found == status, sourceLocation: sourceLocation)
    #expect(console.output.isEmpty, sourceLocation: sourceLocation)
    #expect(
      console.report.replacing("\(directory.path)/", with: "") == "kwass: \(sentence)\n",
      sourceLocation: sourceLocation)
  }

  @Test func missingColumn() throws {
    try expect(
      "v1,weight\n1,1\n".utf8, "a.csv", .badData,
      "a.csv, line 1: found the columns v1, weight, expected a column x1 (or x) among them.")
    try expect(
      "x1,v1,weight\n1,1,1\n1,1\n".utf8, "a.csv", .badData,
      "a.csv, line 3: found 2 fields, expected 3 (x1, v1, weight).")
  }

  @Test func textInANumber() throws {
    try expect(
      "x1,v1\n0.5,0.2\n0.5,0,2\n".utf8, "a.csv", .badData,
      "a.csv, line 3: found 3 fields, expected 2 (x1, v1).")
    try expect(
      "x1,v1\n0.5,fast\n".utf8, "a.csv", .badData,
      "a.csv, line 2, column v1: found the text \"fast\", expected a finite number.")
  }

  @Test func notANumber() throws {
    try expect(
      "x1,v1\nNaN,0.2\n".utf8, "a.csv", .badData,
      "a.csv, line 2, column x1: found the number \"NaN\", expected a finite number.")
  }

  @Test func negativeMass() throws {
    try expect(
      "x1,v1,weight\n1,2,3\n1,2,-3\n".utf8, "a.csv", .badData,
      "a.csv, line 3, column weight: found the number \"-3\", expected a nonnegative finite number."
    )
  }

  @Test func zeroTotalMass() throws {
    try expect(
      "x1,v1,weight\n1,2,0\n1,2,0\n".utf8, "a.csv", .badData,
      "a.csv: The total mass is 0; at least one point must have positive mass.")
  }

  @Test func differentDimensions() throws {
    try expect(
      "x1,x2,v1,v2\n1,2,3,4\n".utf8, "a.csv", .badData,
      "good.csv has 1 position and 1 velocity coordinates, a.csv has 2 position and 2 velocity "
        + "coordinates; both must have the same.")
  }

  @Test func truncatedArray() throws {
    try expect(
      bytes(ofFile: fixture("single.npy")).dropLast(3), "a.npy", .badData,
      "a.npy: found 29 bytes of numbers, expected 32 (2 × 4, <f4).")
  }

  @Test func archiveWithoutPositions() throws {
    try expect(
      bytes(ofFile: fixture("no-positions.npz")), "a.npz", .badData,
      "a.npz: found only v (3 × 2, <f8), weight (3, <f8), expected an array x (the positions, n × d) "
        + "among them.")
  }

  @Test func unknownOption() throws {
    try expect(
      "x1,v1\n1,2\n".utf8, "a.csv", .usage,
      "kwass distance has no option --lamda (perhaps --lambda was meant). "
        + "See `kwass distance --help`.", options: ["--lamda", "2"])
  }

  @Test func boxOfZeroLength() throws {
    try expect(
      "# box=0\nx1,v1\n1,2\n".utf8, "a.csv", .badData,
      "a.csv, line 1: found \"0\" for axis 1 of the box, expected a positive length or free.")
    try expect(
      "x1,v1\n1,2\n".utf8, "a.csv", .usage,
      "The value of --box is \"0\"; it must be a positive length or free for each position axis, "
        + "with commas between. See `kwass distance --help`.", options: ["--box", "0"])
  }

  @Test func missingAndUnreadableFiles() {
    let missing = kwass("distance", good, directory["none.csv"])
    #expect(missing.status == .missingInput)
    #expect(missing.report == "kwass: \(directory["none.csv"]): there is no such file.\n")
    let folder = kwass("distance", good, directory.path)
    #expect(folder.status == .missingInput)
    #expect(
      folder.report == "kwass: \(directory.path): the file cannot be opened: it is a directory.\n")
  }

  @Test func outputsThatCannotBeWritten() throws {
    for option in ["--plan", "--potentials"] {
      let outcome = kwass("distance", good, good, option, directory["no/such/p.npz"])
      #expect(outcome.status == .cannotCreate && outcome.output.isEmpty)
      #expect(outcome.report.hasSuffix("cannot be created: No such file or directory.\n"))
    }
    let sample = kwass(
      "sample", "uniform", "--count", "3", "--seed", "1", "-o", directory["no/such/a.csv"])
    #expect(sample.status == .cannotCreate)
    let full = TestConsole(outputFailure: "No space left on device")
    #expect(Kwass.run(arguments: ["distance", good, good], console: full) == .inputOutput)
    #expect(full.report == "kwass: The output cannot be written: No space left on device.\n")
  }

  @Test func problemsThatCannotBeSolved() throws {
    let far = try directory.write("x1,v1\n0,50\n", to: "far.csv")
    let outcome = kwass("distance", good, far, "--phi", "log")
    #expect(outcome.status == .badData && outcome.output.isEmpty)
    #expect(outcome.report.contains("Remark 3.8"))
    let line = kwass("distance", good, good, "--method", "line")
    #expect(line.status == .badData && line.report.hasPrefix("kwass: The line solver does not fit"))
    let many = directory["many.npz"]
    #expect(kwass("sample", "uniform", "--count=600", "--seed=1", "-o", many).status == .success)
    let large = kwass("distance", many, many, "--method", "glpk")
    #expect(large.status == .badData && large.report.contains("use the network simplex"))
    let huge = try directory.write("x1,v1\n1e308,0\n", to: "huge.csv")
    #expect(kwass("distance", good, huge, "--p", "3").status == .badData)
  }

  /// A snapshot of a run that has crashed: no gate may pass on it, and nothing may be written from it.
  @Test func crashedRuns() throws {
    // kwass writes no such file itself, so that a number of a good one is replaced.
    let good = try directory.write(
      "# box=1 time=2\nx1,v1\n0.1,1\n0.2,1\n0.30000000000000004,2\n", to: "good.csv")
    let crashed = directory["crashed.h5"]
    #expect(kwass("convert", good, crashed).status == .success)
    let (number, nan) = (Self.pattern(0.30000000000000004), Self.pattern(.nan))
    try directory.write(bytes(ofFile: crashed).replacing(number, with: nan), to: "crashed.h5")
    let gates = [
      ["distance", crashed, crashed, "--max", "1"],
      ["compare", crashed, crashed, "--tolerance", "1"],
      ["matrix", crashed, crashed], ["series", crashed, crashed], ["info", crashed],
      ["convert", crashed, directory["out.npz"]],
      ["convert", crashed, directory["out.npz"], "--box", "2"],
      [
        "evolve", crashed, "--system", "free", "--until", "3", "-o", directory["out.npz"],
        "--resume",
      ],
      ["evolve", good, "--system", "free", "--until", "3", "-o", crashed, "--resume"],
    ]
    for arguments in gates {
      let console = TestConsole()
      let status = Kwass.run(arguments: arguments, console: console)
      #expect(status == .badData && console.output.isEmpty, "\(arguments[0])")
      #expect(
        console.report.replacing("\(directory.path)/", with: "")
          == "kwass: crashed.h5, /data/0/particles/all: found the position x = nan of particle 3, expected a "
          + "finite number.\n")
    }
    #expect(!directory.names.contains("out.npz"))
  }

  /// Scales beyond all numbers make positions infinite, which a periodic axis took for 0.
  @Test func scalesBeyondAllNumbers() throws {
    let file = try directory.write("x1,v1\n0.1,1\n1e10,-1\n", to: "a.csv")
    let console = TestConsole()
    let status = Kwass.run(
      arguments: ["distance", file, file, "--scale", "x=1e300", "--box", "1"], console: console)
    #expect(status == .badData)
    #expect(
      console.report.hasSuffix("The coordinate x1 of particle 2 is inf; it must be finite.\n"))
  }

  private static func pattern(_ value: Double) -> [UInt8] {
    (0..<8).map { UInt8(truncatingIfNeeded: value.bitPattern >> (8 * $0)) }
  }
}
