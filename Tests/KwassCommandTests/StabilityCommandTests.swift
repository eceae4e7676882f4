import KwassCommand
import TestSupport
import Testing

/// `kwass stability` and `kwass scan`, run in this process.
@Suite struct StabilityCommandTests {
  private let folder: TemporaryDirectory
  private let a: String
  private let b: String

  init() throws {
    folder = try TemporaryDirectory()
    (a, b) = (folder["a.npz"], folder["b.npz"])
    for (path, seed) in [(a, "1"), (b, "2")] {
      let made = kwass("sample", "two-stream", "--count", "60", "--seed", seed, "-o", path)
      #expect(made.status == .success)
    }
  }

  @Test func theorem21() throws {
    let csv = folder["rows.csv"]
    let run = kwass(
      "stability", a, b, "--system", "vlasov", "--kernel", "cos:-.1", "--until", "1", "--every",
      ".25", "--csv", csv, "--figure", folder["f.svg"], "--phase-figure", folder["p.png"])
    #expect(run.status == .success && run.report == "")
    for words in ["theorem", "2.1, for W_1", "T_B", "1.2356", "No inequality is violated"] {
      #expect(run.output.contains(words), "\(words) is missing")
    }
    #expect(!run.output.contains("\u{1b}"))
    let rows = String(decoding: try bytes(ofFile: csv), as: UTF8.self).split(separator: "\n")
    #expect(rows.count == 6 && rows[0].hasPrefix("time,elapsed,distance,"))
    #expect(
      rows.allSatisfy { $0.split(separator: ",", omittingEmptySubsequences: false).count == 14 })
    #expect(rows[5].hasPrefix("1.0,1.0,"))
    #expect(folder.names.contains("f.svg") && folder.names.contains("p.png"))
  }

  @Test func theorem31AsJSON() throws {
    let run = kwass(
      "stability", a, b, "--system", "vlasov-poisson", "--epsilon", ".5", "--until", ".5", "--json",
      "--growth", ".1", "--density-cells", "8", "--constant-figure", folder["c.svg"])
    #expect(run.status == .success)
    let json = try ParsedJSON(run.output)
    #expect(json["theorem"].string == "3.1" && json["p"].number == 2)
    #expect(json["densityCells"].numbers == [8])
    #expect(json["rows"].array.count == 11)
    let first = json["rows"].array[0]
    // Nothing has moved yet: the carried plan is the optimal one.
    let distance = first["distance"].number
    #expect(abs(first["carriedDistance"].number - distance) < 1e-12)
    #expect(json["constants"].array[0]["value"].number == 0.1)
    #expect(json["violations"].number == 0)
  }

  /// A C of Loeper's that is too small is contradicted by the run.
  @Test func aViolationIsToldAndRedOnATerminal() throws {
    let console = TerminalConsole()
    let status = Kwass.run(
      arguments: [
        "stability", a, b, "--system", "vlasov-poisson", "--epsilon", ".5", "--until", ".5",
        // Whatever NO_COLOR says where the tests run.
        "--loeper-rate", "1e-9", "--color", "always",
      ], console: console)
    #expect(status == .exceeded)
    #expect(console.inner.output.contains("\u{1b}[31mVIOLATED at time"))
    #expect(console.inner.output.contains("W₂ ≤ Loeper's bound"))
  }

  @Test(arguments: [
    "64 --system vlasov-poisson --epsilon .1 --theorem 2.1 --until 1",
    "64 --system free --theorem 3.1 --until 1", "64 --system free --growth 1 --until 1",
    "64 --system free", "64 --system free --until -1",
    "64 --system vlasov-poisson --epsilon -1 --until 1",
    "64 --system free --until 1 --figure a.gif",
    "73 --system free --until 1 --csv /nowhere/a.csv",
    "65 --system vlasov-poisson --epsilon .1 --until 1 --box 2",
  ])
  func badUseIsTold(_ line: String) {
    let words = line.split(separator: " ").map(String.init)
    let console = TestConsole()
    let arguments = ["stability", a, b] + words.dropFirst()
    #expect(Kwass.run(arguments: arguments, console: console).rawValue == Int32(words[0]))
    #expect(console.report.hasPrefix("kwass: ") && console.output == "")
  }

  /// A field without B: Theorem 2.1 cannot be studied.
  @Test func aMissingBoundIsTold() {
    let run = kwass(
      "stability", a, b, "--system", "incompressible-euler", "--step", ".1", "--theorem", "2.1",
      "--until", "1")
    #expect(run.status == .badData && run.output == "")
    #expect(run.report.contains("has no bound B of ‖D²K‖, which Theorem 2.1 needs"))
  }

  @Test func differentBoxesAreTold() {
    let other = folder["c.npz"]
    _ = kwass(
      "sample", "two-stream", "--count", "60", "--seed", "1", "--length", "2", "-o", other)
    let run = kwass("stability", a, other, "--system", "free", "--until", "1")
    #expect(run.status == .badData)
    #expect(run.report.contains("states the box 1.0") && run.report.contains("states the box 2.0"))
  }

  @Test func scan() throws {
    let file = try folder.write(
      """
      # beams
      start   beams kappa=0.6   # fast growth
      count   128
      epsilon 0.2 0.5
      theta   1e-3
      until   0.4
      samples 2
      mesh    16
      """, to: "a.scan")
    let run = kwass("scan", file, "--csv", folder["s.csv"], "--figure", folder["s.svg"])
    #expect(run.status == .success && run.report == "")
    // Headings, two rows, and what they rest on.
    let lines = run.output.split(separator: "\n")
    #expect(lines.count == 4)
    #expect(lines[3].contains("mesh of 16 cells an axis, cubic shape, gaussian filter"))
    #expect(lines[3].contains("hold by construction"))
    let rows = String(decoding: try bytes(ofFile: folder["s.csv"]), as: UTF8.self)
      .split(separator: "\n")
    #expect(rows.count == 3 && rows[1].hasPrefix("0.2,0.001,") && rows[2].hasPrefix("0.5,0.001,"))
    // The displacement is θ in W₂.
    let initial = try #require(Double(rows[1].split(separator: ",")[2]))
    #expect(abs(initial / 0.001 - 1) < 1e-9)
    let json = kwass("scan", file, "--json")
    let found = try ParsedJSON(json.output)["rows"].array
    #expect(found.count == 2)
    #expect(try ParsedJSON(json.output)["schema"] == .string("kwass-scan-1"))
    // W₂ does not reach .1 in so short a time: that is said, and not left out.
    #expect(found.allSatisfy { $0["escapeTime"] == .string("never") }, "\(json.output)")
    #expect(rows[1].contains(",never,"))
    #expect(found[0]["heldByConstruction"].array.contains(.string("W₂ ≤ Loeper's bound")))
    #expect(json.output.contains("gaussian filter"))
  }

  /// A current in the start: the filtered solution comes closer to the limit with ε, the other does not.
  @Test func scanWithTheLimit() throws {
    let file = try folder.write(
      """
      start   sample uniform velocity-limit=0.5
      count   1024
      current 0.3
      epsilon 0.04 0.02
      theta   1e-3
      until   0.2
      samples 2
      mesh    24
      mesh-filter sharp
      limit   4
      """, to: "limit.scan")
    let run = kwass("scan", file, "--json")
    #expect(run.status == .success && run.report == "")
    let rows = try ParsedJSON(run.output)["rows"].array
    let plain = rows.map { $0["limitDistance"].number }
    let filtered = rows.map { $0["filteredLimitDistance"].number }
    #expect(plain.allSatisfy { $0 > 0.1 }, "\(plain)")
    #expect(filtered[0] < 0.03 && filtered[1] < 0.65 * filtered[0], "\(filtered)")
    let without = kwass(
      "scan", try folder.write("epsilon .3\ntheta .1\ncount 8\nlimit 0\nuntil .1", to: "no.scan"))
    #expect(without.status == .success && without.output.contains("–         –      none"))
  }

  /// The step control of the study: its estimate is printed, and the bounds still hold.
  @Test func stepControl() throws {
    let words = [
      "--system", "vlasov", "--kernel", "cos:8", "--step", "1", "--until", "1", "--every", "1",
    ]
    let rough = kwassRun(["stability", a, b, "--json"] + words)
    let fine = kwassRun(["stability", a, b, "--json", "--step-error", "1e-7"] + words)
    let finer = kwassRun(["stability", a, b, "--json", "--step-error", "1e-10"] + words)
    let all = try [rough, fine, finer].map { try ParsedJSON($0.output) }
    let distances = all.map { $0["rows"].array.last?["carriedDistance"].number ?? .nan }
    #expect(abs(distances[1] - distances[2]) < 1e-5 && abs(distances[0] - distances[2]) > 1e-5)
    #expect(all[1]["stepError"].number > 0 && all[1]["stepError"].number < 80 * 1e-7)
    let text = kwassRun(["stability", a, b, "--step-error", "1e-6"] + words)
    #expect(text.output.contains("halved until W_1 is right to 1e-06 from moment to moment"))
  }

  private func kwassRun(_ arguments: [String]) -> Outcome {
    let console = TestConsole()
    let status = Kwass.run(arguments: arguments, console: console)
    return Outcome(status: status, output: console.output, report: console.report)
  }

  @Test(arguments: [
    "epsilon 0.1\n => there is no line with theta",
    "epsilon 0.1\ntheta 1e-3\nepsilon 1\n => line 3: epsilon was given before",
    "epsilon 0.1 x\ntheta 1e-3\n => line 1: found \"0.1 x\" for epsilon",
    "epsilon 0.1\n\ntheta -1\n => line 3: found \"-1\" for theta",
    "epsilom 0.1\n => line 1: there is no key epsilom",
    "start beams speed=1\n => line 1: found \"beams speed=1\"",
    "start sample nothing\nepsilon 1\ntheta 1\n => there is no sample nothing",
    "count 1\n => line 1: found \"1\" for count",
  ])
  func badScanFilesAreTold(_ example: String) throws {
    let parts = example.split(separator: " => ")
    let run = kwass("scan", try folder.write(String(parts[0]), to: "bad.scan"))
    #expect(run.status == .badData && run.output == "")
    #expect(run.report.contains(parts[1]), "\(run.report)")
  }

  /// Equal solutions: every distance and bound is 0, and every inequality holds.
  @Test func equalSolutions() throws {
    let run = kwass("stability", a, a, "--system", "free", "--until", "1")
    #expect(run.status == .success)
    #expect(run.output.contains("No inequality is violated"))
    #expect(run.output.contains(" 1.0000    0             0  0           0          0          0"))
  }
}

/// A console whose standard output is a terminal.
private struct TerminalConsole: Console {
  let inner = TestConsole()
  var isInteractive: Bool { false }
  var isOutputTerminal: Bool { true }
  func write(_ text: String) throws(ConsoleError) { try inner.write(text) }
  func report(_ text: String) { inner.report(text) }
}

extension ParsedJSON {
  /// The elements of an array; none when it is none.
  fileprivate var array: [ParsedJSON] { if case .array(let values) = self { values } else { [] } }
}
