import KineticTransport
import TestSupport
import Testing

@testable import KwassCommand

@Suite struct EvolveCommandTests {
  private let directory: TemporaryDirectory
  init() throws { directory = try TemporaryDirectory() }

  private func sample(_ name: String = "a.npz", count: Int = 150) -> String {
    let path = directory[name]
    _ = kwass(
      "sample", "two-stream", "--count=\(count)", "--seed=1", "--beam-speed=.3",
      "--thermal-speed=.1", "-o", path)
    return path
  }

  @Test func freeTransportIsExact() throws {
    let start = try directory.write(
      "# time=0.5 box=2,free\nx1,x2,v1,v2,weight\n1.5,1,2,-1,1\n0.5,3,-3,1,3\n", to: "a.csv")
    let end = directory["b.csv"]
    let outcome = kwass("evolve", start, "--system=free", "--until=1.5", "-o", end)
    #expect(outcome.status == .success && outcome.report.isEmpty, "\(outcome.report)")
    let snapshot = try SnapshotFile.read(end).snapshot
    #expect(snapshot.positions == [[3.5, -2.5], [0, 4]])
    #expect(snapshot.velocities == [[2, -3], [-1, 1]])
    #expect(snapshot.weights == [1, 3] && snapshot.time == 1.5)
    #expect(try snapshot.measure().position(0) == [1.5, 1.5])
    #expect(outcome.output.contains("time 1.5  energy 4.375  momentum -1.75, 0.5  \(end)\n"))
  }

  /// Stopped and resumed, a run ends with the same bytes as one that went through.
  @Test(arguments: [
    ["--system=vlasov-poisson", "--epsilon=.1", "--integrator=yoshida4"],
    ["--system=vlasov-poisson", "--epsilon=.1", "--attractive"],
    ["--system=vlasov", "--kernel=cos:-2"],
    ["--system=vlasov", "--kernel=cos:-2", "--step=.1", "--step-error=1e-6"],
    ["--system=free"],
    ["--system=incompressible-euler", "--modes=2", "--step=.03"],
    ["--system=vlasov-poisson", "--epsilon=.1", "--mesh=32", "--shape=cubic"],
    ["--system=vlasov-poisson", "--epsilon=.1", "--representation=grid", "--grid=16,64"],
    ["--system=vlasov", "--kernel=cos:3", "--representation=grid", "--grid=16,64"],
  ])
  func resumingChangesNoBit(system: [String]) throws {
    let start = sample()
    func evolve(_ until: String, _ output: String, _ more: String...) -> Outcome {
      let console = TestConsole()
      let status = Kwass.run(
        arguments: ["evolve", start] + system + ["--until", until, "--every=.1", "-o", output]
          + more, console: console)
      return Outcome(status: status, output: console.output, report: console.report)
    }
    let whole = directory["whole.npz"]
    let parts = directory["parts.npz"]
    #expect(evolve("1", whole).status == .success)
    #expect(evolve(".3", parts, "--resume").status == .success)
    #expect(evolve(".7", parts, "--resume").status == .success)
    #expect(try bytes(ofFile: parts) != bytes(ofFile: whole))
    #expect(evolve("1", parts, "--resume").status == .success)
    #expect(try bytes(ofFile: parts) == bytes(ofFile: whole))
    // Nothing is left to do.
    #expect(evolve("1", parts, "--resume").status == .success)
    #expect(try bytes(ofFile: parts) == bytes(ofFile: whole))
  }

  /// Splittings run back to the start but for rounding; Runge–Kutta does not. A grid does as far as
  /// its highest wave is empty, which cannot be shifted back: here noise of the particles is in it.
  @Test(arguments: [
    (["--integrator=strang"], 0, 1e-13), (["--integrator=yoshida6"], 0, 1e-12),
    (["--integrator=rungeKutta4"], 1e-10, 1e-5),
    (["--representation=grid", "--grid=32,128"], 0, 1e-3),
  ])
  func reversal(options: [String], lowest: Double, highest: Double) throws {
    let console = TestConsole()
    let start = directory["smooth.npz"]
    _ = kwass("sample", "density-wave", "--count=20000", "--seed=1", "--quiet-start", "-o", start)
    let status = Kwass.run(
      arguments: [
        "evolve", start, "--system=vlasov", "--kernel=cos:3", "--until=1", "--every=.3",
        "--step=.05", "--reverse", "-o", directory["end.npz"],
      ] + options, console: console)
    #expect(status == .success)
    let last = console.output.split(separator: "\n").last ?? ""
    #expect(last.hasPrefix("back at time 0.0, off by at most "))
    let error = try #require(last.split(separator: " ").compactMap { Double($0) }.last)
    #expect(error > lowest && error < highest, "\(last)")
  }

  /// A uniform density and current stay so under the quasi-neutral limit, and the energy is kinetic.
  @Test func incompressibleEulerKeepsTheDensity() throws {
    let places = (0..<16).map { (Double($0) + 0.5) / 16 }
    let lines = places.flatMap { x in
      (0..<16).map { j -> String in
        // A temperature that varies with the place, as in free flight it would make the density vary.
        let width = 0.3 + 0.1 * cosine(2 * 3.14159265358979 * x)
        return "\(x),\(0.1 + width * ((Double(j) + 0.5) / 8 - 1))"
      }
    }
    let start = try directory.write(
      "# time=0 box=1\nx1,v1\n" + lines.joined(separator: "\n") + "\n", to: "warm.csv")
    func wave(_ system: String) throws -> Double {
      let end = directory["\(system).npz"]
      let run = kwass("evolve", start, "--system", system, "--step=.01", "--until=.3", "-o", end)
      #expect(run.status == .success, "\(run.report)")
      let x = try SnapshotFile.read(end).snapshot.positions[0]
      return x.reduce(0) { $0 + cosine(2 * 3.14159265358979 * ($1 - 0.03)) } / 256
    }
    let (limit, free) = (try wave("incompressible-euler"), try wave("free"))
    // The name of the paper means the same.
    #expect(try wave("isothermal-euler") == limit)
    #expect(abs(limit) < 1e-4 && abs(free) > 0.01, "\(limit) \(free)")
  }

  @Test func aFolderHoldsASeries() throws {
    let start = sample()
    let folder = directory["run"]
    defer { removeFolder(folder) }
    func evolve(_ more: String...) -> Outcome {
      let console = TestConsole()
      let status = Kwass.run(
        arguments: [
          "evolve", start, "--system=vlasov-poisson", "--epsilon=.2", "--every=.25", "-o", folder,
        ] + more, console: console)
      return Outcome(status: status, output: console.output, report: console.report)
    }
    #expect(evolve("--until=.5").status == .success)
    let series = try SnapshotSeries(folder: folder)
    #expect(series.lastNumber == 2)
    #expect(
      try SnapshotFile.read(series.path(of: 0)).measure() == SnapshotFile.read(start).measure())
    let again = evolve("--until=1")
    #expect(again.status == .cannotCreate && again.report.contains("--resume goes on with it"))
    #expect(evolve("--until=1", "--resume").status == .success)
    #expect(series.lastNumber == 4)
    #expect(
      try (0...4).map { try SnapshotFile.read(series.path(of: $0)).snapshot.time } == [
        0, 0.25, 0.5, 0.75, 1,
      ])
  }

  @Test func anOutputThatCannotBeCreatedIsNamed() throws {
    let outcome = kwass(
      "evolve", sample(), "--system=free", "--until=1", "-o", directory["none/b.npz"])
    #expect(outcome.status == .cannotCreate)
    #expect(outcome.report.contains("none/b.npz: the file cannot be created"))
  }

  @Test func aStepThatIsTooLargeIsNamed() throws {
    let outcome = kwass(
      "evolve", sample(), "--system=vlasov-poisson", "--epsilon=.1", "--step=.25", "--until=.5",
      "-o", directory["b.npz"])
    #expect(outcome.status == .success)
    #expect(
      outcome.report.hasPrefix(
        "kwass: warning: The step is too large: ω·dt = 2.5, for which strang is unstable"))
  }

  @Test(arguments: [
    (
      ["--system=vlasov-poisson", "--epsilon=-1"],
      "The value of --epsilon is \"-1\"; it must be a positive number."
    ),
    (["--system=vlasov-poisson"], "--system vlasov-poisson needs the option --epsilon."),
    (["--system=vlasov"], "--system vlasov needs the option --kernel."),
    (
      ["--system=free", "--kernel=cos:1"],
      "--kernel goes only with --system vlasov, vfp, mckean-vlasov or swarm."
    ),
    (["--system=free", "--attractive"], "--attractive goes only with --system vlasov-poisson."),
    (["--kernel=cos:1"], "kwass evolve needs the option --system."),
    (["--system=free", "--step=0"], "The value of --step is \"0\"; it must be a positive number."),
    (
      ["--system=free", "--step-error=-1"],
      "The value of --step-error is \"-1\"; it must be a positive number."
    ),
    (
      [
        "--system=free", "--representation=grid", "--format=h5", "--until=1", "-o", "folder",
      ],
      "A grid is written as npz; --format csv or h5 goes only with --representation particles."
    ),
    (
      ["--system=free", "--grid=8,8", "--until=1", "-o", "b.npz"],
      "--grid goes only with --representation grid."
    ),
    (
      [
        "--system=free", "--representation=grid", "--step-error=1", "--until=1", "-o", "b.npz",
      ], "--step-error goes only with --representation particles."
    ),
    (
      ["--system=free", "--representation=grid", "--until=1", "-o", "b.csv"],
      "The value of -o is \"b.csv\"; it must be a folder or a .npz file, for a grid."
    ),
    (
      ["--system=free", "--representation=grid", "--grid=8", "--until=1", "-o", "b.npz"],
      "The value of --grid is \"8\"; it must be two even numbers, of positions and of velocities."
    ),
    (
      ["--system=free", "--grid=8,8", "--velocities=2:1", "--until=1", "-o", "b.npz"],
      "The value of --velocities is \"2:1\"; it must be two numbers A:B with A below B."
    ),
    (
      ["--system=free", "--modes=2"],
      "--modes goes only with --system incompressible-euler, and vfp, mckean-vlasov, bgk or swarm on a grid."
    ),
    (
      ["--system=incompressible-euler"], "--system incompressible-euler needs the option --step."
    ),
    (
      ["--system=incompressible-euler", "--modes=0"],
      "The value of --modes is \"0\"; it must be a whole number from 1 to 1024."
    ),
    (["--system=free", "--mesh=8"], "--mesh goes only with --system vlasov-poisson."),
    (
      ["--system=vlasov-poisson", "--epsilon=1", "--shape=cubic"],
      "--shape is that of particles on a mesh; --mesh is missing."
    ),
    (
      ["--system=vlasov-poisson", "--epsilon=1", "--mesh=8,two"],
      "The value of --mesh is \"8,two\"; it must be a whole number of at least 4 for each axis, with commas between."
    ),
    (
      ["--system=vlasov", "--kernel=gaussian:1"],
      "The value of --kernel is \"gaussian:1\"; it must be cos:B, quadratic:C, gaussian:A,S or coulomb:Q,D, with numbers, S and D positive."
    ),
    (["--system=free"], "kwass evolve needs the option --until."),
    (["--system=free", "--until=1"], "kwass evolve needs the option -o."),
    (
      ["--system=free", "--until=1", "-o", "a.csv"],
      "The output a.csv would replace the snapshot of that name."
    ),
  ])
  func saysWhatIsWrong(arguments: [String], sentence: String) {
    let console = TestConsole()
    #expect(Kwass.run(arguments: ["evolve", "a.csv"] + arguments, console: console) == .usage)
    #expect(console.report == "kwass: \(sentence) See `kwass evolve --help`.\n")
  }

  @Test func dataThatDoNotFitAreRefused() throws {
    let flat = try directory.write("x1,x2,v1\n1,2,3\n", to: "flat.csv")
    let free = try directory.write("x1,v1\n1,2\n", to: "free.csv")
    let cases = [
      (flat, ["--system=free"], ExitCode.badData, "as many of the one as of the other"),
      (free, ["--system=vlasov-poisson", "--epsilon=1"], .badData, "periodic"),
      (free, ["--system=vlasov", "--kernel=cos:1"], .badData, "periodic on every axis"),
      (free, ["--system=vlasov-poisson", "--epsilon=1", "--mesh=8"], .badData, "all periodic"),
      (
        free, ["--system=incompressible-euler", "--step=1"], .badData, "one axis, which is periodic"
      ),
      (
        sample(), ["--system=incompressible-euler", "--step=1", "--integrator=strang"], .usage,
        "depends on velocities, for which strang is not made; use rungeKutta4"
      ),
      (free, ["--system=free", "--until=-1"], .usage, "lies before the time 0.0"),
      (sample(), ["--system=vlasov", "--kernel=quadratic:1"], .badData, "free axes"),
    ]
    for (path, arguments, status, words) in cases {
      let console = TestConsole()
      let until = arguments.contains { $0.hasPrefix("--until") } ? [] : ["--until=1"]
      let found = Kwass.run(
        arguments: ["evolve", path, "-o", directory["out.npz"]] + arguments + until,
        console: console)
      #expect(found == status && console.report.contains(words), "\(console.report)")
    }
    #expect(!directory.names.contains("out.npz"))
  }
}
