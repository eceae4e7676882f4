import CharacteristicFlows
import OptimalTransport
import PhaseSpace

/// Agents that align, with a fixed rule or with a strength that is carried along.
public enum AgentFlow: Sendable {
  /// By an `AlignmentField`.
  case fixed(CharacteristicFlow)
  /// By the s- or the w-model.
  case adaptive(AdaptiveFlow)

  /// The agents at `time`, positions as lifts.
  public var particles: ParticleState {
    switch self {
    case .fixed(let flow): flow.particles
    case .adaptive(let flow): flow.particles
    }
  }

  /// The physical time now.
  public var time: Double {
    switch self {
    case .fixed(let flow): flow.time
    case .adaptive(let flow): flow.time
    }
  }

  /// What the agents do, in a phrase.
  public var name: String {
    switch self {
    case .fixed(let flow): flow.field.name
    case .adaptive(let flow): flow.name
    }
  }

  /// Follows the agents to a later time.
  ///
  /// - Throws: `KineticModelError`.
  public mutating func advance(to time: Double) throws(KineticModelError) {
    switch self {
    case .fixed(var flow):
      do throws(FlowError) {
        try flow.advance(to: time)
      } catch {
        throw .flow(error)
      }
      self = .fixed(flow)
    case .adaptive(var flow):
      try flow.advance(to: time)
      self = .adaptive(flow)
    }
  }

  /// The measure of the agents at `time`, positions wrapped into the box.
  ///
  /// - Throws: `KineticModelError.flow`.
  public var measure: PhaseSpaceMeasure {
    get throws(KineticModelError) {
      do throws(FlowError) {
        return try particles.measure(at: time)
      } catch {
        throw .flow(error)
      }
    }
  }

  /// The strength s at places, coordinate k of place i at `places[k * n + i]`; `nil` for a field that has
  /// none, or always the same.
  ///
  /// - Throws: `KineticModelError`.
  /// - Complexity: O(places · agents).
  public func strengths(at places: [Double]) throws(KineticModelError) -> [Double]? {
    switch self {
    case .adaptive(let flow): return try flow.strengths(at: places)
    case .fixed(let flow):
      guard let field = flow.field as? AlignmentField, field.model == .cuckerSmale else {
        return nil
      }
      return AlignmentAverages(field.kernel, of: flow.particles, at: places).densities
    }
  }
}
