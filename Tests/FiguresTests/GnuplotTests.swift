import Figures
import TestSupport
import Testing

@Suite struct GnuplotTests {
  private let chart = SeriesChart(
    title: "Beams don't stay", horizontal: "time t", vertical: "W₂", isLogarithmic: true,
    series: [
      .init("distance", style: .markedLine, points: [[0, 1], [1, 2], [2, 0], [3, 8]]),
      .init("bound's root", style: .dashed, points: [[0, 1], [3, .infinity], [4, 10]]),
      .init("nothing to draw", points: [[0, -1]]),
    ])

  @Test func aScalableFigureHoldsWhatItShows() throws {
    let text = String(decoding: try Gnuplot().draw(chart, as: .svg), as: UTF8.self)
    #expect(text.hasPrefix("<?xml") && text.contains("</svg>"))
    for words in ["Beams don", "time t", "W₂", "distance", "bound"] {
      #expect(text.contains(words), "\(words) is missing")
    }
    // A series without a point that a logarithmic axis can show is not in the legend.
    #expect(!text.contains("nothing to draw"))
  }

  /// What stands still has its place.
  @Test func anArrowOfNoLengthIsADot() throws {
    let arrows = SeriesChart(
      title: "", horizontal: "", vertical: "",
      series: [.init("still", style: .arrows, points: [[1, 2], [1, 2], [3, 4], [3, 4]])])
    let text = String(decoding: try Gnuplot().draw(arrows, as: .svg), as: UTF8.self)
    #expect(text.split(separator: "transform='translate(").count == 3)
  }

  @Test func aFileIsWrittenWhole() throws {
    let folder = try TemporaryDirectory()
    try Gnuplot().draw(chart, to: folder["a.png"])
    let image = try bytes(ofFile: folder["a.png"])
    #expect(image.prefix(4) == [0x89, 0x50, 0x4E, 0x47] && image.count > 5_000)
    #expect(throws: FigureError.unknownFormat(path: "a.gif")) {
      try Gnuplot().draw(chart, to: "a.gif")
    }
  }

  @Test func titlesCannotBreakOut() throws {
    var hostile = chart
    hostile.title = "a'\nset output '/nonexistent/x' # \" `date`"
    hostile.series[0].name = "' , 1/0 \n quit"
    let text = String(decoding: try Gnuplot().draw(hostile, as: .svg), as: UTF8.self)
    #expect(text.contains("`date`") && text.contains("quit"))
  }

  @Test func aDiagramOfNothingHasAxes() throws {
    let empty = SeriesChart(title: "empty", horizontal: "x", vertical: "v", series: [])
    #expect(try Gnuplot().draw(empty, as: .svg).count > 500)
  }

  @Test func aMissingProgramIsTold() {
    #expect(throws: FigureError.missing(program: "no-such-gnuplot")) {
      try Gnuplot(program: "no-such-gnuplot").draw(chart, as: .svg)
    }
    #expect(FigureError.missing(program: "gnuplot").description.contains("apt install gnuplot-nox"))
  }

  @Test func aProgramThatFailsIsTold() {
    // It ends at once, with a failure and without reading what it is told to draw.
    #expect(throws: FigureError.failed(program: "false", message: "it ended with status 1")) {
      try Gnuplot(program: "false").draw(chart, as: .svg)
    }
  }
}
