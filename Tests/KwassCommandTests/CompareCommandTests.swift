import KineticTransport
import TestSupport
import Testing

@testable import KwassCommand

/// `kwass compare` of many snapshots, by their noise, and within a time.
@Suite struct CompareCommandTests {
  private let directory: TemporaryDirectory
  init() throws { directory = try TemporaryDirectory() }

  private func text(_ name: String) throws -> String {
    String(decoding: try bytes(ofFile: directory[name]), as: UTF8.self)
  }

  private func sample(
    _ name: String, in folder: TemporaryDirectory? = nil, seed: Int, count: Int = 80,
    speed: String = "2"
  ) -> String {
    let path = (folder ?? directory)[name]
    _ = kwass(
      "sample", "two-stream", "--count", "\(count)", "--seed", "\(seed)", "--beam-speed", speed,
      "--ids", "-o", path)
    return path
  }

  // MARK: Figures

  /// Two snapshots by their densities, several by their distances.
  @Test func whatWasComparedIsDrawn() throws {
    let (a, b) = (sample("a.npz", seed: 1), sample("b.npz", seed: 2))
    let c = sample("c.npz", seed: 3, speed: "9")
    let path = directory["f.svg"]
    func run(_ arguments: String...) -> Outcome {
      let console = TestConsole()
      let status = Kwass.run(
        arguments: ["compare"] + arguments + ["--tolerance", "3"], console: console)
      return Outcome(status: status, output: console.output, report: console.report)
    }
    #expect(run(a, b, "--figure", path).status == .success)
    #expect(try text("f.svg").contains("b.npz minus a.npz"))
    #expect(run(a, b, "--figure", path, "--axes", "v1").status == .success)
    #expect(try text("f.svg").contains(">v1<") && !text("f.svg").contains("minus"))
    #expect(run(a, b, c, "--figure", path).status == .exceeded)
    for words in [
      "Distances from a.npz", "b.npz", "c.npz", "W (split, p = 2)", "exceeds it", ">passes<",
      "largest that passes", "noise floor",
    ] {
      #expect(try text("f.svg").contains(words), "\(words) is missing")
    }
    let sketch = run(a, b, c, "--figure", "-")
    #expect(sketch.output.contains("\nDistances from a.npz: W (split, p = 2), from 0 to "))
    #expect(run(a, b, "--figure", "-").output.contains("b.npz minus a.npz: = and -"))
  }

  @Test func figuresThatAreNoneAreTold() throws {
    let (a, b) = (sample("a.npz", seed: 1), sample("b.npz", seed: 2))
    let path = directory["f.svg"]
    func complaint(_ arguments: String...) -> String {
      let console = TestConsole()
      let status = Kwass.run(
        arguments: ["compare", a] + arguments + ["--tolerance", "3"], console: console)
      #expect(status == .usage && console.output.isEmpty, "\(arguments)")
      return console.report
    }
    #expect(
      complaint(b, b, "--figure", path, "--axes", "x1")
        == "kwass: --axes says what a figure of two snapshots shows; of 2 comparisons the distances are "
        + "drawn.\n")
    #expect(complaint(b, "--figure", path, "--axes", "x3").contains("--axes names x3"))
    #expect(complaint(b, "--axes", "x1").contains("--figure shows, which is missing"))
    #expect(complaint(b, "--figure", "-", "--json").contains("--json prints its object"))
    #expect(complaint(b, "--figure", b).contains("a .svg, .pdf or .png file"))
    #expect(complaint(b, "--figure", path, "--junit", path).contains("name the same file"))
    #expect(!directory.names.contains("f.svg"))
  }

  // MARK: Folders

  /// Each snapshot has the reference of its own name: all distances are 0, and swapped they are not.
  @Test func foldersAreComparedByName() throws {
    let folders = try (0..<3).map { _ in try TemporaryDirectory() }
    for (name, seed) in [("s_1.csv", 1), ("s_2.csv", 2)] {
      for folder in folders[..<2] { _ = sample(name, in: folder, seed: seed) }
      _ = sample(name, in: folders[2], seed: 3 - seed)
    }
    defer { withExtendedLifetime(folders) {} }
    let (reference, run) = (folders[0].path, folders[1].path)
    let good = kwass("compare", reference, run, "--tolerance", "1e-9", "--json")
    #expect(good.status == .success, "\(good.report)")
    let parsed = try ParsedJSON(good.output)
    #expect(parsed["noiseFloor"] == .null)
    let files = parsed["files"].elements
    #expect(files.map { $0["file"].string } == ["\(run)/s_1.csv", "\(run)/s_2.csv"])
    #expect(
      files.map { $0["reference"].string } == ["\(reference)/s_1.csv", "\(reference)/s_2.csv"])
    #expect(files.allSatisfy { $0["noiseFloor"].number > 0 && $0["upper"].number < 1e-9 })
    let bad = kwass("compare", reference, folders[2].path, "--tolerance", "1e-9")
    #expect(bad.status == .exceeded && bad.report.contains("2 distances exceed"))
    #expect(
      kwass("compare", "\(reference)/s_%T.csv", run, "--tolerance", "1e-9").status == .success)
    // One reference for all.
    let all = kwass("compare", "\(reference)/s_1.csv", run, "--tolerance", "1e-9", "--json")
    #expect(all.status == .exceeded)
    #expect(
      try ParsedJSON(all.output)["files"].elements.map { $0["verdict"].string }
        == ["within", "above"])
  }

  /// A run that has not written all of its files does not pass.
  @Test func whatIsMissingIsTold() throws {
    let (reference, run) = (try TemporaryDirectory(), try TemporaryDirectory())
    defer { withExtendedLifetime((reference, run)) {} }
    for name in ["a.csv", "b.csv"] { _ = sample(name, in: reference, seed: 1) }
    let one = sample("a.csv", in: run, seed: 1)
    let missing = kwass(
      "compare", reference.path, run.path, "--tolerance", "1", "--junit", directory["j.xml"])
    #expect(missing.status == .missingInput)
    #expect(
      missing.report
        == "kwass: \(reference["b.csv"]) has no partner: \(run.path) has no snapshot of that name.\n"
    )
    #expect(try text("j.xml").contains("errors=\"1\""))
    #expect(kwass("compare", reference.path, one, "--tolerance", "1").status == .success)
    _ = sample("c.csv", in: run, seed: 1)
    #expect(
      kwass("compare", reference.path, run.path, "--tolerance", "1").report.contains(
        "c.csv has no partner"))
  }

  @Test func iterationsAreComparedByNumber() throws {
    let file = fixture("edpic.h5")
    let outcome = kwass(
      "compare", file, file, "--species", "ions", "--tolerance", "0", "--junit", directory["j.xml"])
    #expect(outcome.status == .success, "\(outcome.report)")
    #expect(try text("j.xml").contains("tests=\"2\" failures=\"0\""))
    #expect(
      kwass("compare", "\(file)#0", file, "--species", "ions", "--tolerance", "0").status
        == .exceeded)
  }

  // MARK: Noise

  /// The factor multiplies the mean of the splits.
  @Test func tolerancesAreMultiplesOfTheNoise() throws {
    let (a, b) = (sample("a.csv", seed: 1), sample("b.csv", seed: 2, speed: "2.4"))
    let found = try ParsedJSON(kwass("compare", a, b, "--tolerance", "2noise", "--json").output)
    let floor = found["noiseFloor"].number
    #expect(found["tolerance"].number == 2 * floor && found["toleranceText"].string == "2noise")
    #expect(
      floor
        == (try ParsedJSON(kwass("compare", a, b, "--tolerance", "9", "--json").output)[
          "noiseFloor"
        ]
        .number))
    let ratio = found["files"].elements[0]["distance"].number / floor
    for (factor, status) in [(1.01 * ratio, ExitCode.success), (0.99 * ratio, .exceeded)] {
      for options in [[], ["--gate-only"]] {
        let console = TestConsole()
        let arguments = ["compare", a, b, "--tolerance", "\(factor)noise"] + options
        #expect(Kwass.run(arguments: arguments, console: console) == status)
        #expect(console.output.contains(" \(factor)noise = "))
      }
    }
    let exceeded = kwass("compare", a, b, "--tolerance", "0.1noise")
    #expect(exceeded.report == "kwass: 1 distance exceeds --tolerance 0.1noise.\n")
    for wrong in ["noise", "0noise", "-1noise", "2 noise", "2noises", "nan", "-1", ""] {
      #expect(kwass("compare", a, b, "--tolerance=\(wrong)").status == .usage, "\(wrong)")
    }
  }

  @Test func samplesAreTested() throws {
    let (a, b) = (sample("a.csv", seed: 1), sample("b.csv", seed: 2, speed: "9"))
    let outcome = kwass("compare", a, b, a, "--tolerance", "9", "--permutations", "19", "--json")
    let files = try ParsedJSON(outcome.output)["files"].elements
    #expect(files.map { $0["pValue"].number } == [0.05, 1])
    let text = kwass("compare", a, b, "--tolerance", "9", "--permutations", "19").output
    #expect(
      text.contains(
        "p-value 0.050000: 0 of 19 random divisions of all particles are as far apart"))
    for option in ["--gate-only", "--match=id"] {
      let refused = kwass("compare", a, b, "--tolerance", "9", "--permutations", "19", option)
      #expect(refused.status == .usage && refused.report.contains(option.prefix(7)))
    }
  }

  // MARK: Plans and times

  @Test func identitiesAreAPlan() throws {
    let (a, b) = (sample("a.csv", seed: 1), sample("b.csv", seed: 1, speed: "2.1"))
    let outcome = kwass("compare", a, b, "--tolerance", "0.2", "--match", "id", "--json")
    #expect(outcome.status == .success, "\(outcome.report)")
    let file = try ParsedJSON(outcome.output)["files"].elements[0]
    #expect(file["lower"].number == 0 && file["upper"].number > 0.099)
    let undecided = kwass("compare", a, b, "--tolerance", "0.01", "--match", "id")
    #expect(undecided.status == .undecided)
  }

  /// Whatever the time suffices for, there are a verdict by what was proved and the status of the limit.
  @Test func timeIsLimited() throws {
    let (a, b) = (sample("a.npz", seed: 1, count: 20_000), sample("b.npz", seed: 2, count: 20_000))
    func compared(_ tolerance: String, _ more: String...) -> (ExitCode, TestConsole) {
      let console = TestConsole()
      let arguments = ["compare", a, b, "--tolerance", tolerance, "--time-limit", "1e-6"] + more
      return (Kwass.run(arguments: arguments, console: console), console)
    }
    // What is proved decides.
    let (passed, console) = compared("1e9", "--json")
    #expect(passed == .success, "\(console.report)")
    let found = try ParsedJSON(console.output)
    let file = found["files"].elements[0]
    #expect(file["distance"] == .null && file["stopped"].string.contains("The time limit of "))
    #expect(found["noiseFloor"] == .null && file["aboveNoise"] == .null)
    let (lower, upper) = (file["lower"].number, file["upper"].number)
    #expect(lower < upper)
    let text = compared("1e9").1.output
    #expect(
      text.contains("] passes\n") && text.contains("not measured, since the time limit was reached")
    )
    // What is not proved is not decided, and the reason is the time.
    let (undecided, report) = compared("\((lower + upper) / 2)")
    #expect(undecided == .timeLimit && report.report.contains("is not decided by the brackets"))
    let (noise, sentence) = compared("2noise")
    #expect(noise == .timeLimit && sentence.report.contains("before the noise floor was known"))
  }

  // MARK: The page

  @Test func comparisonsHaveAPage() throws {
    let (a, b) = (sample("a.csv", seed: 1), sample("b.csv", seed: 2, speed: "2.4"))
    let page = directory["r.html"]
    let outcome = kwass("compare", a, a, b, "--tolerance", "0.1", "--report", page)
    #expect(outcome.status == .exceeded)
    let html = try text("r.html")
    #expect(html.contains("<h2>Verdicts</h2>") && html.contains("exceeds the tolerance"))
    // It is about the one that is further away, and says how to repeat it.
    #expect(html.contains("<title>Distance of a.csv and b.csv</title>"))
    #expect(html.contains("kwass compare \(a) \(a) \(b) --tolerance 0.1 --report \(page)"))
    #expect(html.contains("kwass distance \(a) \(b)\n"))
    for wrong in ["r.txt", a] {
      #expect(kwass("compare", a, b, "--tolerance", "1", "--report", wrong).status == .usage)
    }
  }
}
