import KineticTransport

/// A figure of the report, drawn.
struct ReportFigure {
  let caption: String
  /// The image, in SVG.
  let image: [UInt8]

  private init(_ figure: any Figure, _ caption: String) throws(CommandFailure) {
    self.caption = caption
    do throws(FigureError) {
      image = try Gnuplot().draw(figure, as: .svg)
    } catch {
      throw CommandFailure(error)
    }
  }

  /// The states with their difference and the plan over each pair of coordinates, then a histogram of each coordinate.
  static func all(
    _ subject: ReportSubject, _ finding: ReportFinding, hasVelocities: Bool
  ) throws(CommandFailure) -> [ReportFigure] {
    let inputs = finding.inputs
    let names = ShortNames.of(subject.paths)
    let states = StateFigure(
      inputs, of: subject.paths, axes: subject.axes, plan: finding.distance?.solution.plan)
    var figures: [ReportFigure] = []
    // By themselves, as a page is not wide enough for all in one.
    for (coordinates, figure) in try states.figuresOfPairs() {
      figures.append(
        try ReportFigure(
          figure,
          "Densities of normalised mass over \(coordinates). Equal colours are equal densities in the panels "
            + "of both states; in the difference red is more and blue is less in \(names[1]). Arrows show "
            + "where the plan of the first metric moves mass."))
    }
    for coordinate in FigureAxes.all(of: inputs.source, inputs.coordinates) {
      figures.append(
        try ReportFigure(states.histogram(coordinate), "Density over \(coordinate.label)."))
    }
    return figures
  }
}
