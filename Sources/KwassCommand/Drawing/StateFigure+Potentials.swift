import KineticTransport

extension StateFigure {
  /// Kantorovich potentials over the same coordinates: their means in each cell, by mass.
  ///
  /// A constant may be moved from one potential to the other; here both have the same mean, half of the cost
  /// that they prove.
  ///
  /// - Parameters:
  ///   - potentials: one for each particle of the two states.
  ///   - unit: the unit of the cost.
  func figure(
    of potentials: Potentials, unit: String
  ) throws(CommandFailure) -> any Figure {
    let columns = Self.balanced(potentials, measures.map(\.masses))
    let titles = zip(["φ", "ψ"], names).map { "\($0) of \($1)" }
    let label = "potential (\(unit))"
    return try figure(
      ofOne: { coordinate throws(CommandFailure) in
        let cells = cells(coordinate)
        var series: [SeriesChart.Series] = []
        for (index, measure) in measures.enumerated() {
          guard let means = cells.means(of: columns[index], measure, coordinate.place) else {
            throw Self.unpresentable
          }
          let points = means.enumerated().map { SIMD2(cells.center($0), $1 ?? .nan) }
          series.append(.init(titles[index], style: .markedLine, points: points))
        }
        return SeriesChart(
          title: title, horizontal: coordinate.label, vertical: label, series: series)
      },
      ofTwo: { first, second throws(CommandFailure) in
        let (horizontal, vertical) = (cells(first), cells(second))
        let images = zip(columns, measures).compactMap { numbers, measure in
          CellImage(
            meansOf: numbers, x: measure.column(first.place), y: measure.column(second.place),
            masses: measure.masses, horizontal: horizontal, vertical: vertical)
        }
        guard images.count == measures.count else { throw Self.unpresentable }
        return zip(titles, images).map { .init($0, $1, as: .values, scaleLabel: label) }
      })
  }

  /// Both potentials with one mean.
  private static func balanced(_ potentials: Potentials, _ masses: [[Double]]) -> [[Double]] {
    let means = zip([potentials.source, potentials.target], masses).map { numbers, masses in
      CompensatedSum(zip(masses, numbers).map(*)).value / CompensatedSum(masses).value
    }
    let shift = (means[1] - means[0]) / 2
    return [potentials.source.map { $0 + shift }, potentials.target.map { $0 - shift }]
  }

  private static var unpresentable: CommandFailure {
    CommandFailure(
      .badData,
      "The potentials are too large to be drawn; choose other units with --scale.")
  }
}

extension CellAxis {
  /// The means of numbers in the cells of this axis alone, by mass; `nil` where they are too large.
  fileprivate func means(
    of numbers: [Double], _ measure: PhaseSpaceMeasure, _ place: Int
  ) -> [Double?]? {
    let row = CellAxis(label: "", lower: 0, upper: 1, count: 1)
    return CellImage(
      meansOf: numbers, x: measure.column(place), y: numbers.map { _ in 0.5 },
      masses: measure.masses, horizontal: self, vertical: row)?.values
  }
}

extension CoordinateNames {
  /// The unit of the cost of a metric: a power of that of the coordinates, where all that are compared have
  /// the same one, and else that of W^p as the metric states it.
  func unit(ofCostIn metric: KineticMetric, _ space: ComparedSpace) -> String {
    let compared =
      switch space {
      case .phase: positions + velocities
      case .position: positions
      case .velocity: velocities
      }
    let units = Set(compared.map(\.unit))
    guard units.count == 1, case let unit?? = units.first else { return "unit of \(metric.power)" }
    let base = unit.allSatisfy(\.isLetter) ? unit : "(\(unit))"
    return metric.exponent == 1 ? unit : "\(base)^\(plain(metric.exponent))"
  }
}
