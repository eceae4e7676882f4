import Testing

@testable import Figures

@Suite struct ChartAxisTests {
  /// The numbers between the brackets of a command such as `set yrange [1:2]`.
  private func range(_ values: [Double], isLogarithmic: Bool) throws -> [Double] {
    let commands = ChartAxis(values, isLogarithmic: isLogarithmic).commands("y")
    let line = try #require(commands.first { $0.hasPrefix("set yrange") })
    return line.dropFirst("set yrange [".count).dropLast().split(separator: ":").compactMap {
      Double($0)
    }
  }

  /// gnuplot alone would draw these between 0.01 and 0.1.
  @Test func whatHardlyChangesFillsItsAxis() throws {
    for isLogarithmic in [false, true] {
      let values = [0.05, 0.0501, 0.0502]
      let ends = try range(values, isLogarithmic: isLogarithmic)
      #expect(ends[0] < 0.05 && ends[1] > 0.0502)
      #expect(ends[1] - ends[0] < 1.2 * 0.0002)
    }
  }

  @Test func aConstantHasRoom() throws {
    #expect(try range([2, 2], isLogarithmic: false) == [1.9, 2.1])
    #expect(try range([0], isLogarithmic: false) == [-1, 1])
    let ends = try range([2], isLogarithmic: true)
    #expect(ends[0] > 1.85 && ends[1] < 2.15)
  }

  @Test func aShortLogarithmicAxisHasTics() throws {
    for (values, tics) in [
      ([0.05, 0.2], "set ytics (0.05, 0.1, 0.2)"),
      ([1, 1.5], "set ytics (1.0, 1.2, 1.4)"),
    ] {
      let commands = ChartAxis(values, isLogarithmic: true).commands("y")
      let line = try #require(commands.last)
      let found = line.dropFirst("set ytics (".count).dropLast().split(separator: ", ").compactMap {
        Double($0)
      }
      let wanted = tics.dropFirst("set ytics (".count).dropLast().split(separator: ", ").compactMap
      {
        Double($0)
      }
      #expect(found.count == wanted.count, "\(line)")
      for (one, other) in zip(found, wanted) { #expect(abs(one - other) < 1e-12) }
    }
    // gnuplot's own, one a decade.
    #expect(
      !ChartAxis([1e-6, 1], isLogarithmic: true).commands("y").contains { $0.contains("tics") })
  }

  @Test(arguments: [
    [], [Double.greatestFiniteMagnitude, -.greatestFiniteMagnitude], [Double.leastNonzeroMagnitude],
  ])
  func extremesAreDrawn(values: [Double]) {
    for isLogarithmic in [false, true] where !isLogarithmic || values.allSatisfy({ $0 > 0 }) {
      #expect(!ChartAxis(values, isLogarithmic: isLogarithmic).commands("x").isEmpty)
    }
  }

  /// Small images have room for a handful of numbers, which differ even where the axis is far from 0.
  @Test func imagesHaveFewTicsThatDiffer() {
    #expect(
      ChartAxis.fewTics("x", 2000...4000) == ["set format x '%.4g'", "set xtics 500.0"])
    // Neither one tic nor a crowd of them.
    #expect(ChartAxis.fewTics("x", -4.7...5.2)[1] == "set xtics 2.0")
    #expect(ChartAxis.fewTics("x", 0...1)[1] == "set xtics 0.5")
    #expect(ChartAxis.fewTics("x", -0.52...0.45)[1] == "set xtics 0.2")
    #expect(ChartAxis.fewTics("y", 1.70665...1.70668)[0] == "set format y '%.8g'")
  }

  /// Behind the last colour comes the first one again, with other dashes or marks.
  @Test func noTwoSeriesLookAlike() {
    let styles: [SeriesChart.Series.Style] = [.line, .dashed, .markedLine, .histogram]
    var looks: [String] = []
    for style in styles {
      let chart = SeriesChart(
        title: "", horizontal: "", vertical: "",
        series: (0..<28).map { .init("\($0)", style: style, points: [[0, 1], [1, 2]]) })
      let found = chart.commands.matches(of: #/with (.*?) title/#).map { String($0.1) }
      #expect(found.count == 28 && Set(found).count == 28)
      // Only the colour tells the first of them apart.
      #expect(
        Set(found[..<7].map { $0.replacing(#/rgb '#[0-9a-f]*'/#, with: "") }).count == 1)
      looks += found
    }
    #expect(Set(looks).count == looks.count)
  }

  /// What belongs together has one colour, and different dashes.
  @Test func whatIsBesideHasTheSameColor() {
    let chart = SeriesChart(
      title: "", horizontal: "", vertical: "",
      series: (0..<16).map {
        .init(
          "\($0)", style: $0 % 2 == 0 ? .markedLine : .dashed, points: [[0, 1], [1, 2]],
          isBesidePrevious: $0 % 2 == 1)
      })
    let looks = chart.commands.matches(of: #/with (.*?) linecolor rgb '(.*?)' title/#)
    #expect(looks.count == 16 && Set(looks.map { "\($0.1) \($0.2)" }).count == 16)
    for place in stride(from: 0, to: 16, by: 2) { #expect(looks[place].2 == looks[place + 1].2) }
    #expect(looks[0].2 != looks[2].2)
  }

  /// The legend has room below the name of the axis, however many rows it takes.
  @Test func legendsHaveRoom() {
    func margin(_ names: [String]) -> String? {
      let chart = SeriesChart(
        title: "", horizontal: "", vertical: "",
        series: names.map { .init($0, points: [[0, 1], [1, 2]]) })
      return chart.commands.split(separator: "\n").first { $0.hasPrefix("set bmargin") }.map(
        String.init)
    }
    #expect(margin(["a"]) == "set bmargin 6" && margin([]) == "set bmargin 6")
    #expect(margin((0..<8).map { "\($0)" }) == "set bmargin 7")
    #expect(margin((0..<14).map { "W_1 of something long, \($0)" }) == "set bmargin 12")
    let arrows = SeriesChart(
      title: "", horizontal: "", vertical: "",
      series: [.init("a", style: .arrows, points: [[0, 0], [1, 1]])])
    #expect(arrows.commands.contains("set size ratio -1"))
  }

  /// A band has the colour of the curve within it, and a lower and an upper end at each place.
  @Test func aBandGoesWithItsCurve() {
    let chart = SeriesChart(
      title: "", horizontal: "", vertical: "",
      series: [
        .init("bracket", style: .band, points: [[0, 1], [0, 3], [1, 2], [1, 5]]),
        .init("W", style: .markedLine, points: [[0, 2], [1, 4]]), .init("other", points: [[0, 0]]),
      ])
    let commands = chart.commands
    #expect(commands.contains("0.0 1.0 3.0\n1.0 2.0 5.0\n"))
    let colors = commands.matches(of: #/linecolor rgb '(#[0-9a-f]{6})' title/#).map(\.1)
    #expect(colors.count == 3 && colors[0] == colors[1] && colors[1] != colors[2])
  }
}
