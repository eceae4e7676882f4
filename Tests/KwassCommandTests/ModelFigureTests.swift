import KineticTransport
import KwassCommand
import TestSupport
import Testing

/// What the commands of the kinetic models draw.
@Suite struct ModelFigureTests {
  private let directory: TemporaryDirectory
  init() throws { directory = try TemporaryDirectory() }

  private func run(_ line: String) -> Outcome {
    let console = TestConsole()
    let status = Kwass.run(
      arguments: line.split(separator: " ").map(String.init), console: console)
    return Outcome(status: status, output: console.output, report: console.report)
  }

  private func text(_ name: String) throws -> String {
    String(decoding: try bytes(ofFile: directory[name]), as: UTF8.self)
  }

  /// Against γ with a curve for each δ, or the other way round: whichever has more values lies along the axis.
  @Test(arguments: [
    ("2,3,4", "1,2", "γ", ["δ = 1", "δ = 2"]), ("2,3", "1,1.5,2", "δ", ["γ = 2", "γ = 3"]),
    ("2,3", "1", "γ", []), ("2", "1,2", "δ", []),
  ])
  func coefficients(gammas: String, deltas: String, axis: String, legends: [String]) throws {
    let found = run(
      "coefficients --case C --gamma \(gammas) --delta \(deltas) --modes 2 "
        + "--figure \(directory["d.svg"]) --eigenvalue-figure \(directory["e.svg"]) "
        + "--convergence-figure \(directory["c.svg"]) --mode-figure \(directory["m.svg"])")
    #expect(found.status == .success, "\(found.report)")
    let (figure, eigenvalues) = (try text("d.svg"), try text("e.svg"))
    for legend in legends {
      #expect(figure.contains("D, \(legend)") && figure.contains("K, \(legend)"))
      #expect(eigenvalues.contains("λ₁, \(legend)") && eigenvalues.contains("λ₂, \(legend)"))
    }
    #expect(figure.contains("θK² ≤ D") == legends.isEmpty)
    if legends.isEmpty {
      #expect(!figure.contains("D, \(axis == "γ" ? "δ" : "γ")") && figure.contains(">D<"))
    }
    #expect(figure.contains(">\(axis)<"))
    #expect(try text("c.svg").contains("gamma 2, delta 1"))
    #expect(try text("m.svg").contains("ψ₁, gamma 2, delta 1"))
  }

  /// Arrows at three times, and a curve of the spread for each flock.
  @Test func flocks() throws {
    let start = directory["flocks.npz"]
    #expect(run("sample two-flocks -o \(start)").status == .success)
    let found = run(
      "evolve \(start) --system motsch-tadmor --phi power:40 --strength 10 --until .4 --every .1 "
        + "-o \(directory["end.npz"]) --figure \(directory["a.svg"]) "
        + "--spread-figure \(directory["s.svg"])")
    #expect(found.status == .success, "\(found.report)")
    let arrows = try text("a.svg")
    for time in ["time 0", "time 0.2", "time 0.4"] { #expect(arrows.contains(time)) }
    let spreads = try text("s.svg")
    #expect(spreads.contains("40 of mass 100<") && spreads.contains("20 of mass 1<"))
  }

  /// W₁ against the number of agents, or over time where there is one approximation.
  @Test func theMeanFieldLimit() throws {
    let paths = [16, 32, 64].map { count in
      let path = directory["\(count).npz"]
      _ = run("sample density-wave --count \(count) --seed 1 --quiet-start -o \(path)")
      return path
    }
    let options =
      "--theorem mean-field --system cucker-smale --phi power:10 --until .5 --every .25 "
      + "--csv \(directory["t.csv"]) --figure \(directory["f.svg"])"
    let several = run("stability \(paths.joined(separator: " ")) \(options)")
    #expect(several.status == .success, "\(several.report)")
    #expect(try text("f.svg").contains("The mean-field limit"))
    #expect(try text("t.csv").split(separator: "\n").count == 7)
    #expect(run("stability \(paths[0]) \(paths[2]) \(options)").status == .success)
    #expect(try text("f.svg").contains("16 agents beside 64"))
  }
}
