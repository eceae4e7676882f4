import KineticTransport
import KwassCommand
import TestSupport
import Testing

/// `kwass evolve --representation grid` for the systems that relax: solutions by modes of the velocities.
@Suite struct ModeEvolutionTests {
  private let directory: TemporaryDirectory
  private let wave: String
  private let circle: String

  init() throws {
    directory = try TemporaryDirectory()
    (wave, circle) = (directory["wave.npz"], directory["circle.npz"])
    for (path, count, length, amplitude) in [
      (wave, 32, "1", ".5"), (circle, 16, "6.283185307179586", ".1"),
    ] {
      let found = kwass(
        "sample", "density-wave", "--grid=\(count),64", "--length=\(length)",
        "--amplitude=\(amplitude)", "-o", path)
      #expect(found.status == .success, "\(found.report)")
    }
  }

  private func evolve(_ start: String, _ options: [String]) -> Outcome {
    let console = TestConsole()
    let status = Kwass.run(
      arguments: ["evolve", start, "--representation=grid"] + options, console: console)
    return Outcome(status: status, output: console.output, report: console.report)
  }

  /// What the rows print behind a word.
  private func numbers(_ name: String, _ outcome: Outcome) -> [Double] {
    outcome.output.split(separator: "\n").filter { $0.hasPrefix("time ") }.compactMap { line in
      let words = line.split(separator: " ")
      return words.firstIndex(of: Substring(name)).flatMap { Double(words[$0 + 1]) }
    }
  }

  /// A run that was stopped and gone on with ends with the same bits, in the initial layer and behind it.
  @Test(arguments: [
    ["--system=vfp", "--epsilon=.1", "--kernel=cos:-1", "--external=cos:.1"],
    ["--system=vfp", "--epsilon=0"], ["--system=mckean-vlasov", "--kernel=cos:2"],
    ["--system=bgk", "--epsilon=.02", "--alpha=1"], ["--system=bgk", "--epsilon=0", "--alpha=-1"],
    ["--system=swarm", "--epsilon=.1", "--gamma=1", "--theta=1.1", "--well-prepared"],
    ["--system=swarm", "--epsilon=0", "--gamma=1"],
  ])
  func resuming(system: [String]) throws {
    let options = system + ["--every=.002"]
    let (whole, parts) = (directory["whole"], directory["parts"])
    defer { for folder in [whole, parts] { removeFolder(folder) } }
    let found = evolve(wave, options + ["--until=.008", "-o", whole])
    #expect(found.status == .success && found.report.isEmpty, "\(found.report)")
    for (time, threads) in [(".002", "1"), (".008", "2")] {
      let part = evolve(
        wave, options + ["--until=\(time)", "--resume", "--threads=\(threads)", "-o", parts])
      #expect(part.status == .success, "\(part.report)")
    }
    let ends = try [whole, parts].map { try bytes(ofFile: SnapshotSeries(folder: $0).path(of: 4)) }
    #expect(ends[0] == ends[1])
    let energies = numbers("free", found)
    #expect(energies.count == 5)
    #expect(zip(energies, energies.dropFirst()).allSatisfy { $0 > $1 }, "\(energies)")
    let other = evolve(
      wave, options + ["--modes=9", "--until=.01", "--resume", "-o", parts])
    #expect(other.report.contains("its modes is not given, and this one's 9"), "\(other.report)")
  }

  /// A single file is resumed from the hidden file beside it, and from no other.
  @Test func aSingleFile() throws {
    let path = directory["run.npz"]
    let options = ["--system=vfp", "--epsilon=.1", "--every=.002", "--resume", "-o", path]
    #expect(evolve(wave, options + ["--until=.004"]).status == .success)
    let (kept, modes) = (
      try bytes(ofFile: path), try bytes(ofFile: directory[".run.npz.modes"])
    )
    let lines = String(decoding: modes, as: UTF8.self).split(separator: "\n")
    let changed = lines.dropLast(32 * 20).joined(separator: "\n")
    for (bytes, words) in [
      (nil, "which has the modes of its velocities, is missing"),
      (Array("time .1\n1\n".utf8), "does not say what the modes at the time 0.004"),
      (Array("time .004\n1\n".utf8), "finite numbers"),
      (Array(changed.utf8), "finite numbers"),
      (
        Array(
          String(decoding: modes, as: UTF8.self)
            .replacing("time 0.004", with: "time 9").replacing("time 0.002", with: "time 0.004")
            .utf8), "modes that have the density of the snapshot"
      ),
    ] {
      removeFile(directory[".run.npz.modes"])
      if let bytes { try directory.write(bytes, to: ".run.npz.modes") }
      let found = evolve(wave, options + ["--until=.006"])
      #expect(found.status != .success && found.output.isEmpty)
      #expect(found.report.contains(words), "\(found.report)")
      #expect(try TestSupport.bytes(ofFile: path) == kept)
    }
    try directory.write(modes, to: ".run.npz.modes")
    #expect(evolve(wave, options + ["--until=.006"]).status == .success)
  }

  /// The order parameter of Kuramoto's model with noise, which is known for ε = .5 and for the limit; the kernel
  /// cos:3 is that of --interaction -3 on a circle of the length 2π.
  @Test(arguments: [
    (["--system=vfp", "--epsilon=.5"], 0.0999522063), (["--system=mckean-vlasov"], 0.134073129),
    (["--system=vfp", "--epsilon=0"], 0.134073129),
  ])
  func theOrderParameter(system: [String], known: Double) throws {
    let end = directory["end.npz"]
    let found = evolve(circle, system + ["--kernel=cos:3", "--until=2", "-o", end])
    #expect(found.status == .success, "\(found.report)")
    #expect(abs((numbers("order", found).last ?? 0) - known) < 1e-7)
    // The file has what was printed.
    let density = try #require(try SnapshotFile.read(end).density)
    let masses = density.positions.indices.map { i in density.values.reduce(0) { $0 + $1[i] } }
    let total = masses.reduce(0, +)
    let wave = zip(density.positions, masses).reduce(0) { $0 + $1.1 * cosine($1.0) } / total
    #expect(abs(wave - known) < 1e-7 && density.time == 2)
    #expect(density.positions.count == 16 && density.velocities.count == 64)
  }

  /// E = −A cos x: the force pushes to x = 0, where the density e^{A cos x} is in the end: r = I₁(A)/I₀(A).
  @Test func theExternalPotential() throws {
    let found = evolve(
      circle,
      ["--system=mckean-vlasov", "--external=cos:.5", "--until=25", "-o", directory["end.npz"]])
    #expect(abs((numbers("order", found).last ?? 0) - 0.242499612581) < 1e-8, "\(found.report)")
    #expect(abs(numbers("dissipation", found).last ?? 1) < 1e-8)
  }

  /// What a snapshot has is a start like any other.
  @Test func aSnapshotIsAStart() throws {
    let (first, second, whole) = (
      directory["first.npz"], directory["second.npz"], directory["whole.npz"]
    )
    let options = ["--system=vfp", "--epsilon=.3", "--kernel=cos:1"]
    for (start, until, end) in [
      (circle, ".5", first), (first, "1", second), (circle, "1", whole),
    ] {
      let found = evolve(start, options + ["--until=\(until)", "-o", end])
      #expect(found.status == .success, "\(found.report)")
    }
    let values = try [second, whole].map {
      Array(try #require(try SnapshotFile.read($0).density).values.joined())
    }
    let largest = values[1].reduce(0, max)
    #expect(zip(values[0], values[1]).allSatisfy { abs($0 - $1) < 1e-7 * largest })
  }

  @Test(arguments: [
    (["--system=vfp", "--epsilon=.1", "--seed=1"], "a grid has none"),
    (["--system=vfp"], "needs the option --epsilon"),
    (["--system=bgk"], "needs the option --epsilon"),
    (["--system=bgk", "--epsilon=-1"], "it must be a number of 0 or more"),
    (["--system=mckean-vlasov", "--epsilon=.1"], "leave --epsilon out"),
    (["--system=bgk", "--epsilon=.1", "--kernel=cos:1"], "--kernel goes only with"),
    (["--system=bgk", "--epsilon=.1", "--gamma=1"], "--gamma goes only with --system swarm"),
    (["--system=vfp", "--epsilon=.1", "--alpha=1"], "--alpha goes only with --system bgk"),
    (["--system=vfp", "--epsilon=.1", "--reverse"], "followed forwards alone"),
    (["--system=vfp", "--epsilon=.1", "--integrator=strang"], "which is solved by modes"),
    (["--system=vfp", "--epsilon=.1", "--kernel=quadratic:1"], "on a grid it is cos:B"),
    (["--system=vfp", "--epsilon=.1", "--external=quadratic:1"], "which is periodic, it is cos:A"),
    (["--system=free", "--well-prepared"], "--well-prepared goes only with"),
    (["--system=free", "--modes=4"], "--modes goes only with"),
    (["--system=bgk", "--epsilon=.2"], "it must be at most 0.1"),
    (["--system=vfp", "--epsilon=.1", "--step=1"], "up to which the method is stable"),
    (["--system=noisy-alignment", "--phi=power:1", "--seed=1"], "The grid representation knows"),
  ])
  func badOptions(options: [String], words: String) {
    let found = evolve(wave, options + ["--until=.1", "-o", directory["end.npz"]])
    #expect(found.status == .usage && found.output.isEmpty)
    #expect(found.report.contains(words), "\(found.report)")
  }

  @Test func particlesDoNotCollide() {
    let found = kwass(
      "evolve", wave, "--system=bgk", "--epsilon=.1", "--until=1", "-o", directory["end.npz"])
    #expect(found.report.contains("add --representation grid"), "\(found.report)")
  }

  /// Even particles have a smooth density of positions, and none of velocities; random ones have neither.
  @Test func particlesAreTooRough() throws {
    let particles = directory["particles.npz"]
    let options = [
      "--grid=16,64", "--velocities=-9.5:9.5", "--until=.01", "-o", directory["end.npz"],
    ]
    let system = ["--system=vfp", "--epsilon=.1"]
    for (start, isEven) in [("--quiet-start", true), ("--ids", false)] {
      let made = kwass(
        "sample", "density-wave", "--count=2000", "--seed=1", start, "-o", particles)
      #expect(made.status == .success, "\(made.report)")
      let plain = evolve(particles, system + options)
      #expect(plain.status == .badData && plain.output.isEmpty)
      #expect(plain.report.contains("from their positions alone with --well-prepared"))
      for prepared in [system + ["--well-prepared"], ["--system=mckean-vlasov"]] {
        let found = evolve(particles, prepared + options)
        #expect(found.status == (isEven ? .success : .badData), "\(found.report)")
        #expect(isEven || found.report.hasSuffix("follow them as particles.\n"), "\(found.report)")
      }
    }
  }

  /// Densities that modes do not have.
  @Test(arguments: [
    (["--thermal-speed=1.5"], ["--system=vfp", "--epsilon=.1"], "With --well-prepared only"),
    (
      ["--velocities=-4:4"], ["--system=vfp", "--epsilon=0"],
      "velocities that hold the equilibrium"
    ),
    (["--drift=3"], ["--system=bgk", "--epsilon=.02"], "differs from a sum of"),
    (
      ["--drift=.5"], ["--system=vfp", "--epsilon=.1", "--modes=3"], "differs from a sum of"
    ),
    (["--amplitude=1"], ["--system=bgk", "--epsilon=0", "--alpha=1"], "it must be positive"),
    ([], ["--system=swarm", "--epsilon=.1", "--gamma=1"], "differs from a sum of"),
  ])
  func badDensities(sample: [String], system: [String], words: String) {
    let start = directory["bad.npz"]
    let console = TestConsole()
    #expect(
      Kwass.run(
        arguments: ["sample", "density-wave", "--grid=16,96", "-o", start] + sample,
        console: console) == .success)
    let found = evolve(start, system + ["--until=.01", "-o", directory["end.npz"]])
    #expect(found.status == .badData && found.output.isEmpty)
    #expect(found.report.contains(words), "\(found.report)")
  }

  // MARK: Densities of samples

  @Test func densitiesAreThoseOfTheSamples() throws {
    for (family, mean, square) in [
      ("density-wave", 0.5, 0.25 + 1), ("maxwellian", 0.5, 0.25 + 1), ("two-stream", 0, 4 + 0.25),
    ] {
      let (grid, cloud) = (directory["d.npz"], directory["c.npz"])
      let drift = family == "two-stream" ? [] : ["--drift=.5"]
      for options in [
        ["--grid=16,128", "-o", grid],
        ["--count=20000", "--seed=1", "--quiet-start", "-o", cloud],
      ] {
        let console = TestConsole()
        let status = Kwass.run(
          arguments: ["sample", family, "--length=3"] + drift + options, console: console)
        #expect(status == .success, "\(console.report)")
      }
      let density = try #require(try SnapshotFile.read(grid).density)
      let particles = try SnapshotFile.read(cloud).measure()
      let step = density.velocities[1] - density.velocities[0]
      var (mass, first, second, waves) = (0.0, 0.0, 0.0, 0.0)
      for (v, row) in zip(density.velocities, density.values) {
        for (x, value) in zip(density.positions, row) {
          let own = value * step * 3 / 16
          (mass, first, second) = (mass + own, first + own * v, second + own * v * v)
          waves += own * cosine(2 * .pi * x / 3)
        }
      }
      #expect(abs(mass - 1) < 1e-12 && abs(first - mean) < 1e-12 && abs(second - square) < 1e-12)
      let other = particles.position(0).reduce(0) { $0 + cosine(2 * .pi * $1 / 3) } / 20_000
      #expect(abs(waves - other) < 1e-3)
    }
  }

  @Test(arguments: [
    (["gaussian", "--grid=8,8"], "--grid goes only with the samples"),
    (["density-wave", "--grid=8,8", "--count=5"], "--count is one of particles"),
    (["density-wave", "--grid=8,8", "--quiet-start"], "--quiet-start is one of particles"),
    (["density-wave", "--velocities=-1:1", "--count=1", "--seed=1"], "goes only with --grid"),
    (["density-wave", "--grid=7,8"], "an even number of points"),
    (["two-flocks", "--grid=8,8"], "--grid does not go with it"),
  ])
  func badSamples(options: [String], words: String) {
    let console = TestConsole()
    let status = Kwass.run(
      arguments: ["sample"] + options + ["-o", directory["x.npz"]], console: console)
    #expect(status != .success && console.output.isEmpty)
    #expect(console.report.contains(words), "\(console.report)")
    let other = kwass("sample", "maxwellian", "--grid=8,8", "-o", directory["x.csv"])
    #expect(other.report.contains("a .npz file, for a grid"))
  }
}
