import CharacteristicFlows
import OptimalTransport
import PhaseSpace

/// A solution of Vlasov–Poisson with a small Debye length beside the kinetic incompressible Euler system,
/// its quasi-neutral limit, in dimension one: the convergence that Corollary 3.3 is about.
public struct QuasineutralLimit: Sendable {
  /// What was measured at one time.
  public struct Row: Sendable, Hashable {
    /// The time since the start.
    public let elapsed: Double
    /// W₁ between the solution and the limit, of Definition 1.1, exact.
    public let distance: Double
    /// W₁ between the filtered solution and the limit, exact.
    public let filteredDistance: Double
  }

  /// The sampled times, the start first.
  public let rows: [Row]
  /// The oscillation that was filtered out.
  public let oscillation: PlasmaOscillation

  /// sup W₁(f_ε, g) over the sampled times.
  public var distance: Double { rows.reduce(0) { max($0, $1.distance) } }
  /// sup W₁(f̃_ε, g) over the sampled times, which Corollary 3.3 says goes to 0 with ε.
  public var filteredDistance: Double { rows.reduce(0) { max($0, $1.filteredDistance) } }

  /// Follows a solution and the limit, which starts from its filtered initial state.
  ///
  /// - Parameters:
  ///   - solution: a flow of Vlasov–Poisson, at its start.
  ///   - epsilon: its ε.
  ///   - modes: the largest number of waves in the force of the limit and in the filter.
  ///   - step: the longest step of the limit, which is followed by Runge–Kutta.
  ///   - times: when both are compared, besides the start, in increasing order.
  ///   - progress: is told how far the work has come, and may stop it.
  /// - Returns: `nil` when the limit leaves the numbers: it has no solution for states with growing
  ///   waves, such as beams, but for a short time.
  /// - Throws: `StabilityError`.
  /// - Complexity: for each sampled time two transport problems.
  public init?(
    solution: CharacteristicFlow, epsilon: Double, modes: Int, step: Double, times: [Double],
    progress: ProgressHandler? = nil
  ) throws(StabilityError) {
    let oscillation = try PlasmaOscillation(
      of: solution.particles, epsilon: epsilon, modes: modes)
    self.oscillation = oscillation
    var (solution, start) = (solution, solution.time)
    var distances = (plain: DistanceSeries(exponent: 1), filtered: DistanceSeries(exponent: 1))
    func row(
      _ time: Double, _ limit: CharacteristicFlow
    ) throws(StabilityError) -> Row {
      let state = try solution.stateOrError()
      let reference = try limit.stateOrError()
      let filtered = try oscillation.filtered(state, elapsed: time - start)
      return Row(
        elapsed: time - start,
        distance: try distances.plain.solve(state, reference, progress: nil).distance,
        filteredDistance: try distances.filtered.solve(filtered, reference, progress: nil).distance)
    }
    let initial = try oscillation.filtered(try solution.stateOrError(), elapsed: 0)
    var limit: CharacteristicFlow
    do throws(FlowError) {
      limit = try CharacteristicFlow(
        measure: initial, field: IncompressibleEulerField(modes: modes, box: initial.box),
        integrator: .rungeKutta4, step: step)
    } catch {
      throw .flow(error)
    }
    var rows = [try row(start, limit)]
    for (index, time) in times.enumerated() where time != start {
      do throws(SolverError) {
        try progress.report(
          .following("the quasi-neutral limit", time: time),
          fraction: Double(index) / Double(times.count))
      } catch {
        throw .solver(error)
      }
      do throws(FlowError) {
        try limit.advance(to: time)
      } catch .notFinite {
        return nil
      } catch {
        throw .flow(error)
      }
      do throws(FlowError) {
        try solution.advance(to: time)
      } catch {
        throw .flow(error)
      }
      rows.append(try row(time, limit))
    }
    self.rows = rows
  }
}

extension CharacteristicFlow {
  /// The measure at `time`.
  fileprivate func stateOrError() throws(StabilityError) -> PhaseSpaceMeasure {
    do throws(FlowError) {
      return try measure
    } catch {
      throw .flow(error)
    }
  }
}
