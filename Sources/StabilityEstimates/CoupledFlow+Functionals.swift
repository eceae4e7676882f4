import CharacteristicFlows
import OptimalTransport
import PhaseSpace

extension CoupledFlow {
  /// Two flows with an optimal coupling of their measures, for W_p of Definition 1.1.
  ///
  /// - Throws: `StabilityError`.
  public static func optimal(
    first: CharacteristicFlow, second: CharacteristicFlow, exponent: Double,
    progress: ProgressHandler? = nil
  ) throws(StabilityError) -> CoupledFlow {
    guard first.particles.box == second.particles.box else { throw .flow(.boxesDiffer) }
    var distances = DistanceSeries(exponent: exponent)
    let solution = try distances.solve(first, second, progress: progress)
    do throws(FlowError) {
      return try CoupledFlow(first: first, second: second, plan: solution.plan)
    } catch {
      throw .flow(error)
    }
  }

  /// ∫|X₁−X₂|^p dπ and ∫|V₁−V₂|^p dπ of the carried plan, with nearest images.
  ///
  /// Their sum is an upper bound of W_p^p.
  ///
  /// - Complexity: O(entries).
  public func carriedParts(exponent: Double) -> (position: Double, velocity: Double) {
    let axes = 0..<first.particles.dimension
    return (
      moment(axes.map { positionDifferences($0) }, exponent),
      moment(axes.map { velocityDifferences($0) }, exponent)
    )
  }

  /// Q(t) of Theorem 2.1, ∫|(X₁−tV₁)−(X₂−tV₂)| + |V₁−V₂| dπ. On a torus the position differences are
  /// followed without wrapping, so that Q is continuous in t.
  ///
  /// - Parameter elapsed: t, counted from the start.
  /// - Complexity: O(entries).
  public func freeFlowFunctional(elapsed: Double) -> Double {
    let axes = 0..<first.particles.dimension
    let velocities = axes.map { velocityDifferences($0) }
    let shifted = axes.map { axis in
      zip(liftedPositionDifferences(axis), velocities[axis]).map { $0 - elapsed * $1 }
    }
    return moment(shifted, 1) + moment(velocities, 1)
  }

  /// Q(t) of Theorem 3.1: the root of Q = ½(ε⁻²|log Q|·∫|X₁−X₂|²dπ + ∫|V₁−V₂|²dπ), the convention
  /// `.halved` of `Nonlinearity`.
  ///
  /// - Returns: `nil` where there is no root in (0, 1), which is so when ½∫|V₁−V₂|²dπ ≥ 1
  ///   (Remark 3.8).
  /// - Throws: `StabilityError` unless ε is positive and finite.
  /// - Complexity: O(entries).
  public func logarithmicFunctional(epsilon: Double) throws(StabilityError) -> Double? {
    let parts = carriedParts(exponent: 2)
    do throws(KineticMetricError) {
      return try Nonlinearity.logarithmic(epsilon: epsilon, convention: .halved)
        .root(positionPart: parts.position, velocityPart: parts.velocity)
    } catch {
      throw .metric(error)
    }
  }

  /// The largest absolute coordinate, to which rounding errors are relative.
  var scale: Double {
    [first, second].reduce(0) { largest, flow in
      let positions = flow.particles.positions.reduce(largest) { max($0, $1.magnitude) }
      return flow.particles.velocities.reduce(positions) { max($0, $1.magnitude) }
    }
  }

  /// ∫|z|^p dπ of vectors with one array for each axis.
  private func moment(_ differences: [[Double]], _ exponent: Double) -> Double {
    let largest = differences.joined().reduce(0) { max($0, $1.magnitude) }
    guard largest > 0, largest.isFinite else { return largest }
    // In a unit near the largest, no square overflows; a power of two changes no bit.
    let unit = Double(sign: .plus, exponent: largest.exponent, significand: 1)
    var sum = CompensatedSum()
    for entry in 0..<plan.count {
      var squares = 0.0
      for axis in differences { squares += (axis[entry] / unit) * (axis[entry] / unit) }
      sum.add(plan.masses[entry] * (exponent == 2 ? squares : squares.power(exponent / 2)))
    }
    return sum.value * unit.power(exponent)
  }
}
