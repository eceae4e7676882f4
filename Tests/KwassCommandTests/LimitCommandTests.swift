import KineticTransport
import TestSupport
import Testing

@testable import KwassCommand

/// `kwass limit`.
@Suite struct LimitCommandTests {
  private let directory: TemporaryDirectory
  private let wave: String

  init() throws {
    directory = try TemporaryDirectory()
    wave = directory["wave.npz"]
    let found = kwass(
      "sample", "cold-wave", "--count=120", "--seed=1", "--quiet-start", "--amplitude=.02",
      "--time=.15707963267948966", "-o", wave)
    #expect(found.status == .success)
  }

  private func limit(_ arguments: [String]) -> Outcome {
    let console = TestConsole()
    let status = Kwass.run(arguments: ["limit"] + arguments, console: console)
    return Outcome(status: status, output: console.output, report: console.report)
  }

  /// The kinetic start is ε/2 off, so that the largest distance has the order 1; table, JSON and CSV agree.
  @Test func monokinetic() throws {
    let table = directory["rows.csv"]
    let options = [
      "monokinetic", wave, "--phi=power:2", "--epsilon=.1,.05", "--delta=.02", "--until=.5",
      "--csv=\(table)",
    ]
    let text = limit(options)
    #expect(text.status == .success, "\(text.report)")
    #expect(text.output.contains("W_2 is never above the cost of the coupling"))
    let json = try ParsedJSON(limit(options + ["--json"]).output)
    #expect(json["schema"] == .string("kwass-monokinetic-limit-1"))
    let reports = json["reports"].elements
    try #require(reports.count == 2)
    #expect(0.9...1.1 ~= reports[1]["order"].number && reports[0]["order"] == .null)
    #expect(reports[0]["rows"].elements.count == 5 && json["violations"].number == 0)
    let row = reports[1]["rows"].elements[4]
    #expect(row["distance"].number <= row["coupledDistance"].number)
    #expect(row["lower"].number <= row["distance"].number)
    let lines = String(decoding: try bytes(ofFile: table), as: UTF8.self).split(separator: "\n")
    #expect(lines.count == 11 && lines[0].hasPrefix("epsilon,delta,time,distance"))
    #expect(lines[10].contains(",\(row["distance"].number),"))
  }

  /// The rate of Theorem 7.1 is of order 1 in the temperature, and near its limit; every form says the same.
  @Test func decay() throws {
    let (table, figure) = (directory["rows.csv"], directory["rates.svg"])
    let options = [
      "decay", "--phi=gaussian:.1", "--strength=20", "--theta=.0001,.001", "--csv=\(table)",
      "--figure=\(figure)",
    ]
    let text = limit(options)
    #expect(text.status == .success && text.output.contains("order"), "\(text.report)")
    let json = try ParsedJSON(limit(options + ["--json"]).output)
    #expect(json["schema"] == .string("kwass-decay-limit-1") && json["violations"].number == 0)
    let rows = json["rows"].elements
    try #require(rows.count == 2)
    #expect(rows.map { $0["theta"].number } == [0.001, 0.0001])
    #expect(abs(rows[1]["order"].number - 1) < 0.1 && rows[0]["order"] == .null)
    #expect(abs(rows[1]["rate"].number / rows[1]["diffusiveRate"].number - 1) < 0.05)
    let lines = String(decoding: try bytes(ofFile: table), as: UTF8.self).split(separator: "\n")
    #expect(lines.count == 3 && lines[2].hasPrefix("0.0001,\(rows[1]["rate"].number),"))
    #expect(String(decoding: try bytes(ofFile: figure), as: UTF8.self).contains("rate"))
  }

  @Test(arguments: [
    (["decay", "--theta=.1"], ExitCode.usage, "needs the option --phi"),
    (["decay", "--phi=power:2"], .usage, "needs the option --theta"),
    (["decay", "--phi=power:2", "--theta=0"], .usage, "one or more positive numbers"),
    (["decay", "--phi=power:2", "--theta=.1,.1"], .usage, "numbers that differ"),
    (["decay", "--phi=power:2", "--theta=1e4"], .usage, "crosses a wave in no less"),
    (
      ["decay", "--phi=power:2", "--theta=.1", "--until=1"], .usage,
      "--until goes only with kwass limit vfp, bgk, swarm, monokinetic or maxwellian, not with decay"
    ),
  ])
  func badDecay(arguments: [String], status: ExitCode, words: String) {
    let found = limit(arguments)
    #expect(found.status == status && found.output.isEmpty)
    #expect(found.report.contains(words), "\(found.report)")
  }

  /// Where agents meet there is no limit: the sentence says when, and nothing is written.
  @Test func aShock() throws {
    let found = limit([
      "monokinetic", wave, "--phi=constant", "--strength=.1", "--epsilon=.1", "--delta=.02",
      "--until=2",
    ])
    #expect(found.status == .badData && found.output.isEmpty)
    #expect(found.report.contains("At the time 0.9") || found.report.contains("At the time 1.0"))
    #expect(found.report.contains("has a shock"))
  }

  @Test func maxwellian() throws {
    let options = [
      "maxwellian", "--phi=power:2", "--epsilon=.04,.02", "--until=.25", "--modes=24",
    ]
    let text = limit(options)
    #expect(text.status == .success, "\(text.report)")
    #expect(text.output.contains("|rho_E - rho|_1^2 <= 2 H (proved) holds."))
    let json = try ParsedJSON(limit(options + ["--json"]).output)
    let reports = json["reports"].elements
    try #require(reports.count == 2)
    #expect(1...2 ~= reports[1]["entropyOrder"].number)
    #expect(0.5...1.1 ~= reports[1]["positionOrder"].number)
    #expect(reports[1]["rows"].elements.count == 4)
  }

  /// The axis is that of which there are more values, and each of the other has its curves.
  @Test func figuresLieAlongTheLongerAxis() {
    struct Report {
      var epsilon: Double
      var width: Double
    }
    func chart(_ epsilons: [Double], _ widths: [Double]) -> SeriesChart {
      let reports = widths.flatMap { width in
        epsilons.map { Report(epsilon: $0, width: width) }
      }
      return LimitCurves(reports, \.epsilon, \.width).chart(title: "", vertical: "W") {
        name, points in
        [.init("W, \(name)", points: points { $0.epsilon + 100 * $0.width })]
      }
    }
    let along = chart([0.5, 0.25], [1])
    #expect(along.horizontal == "ε" && along.series.map(\.name) == ["W, δ = 1"])
    #expect(along.series[0].points == [[0.5, 100.5], [0.25, 100.25]])
    let across = chart([0.5], [0, 1])
    #expect(across.horizontal == "δ" && across.series.map(\.name) == ["W, ε = 0.5"])
    #expect(across.series[0].points == [[0, 0.5], [1, 100.5]])
    // A logarithmic axis would hide 0.
    #expect(along.isLogarithmicHorizontally && !across.isLogarithmicHorizontally)
    #expect(chart([0.5, 0.25], [1, 2]).series.count == 2)
  }

  @Test(arguments: [
    (["euler"], "the name of a limit (vfp, bgk, swarm, monokinetic, maxwellian or decay)"),
    (["monokinetic", "--phi=power:2", "--epsilon=.1", "--delta=.1", "--until=1"], "one snapshot"),
    (["maxwellian", "--epsilon=.1", "--until=1"], "needs the option --phi"),
    (["maxwellian", "--phi=power:2", "--epsilon=-1", "--until=1"], "--epsilon is \"-1\""),
    (
      ["maxwellian", "--phi=power:2", "--epsilon=.1", "--until=.2", "--delta=.001"],
      "delta is 0.001"
    ),
    (
      ["maxwellian", "--phi=power:2", "--epsilon=.1", "--until=1", "--spread=1"],
      "--spread goes only with kwass limit monokinetic"
    ),
    (["maxwellian", "--phi=power:2", "--epsilon=.1", "--until=1", "--amplitude=1"], "below 1"),
    (
      ["maxwellian", "--phi=power:2", "--epsilon=.1", "--until=.02", "--speed=1.5", "--modes=8"],
      "parameter modes is 8.0; it must be more"
    ),
  ])
  func whatIsRefused(arguments: [String], words: String) {
    let found = limit(arguments)
    #expect(found.status != .success && found.output.isEmpty)
    #expect(found.report.contains(words), "\(found.report)")
  }

  @Test func whatMonokineticRefuses() {
    for (options, words) in [
      (["--epsilon=0", "--delta=.1"], "--epsilon is \"0\""),
      (["--epsilon=.1", "--delta=0"], "--delta is \"0\""),
      (["--epsilon=.1", "--delta=1e-6"], "delta is 1e-06"),
      (["--epsilon=.1"], "needs the option --delta"),
      (["--epsilon=.1", "--delta=.1", "--modes=9"], "--modes goes only with"),
    ] {
      let found = limit(["monokinetic", wave, "--phi=power:2", "--until=1"] + options)
      #expect(found.status == .usage && found.report.contains(words), "\(found.report)")
    }
    let late = limit([
      "monokinetic", wave, "--phi=power:2", "--epsilon=.1", "--delta=.1", "--until=.1",
    ])
    #expect(late.report.contains("does not lie after the time"))
  }
}
