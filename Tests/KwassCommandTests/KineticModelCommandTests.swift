import KineticTransport
import KwassCommand
import TestSupport
import Testing

/// `kwass coefficients`, agents that align under `kwass evolve`, and the mean-field limit.
@Suite struct KineticModelCommandTests {
  private let directory: TemporaryDirectory
  private let flocks: String

  init() throws {
    directory = try TemporaryDirectory()
    flocks = directory["flocks.npz"]
    #expect(kwass("sample", "two-flocks", "-o", flocks).status == .success)
  }

  private func run(_ arguments: [String]) -> Outcome {
    let console = TestConsole()
    let status = Kwass.run(arguments: arguments, console: console)
    return Outcome(status: status, output: console.output, report: console.report)
  }

  // MARK: Coefficients

  @Test func coefficientsInEveryForm() throws {
    let table = directory["table.csv"]
    let found = run([
      "coefficients", "--case=C", "--gamma=5", "--delta=1,2", "--modes=2", "--json",
      "--csv=\(table)",
    ])
    #expect(found.status == .success)
    let rows = try ParsedJSON(found.output)["rows"].elements
    try #require(rows.count == 2)
    let diffusion = rows[0]["diffusion"].number
    #expect(abs(diffusion / 5 - 0.278949393293743) < 1e-13)
    #expect(rows[0]["isWithinBounds"] == .boolean(true))
    #expect(rows[1]["delta"].number == 2)
    let lines = String(decoding: try bytes(ofFile: table), as: UTF8.self).split(separator: "\n")
    #expect(lines.count == 3 && lines[0].hasSuffix("lambda_1,lambda_2,D_1,D_2,K_1,K_2"))
    #expect(lines[1].contains(",\(diffusion),"))
    let text = run(["coefficients", "--potential=0,.5", "--modes=1"]).output
    #expect(text.contains("theta K^2 <= D <= theta K/lambda_1 (proved) holds."))
  }

  // MARK: Flocks

  @Test func theTwoFlocks() throws {
    let sample = try SnapshotFile.read(flocks).snapshot
    #expect(sample.weights?.first == 100 && sample.weights?.last == 1)
    var spreads: [Double] = []
    for (system, options) in [
      ("cucker-smale", ["--phi=power:40", "--step=.005"]),
      ("motsch-tadmor", ["--phi=power:40", "--step=.005"]),
      ("w-model", ["--phi=power:40", "--lattice=48,48"]),
      ("s-model", ["--phi=power:40", "--lattice=24,24"]),
      ("overmollified", ["--phi=power:40", "--lattice=32,32"]), ("segregation", ["--parts=8,8"]),
    ] {
      let found = run(
        [
          "evolve", flocks, "--system=\(system)", "--strength=10", "--until=.2", "-o",
          directory["end.npz"],
        ] + options)
      #expect(found.status == .success, "\(found.report)")
      let conserves = ["cucker-smale", "overmollified", "segregation"].contains(system)
      #expect(
        found.output.contains("momentum  \(conserves ? "" : "not ")conserved by this model"))
      let last = try #require(found.output.split(separator: "\n").last)
      let numbers = try #require(last.split(separator: "spread ").last).split(separator: " ")
      spreads.append(try #require(Double(numbers[1])))
    }
    // The heavy flock keeps the light one from aligning with Cucker's and Smale's rule alone.
    #expect(spreads[0] > 3 * spreads[1])
    #expect(abs(spreads[2] / spreads[1] - 1) < 0.01)
  }

  /// Averaged twice and within parts of space: momentum stays, as it does not with one average.
  @Test func modelsThatConserveMomentum() throws {
    func momenta(_ options: [String]) throws -> [[Double]] {
      let found = run(
        ["evolve", flocks, "--strength=10", "--until=.5", "-o", directory["end.npz"]] + options)
      #expect(found.status == .success, "\(found.report)")
      return found.output.split(separator: "\n").filter { $0.hasPrefix("time ") }.map { row in
        let words = row.split { $0 == " " || $0 == "," }
        let first = (words.firstIndex(of: "momentum") ?? 0) + 1
        return words[first..<first + 2].map { Double($0) ?? .nan }
      }
    }
    func drift(_ options: [String]) throws -> Double {
      let found = try momenta(options)
      return zip(found[0], found[1]).reduce(0) { max($0, abs($1.0 - $1.1)) }
    }
    #expect(try drift(["--system=overmollified", "--phi=gaussian:.07", "--lattice=64,64"]) < 1e-14)
    #expect(try drift(["--system=segregation", "--parts=7,9"]) < 1e-14)
    #expect(try drift(["--system=motsch-tadmor", "--phi=gaussian:.07"]) > 1e-6)
  }

  @Test func agentsOnAGrid() throws {
    let path = directory["wave.npz"]
    _ = run([
      "sample", "density-wave", "--count=500", "--seed=1", "--quiet-start", "--thermal-speed=.3",
      "-o",
      path,
    ])
    let found = run([
      "evolve", path, "--system=w-model", "--phi=gaussian:.2", "--representation=grid",
      "--grid=32,64",
      "--velocities=-2:2", "--until=.3", "-o", directory["grid.npz"],
    ])
    #expect(found.status == .success, "\(found.report)")
    #expect(found.output.contains("a grid of 32 positions and 64 velocities"))
  }

  @Test func theMeanFieldLimit() throws {
    let paths = [16, 32, 128].map { count in
      let path = directory["\(count).npz"]
      _ = run([
        "sample", "density-wave", "--count=\(count)", "--seed=1", "--quiet-start",
        "--thermal-speed=.1", "-o", path,
      ])
      return path
    }
    for system in [
      ["--system=cucker-smale", "--phi=power:10"],
      ["--system=w-model", "--lattice=32", "--phi=power:10"],
      ["--system=overmollified", "--lattice=64", "--phi=power:10"],
      ["--system=segregation", "--parts=6"],
    ] {
      let found = run(
        ["stability"] + paths + system + [
          "--theorem", "mean-field", "--until=1", "--every=.5", "--json",
        ])
      #expect(found.status == .success, "\(found.report)")
      let report = try ParsedJSON(found.output)
      #expect(report["violations"].number == 0)
      let rows = report["approximations"].elements
      #expect(rows.count == 2)
      for row in rows {
        let growth = row["growth"].number
        let carried = row["carriedGrowth"].number
        #expect(1 <= growth && growth <= carried * (1 + 1e-12) && carried < 2)
      }
    }
  }

  // MARK: What is refused

  @Test(arguments: [
    ("coefficients --case=A --gamma=0", "it must be one or more positive numbers"),
    ("coefficients --potential=0,-.5", "is not confining"),
    ("coefficients --case=A --gamma=3000", "it must be below 600 theta"),
    ("coefficients --case=C --gamma=1 --delta=1 --dimension=2", "it must depend on |v| alone"),
    ("coefficients --case=C --gamma=1", "needs the option --delta"),
    ("coefficients --case=A --gamma=1 --delta=1", "--delta goes with --case C"),
    ("coefficients --gamma=1 --sigma=-1", "it must be a number from 0 to 1"),
    ("coefficients --case=A --gamma=1 --theta=0", "it must be a positive number"),
    ("sample two-flocks --count=3 -o x.npz", "--count does not go with it"),
  ])
  func badCoefficients(line: String, words: String) {
    let found = run(line.split(separator: " ").map(String.init))
    #expect(found.status == .usage && found.output.isEmpty)
    #expect(found.report.contains(words), "\(found.report)")
  }

  @Test(arguments: [
    ("--system=cucker-smale", "needs the option --phi"),
    ("--system=cucker-smale --phi=power:-1", "so that phi is positive and falls"),
    (
      "--system=cucker-smale --phi=power:40 --integrator=strang",
      "agents that align need rungeKutta4"
    ),
    (
      "--system=motsch-tadmor --phi=power:40 --strength=10 --step=1",
      "it must be at most 0.2785, up to which the method is stable"
    ),
    ("--system=w-model --phi=power:40 --step=.5", "up to which the method is stable"),
    ("--system=w-model --phi=gaussian:.005 --lattice=16,16", "no agent is heard: rho_phi = 0"),
    ("--system=w-model --phi=power:40 --reverse", "--reverse does not go with --system w-model"),
    ("--system=w-model --phi=power:40 --step-error=.1", "choose --step"),
    ("--system=w-model --phi=power:40 --box=1,free", "needs one to three axes, all periodic"),
    ("--system=free --phi=power:40", "--phi goes only with --system cucker-smale"),
    ("--system=free --strength=2", "--strength goes only with --system cucker-smale"),
    ("--system=w-model --phi=power:40 --lattice=32768,32768", "and at most 16777216 in all"),
    ("--system=overmollified --phi=power:40 --lattice=32768,32768", "and at most 16777216 in all"),
    ("--system=overmollified", "needs the option --phi"),
    (
      "--system=overmollified --phi=gaussian:.005",
      "needs a kernel by which somebody is heard at every place of the box"
    ),
    (
      "--system=overmollified --phi=gaussian:.05 --lattice=6,6",
      "a finer lattice: by this one the integral of its kernel varies by"
    ),
    (
      "--system=overmollified --phi=power:40 --lattice=5,8",
      "it must be a whole number from 6 to 32768 for each axis"
    ),
    (
      "--system=overmollified --phi=power:40 --box=1,free",
      "needs one to three axes, all periodic"
    ),
    ("--system=overmollified --phi=power:40 --mesh=8,8", "here it is --lattice."),
    ("--system=segregation", "needs the option --parts"),
    ("--system=segregation --parts=8", "each with at least four intervals"),
    ("--system=segregation --parts=3,8", "it must be a whole number from 4 to 1024 for each axis"),
    ("--system=segregation --parts=8,8 --box=1,free", "needs periodic axes"),
    ("--system=segregation --parts=8,8 --step=3", "it must be at most 2.785"),
    ("--system=segregation --parts=8,8 --mesh=8,8", "here it is --parts."),
    (
      "--system=segregation --parts=8,8 --phi=power:1",
      "--phi goes only with --system cucker-smale, motsch-tadmor, overmollified, s-model, w-model or "
    ),
    ("--system=cucker-smale --phi=power:1 --parts=8,8", "goes only with --system segregation."),
    (
      "--system=cucker-smale --phi=power:1 --lattice=8,8",
      "goes only with --system overmollified, s-model or w-model."
    ),
    ("--system=s-model --phi=constant --initial-strength=inverse-density", "is a weight"),
  ])
  func badAgents(options: String, words: String) throws {
    let output = directory["x.npz"]
    let found = run(
      ["evolve", flocks] + options.split(separator: " ").map(String.init) + [
        "--until=1", "-o", output,
      ])
    #expect(found.status == .usage || found.status == .badData)
    #expect(found.output.isEmpty)
    #expect(found.report.contains(words), "\(found.report)")
    #expect(throws: SnapshotError.self) { try SnapshotFile.read(output) }
  }

  @Test func badMeanFields() {
    let start = ["stability", flocks, flocks, "--until=1"]
    for (more, words) in [
      (["--theorem=mean-field", "--system=free"], "is studied for agents that align"),
      (["--system=cucker-smale", "--phi=power:40"], "there is --theorem mean-field"),
    ] {
      let found = run(start + more)
      #expect(found.status == .usage && found.report.contains(words), "\(found.report)")
    }
  }
}
