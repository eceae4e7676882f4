import OptimalTransport
import PhaseSpace

extension KineticMetric {
  /// The solved transport problem of two measures in the split form.
  ///
  /// - Parameters:
  ///   - exponent: p of W_p.
  ///   - positionWeight: λ of positions.
  ///   - previous: the solution of a problem of the same size that is near to this one, to start from.
  ///   - progress: is told how far the work has come, and may stop it.
  /// - Throws: `KineticModelError.metric` or `.solver`.
  static func solution(
    exponent: Double, positionWeight: Double = 1, from first: PhaseSpaceMeasure,
    to second: PhaseSpaceMeasure, space: ComparedSpace = .phase,
    after previous: TransportSolution? = nil, progress: ProgressHandler? = nil
  ) throws(KineticModelError) -> TransportSolution {
    let problem: TransportProblem
    do throws(KineticMetricError) {
      problem = try KineticMetric(exponent: exponent, positionWeight: positionWeight)
        .problem(from: first, to: second, space: space)
    } catch {
      throw .metric(error)
    }
    do throws(SolverError) {
      let solver = AutomaticSolver()
      guard let previous else { return try solver.solve(problem, progress: progress) }
      return try solver.solve(problem, from: previous, progress: progress)
    } catch {
      throw .solver(error)
    }
  }
}

extension Optional where Wrapped == ProgressHandler {
  /// Reports what is followed and how far it has come.
  ///
  /// - Throws: `KineticModelError.solver` when the handler says to stop.
  func follows(
    _ what: String, time: Double, fraction: Double = 0
  ) throws(KineticModelError) {
    do throws(SolverError) {
      try report(.following(what, time: time), fraction: fraction)
    } catch {
      throw .solver(error)
    }
  }
}
