import CharacteristicFlows
import Foundation
import OptimalTransport
import PhaseSpace
import StabilityEstimates
import Testing

/// Theorem 2.1 beside the truth.
@Suite struct VlasovStudyTests {
  /// Every inequality of the theorem and its proof, for attraction and repulsion. A step that is long
  /// for the field is no excuse: the theorem holds for Strang's particles themselves.
  @Test(arguments: [0.05, 0.1, 0.2, 1, 4], [1.0, -1.0])
  func noViolation(_ curvature: Double, _ sign: Double) throws {
    let (a, b) = try pair(120, on: true)
    let field = try CosineField(curvature: sign * curvature, box: a.box)
    let flow = try coupled(a, b, field, step: 0.125, exponent: 1)
    let report = try StabilityStudy(
      flow: flow, theorem: .vlasov(curvature: curvature), times: [0.25, 0.5, 1, 2]
    ).run()
    #expect(report.violations.isEmpty, "\(report.violations)")
    #expect(report.rows.count == 5 && report.rows.allSatisfy { $0.inequalities.count == 5 })
    let first = report.rows[0]
    #expect(abs((first.sample.moment.functional ?? 0) - first.sample.distance) < 1e-13)
    #expect(abs(first.sample.moment.carriedDistance - first.sample.distance) < 1e-13)
  }

  /// A kernel that is twice as strong as it claims breaks the bound at some time.
  @Test func aWrongConstantIsSeen() throws {
    // Quadratic repulsion of strength 4 drives a pair apart like e^{2t}; claimed is .05.
    let a = try PhaseSpaceMeasure(positions: [[-1, 1]], velocities: [[0, 0]])
    let b = try PhaseSpaceMeasure(positions: [[-1.1, 1.1]], velocities: [[0, 0]])
    let field = try QuadraticField(curvature: -4)
    let flow = try coupled(a, b, field, step: 0.01, exponent: 1)
    let report = try StabilityStudy(
      flow: flow, theorem: .vlasov(curvature: 0.05), times: [1, 2]
    ).run()
    let names = Set(report.violations.map(\.inequality.name))
    #expect(names.contains("W₁ ≤ new bound") && names.contains("W₁ ≤ Dobrushin's bound"))
    #expect(names.contains("Q ≤ Q(0)·exp(⅔B((1+t)³−1))"))
    #expect((report.leastMargin?.inequality.margin ?? 1) < 1)
  }

  /// Case A with K = 0 and α = 0: W₁(t) = (1+t)|u|, and the new bound is an equality.
  @Test func equalityForAGalileanPair() throws {
    let (a, _) = try pair(60, on: false)
    let u = 0.3
    let b = try PhaseSpaceMeasure(
      positions: [a.position(0)], velocities: [a.velocity(0).map { $0 + u }], box: a.box)
    let flow = try coupled(a, b, FreeField(), step: 1, exponent: 1)
    let report = try StabilityStudy(
      flow: flow, theorem: .vlasov(curvature: 0), times: [0.5, 1, 4]
    ).run()
    #expect(report.violations.isEmpty)
    for row in report.rows {
      let t = row.sample.moment.elapsed
      #expect(abs(row.sample.distance - (1 + t) * u) < 1e-13)
      #expect(abs((row.newBound ?? 0) / row.sample.distance - 1) < 1e-12)
      #expect(abs((row.sample.moment.functional ?? 0) - u) < 1e-13)
      // Dobrushin's bound is not one.
      #expect(t == 0 || (row.olderBound ?? 0) > 1.05 * row.sample.distance)
    }
  }

  /// Q does not jump when a pair goes round the circle in different numbers of turns.
  @Test func theFunctionalIsContinuousOnTheCircle() throws {
    let (a, b) = try pair(60, on: true)
    let flow = try coupled(a, b, FreeField(), step: 1, exponent: 1)
    let report = try StabilityStudy(
      flow: flow, theorem: .vlasov(curvature: 0), times: [1, 2, 3, 4, 5]
    ).run()
    let values = report.trajectory.moments.compactMap(\.functional)
    #expect(values.count == 41 && values.allSatisfy { abs($0 - values[0]) < 1e-13 })
    #expect(report.violations.isEmpty)
  }

  @Test func badTimesAreTold() throws {
    let (a, b) = try pair(4, on: false)
    let flow = try coupled(a, b, FreeField(), step: 1, exponent: 1)
    for times in [[1, 1], [2, 1], [-1], [.nan]] as [[Double]] {
      #expect(throws: StabilityError.self) {
        try StabilityStudy(flow: flow, theorem: .vlasov(curvature: 0), times: times)
      }
    }
  }
}
