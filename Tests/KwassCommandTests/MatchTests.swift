import KineticTransport
import TestSupport
import Testing

@testable import KwassCommand

/// `--match id`: the identity of particles as the plan.
@Suite struct MatchTests {
  private let directory: TemporaryDirectory
  init() throws {
    directory = try TemporaryDirectory()
    try directory.write(
      "# time=0\nx1,v1,weight,id\n0,0,1,7\n10,1,3,18446744073709551615\n", to: "a.csv")
    // The particles have changed places: moving each to the nearest place would cost less.
    try directory.write(
      "# time=2\nx1,v1,id,weight\n1,1,18446744073709551615,6\n9,0,7,2\n", to: "b.csv")
  }

  /// Both particles move by 9: W₁ = 9 along the plan; the least cost moves .5 by 8 and the rest by 1.
  @Test func theIdentityIsThePlan() throws {
    let outcome = kwass(
      "distance", directory["a.csv"], directory["b.csv"], "--p", "1",
      "--match", "id", "--json")
    #expect(outcome.status == .success, "\(outcome.report)")
    let found = try ParsedJSON(outcome.output)
    #expect(found["distance"].number == 9 && found["lower"].number == 0)
    #expect(found["upper"].number >= 9 && found["upper"].number < 9 * (1 + 1e-14))
    let solved = try ParsedJSON(
      kwass("distance", directory["a.csv"], directory["b.csv"], "--p", "1", "--json").output)
    #expect(solved["distance"].number < 9)
    let text = kwass(
      "distance", directory["a.csv"], directory["b.csv"], "--p", "1",
      "--match", "id", "--verify"
    ).output
    #expect(text.hasPrefix("at most     9.0\n") && text.contains("verified    yes"))
    #expect(text.contains("Nothing was solved:"))
    #expect(
      kwass(
        "distance", directory["a.csv"], directory["b.csv"], "--p", "1", "--match", "id",
        "--max", "8.9"
      ).status == .undecided)
    #expect(
      kwass(
        "distance", directory["a.csv"], directory["b.csv"], "--p", "1", "--match", "id",
        "--max", "9.1"
      ).status == .success)
  }

  @Test func seriesAndTables() throws {
    let series = kwass("series", directory.path, "--p", "1", "--match", "id", "--json")
    #expect(series.status == .success, "\(series.report)")
    let rows = try ParsedJSON(series.output)["series"].elements
    #expect(rows.map { $0["distance"].number } == [0, 9])
    let matrix = kwass("matrix", directory.path, "--p", "1", "--match", "id")
    #expect(matrix.output.hasSuffix(",0.0,9.0\n\(directory["b.csv"]),9.0,0.0\n"))
    #expect(matrix.output.contains("# Nothing was solved:"))
  }

  @Test func identitiesSurviveEveryFormat() throws {
    for name in ["c.npz", "c.h5", "d.csv"] {
      #expect(kwass("convert", directory["b.csv"], directory[name]).status == .success)
      let outcome = kwass(
        "distance", directory["a.csv"], directory[name], "--p", "1", "--match", "id")
      #expect(outcome.output.hasPrefix("at most     9.0\n"), "\(name): \(outcome.report)")
    }
    let npy = kwass("convert", directory["a.csv"], directory["c.npy"])
    #expect(npy.report.contains("has no place for masses"))
    // A sample numbers its particles, and a flow keeps the numbers.
    let start = directory["s.npz"]
    #expect(
      kwass("sample", "two-stream", "--count", "9", "--seed", "1", "--ids", "-o", start).status
        == .success)
    let run = directory["run"]
    let evolved = kwass(
      "evolve", start, "--system", "free", "--until", "1", "--every", "0.5", "--format", "h5",
      "-o", run)
    defer { removeFolder(run) }
    #expect(evolved.status == .success, "\(evolved.report)")
    let plan = kwass("series", run, "--match", "id", "--space", "velocity")
    #expect(plan.status == .success && plan.output.contains("\n1.0,0.0,"), "\(plan.report)")
    #expect(
      kwass("evolve", start, "--system", "free", "--until", "1", "-o", run).report
        .contains("already holds snapshots"))
  }

  @Test func whatDoesNotMatchIsNamed() throws {
    try directory.write("x1,v1\n0,0\n10,1\n", to: "none.csv")
    try directory.write("x1,v1,id\n0,0,7\n1,1,8\n2,1,7\n", to: "twice.csv")
    try directory.write("x1,v1,id\n0,0,7\n1,1,8\n", to: "other.csv")
    try directory.write("x1,v1,id\n0,0,7\n1,1,18446744073709551615\n", to: "heavy.csv")
    let first = directory["a.csv"]
    func report(_ name: String, _ options: String...) -> String {
      let console = TestConsole()
      let status = Kwass.run(
        arguments: ["distance", first, directory[name], "--match", "id"] + options,
        console: console)
      #expect(status == (options.isEmpty ? .badData : .usage))
      return console.report
    }
    #expect(
      report("none.csv").contains("none.csv: found particles without identities, expected an id"))
    #expect(
      report("twice.csv").contains(
        "twice.csv: found the id 7 of both particle 1 and particle 3, expected each id once"))
    #expect(
      report("other.csv").contains(
        "other.csv: found no particle with the id 18446744073709551615, which \(first) has, "))
    #expect(report("heavy.csv").contains("the masses of the same particles differ by 0.5 in all"))
    for options in [["--method", "line"], ["--accuracy", "0.1"], ["--potentials", "f.csv"]] {
      #expect(
        report("b.csv", options[0], options[1]).contains("--match id solves nothing; \(options[0])")
      )
    }
    #expect(report("b.csv", "--subsample", "1", "--seed", "1").contains("--subsample draws"))
  }
}
