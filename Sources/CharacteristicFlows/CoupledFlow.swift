import OptimalTransport
import PhaseSpace

/// Two measures carried along the characteristics of their own fields, and a plan between them
/// carried along: mass that moved from particle i to particle j at the start still does.
///
/// The carried plan π_t = (Φ₁(t) × Φ₂(t))_# π₀ is a coupling of the two solutions at each time, so its
/// cost bounds their distance from above.
public struct CoupledFlow: Sendable {
  /// The flow of the sources of the plan.
  public private(set) var first: CharacteristicFlow
  /// The flow of the targets of the plan.
  public private(set) var second: CharacteristicFlow
  /// The plan, by the indices of the particles.
  public let plan: TransportPlan

  /// How many turns round each periodic axis the lifts of a pair were apart at the start; the
  /// nearest image counts as none. Entry e of axis k stands at `turns[k * plan.count + e]`.
  public let turns: [Double]

  /// Two flows with a coupling of their measures.
  ///
  /// - Parameters:
  ///   - first: the flow of the sources of the plan.
  ///   - second: the flow of its targets.
  ///   - plan: the coupling, by the indices of the particles.
  ///   - turns: those of the coupled flow that is resumed; `nil` for one that begins here.
  /// - Throws: `FlowError` unless both are of the same time and box and the plan's entries name
  ///   particles of theirs, with marginals that agree to 1e-9.
  /// - Complexity: O(n + m + entries).
  public init(
    first: CharacteristicFlow, second: CharacteristicFlow, plan: TransportPlan,
    turns: [Double]? = nil
  ) throws(FlowError) {
    guard first.particles.box == second.particles.box else { throw .boxesDiffer }
    guard first.time == second.time else {
      throw .timesDiffer(first: first.time, second: second.time)
    }
    let (n, m) = (first.particles.count, second.particles.count)
    guard plan.sources.allSatisfy({ 0..<n ~= Int($0) }),
      plan.targets.allSatisfy({ 0..<m ~= Int($0) }),
      Self.agree(plan.sourceMarginal(count: n), first.particles.masses),
      Self.agree(plan.targetMarginal(count: m), second.particles.masses)
    else { throw .planMismatch(sources: n, targets: m) }
    let dimension = first.particles.dimension
    guard turns.map({ $0.count == dimension * plan.count && $0.allSatisfy(\.isFinite) }) ?? true
    else { throw .planMismatch(sources: n, targets: m) }
    self.first = first
    self.second = second
    self.plan = plan
    if let turns {
      self.turns = turns
      return
    }
    self.turns = (0..<dimension).flatMap { axis -> [Double] in
      let length = first.particles.box.axes[axis].length
      let (x, y) = (first.particles.position(axis), second.particles.position(axis))
      return (0..<plan.count).map { entry in
        guard length.isFinite else { return 0 }
        let difference =
          x[Int(plan.sources[entry])] - y[Int(plan.targets[entry])]
        return (difference / length).rounded()
      }
    }
  }

  private static func agree(_ marginal: [Double], _ masses: [Double]) -> Bool {
    zip(marginal, masses).allSatisfy { ($0 - $1).magnitude <= 1e-9 }
  }

  /// The physical time now.
  public var time: Double { first.time }

  /// Carries both measures, and with them the plan, to a time.
  ///
  /// - Throws: `FlowError`.
  public mutating func advance(to time: Double) throws(FlowError) {
    try first.advance(to: time)
    try second.advance(to: time)
  }

  /// Carries both measures to a time with the step control of `CharacteristicFlow`, each to half of a
  /// tolerance: by the triangle inequality their W_p is then off by at most the sum of both errors.
  ///
  /// - Returns: the sum of both errors, and the longest step.
  /// - Throws: `FlowError`.
  @discardableResult
  public mutating func advance(
    to time: Double, tolerance: Double, exponent: Double = 2
  ) throws(FlowError) -> StepControl {
    let parts = (
      try first.advance(to: time, tolerance: tolerance / 2, exponent: exponent),
      try second.advance(to: time, tolerance: tolerance / 2, exponent: exponent)
    )
    return StepControl(
      error: parts.0.error + parts.1.error, step: max(parts.0.step, parts.1.step))
  }

  /// X₁ − X₂ on one axis for each entry of the plan, continuous in time: the nearest image at the
  /// start, and from there without wrapping.
  ///
  /// - Complexity: O(entries).
  public func liftedPositionDifferences(_ axis: Int) -> [Double] {
    let length = first.particles.box.axes[axis].length
    let base = axis * plan.count
    return differences(first.particles.position(axis), second.particles.position(axis)).enumerated()
      .map { entry, difference in
        length.isFinite ? difference - turns[base + entry] * length : difference
      }
  }

  /// X₁ − X₂ on one axis for each entry of the plan, the nearest image on a periodic axis.
  ///
  /// - Complexity: O(entries).
  public func positionDifferences(_ axis: Int) -> [Double] {
    let box = first.particles.box.axes[axis]
    return differences(first.particles.position(axis), second.particles.position(axis))
      .map { box.difference($0, 0) }
  }

  /// V₁ − V₂ on one axis for each entry of the plan.
  ///
  /// - Complexity: O(entries).
  public func velocityDifferences(_ axis: Int) -> [Double] {
    differences(first.particles.velocity(axis), second.particles.velocity(axis))
  }

  private func differences(_ x: [Double], _ y: [Double]) -> [Double] {
    (0..<plan.count).map { entry in
      x[Int(plan.sources[entry])] - y[Int(plan.targets[entry])]
    }
  }
}
