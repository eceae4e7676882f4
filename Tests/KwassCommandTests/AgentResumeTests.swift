import KineticTransport
import KwassCommand
import TestSupport
import Testing

/// Runs of agents that are stopped and gone on with: what they come to is that of one run, bit by bit, also where
/// a strength is carried along.
@Suite struct AgentResumeTests {
  private let directory: TemporaryDirectory
  init() throws { directory = try TemporaryDirectory() }

  private func evolve(_ start: String, _ options: [String]) -> Outcome {
    let console = TestConsole()
    let status = Kwass.run(arguments: ["evolve", start] + options, console: console)
    return Outcome(status: status, output: console.output, report: console.report)
  }

  private func flocks() -> String {
    let path = directory["flocks.npz"]
    #expect(kwass("sample", "two-flocks", "-o", path).status == .success)
    return path
  }

  private func wave() -> String {
    let path = directory["wave.npz"]
    let found = kwass(
      "sample", "density-wave", "--count=300", "--seed=3", "--quiet-start", "--thermal-speed=.3",
      "-o", path)
    #expect(found.status == .success)
    return path
  }

  private let weight = [
    "--system=w-model", "--phi=power:40", "--strength=5", "--lattice=16,16", "--every=.1",
  ]

  @Test(arguments: [
    ["--system=cucker-smale", "--phi=power:40"],
    ["--system=overmollified", "--phi=power:40", "--lattice=16,16", "--step=.05"],
    ["--system=segregation", "--parts=5,4", "--step=.05"],
    ["--system=w-model", "--phi=power:40", "--lattice=16,16"],
    ["--system=w-model", "--phi=power:40", "--lattice=16,16", "--initial-strength=3"],
    ["--system=s-model", "--phi=power:40", "--lattice=16,16"],
  ])
  func agents(system: [String]) throws {
    let start = flocks()
    let options = system + ["--strength=5", "--every=.1"]
    func end(_ name: String, _ times: [String]) throws -> Snapshot {
      let output = directory[name]
      for time in times {
        let found = evolve(start, options + ["--until=\(time)", "--resume", "-o", output])
        #expect(found.status == .success, "\(found.report)")
      }
      let path = name.contains(".") ? output : try SnapshotSeries(folder: output).path(of: 4)
      defer { if !name.contains(".") { removeFolder(output) } }
      return try SnapshotFile.read(path).snapshot
    }
    let whole = try end("whole", [".4"])
    #expect(whole.time == 0.4)
    for name in ["parts", "parts.csv", "parts.h5"] {
      let parts = try end(name, [".1", ".3", ".4"])
      #expect(parts.positions == whole.positions && parts.velocities == whole.velocities)
      #expect(parts.weights == whole.weights && parts.time == whole.time)
    }
  }

  @Test(arguments: ["w-model", "s-model"])
  func aDensityOnAGrid(system: String) throws {
    let start = wave()
    let options = [
      "--system=\(system)", "--phi=gaussian:.2", "--representation=grid", "--grid=24,160",
      "--velocities=-2:2", "--every=.1",
    ]
    func end(_ name: String, _ times: [String]) throws -> [[Double]] {
      for time in times {
        let found = evolve(start, options + ["--until=\(time)", "--resume", "-o", directory[name]])
        #expect(found.status == .success, "\(found.report)")
      }
      return try #require(SnapshotFile.read(directory[name]).density).values
    }
    let whole = try end("whole.npz", [".4"])
    #expect(try end("parts.npz", [".2", ".4"]) == whole)
  }

  /// The strength is written before its snapshot: a run that was cut off between both goes on from the
  /// snapshot before.
  @Test func cutOffBetweenStrengthAndSnapshot() throws {
    let (start, folder) = (flocks(), directory["run"])
    defer { removeFolder(folder) }
    let place = ["-o", folder, "--resume"]
    #expect(evolve(start, weight + place + ["--until=.3"]).status == .success)
    let last = try SnapshotSeries(folder: folder).path(of: 3)
    let expected = try bytes(ofFile: last)
    removeFile(last)
    let found = evolve(start, weight + place + ["--until=.3"])
    #expect(found.status == .success, "\(found.report)")
    #expect(found.output.contains("start     \(folder)/snapshot-000002.npz"))
    #expect(try bytes(ofFile: last) == expected)
  }

  @Test func withoutTheStrengthNothingIsResumed() throws {
    let start = flocks()
    let place = ["-o", directory["run.npz"], "--resume"]
    #expect(evolve(start, weight + place + ["--until=.2"]).status == .success)
    let kept = try bytes(ofFile: directory["run.npz"])
    let strength = try bytes(ofFile: directory[".run.npz.strength"])
    let next = weight + place + ["--until=.3"]
    for (bytes, words) in [
      (nil, "which says where its strength came from, is missing"),
      (Array("time .1\n1\n".utf8), "does not say where the strength at the time 0.2"),
      (Array("time .2\n1\n".utf8), "which needs 512 finite displacements"),
      (Array("time .2\n1\nnan\n".utf8), "line 3: found \"nan\""),
      (Array("1\n".utf8), "line 1: found \"1\""),
    ] {
      removeFile(directory[".run.npz.strength"])
      if let bytes { try directory.write(bytes, to: ".run.npz.strength") }
      let found = evolve(start, next)
      #expect(found.status != .success && found.output.isEmpty)
      #expect(found.report.contains(words), "\(found.report)")
      #expect(try TestSupport.bytes(ofFile: directory["run.npz"]) == kept)
    }
    try directory.write(strength, to: ".run.npz.strength")
    #expect(evolve(start, next).status == .success)
    // Another run that takes the file over takes it away.
    let free = ["--system=free", "--until=1", "-o", directory["run.npz"]]
    #expect(evolve(start, free).status == .success)
    #expect(!directory.names.contains(".run.npz.strength"))
  }

  @Test func anotherRunIsRefused() throws {
    let start = flocks()
    let options = ["--system=w-model", "--phi=power:40", "--step=.01", "--every=.1"]
    let place = ["-o", directory["run.npz"], "--resume"]
    #expect(evolve(start, options + place + ["--until=.1"]).status == .success)
    for (change, words) in [
      ("--system=s-model", "its system is w-model, and this one's s-model"),
      ("--phi=power:20", "its phi is power:40.0,1.0, and this one's power:20.0,1.0"),
      ("--step=.02", "its step is 0.01, and this one's 0.02"),
      ("--strength=2", "its strength is 1.0, and this one's 2.0"),
      ("--lattice=64,64", "its lattice is 128,128, and this one's 64,64"),
      ("--initial-strength=2", "its initial-strength is inverse-density, and this one's 2.0"),
    ] {
      let name = change.split(separator: "=")[0]
      let found = evolve(
        start, options.filter { !$0.hasPrefix("\(name)=") } + [change, "--until=.2"] + place)
      #expect(found.status == .usage && found.output.isEmpty)
      #expect(found.report.contains("holds another run: \(words)"), "\(found.report)")
    }
    // Defaults may be spelt out.
    let spelt = ["--lattice=128,128", "--initial-strength=inverse-density", "--strength=1"]
    #expect(evolve(start, options + spelt + place + ["--until=.2"]).status == .success)
  }
}
