import Foundation
import KineticTransport
import TestSupport
import Testing

@testable import KwassCommand

/// What a command says of the numbers that it was given and of those that it prints.
@Suite struct BorderTests {
  private let directory: TemporaryDirectory
  init() throws { directory = try TemporaryDirectory() }

  private func json(_ arguments: String...) throws -> ParsedJSON {
    let console = TestConsole()
    let status = Kwass.run(arguments: arguments + ["--json"], console: console)
    #expect(status == .success, "\(console.report)")
    return try ParsedJSON(console.output)
  }

  private func notes(_ parsed: ParsedJSON) -> [String] { parsed["notes"].elements.map(\.string) }

  // MARK: Parts of the cost

  /// Metres beside metres a second, as a file in SI units has them.
  @Test func partsOfTheCostAreShown() throws {
    let a = try directory.write("# box=free\nx1,v1\n0,1e6\n0,1e6\n", to: "a.csv")
    let b = try directory.write("# box=free\nx1,v1\n0.5,1.2e6\n0.5,1.2e6\n", to: "b.csv")
    let text = kwass("distance", a, b).output
    #expect(text.contains("\nparts       0.25 of positions, 40000000000.0 of velocities\n"))
    #expect(
      text.contains(
        "\nnote        The position part of the cost is 6.3e-12 of the other part and plays no part in "
          + "the distance; choose units with --scale or --normalize, or a weight with --lambda.\n"))
    let found = try json("distance", a, b)
    #expect(found["positionCost"].number == 0.25 && found["velocityCost"].number == 4e10)
    #expect(notes(found).contains { $0.hasPrefix("The position part of the cost is") })
    // The other way round, and with the remedies.
    let mirrored = try json("distance", a, b, "--scale", "x=1e9,v=1e-6")
    #expect(notes(mirrored).contains { $0.hasPrefix("The velocity part of the cost is 1.6e-19") })
    for options in [["--scale", "x=1,v=1e-6"], ["--lambda", "1e11"]] {
      let console = TestConsole()
      _ = Kwass.run(arguments: ["distance", a, b] + options, console: console)
      #expect(!console.output.contains("part of the cost is"))
    }
    // A part that is 0 is no matter of units, and parts are of phase space.
    #expect(!kwass("distance", a, a).output.contains("part of the cost is"))
    #expect(try json("distance", a, b, "--space", "position")["positionCost"] == .null)
    // The commands of many pairs say it once.
    for arguments in [
      ["compare", a, b, "--tolerance", "1e9"], ["matrix", a, b], ["matrix", a, b, a],
    ] {
      let console = TestConsole()
      _ = Kwass.run(arguments: arguments, console: console)
      #expect(console.output.split(separator: "The position part").count == 2, "\(arguments)")
    }
  }

  @Test func compareShowsParts() throws {
    let a = try directory.write("x1,v1\n0,0\n0,0\n", to: "a.csv")
    let b = try directory.write("x1,v1\n3,4\n3,4\n", to: "b.csv")
    let found = try json("compare", a, b, "--tolerance", "10")["files"].elements[0]
    #expect(found["positionCost"].number == 9 && found["velocityCost"].number == 16)
    #expect(
      kwass("compare", a, b, "--tolerance", "10").output.contains(
        "parts of the cost: 9.0 of positions, 16.0 of velocities\n"))
  }

  // MARK: Scales

  @Test func scalesOfSingleAxes() throws {
    let a = try directory.write("x1,x2,v1,v2\n0,0,0,0\n", to: "a.csv")
    let b = try directory.write("x1,x2,v1,v2\n1,1,1,1\n", to: "b.csv")
    let found = try json("distance", a, b, "--scale", "x=2,v2=km,x2=3")
    #expect(found["scales"]["position"].numbers == [2, 3])
    #expect(found["scales"]["velocity"].numbers == [1, 1e-3])
    #expect(abs(found["cost"].number - (4 + 9 + 1 + 1e-6)) < 1e-12)
    #expect(
      kwass("distance", a, b, "--scale", "x3=2").report
        == "kwass: The option --scale names x3, but \(a) has 2 position and 2 velocity coordinates.\n"
    )
    for text in ["x=2,x=3", "x0=1", "y=2", "x01=2", "x=0", "x=inf", "=2"] {
      #expect(kwass("distance", a, b, "--scale", text).status == .usage, "\(text)")
    }
  }

  @Test func eachAxisByItsOwnDeviation() throws {
    let a = try directory.write(
      "# box=free,free\nx1,x2,v1\n0,0,1\n2,40,3\n", to: "a.csv")
    let own = try json("distance", a, a, "--normalize", "std")
    #expect(own["scales"]["position"].numbers == [1, 0.05])
    let block = try json("distance", a, a, "--normalize", "std-block")
    let factor = 1 / (401.0 / 2).squareRoot()
    for found in block["scales"]["position"].numbers { #expect(abs(found - factor) < 1e-15) }
    let flat = try directory.write("x1,x2,v1\n0,5,1\n2,5,3\n", to: "b.csv")
    #expect(
      kwass("distance", flat, flat, "--normalize", "std").report
        == "kwass: \(flat): --normalize std would divide x2 by 0.0; the particles must differ there, or "
        + "share a factor with other axes (--normalize std-block).\n")
    #expect(kwass("distance", flat, flat, "--normalize", "std-block").status == .success)
  }

  @Test func normalizationRegardsTheBox() throws {
    let a = try directory.write("# box=1\nx1,v1\n0.1,1\n4,2\n", to: "a.csv")
    let found = try json("distance", a, a, "--normalize", "box", "--box", "5")
    #expect(found["scales"]["position"].numbers == [0.2])
    #expect(found["box"].numbers == [1])
    #expect(notes(found).contains("\(a): The file states the box 1.0; --box 5.0 overrides it."))
    let free = try directory.write("x1,v1\n0.1,1\n4,2\n", to: "b.csv")
    #expect(
      try json("distance", free, free, "--normalize", "box", "--box", "5")["box"].numbers == [1])
    // A box is in the unit of what is normalised.
    let scaled = try json("distance", free, free, "--normalize", "std", "--box", "5")
    #expect(abs(scaled["box"].numbers[0] - 5 / 1.95) < 1e-14)
    #expect(
      kwass("distance", free, free, "--normalize", "box").report
        == "kwass: \(free): --normalize box needs a period on every axis, stated by the file or by "
        + "--box.\n")
  }

  @Test func hugeNumbersHaveADeviation() throws {
    let a = try directory.write("x1,v1\n1e200,1e300\n-1e200,-1e300\n", to: "a.csv")
    let text = kwass("info", a).output
    #expect(text.contains("mean 0.0, standard deviation 1e+200\n"))
    #expect(text.contains("mean 0.0, standard deviation 1e+300\n") && !text.contains("nan"))
    let found = try json("distance", a, a, "--normalize", "std")
    #expect(abs(found["scales"]["position"].numbers[0] * 1e200 - 1) < 1e-15)
  }

  // MARK: Boxes, iterations, grids

  @Test func positionsFarOutsideTheBox() throws {
    let a = try directory.write("x1,v1\n0.1,1\n0.2,1\n", to: "a.csv")
    let b = try directory.write("x1,v1\n0.1,1\n700.25,1\n", to: "b.csv")
    let far =
      "\(b): 1 of 2 positions x1 lies outside the box of length 1.0, the farthest by 699.25, and is "
      + "wrapped into it."
    #expect(notes(try json("distance", a, b, "--box", "1")) == [far])
    #expect(
      kwass("matrix", a, b, "--box", "1").output.contains("# \(far)\n"))
    // A box that is counted from its middle, and one that contains all of them.
    let middle = try directory.write("x1,v1\n-0.4,1\n0.5,1\n", to: "c.csv")
    #expect(notes(try json("distance", middle, middle, "--box", "1")).isEmpty)
    #expect(notes(try json("distance", a, b, "--box", "1000")).isEmpty)
    // Evolution writes how far particles have gone in a box that the file states itself.
    let gone = try directory.write("# box=1\nx1,v1\n-0.4,1\n1.5,1\n", to: "d.csv")
    #expect(notes(try json("distance", gone, gone)).isEmpty)
    #expect(notes(try json("distance", gone, gone, "--box", "1")).count == 2)
    #expect(notes(try json("distance", a, b, "--space", "velocity")).isEmpty)
  }

  @Test func numbersOfIterationsAreNotIgnored() throws {
    let a = try directory.write("x1\n1\n", to: "a.csv")
    for command in [["distance", a, "\(a)#7"], ["info", "\(a)#7"], ["matrix", a, "\(a)#0"]] {
      let console = TestConsole()
      #expect(Kwass.run(arguments: command, console: console) == .badData)
      #expect(
        console.report.hasPrefix(
          "kwass: \(a): found one snapshot without number, expected no choice "
            + "of an iteration (FILE#")
      )
    }
    #expect(
      kwass("info", fixture("VOICEXX_00007.h5") + "#3", "--dataset", "gysela").status == .badData)
    // A file that has such a name is that file.
    let odd = try directory.write("x1\n1\n", to: "a#7")
    #expect(kwass("info", odd).status == .success)
  }

  @Test func gridsBecomeClouds() throws {
    let grid = fixture("grid.npz")
    let note =
      "The density on a grid is taken for a cloud: a particle at the centre of each cell of "
      + "positive mass."
    #expect(notes(try json("distance", grid, grid)).contains("\(grid): \(note)"))
    #expect(kwass("info", grid).output.contains("note       \(note)\n"))
    #expect(kwass("matrix", grid, grid, grid).output.contains("# \(grid) and 2 more: \(note)\n"))
  }

  @Test func notesOfPairsAreNotDropped() throws {
    for (name, time, mass) in [("a.csv", 0.0, 1), ("b.csv", 1, 1), ("c.csv", 2, 3)] {
      try directory.write("# time=\(time)\nx1,v1,weight\n\(time),1,\(mass)\n", to: name)
    }
    let files = ["a.csv", "b.csv", "c.csv"].map { directory[$0] }
    let found = notes(try json("matrix", files[0], files[1], files[2]))
    #expect(
      found == [
        "The files state no box; space is taken as free (--box says otherwise). (In 3 of 3 pairs.)",
        "The snapshots are of different times, 1.0 and 0.0. (In 3 of 3 pairs; the numbers are those of "
          + "the first.)",
        "The raw masses differ, 3.0 and 1.0; both are normalised to 1. (In 2 of 3 pairs; the numbers "
          + "are those of the first.)",
      ])
    // Times differ in every series.
    let series = notes(try json("series", files[0], files[1], files[2]))
    #expect(series.count == 2 && !series.contains { $0.contains("times") })
  }

  // MARK: Names and pipes

  @Test func numberedNames() throws {
    for number in [1, 20, 300, 1_234_567] {
      let digits = "\(number)"
      let zeros = String(repeating: "0", count: max(0, 6 - digits.count))
      try directory.write(
        "# time=\(number) box=free\nx1\n\(number)\n", to: "run_\(zeros)\(digits).csv")
    }
    for name in ["run_5.csv", "run_final.csv", "run_00000001.csv"] {
      try directory.write("# time=7 box=free\nx1\n7\n", to: name)
    }
    let found = try json("series", directory["run_%06T.csv"])["series"].elements
    #expect(found.map { $0["time"].number } == [1, 20, 300, 1_234_567])
    for (pattern, name, isRight) in [
      ("a%T.h5", "a12.h5", true), ("a%T.h5", "ab.h5", false), ("a%T.h5", "a.h5", false),
      ("%03T", "007", true), ("%03T", "07", false), ("%03T", "0007", false), ("%03T", "1007", true),
      ("*_%02T_*", "x_y_01_z", true), ("*_%02T_*", "x_y_1_z", false), ("a*b*c", "aXbYbc", true),
      ("50%", "50%", true), ("%3T", "%3T", true), ("*", "", true), ("1%T", "12", true),
      ("1%T", "1", false),
    ] {
      #expect(NamePattern(pattern).matches(name) == isRight, "\(pattern) \(name)")
    }
    #expect(!NamePattern("50%").isPattern && NamePattern("%06T").isPattern)
  }

  /// Each command reads a pipe once, and a name that stands twice is what was read.
  @Test(.timeLimit(.minutes(1))) func pipesAreReadOnce() throws {
    let text = "# time=1 box=free\nx1,v1\n1,2\n2,3\n"
    let other = try directory.write(text.replacing("time=1", with: "time=2"), to: "b.csv")
    for command in [
      ["info"], ["matrix", other], ["series", other], ["compare", "--tolerance", "1", other],
      ["distance", other], ["distance", directory["pipe"]],
    ] {
      let pipe = directory["pipe"]
      #expect(mkfifo(pipe, 0o600) == 0)
      defer { unlink(pipe) }
      let writer = Thread {
        guard let file = fopen(pipe, "w") else { return }
        fputs(text, file)
        fclose(file)
      }
      writer.start()
      let console = TestConsole()
      let status = Kwass.run(arguments: command + [pipe], console: console)
      #expect(status == .success, "\(command): \(console.report)")
    }
  }

  /// Readers know no options; the command names those that make the choices which files leave.
  @Test func choicesAreNamedByTheirOptions() throws {
    func complaint(_ arguments: String...) -> String {
      let console = TestConsole()
      #expect(Kwass.run(arguments: ["info"] + arguments, console: console) == .badData)
      return console.report
    }
    let file = fixture("edpic.h5")
    #expect(
      complaint("\(file)#0").hasSuffix(
        "found the species electrons, ions, expected one species, or a choice (--species electrons).\n"
      ))
    #expect(complaint(fixture("no-openpmd.h5")).hasSuffix("where the arrays are (--dataset).\n"))
    try directory.write("1,2\n", to: "numbers.csv")
    #expect(
      complaint(directory["numbers.csv"]).hasSuffix("or a role for each column (--columns).\n"))
    let note = kwass("info", fixture("ids.h5"), "--species", "lost").output
    #expect(note.contains("left out (--lost keep says otherwise)."))
  }

  @Test func columnsWithoutNames() throws {
    let a = directory["a.npy"]
    try SnapshotFile.write(Snapshot(positions: [[0, 1]], velocities: [[5, 5]]), to: a)
    let text = kwass("distance", a, a).output
    #expect(
      text.contains(
        "\ncolumns     x1, v1: the first half positions, the second velocities (--points or "
          + "--columns say otherwise)\n"))
    let points = try json("distance", a, a, "--points")
    #expect(points["positionDimension"].number == 2)
    #expect(points["coordinates"]["columns"].elements.map(\.string) == ["x1, x2: as asked for"])
    #expect(kwass("distance", a, a, "--columns", "x,weight").status == .success)
    #expect(kwass("distance", a, a, "--columns", "x,y,q").status == .usage)
    #expect(kwass("distance", a, a, "--columns", "x,v", "--points").status == .usage)
  }

  // MARK: JSON

  /// Every document says what it is, its keys are of one style, and the reference has each of them.
  @Test func documentsForPrograms() throws {
    let a = try directory.write("# time=0 box=1\nx1,v1\n0.1,1\n0.6,-1\n0.3,2\n", to: "a.csv")
    let b = try directory.write("# time=1 box=1\nx1,v1\n0.2,1\n0.7,-1\n0.1,1\n", to: "b.csv")
    let reference = try ["CommandReference.md", "StabilityEstimates.md", "KineticModels.md"].map {
      name in
      String(decoding: try bytes(ofFile: fixture("../../Documentation/\(name)")), as: UTF8.self)
    }.joined()
    let c = try directory.write(
      "# time=0 box=1\nx1,v1\n0.1,1\n0.6,-1\n0.3,2\n0.5,0\n", to: "c.csv")
    let sinkhorn = ["--method", "sinkhorn", "--regularization", "0.1"]
    let scan = try directory.write(
      "epsilon .3\ntheta .1\ncount 8\nlimit 0\nuntil .1", to: "a.scan")
    for arguments in [
      ["distance", a, b, "--verify", "--max", "9"], ["distance", a, b, "--phi", "log-extended"],
      ["distance", a, b, "--divergence"] + sinkhorn,
      ["distance", a, b, "--unbalanced", "1"] + sinkhorn,
      ["compare", a, b, "--tolerance", "9"], ["matrix", a, b], ["series", a, b],
      ["scan", scan],
      ["stability", a, a, "--system", "vlasov-poisson", "--epsilon", "1", "--until", "1.1"],
      [
        "stability", a, c, "--theorem", "mean-field", "--system", "cucker-smale", "--phi",
        "power:1",
        "--until", "1.1",
      ],
      ["coefficients", "--potential", "0,.5", "--modes", "1"],
      [
        "limit", "bgk", "--epsilon", ".02,.01", "--until", ".001", "--positions", "8", "--cloud",
        "4,2",
      ],
    ] {
      let console = TestConsole()
      let command = arguments.contains("mean-field") ? "mean-field" : arguments[0]
      _ = Kwass.run(arguments: arguments + ["--json"], console: console)
      let found = try ParsedJSON(console.output)
      #expect(found["version"].string == Kwass.version, "\(arguments) \(console.report)")
      #expect(found["schema"].string == "kwass-\(command)-1")
      for key in found.keys {
        #expect(key.wholeMatch(of: /[a-z][A-Za-z0-9]*/) != nil, "\(key)")
        #expect(reference.contains("`\(key)`"), "\(command): \(key)")
      }
    }
  }
}
