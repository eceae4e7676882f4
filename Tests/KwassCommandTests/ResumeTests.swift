import KineticTransport
import TestSupport
import Testing

@testable import KwassCommand

/// What a run remembers of itself, so that `--resume` goes on with no other.
@Suite struct ResumeTests {
  private let directory: TemporaryDirectory
  init() throws { directory = try TemporaryDirectory() }

  private func sample(_ name: String, seed: Int) -> String {
    let path = directory[name]
    _ = kwass("sample", "two-stream", "--count=50", "--seed=\(seed)", "-o", path)
    return path
  }

  private func evolve(_ start: String, _ options: [String]) -> Outcome {
    let console = TestConsole()
    let status = Kwass.run(arguments: ["evolve", start] + options, console: console)
    return Outcome(status: status, output: console.output, report: console.report)
  }

  private let poisson = [
    "--system=vlasov-poisson", "--epsilon=.2", "--mesh=16", "--step=.05", "--every=.25",
  ]

  /// Every setting that changes the motion is told with what it was and what it is now, for a folder and
  /// for a file.
  @Test(arguments: [
    (["--epsilon=.3"], "its epsilon is 0.2, and this one's 0.3"),
    (["--attractive"], "its attractive is not given, and this one's yes"),
    (["--mesh=32"], "its mesh is 16, and this one's 32"),
    (["--shape=cubic"], "its shape is quadratic, and this one's cubic"),
    (["--mesh-filter=sharp"], "its mesh-filter is gaussian, and this one's sharp"),
    (["--step=.1"], "its step is 0.05, and this one's 0.1"),
    (["--integrator=yoshida4"], "its integrator is strang, and this one's yoshida4"),
    (["--step-error=1e-3"], "its tolerance is not given, and this one's 0.001"),
    (["--every=.5"], "its every is 0.25, and this one's 0.5"),
    (["--box=2"], "its box is 1.0, and this one's 2.0"),
  ])
  func anotherRunIsRefused(change: [String], words: String) throws {
    let start = sample("a.npz", seed: 1)
    let folder = directory["run"]
    defer { removeFolder(folder) }
    let name = change[0].split(separator: "=")[0]
    let changed = poisson.filter { !$0.hasPrefix("\(name)=") } + change
    for output in [folder, directory["run.npz"]] {
      let place = ["-o", output]
      #expect(evolve(start, poisson + place + ["--until=.5"]).status == .success)
      let last =
        output == folder ? try SnapshotSeries(folder: folder).path(of: 2) : output
      let before = try bytes(ofFile: last)
      let found = evolve(start, changed + place + ["--until=1", "--resume"])
      #expect(found.status == .usage && found.output.isEmpty)
      #expect(found.report.contains("\(output) holds another run: \(words)"), "\(found.report)")
      #expect(try bytes(ofFile: last) == before)
      #expect(evolve(start, poisson + place + ["--until=1", "--resume"]).status == .success)
    }
  }

  @Test func anotherKernelSystemOrStartIsRefused() throws {
    let (a, b) = (sample("a.npz", seed: 1), sample("b.npz", seed: 2))
    let place = ["-o", directory["run.npz"], "--until=.5"]
    let cosine = ["--system=vlasov", "--kernel=cos:1", "--step=.05"]
    #expect(evolve(a, cosine + place).status == .success)
    for (start, options, words) in [
      (a, ["--system=vlasov", "--kernel=cos:2", "--step=.05"], "its kernel is cos:1.0, and"),
      (a, ["--system=free", "--step=.05"], "its system is vlasov, and this one's free"),
      (b, cosine, "it started from another snapshot."),
    ] {
      let found = evolve(start, options + place + ["--resume"])
      #expect(found.status == .usage && found.report.contains(words), "\(found.report)")
    }
    // The same start under another name is the same start.
    let copy = directory["copy.npz"]
    try SnapshotFile.write(SnapshotFile.read(a).snapshot, to: copy)
    #expect(evolve(copy, cosine + place + ["--resume"]).status == .success)
  }

  /// A default that is spelt out is the same setting.
  @Test func defaultsMayBeSpeltOut() throws {
    let start = sample("a.npz", seed: 1)
    let place = ["-o", directory["run.npz"]]
    let short = ["--system=vlasov-poisson", "--epsilon=.2", "--mesh=16"]
    let long =
      short + [
        "--step=.02", "--shape=quadratic", "--mesh-filter=gaussian", "--integrator=strang",
        "--representation=particles", "--box=1",
      ]
    #expect(evolve(start, short + place + ["--until=.5"]).status == .success)
    let found = evolve(start, long + place + ["--until=1", "--resume"])
    #expect(found.status == .success, "\(found.report)")
  }

  /// Snapshots without a description could be of any run; a new run takes an old description away.
  @Test func withoutADescriptionNothingIsResumed() throws {
    let start = sample("a.npz", seed: 1)
    let output = directory["run.npz"]
    try SnapshotFile.write(SnapshotFile.read(start).snapshot, to: output)
    let found = evolve(start, poisson + ["-o", output, "--until=.5", "--resume"])
    #expect(found.status == .usage && found.report.contains("has no description of its run"))
    #expect(evolve(start, poisson + ["-o", output, "--until=.5"]).status == .success)
    #expect(directory.names.contains(".run.npz.run"))
    let other = ["--system=free", "-o", output]
    #expect(evolve(start, other + ["--until=.5"]).status == .success)
    #expect(evolve(start, other + ["--until=1", "--resume"]).status == .success)
  }
}
