import CharacteristicFlows
import OptimalTransport
import PhaseSpace

/// The true W_p between two flows at one time after the other, each solved from the solution before
/// where the solver can.
struct DistanceSeries {
  /// p.
  let exponent: Double
  /// Which coordinates are compared.
  let space: ComparedSpace
  private var previous: TransportSolution?

  init(exponent: Double, space: ComparedSpace = .phase) {
    self.exponent = exponent
    self.space = space
  }

  /// The distance now, split form (Definition 1.1), exact.
  mutating func solve(
    _ first: CharacteristicFlow, _ second: CharacteristicFlow, progress: ProgressHandler?
  ) throws(StabilityError) -> TransportSolution {
    let measures: (first: PhaseSpaceMeasure, second: PhaseSpaceMeasure)
    do throws(FlowError) {
      measures = (try first.measure, try second.measure)
    } catch {
      throw .flow(error)
    }
    return try solve(measures.first, measures.second, progress: progress)
  }

  /// The distance of two measures, split form (Definition 1.1), exact.
  mutating func solve(
    _ first: PhaseSpaceMeasure, _ second: PhaseSpaceMeasure, progress: ProgressHandler?
  ) throws(StabilityError) -> TransportSolution {
    let problem = try problem(first, second)
    do throws(SolverError) {
      let solver = AutomaticSolver()
      let solution =
        if let previous {
          try solver.solve(problem, from: previous, progress: progress)
        } else {
          try solver.solve(problem, progress: progress)
        }
      previous = solution
      return solution
    } catch {
      throw .solver(error)
    }
  }

  private func problem(
    _ first: PhaseSpaceMeasure, _ second: PhaseSpaceMeasure
  ) throws(StabilityError) -> TransportProblem {
    do throws(KineticMetricError) {
      return try KineticMetric.standard(exponent: exponent)
        .problem(from: first, to: second, space: space)
    } catch {
      throw .metric(error)
    }
  }
}
