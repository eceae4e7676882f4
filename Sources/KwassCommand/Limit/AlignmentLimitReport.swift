import KineticTransport

/// What a study of a limit of alignment reports for an ε and a δ.
protocol AlignmentLimitReport {
  associatedtype Row
  /// ε.
  var epsilon: Double { get }
  /// δ.
  var width: Double { get }
  /// The sampled times.
  var rows: [Row] { get }
}

extension MonokineticStudy.Report: AlignmentLimitReport {}
extension MaxwellianStudy.Report: AlignmentLimitReport {}

extension Array where Element: AlignmentLimitReport {
  /// The order at which a quantity falls from the report before with the same δ.
  func order(_ index: Int, _ value: (Element) -> Double) -> Double? {
    guard index > 0, self[index - 1].width == self[index].width else { return nil }
    let (before, now) = (self[index - 1], self[index])
    return LimitOrder.between(
      (before.epsilon, value(before)), (now.epsilon, value(now)))
  }

  /// The sampled times at which something proved fails.
  func violations(
    _ holds: (Element.Row) -> Bool
  ) -> [(report: Element, row: Element.Row)] {
    flatMap { report in report.rows.filter { !holds($0) }.map { (report, $0) } }
  }
}
