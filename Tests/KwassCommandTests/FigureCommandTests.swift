import KineticTransport
import TestSupport
import Testing

@testable import KwassCommand

/// What commands draw of snapshots.
@Suite struct FigureCommandTests {
  private let directory: TemporaryDirectory
  init() throws { directory = try TemporaryDirectory() }

  private func text(_ name: String) throws -> String {
    String(decoding: try bytes(ofFile: directory[name]), as: UTF8.self)
  }

  private func samples() throws -> (String, String) {
    let (a, b) = (directory["a.npz"], directory["b.npz"])
    for (path, seed) in [(a, "1"), (b, "2")] {
      _ = kwass("sample", "two-stream", "--count", "300", "--seed", seed, "-o", path)
    }
    return (a, b)
  }

  /// Both states, their difference and the plan, with the units of the file and no path of a folder.
  @Test func aDistanceIsDrawn() throws {
    let file = fixture("edpic.h5")
    let outcome = kwass(
      "distance", "\(file)#0", "\(file)#100", "--species", "electrons", "--scale", "x=um,v=c",
      "--figure", directory["f.svg"], "--axes", "z,vx")
    #expect(outcome.status == .success, "\(outcome.report)")
    let figure = try text("f.svg")
    for words in [
      "edpic.h5#0", "edpic.h5#100 minus edpic.h5#0", "transport plan", "z (um)", "vx (c)",
      "density (1/(um · c))",
    ] {
      #expect(figure.contains(words), "\(words) is missing")
    }
    #expect(!figure.contains("Fixtures"))
    #expect(
      kwass(
        "info", "\(file)#0", "--species", "ions", "--scale", "x=um", "--axes", "z", "--figure",
        directory["i.svg"]
      ).status == .success)
    #expect(try text("i.svg").contains("density (1/um)"))
    for (format, start) in [("pdf", "%PDF"), ("png", "\u{FFFD}PNG")] {
      let path = directory["f.\(format)"]
      #expect(
        kwass("distance", "\(file)#0", "\(file)#100", "--species", "ions", "--figure", path).status
          == .success)
      #expect(try text("f.\(format)").hasPrefix(start))
    }
  }

  /// Where there is no plan, or no second coordinate, there are fewer images.
  @Test func whatIsThereIsDrawn() throws {
    let (a, b) = try samples()
    let path = directory["f.svg"]
    #expect(
      kwass(
        "distance", a, b, "--method", "sinkhorn", "--regularization", "0.1", "--figure", path
      ).status == .success)
    #expect(try text("f.svg").contains("minus") && !text("f.svg").contains("transport plan"))
    #expect(kwass("distance", a, b, "--axes", "v1", "--figure", path).status == .success)
    #expect(try text("f.svg").contains(">v1<") && !text("f.svg").contains("minus"))
    #expect(kwass("distance", a, b, "--space", "position", "--figure", path).status == .success)
    #expect(try text("f.svg").contains(">x1<"))
  }

  /// The potentials of two particles at the distance 1 are half of the cost each.
  @Test func potentialsAreDrawn() throws {
    let file = fixture("edpic.h5")
    let path = directory["p.svg"]
    let outcome = kwass(
      "distance", "\(file)#0", "\(file)#100", "--species", "ions", "--scale", "x=um", "--space",
      "position", "--potential-figure", path)
    #expect(outcome.status == .success, "\(outcome.report)")
    for words in ["φ of edpic.h5#0", "ψ of edpic.h5#100", "potential (um^2)", "x (um)"] {
      #expect(try text("p.svg").contains(words), "\(words) is missing")
    }
    let measures = try [0.0, 1].map { try PhaseSpaceMeasure(positions: [[$0]], velocities: [[0]]) }
    let figure = StateFigure(
      title: "", names: ["a", "b"], measures: measures,
      coordinates: CoordinateNames(positions: 1, velocities: 1), axes: try axes("x1"))
    let potentials = Potentials(source: [-6], target: [7])
    let chart = try #require(try figure.figure(of: potentials, unit: "m") as? SeriesChart)
    #expect(chart.vertical == "potential (m)" && chart.series.map(\.name) == ["φ of a", "ψ of b"])
    for (series, cell) in zip(chart.series, [0, 11]) {
      #expect(series.points.map { $0.y.isNaN } == (0..<12).map { $0 != cell })
      #expect(series.points[cell].y == 0.5)
    }
  }

  private func axes(_ text: String) throws -> FigureAxes {
    try FigureAxes(
      ArgumentReader(["--axes", text], command: "", options: FigureAxes.specification),
      isUsed: true)
  }

  /// Sinkhorn's potentials are drawn too; where there are none, a sentence says so.
  @Test func potentialsNeedASolution() throws {
    let (a, b) = try samples()
    let path = directory["p.svg"]
    let sinkhorn = ["--method", "sinkhorn", "--regularization", "0.1"]
    func run(_ options: [String]) -> (status: ExitCode, report: String) {
      let console = TestConsole()
      let arguments = ["distance", a, b, "--potential-figure", path] + options
      return (Kwass.run(arguments: arguments, console: console), console.report)
    }
    for (options, words) in [
      (sinkhorn + ["--divergence"], "--divergence is measured without a plan; --potential-figure"),
      (sinkhorn + ["--unbalanced", "1"], "leaves mass behind, which --potential-figure"),
      (["--match", "id"], "--match id solves nothing; --potential-figure cannot go with it."),
      (["--coarsen", "10"], "--coarsen compares cells, not particles; --potential-figure"),
      (["--figure", path], "--figure and --potential-figure name the same file."),
      (["--axes", "x2"], "--axes names x2, but the coordinates are x1 and v1."),
    ] {
      let outcome = run(options)
      #expect(outcome.status == .usage && outcome.report.contains(words), "\(outcome.report)")
    }
    #expect(!directory.names.contains("p.svg"))
    #expect(run(sinkhorn + ["--axes", "v1"]).status == .success)
    #expect(try text("p.svg").contains("potential (unit of W^2)"))
  }

  /// What is written is drawn, in the units in which it is written.
  @Test func conversionsAreDrawn() throws {
    let (a, _) = try samples()
    let path = directory["c.svg"]
    let outcome = kwass(
      "convert", "\(fixture("edpic.h5"))#0", directory["o.csv"], "--species", "ions", "--scale",
      "x=um", "--figure", path)
    #expect(outcome.status == .success, "\(outcome.report)")
    for words in ["o.csv", "x (um)"] { #expect(try text("c.svg").contains(words), "\(words)") }
    let grid = kwass(
      "convert", a, directory["g.npz"], "--grid", "16,32", "--figure", "-", "--axes", "x1,v1")
    // A cell for each node.
    let rows = grid.output.split(separator: "\n").filter { $0.hasPrefix("|") }
    #expect(grid.status == .success && rows.count == 18 && rows.allSatisfy { $0.count == 18 })
    let refused = kwass("convert", a, directory["n.csv"], "--figure", path, "--axes", "v2")
    #expect(refused.status == .usage && refused.report.contains("--axes names v2"))
    #expect(!directory.names.contains("n.csv"))
    #expect(kwass("convert", a, directory["n.csv"], "--axes", "x1").status == .usage)
    #expect(kwass("convert", a, directory["n.csv"], "--figure", "f.gif").status == .usage)
  }

  /// Every option for a figure says where it can go.
  @Test func helpsOfFiguresAgree() {
    var found = 0
    for command in Kwass.commands {
      for option in command.listedOptions
      where option.name.hasSuffix("figure") || option.name == "--dendrogram" {
        found += 1
        #expect(
          option.summary.hasSuffix(": \(FigureOutput.requirement)."), "\(command.name) \(option)")
      }
    }
    #expect(found > 15)
  }

  @Test func axesThatAreNotThereAreTold() throws {
    let (a, b) = try samples()
    let path = directory["f.svg"]
    let outcome = kwass("distance", a, b, "--figure", path, "--axes", "x1,v2")
    #expect(outcome.status == .usage)
    #expect(outcome.report == "kwass: --axes names v2, but the coordinates are x1 and v1.\n")
    #expect(!directory.names.contains("f.svg"))
    #expect(
      kwass("distance", a, b, "--axes", "x1").report.contains("--figure shows, which is missing"))
    #expect(kwass("distance", a, b, "--figure", path, "--axes", "x1,x1").status == .usage)
    #expect(kwass("distance", a, b, "--figure", directory["f.gif"]).status == .usage)
    #expect(kwass("distance", a, b, "--figure", a).status == .usage)
  }

  @Test func sketchesGoToTheTerminal() throws {
    let (a, b) = try samples()
    let outcome = kwass("distance", a, b, "--figure", "-")
    #expect(outcome.status == .success, "\(outcome.report)")
    #expect(
      outcome.output.contains("a.npz: density .:-=+*%@") && outcome.output.contains("distance  "))
    #expect(outcome.output.contains("b.npz minus a.npz: = and - where there is less"))
    #expect(directory.names.count == 2)
    let refused = kwass("distance", a, b, "--figure", "-", "--json")
    #expect(refused.status == .usage && refused.report.contains("--json prints its object"))
  }

  @Test func seriesAndTablesAreDrawn() throws {
    for time in 0..<3 {
      try directory.write("# time=\(time) box=9\nx1,v1\n\(time),1\n5,\(time)\n", to: "r\(time).csv")
    }
    let pattern = directory["r%T.csv"]
    #expect(kwass("series", pattern, "--figure", directory["s.svg"]).status == .success)
    let series = try text("s.svg")
    #expect(
      series.contains("proved bracket") && series.contains("Distance from the first snapshot"))
    for option in ["--figure", "--heat-map"] {
      #expect(kwass("matrix", pattern, option, directory["m.svg"]).status == .success)
      #expect(try text("m.svg").contains(">r2.csv<") && text("m.svg").contains("W (split, p = 2)"))
    }
    let both = kwass("matrix", pattern, "--figure", "a.svg", "--heat-map", "b.svg")
    #expect(both.status == .usage && both.report.contains("--figure was given twice"))
  }

  /// Arrows of a small plan go from each particle to its partner, across the end of the box where that is
  /// shorter; those of a large one are means.
  @Test func arrowsFollowThePlan() throws {
    let box = try ProductDomain([.circle(length: 1)])
    func measure(_ x: [Double], _ v: [Double]) throws -> PhaseSpaceMeasure {
      try PhaseSpaceMeasure(positions: [x], velocities: [v], box: box)
    }
    func field(_ a: PhaseSpaceMeasure, _ b: PhaseSpaceMeasure) throws -> DisplacementField {
      let plan = try KineticMetric.standard().distance(from: a, to: b).solution.plan
      return DisplacementField(
        plan, from: a, to: b, 0, 1,
        cells: (
          CellAxis(label: "x", lower: 0, upper: 1, count: 12),
          CellAxis(label: "v", lower: -1, upper: 1, count: 12)
        ))
    }
    let small = try field(measure([0.9], [0]), measure([0.1], [0.5]))
    #expect(small.isOfPairs && small.arrows.count == 1)
    #expect(abs(small.arrows[0].end.x - 1.1) < 1e-12 && small.arrows[0].end.y == 0.5)
    // All particles move by the same.
    let x = (0..<400).map { Double($0) / 400 }
    let v = (0..<400).map { Double($0 % 20) / 40 }
    let large = try field(measure(x, v), measure(x.map { $0 + 1e-4 }, v.map { $0 + 0.25 }))
    #expect(!large.isOfPairs && large.arrows.count > 20)
    for arrow in large.arrows {
      let move = arrow.end - arrow.start
      #expect(abs(move.y - 0.25) < 1e-12 && abs(move.x - 1e-4) < 1e-12, "\(move)")
    }
  }

  @Test func shortNamesTellFilesApart() {
    #expect(ShortNames.of(["/a/b/c.csv", "/a/b/d.csv"]) == ["c.csv", "d.csv"])
    #expect(ShortNames.of(["/a/1/c.csv", "/a/2/c.csv"]) == ["1/c.csv", "2/c.csv"])
    #expect(ShortNames.of(["c.csv", "c.csv"]) == ["c.csv", "c.csv"])
  }

  /// Beams with their units, as they come.
  @Test(.enabled(if: hasSharedData("astra_particles.h5"), "needs ../shared/data"))
  func aBeamHasItsUnits() throws {
    let path = sharedData("astra_particles.h5")
    let outcome = kwass(
      "info", "\(path)#0", "\(path)#1", "--momentum", "momentum", "--scale", "v=keV/c", "--figure",
      directory["f.svg"])
    #expect(outcome.status == .success, "\(outcome.report)")
    #expect(try text("f.svg").contains("x (m)") && text("f.svg").contains("px (keV/c)"))
  }
}
