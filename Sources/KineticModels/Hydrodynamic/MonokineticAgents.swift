import CharacteristicFlows
import OptimalTransport
import PhaseSpace

/// The limit of strong local alignment on a circle: agents with one velocity at each place, ρ and u of the
/// pressureless Euler alignment system, followed until two of them would meet.
///
/// Agents keep their order as long as u is smooth; where two meet, a place has two velocities, and there is no
/// limit any more. Source: (28) of R. Shvydkoy and T. Teolis (2024), as for `CommunicationKernel`.
public struct MonokineticAgents: Sendable {
  private var flow: CharacteristicFlow
  /// The agents in the order of their places.
  private let order: [Int]

  /// The agents of a measure, each of which has the velocity of its place.
  ///
  /// - Parameters:
  ///   - measure: the agents, on a circle.
  ///   - alignment: how they align.
  ///   - step: no step will be longer.
  /// - Throws: `KineticModelError`: in particular `.shock` where two agents share a place with two velocities.
  public init(
    measure: PhaseSpaceMeasure, alignment: AlignmentField, step: Double
  ) throws(KineticModelError) {
    guard measure.box.dimension == 1, measure.box.axes[0].isPeriodic else {
      throw .flow(.badBox(field: "the monokinetic limit", requirement: "one periodic axis"))
    }
    do throws(FlowError) {
      flow = try CharacteristicFlow(
        measure: measure, field: alignment, integrator: .rungeKutta4, step: step)
    } catch {
      throw .flow(error)
    }
    let places = flow.particles.positions
    order = places.indices.sorted { places[$0] < places[$1] }
    guard gaps.allSatisfy({ $0 > 0 }) else { throw .shock(time: flow.time) }
  }

  /// The agents at `time`, positions as lifts.
  public var particles: ParticleState { flow.particles }
  /// The physical time now.
  public var time: Double { flow.time }
  /// The measure of the agents now.
  ///
  /// - Throws: `FlowError.notFinite`.
  public var measure: PhaseSpaceMeasure { get throws(FlowError) { try flow.measure } }

  /// From each agent to the next one round the circle.
  private var gaps: [Double] {
    let places = flow.particles.positions
    let length = flow.particles.box.axes[0].length
    return order.indices.map { rank in
      rank + 1 < order.count
        ? places[order[rank + 1]] - places[order[rank]]
        : places[order[0]] + length - places[order[rank]]
    }
  }

  /// Follows the agents to a later time.
  ///
  /// - Throws: `KineticModelError`, in particular `.shock` with the time at which the first two agents meet, found
  ///   by interpolation within a step.
  public mutating func advance(to target: Double) throws(KineticModelError) {
    let start = time
    let steps: Int
    do throws(FlowError) {
      steps = try flow.stepCount(to: target)
    } catch {
      throw .flow(error)
    }
    for index in 0..<steps {
      let (before, earlier) = (gaps, time)
      let end = start + Double(index + 1) * (target - start) / Double(steps)
      do throws(FlowError) {
        try flow.advance(to: index == steps - 1 ? target : end)
      } catch {
        throw .flow(error)
      }
      let meetings = zip(before, gaps).filter { $0.1 <= 0 }.map { $0.0 / ($0.0 - $0.1) }
      if let first = meetings.min() { throw .shock(time: earlier + first * (time - earlier)) }
    }
  }
}
