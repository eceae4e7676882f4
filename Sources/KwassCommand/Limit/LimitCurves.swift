import KineticTransport

/// What a study of a limit has found for each ε and each δ, as curves against the one of which there are more,
/// for each of the other.
struct LimitCurves<Report> {
  private let reports: [Report]
  private let abscissa: (name: String, value: (Report) -> Double)
  private let family: (name: String, value: (Report) -> Double)

  init(
    _ reports: [Report], _ epsilon: @escaping (Report) -> Double,
    _ width: @escaping (Report) -> Double
  ) {
    self.reports = reports
    func count(_ value: (Report) -> Double) -> Int { Set(reports.map(value)).count }
    let (first, second) = ((name: "ε", value: epsilon), (name: "δ", value: width))
    if count(width) > count(epsilon) {
      (abscissa, family) = (second, first)
    } else {
      (abscissa, family) = (first, second)
    }
  }

  /// The diagram.
  ///
  /// - Parameter curves: the curves of one of the family, from its name and what makes points of a number.
  func chart(
    title: String, vertical: String,
    _ curves: (String, ((Report) -> Double) -> [SIMD2<Double>]) -> [SeriesChart.Series]
  ) -> SeriesChart {
    var values: [Double] = []
    for value in reports.map(family.value) where !values.contains(value) { values.append(value) }
    return SeriesChart(
      title: title, horizontal: abscissa.name, vertical: vertical, isLogarithmic: true,
      isLogarithmicHorizontally: reports.allSatisfy { abscissa.value($0) > 0 },
      series: values.flatMap { value in
        let own = reports.filter { family.value($0) == value }
        return curves("\(family.name) = \(plain(value))") { number in
          own.map { SIMD2(abscissa.value($0), number($0)) }
        }
      })
  }
}
