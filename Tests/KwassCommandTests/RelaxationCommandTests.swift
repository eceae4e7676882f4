import KineticTransport
import KwassCommand
import TestSupport
import Testing

/// `kwass evolve` with noise.
@Suite struct RelaxationCommandTests {
  private let directory: TemporaryDirectory
  private let wave: String
  private let cloud: String

  init() throws {
    directory = try TemporaryDirectory()
    wave = directory["wave.npz"]
    cloud = directory["cloud.npz"]
    for (family, path) in [("density-wave", wave), ("gaussian", cloud)] {
      #expect(kwass("sample", family, "--count=500", "--seed=3", "-o", path).status == .success)
    }
  }

  private func evolve(_ start: String, _ options: [String]) -> Outcome {
    let console = TestConsole()
    let status = Kwass.run(arguments: ["evolve", start] + options, console: console)
    return Outcome(status: status, output: console.output, report: console.report)
  }

  /// A run that is stopped and gone on with ends with the same bits, for each system and on other numbers of
  /// threads; another seed is another run.
  @Test(arguments: [
    ["--system=vfp", "--epsilon=.3", "--kernel=cos:-1", "--external=cos:.1"],
    ["--system=vfp", "--epsilon=0"], ["--system=mckean-vlasov", "--kernel=cos:2"],
    ["--system=swarm", "--epsilon=.3", "--gamma=1", "--sigma=.5", "--theta=.5"],
    ["--system=noisy-alignment", "--phi=power:2", "--theta=.2"],
    ["--system=noisy-alignment", "--phi=power:2", "--mesh=32", "--step=.05"],
  ])
  func resuming(system: [String]) throws {
    let options = system + ["--every=.1", "--seed=5"]
    let (whole, parts) = (directory["whole"], directory["parts"])
    defer { for folder in [whole, parts] { removeFolder(folder) } }
    let found = evolve(wave, options + ["--until=.3", "-o", whole])
    #expect(found.status == .success, "\(found.report)")
    let isAlignment = system[0].hasSuffix("alignment")
    #expect(found.output.contains("seed 5") && found.output.contains("order ") != isAlignment)
    #expect(found.output.contains("spread ") == isAlignment)
    for (time, threads) in [(".1", "1"), (".3", "2")] {
      let part = evolve(
        wave,
        options + ["--until=\(time)", "--resume", "--threads=\(threads)", "-o", parts])
      #expect(part.status == .success, "\(part.report)")
    }
    let ends = try [whole, parts].map { try bytes(ofFile: SnapshotSeries(folder: $0).path(of: 3)) }
    #expect(ends[0] == ends[1])
    let other = evolve(
      wave, system + ["--every=.1", "--seed=6", "--until=.4", "--resume", "-o", parts])
    #expect(other.report.contains("its seed is 5, and this one's 6"), "\(other.report)")
  }

  /// vfp with ε = 0 is mckean-vlasov, bit by bit, and with a small ε it is near.
  @Test func theLimit() throws {
    func end(_ name: String, _ system: [String]) throws -> Snapshot {
      let path = directory[name]
      let found = evolve(
        cloud,
        system + [
          "--external=quadratic:1", "--kernel=quadratic:.5", "--seed=9", "--until=.5",
          "--step=.05", "-o", path,
        ])
      #expect(found.status == .success, "\(found.report)")
      return try SnapshotFile.read(path).snapshot
    }
    let limit = try end("m.npz", ["--system=mckean-vlasov"])
    let zero = try end("z.npz", ["--system=vfp", "--epsilon=0"])
    #expect(zero.positions == limit.positions && zero.velocities == limit.velocities)
    let near = try end("n.npz", ["--system=vfp", "--epsilon=.02"])
    let gaps = zip(near.positions[0], limit.positions[0]).map { abs($0 - $1) }
    #expect(gaps.reduce(0, +) / 500 < 0.05 && near.positions != limit.positions)
  }

  /// The friction and the noise of a swarm are those of its velocity potential: speeds settle where `kwass
  /// coefficients` says, K = Var v/θ.
  @Test func aSwarmSettles() throws {
    let path = directory["swarm.npz"]
    let start = directory["many.npz"]
    #expect(
      kwass("sample", "maxwellian", "--count=20000", "--seed=1", "-o", start).status == .success)
    let found = evolve(
      start,
      [
        "--system=swarm", "--epsilon=1", "--gamma=2", "--seed=1", "--step=.05", "--until=6", "-o",
        path,
      ])
    #expect(found.status == .success && found.report.isEmpty, "\(found.report)")
    let v = try SnapshotFile.read(path).snapshot.velocities[0]
    let variance = v.reduce(0) { $0 + $1 * $1 } / Double(v.count)
    #expect(abs(variance / 1.78692993914847 - 1) < 0.03)
    let coarse = evolve(
      start,
      [
        "--system=swarm", "--epsilon=.1", "--gamma=2", "--seed=1", "--step=.05", "--until=.1", "-o",
        path,
      ])
    #expect(coarse.status == .success && coarse.report.contains("The step is large"))
  }

  @Test(arguments: [
    (["--system=vfp", "--epsilon=.1"], "needs the option --seed"),
    (["--system=vfp", "--seed=1"], "needs the option --epsilon"),
    (["--system=vfp", "--epsilon=-1", "--seed=1"], "a number of 0 or more"),
    (["--system=swarm", "--epsilon=0", "--gamma=1", "--seed=1"], "positive number"),
    (["--system=swarm", "--epsilon=1", "--gamma=0", "--seed=1"], "--gamma is \"0\""),
    (["--system=swarm", "--epsilon=1", "--seed=1"], "needs the option --gamma"),
    (["--system=swarm", "--epsilon=1", "--gamma=1", "--theta=0", "--seed=1"], "--theta is \"0\""),
    (["--system=mckean-vlasov", "--epsilon=.1", "--seed=1"], "leave --epsilon out"),
    (
      ["--system=noisy-alignment", "--phi=constant", "--theta=-1", "--seed=1"], "--theta is \"-1\""
    ),
    (["--system=noisy-alignment", "--seed=1"], "needs the option --phi"),
    (["--system=vfp", "--epsilon=1", "--seed=1", "--reverse"], "followed forwards alone"),
    (["--system=vfp", "--epsilon=1", "--seed=1", "--step-error=.1"], "--step-error does not go"),
    (
      ["--system=vfp", "--epsilon=1", "--seed=1", "--integrator=strang"], "--integrator does not go"
    ),
    (["--system=vfp", "--epsilon=1", "--seed=-1"], "--seed is \"-1\""),
    (["--system=vfp", "--epsilon=1", "--seed=1", "--external=cubic:1"], "quadratic:C or cos:A"),
    (["--system=vfp", "--epsilon=1", "--seed=1", "--external=quadratic:1"], "not periodic"),
    (["--system=vfp", "--epsilon=1", "--seed=1", "--gamma=1"], "--gamma goes only with"),
    (["--system=free", "--seed=1"], "--seed goes only with"),
    (["--system=vlasov-poisson", "--epsilon=1", "--external=cos:1"], "--external goes only with"),
    (["--system=free", "--epsilon=1"], "--epsilon goes only with"),
  ])
  func whatIsRefused(options: [String], words: String) {
    let found = evolve(wave, options + ["--until=1", "-o", directory["end.npz"]])
    #expect(found.status == .usage || found.status == .badData)
    #expect(found.report.contains(words), "\(found.report)")
    #expect(found.report.hasPrefix("kwass: ") && found.report.split(separator: "\n").count == 1)
  }

  /// Theorems about characteristics are not those of noise.
  @Test func stabilityIsRefused() {
    let found = kwass(
      "stability", wave, wave, "--system=vfp", "--epsilon=1", "--seed=1", "--until=1")
    #expect(found.status != .success && !found.report.isEmpty)
  }
}
