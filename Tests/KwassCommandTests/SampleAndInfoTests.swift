import KineticTransport
import TestSupport
import Testing

@testable import KwassCommand

@Suite struct SampleAndInfoTests {
  private let directory: TemporaryDirectory
  init() throws { directory = try TemporaryDirectory() }

  // MARK: Sample

  @Test func phaseSpacePictures() throws {
    let (a, b) = (directory["p.npz"], directory["q.npz"])
    for (path, seed) in [(a, "1"), (b, "2")] {
      _ = kwass("sample", "two-stream", "--count=50", "--seed", seed, "-o", path)
    }
    let (one, two) = (directory["one.svg"], directory["two.png"])
    #expect(kwass("info", a, "--phase-figure", one).status == .success)
    #expect(kwass("info", a, b, "--phase-figure", two).status == .success)
    #expect(String(decoding: try bytes(ofFile: one), as: UTF8.self).contains("<svg"))
    #expect(directory.names.contains("two.png"))
    let still = try directory.write("x1\n1\n", to: "still.csv")
    #expect(kwass("info", still, "--figure", directory["still.svg"]).status == .success)
    let failed = kwass("info", a, still, "--figure", directory["none.svg"])
    #expect(
      failed.status == .badData && failed.report.contains("has x1 and v1, and \(still) has x1."))
    #expect(!directory.names.contains("none.svg"))
    #expect(kwass("info", a, "--phase-figure", directory["f.gif"]).status == .usage)
  }

  @Test(arguments: SampleFamily.all.map(\.name), ["csv", "npz"])
  func everyFamilyIsWritten(name: String, format: String) throws {
    let path = directory["a.\(format)"]
    let outcome = kwass("sample", name, "--count=20", "--seed=7", "--quiet-start", "-o", path)
    #expect(outcome.status == .success && outcome.report.isEmpty, "\(outcome.report)")
    #expect(
      outcome.output.hasPrefix("\(path): 20 particles of \(name) in 1 position and 1 velocity"))
    let family = try #require(SampleFamily.named(name))
    let sample = try family.sample(count: 20, seed: 7, isQuiet: true)
    #expect(try SnapshotFile.read(path).measure() == sample)
    let text = SampleCommand.help
    #expect(text.contains("\n\(name): \(family.summary)\n"))
    for parameter in family.parameters { #expect(text.contains("  --\(parameter.name) ")) }
  }

  @Test func parametersArrive() throws {
    let path = directory["a.csv"]
    let outcome = kwass(
      "sample", "--seed", "18446744073709551615", "gaussian", "--count", "30", "--dimension", "2",
      "--position-shift", "-2.5", "--velocity-spread=.5", "-o", path)
    #expect(outcome.status == .success, "\(outcome.report)")
    let sample = try SampleFamily.gaussian.sample(
      count: 30, dimension: 2, seed: .max,
      parameters: ["position-shift": -2.5, "velocity-spread": 0.5])
    #expect(try SnapshotFile.read(path).measure() == sample)
  }

  @Test func whatAFormatLeavesOutIsTold() {
    let path = directory["a.npy"]
    let outcome = kwass("sample", "uniform", "--count=3", "--seed=1", "-o", path)
    #expect(outcome.status == .success)
    #expect(outcome.report == "kwass: \(path) has no place for the time 0.0 and the box 1.0.\n")
  }

  @Test(arguments: [
    (
      [],
      "kwass sample needs one NAME (gaussian, maxwellian, two-stream, density-wave, cold-wave, uniform or two-flocks), but none were given."
    ),
    (
      ["gausian"],
      "The value of NAME is \"gausian\"; it must be gaussian, maxwellian, two-stream, density-wave, cold-wave, uniform or two-flocks (perhaps gaussian was meant)."
    ),
    (["gaussian", "--seed=1", "-o", "a.csv"], "kwass sample needs the option --count."),
    (["gaussian", "--count=1", "-o", "a.csv"], "kwass sample needs the option --seed."),
    (["gaussian", "--count=1", "--seed=1"], "kwass sample needs the option -o."),
    (
      ["gaussian", "--count=0", "--seed=1"],
      "The value of --count is \"0\"; it must be a whole number from 1 to 1000000000."
    ),
    (
      ["gaussian", "--count=1e3", "--seed=1"],
      "The value of --count is \"1e3\"; it must be a whole number from 1 to 1000000000."
    ),
    (
      ["gaussian", "--count=1", "--seed=-1"],
      "The value of --seed is \"-1\"; it must be a whole number from 0 to 18446744073709551615."
    ),
    (
      ["cold-wave", "--count=1", "--seed=1", "--dimension=2", "-o", "a.csv"],
      "The value of --dimension is \"2\"; it must be a whole number from 1 to 1 for cold-wave."
    ),
    (
      ["gaussian", "--count=1", "--seed=1", "-o", "a.txt"],
      "The value of -o is \"a.txt\"; it must be a .csv, .npy, .npz or .h5 file."
    ),
    (
      ["uniform", "--beam-speed=1", "--count=1", "--seed=1", "-o", "a.csv"],
      "The sample uniform has no parameter --beam-speed; it has --length, --velocity-limit or --drift."
    ),
    (
      ["uniform", "--beem-speed=1"],
      "kwass sample has no option --beem-speed (perhaps --beam-speed was meant)."
    ),
    (["uniform", "--length=long"], "The value of --length is \"long\"; it must be a number."),
  ])
  func saysWhatIsWrong(arguments: [String], sentence: String) {
    let console = TestConsole()
    #expect(Kwass.run(arguments: ["sample"] + arguments, console: console) == .usage)
    #expect(console.report == "kwass: \(sentence) See `kwass sample --help`.\n")
  }

  @Test func impossibleParametersAreRefused() {
    let outcome = kwass(
      "sample", "uniform", "--length=-1", "--count=1", "--seed=1", "-o", directory["a.csv"])
    #expect(outcome.status == .usage && directory.names.isEmpty)
    #expect(
      outcome.report == "kwass: The parameter length is -1.0; it must be positive and finite.\n")
  }

  // MARK: Info

  /// What is said of a snapshot does not depend on the pieces in which it is read, nor on whether it is.
  @Test(
    arguments: ["a.csv", "a.npz", "a.h5", "a.npy"], [[], ["--scale=x=2,v=.5"], ["--normalize=box"]])
  func piecesSayTheSame(name: String, options: [String]) throws {
    let path = directory[name]
    var snapshot = Snapshot(
      try SampleFamily.densityWave.sample(count: 700, seed: 5, parameters: ["length": 3]))
    snapshot.positions[0][3] = -40
    if name == "a.npy" {
      snapshot.box = nil
      if options == ["--normalize=box"] { return }
    } else {
      snapshot.weights = (0..<700).map { Double($0 % 11) }
      snapshot.ids = (0..<700).map { UInt64($0 * 7 % 650) }
    }
    try SnapshotFile.write(snapshot, to: path)
    let info = try InfoOptions(InfoCommand.reader(of: [path] + options))
    let progress = ProgressLine("reading", on: TestConsole())
    func text(_ size: Int) throws -> String {
      var loader = SnapshotLoader(info.snapshots, progress, wrapping: .all)
      let (statistics, file) = try SnapshotStatistics.streaming(path, &loader, chunkSize: size)
      let description = SnapshotDescription(
        name: path, file: file, statistics: statistics, scales: loader.scales)
      return description.text + description.json.text
    }
    var loader = SnapshotLoader(info.snapshots, progress, wrapping: .all)
    let file = try loader.load(path)
    let whole = SnapshotDescription(
      name: path, file: file, statistics: try SnapshotStatistics(file), scales: loader.scales)
    let all = whole.text + whole.json.text
    for size in [1, 64, 699, 10_000] { #expect(try text(size) == all) }
    #expect(kwass(["info", path] + options).output == whole.text)
    if name != "a.npy" { #expect(whole.text.contains("650 different ones")) }
  }

  /// A file that is cut off is one sentence, and nothing is written.
  @Test(arguments: ["a.csv", "a.npy", "a.npz", "a.h5"])
  func cutOffFiles(name: String) throws {
    let arguments = ["gaussian", "--count=3000", "--seed=1", "-o", directory[name]]
    #expect(kwass(["sample"] + arguments).status == .success)
    let bytes = try TestSupport.bytes(ofFile: directory[name])
    let path = try directory.write(bytes.dropLast(bytes.count / 3), to: "cut-\(name)")
    let names = directory.names
    for command in [
      ["info", path], ["info", path, "--json"],
      ["distance", directory[name], path, "--coarsen=100", "--json"],
      ["distance", path, directory[name], "--coarsen=auto"],
    ] {
      let outcome = kwass(command)
      #expect(outcome.status == .badData && outcome.output.isEmpty)
      #expect(outcome.report.hasPrefix("kwass: \(path): ") || outcome.report.contains(path))
      #expect(outcome.report.filter { $0 == "\n" }.count == 1, "\(outcome.report)")
    }
    #expect(directory.names == names)
  }

  @Test func infoSaysHowAFileIsUnderstood() throws {
    let path = try directory.write(
      "# time=0.5 box=2,free\nx1,x2,v1,v2,weight\n-0.5,1,0,-1,1\n0.5,3,2,1,3\n1,0,0,0,0\n",
      to: "a.csv")
    let outcome = kwass("info", path)
    #expect(outcome.status == .success && outcome.report.isEmpty)
    #expect(
      outcome.output == """
        \(path)
          format     csv: columns x1, x2, v1, v2, weight
          particles  3 in 2 position and 2 velocity coordinates
          time       0.5
          box        2.0,free
          masses     total 4.0, normalised to 1; each from 0.0 to 3.0, 1 of them zero
          scales     none: coordinates are as in the files
          note       1 of 3 positions x1 lies outside the box of length 2.0, the farthest by 0.5, and is wrapped into it.
          x1         from 0.5 to 1.5, mean 0.75, standard deviation 0.4330127018922193
          x2         from 0.0 to 3.0, mean 2.5, standard deviation 0.8660254037844386
          v1         from 0.0 to 2.0, mean 1.5, standard deviation 0.8660254037844386
          v2         from -1.0 to 1.0, mean 0.5, standard deviation 0.8660254037844386

        """)
  }

  @Test func infoSaysWhatIsAssumed() throws {
    let outcome = kwass("info", try directory.write("x1\n1\n2\n", to: "a.csv"))
    #expect(outcome.output.contains("\n  time       not stated\n"))
    #expect(outcome.output.contains("\n  box        not stated: free space is assumed\n"))
    #expect(outcome.output.contains("\n  masses     not stated: all equal, 1/2 each\n"))
    #expect(outcome.output.contains("\n  note       There are no velocities.\n"))
  }

  @Test func infoGoesOnAfterABadFile() throws {
    let good = try directory.write("x1\n1\n", to: "good.csv")
    let bad = try directory.write("x1\nbad\n", to: "bad.csv")
    let outcome = kwass("info", directory["none.csv"], bad, good)
    #expect(outcome.status == .missingInput)
    #expect(outcome.output.hasPrefix(good))
    #expect(outcome.report.split(separator: "\n").count == 2)
    #expect(kwass("info", bad).status == .badData)
  }
}
