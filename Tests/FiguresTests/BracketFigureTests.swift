import Figures
import OptimalTransport
import TestSupport
import Testing

@Suite struct BracketFigureTests {
  private func row(
    _ name: String, _ lower: Double, _ upper: Double, limit: Double = 1, noise: Double? = nil
  ) -> BracketFigure.Row {
    .init(
      name, distance: (lower + upper) / 2, bounds: ProvedBounds(lower: lower, upper: upper),
      limit: limit, noise: noise)
  }

  private func figure(_ rows: [BracketFigure.Row]) -> BracketFigure {
    BracketFigure(title: "it's", label: "W (p = 2)", rows: rows)
  }

  /// Each distance stands in its row among those of its verdict, with its bracket.
  @Test func verdictsHaveMarksOfTheirOwn() throws {
    let commands = figure([
      row("a", 0.25, 0.75, noise: 0.5), row("b", 0.5, 2), row("c", 2, 4, limit: 1.5),
      row("d", 2, 3, limit: 3.5),
    ]).commands
    #expect(commands.contains("$within << EOD\n0.5 0 0.25 0.75\n2.5 3 2.0 3.0\nEOD"))
    #expect(commands.contains("$undecided << EOD\n1.25 1 0.5 2.0\nEOD"))
    #expect(commands.contains("$above << EOD\n3.0 2 2.0 4.0\nEOD"))
    #expect(commands.contains("$limits << EOD\n1.0 -0.5\n1.0 0.5\n1.5 1.5\n3.5 2.5\nEOD"))
    #expect(commands.contains("$noise << EOD\n0.5 -0.5\nEOD"))
    for words in ["'passes'", "'not decided'", "'exceeds it'", "'noise floor'", "('a' 0, 'b' 1"] {
      #expect(commands.contains(words), "\(words)")
    }
    #expect(!commands.contains("logscale"))
    for format in FigureFormat.allCases {
      #expect(try Gnuplot().draw(figure([row("a", 0, 0)]), as: format).count > 500)
    }
  }

  /// Where no more than a bracket is known, the mark claims no end of it.
  @Test func bracketsStandForThemselves() throws {
    let row = BracketFigure.Row(
      "a", distance: nil, bounds: ProvedBounds(lower: 1, upper: 4), limit: 2)
    #expect(figure([row]).commands.contains("$undecided << EOD\n2.5 0 1.0 4.0\nEOD"))
    #expect(try Gnuplot().sketch(figure([row])).hasSuffix("  [1.0, 4.0]\n"))
  }

  /// Distances of several decades stand on a logarithmic axis, at whose left end a bracket from 0 begins.
  @Test func decadesAreTold() {
    let commands = figure([row("a", 0, 2e-4), row("b", 0.5, 0.5)]).commands
    #expect(commands.contains("set logscale x"))
    let ends = commands.matches(of: #/0\.0001 0 (\S+) 0\.0002/#)
    #expect(ends.count == 1 && ends.allSatisfy { (Double($0.1) ?? 0) > 0 })
    #expect(!figure([row("a", 0, 0), row("b", 0.5, 0.5)]).commands.contains("logscale"))
  }

  @Test func manyNamesAreThinnedOut() {
    let many = figure((0..<500).map { row("n\($0)", 1, 2) })
    #expect(many.size.y < 2000 && many.commands.contains("'n0' 0, 'n9' 9,"))
    #expect(figure([]).commands.contains("1/0"))
  }

  @Test func sketchesShowBracketsAndLimits() throws {
    let sketch = try Gnuplot().sketch(figure([row("a", 0, 1, limit: 4), row("long", 3, 8)]))
    let lines = sketch.split(separator: "\n").map(String.init)
    #expect(lines[0].hasPrefix("it's: W (p = 2), from 0 to 8.0;"))
    #expect(lines[1].hasPrefix("   a  ---o---                 |  "))
    #expect(lines[2].hasPrefix("long        |           ---------------X--------------  5.5"))
  }
}
