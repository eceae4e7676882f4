import Libc
import OptimalTransport

/// How a cost W^p changes with the two measures, in the coordinates in which they were given.
///
/// Coordinates are stored axis by axis: component k of particle i stands at `k * count + i`. The derivatives
/// of W are those of W^p over p·W^{p−1}.
public struct KineticGradient: Sendable {
  /// The derivatives by one of the measures.
  public struct Side: Sendable {
    /// By the positions.
    public var positions: [Double]
    /// By the velocities; empty where there are none.
    public var velocities: [Double]
    /// By the masses, shifted so that they average to 0 over the measure: for a change δa of the masses
    /// with sum 0 the cost changes by Σ masses·δa.
    public var masses: [Double]
  }

  /// The derivatives by μ.
  public let source: Side
  /// The derivatives by ν.
  public let target: Side

  /// - Returns: `nil` where a number is not finite.
  init?(source: Side, target: Side) {
    let sides = [source, target]
    guard
      sides.allSatisfy({ side in
        [side.positions, side.velocities, side.masses].allSatisfy { $0.allSatisfy(\.isFinite) }
      })
    else { return nil }
    self.source = source
    self.target = target
  }
}

extension KineticDistance {
  /// The derivatives of the cost W^p, or of the fixed point s of a nonlinear distance.
  ///
  /// By the envelope theorem neither plan nor potentials change to first order. Where a norm is not
  /// differentiable, 0 stands for its derivative; where several plans are optimal the cost has no
  /// derivative, and this is a subgradient. For a nonlinear distance s = Φ(s)A + B gives
  /// ds = (Φ(s) dA + dB)/(1 − Φ′(s)A).
  ///
  /// - Parameters:
  ///   - source: μ, as it was measured.
  ///   - target: ν, likewise.
  /// - Throws: `KineticMetricError.noDerivative` for a nonlinearity of one's own without its derivative,
  ///   `overflow` where a derivative is no number.
  /// - Complexity: O(entries of the plan).
  public func gradient(
    from source: PhaseSpaceMeasure, to target: PhaseSpaceMeasure
  ) throws(KineticMetricError) -> KineticGradient {
    let factor = fixedPoint?.positionFactor ?? 1
    var scale = 1.0
    if let nonlinearity = metric.nonlinearity, let fixedPoint, cost > 0 {
      guard let slope = nonlinearity.derivative(cost) else {
        throw .noDerivative(of: nonlinearity.summary)
      }
      let half = nonlinearity.convention == .full ? 1 : 0.5
      scale = half / (1 - half * slope * fixedPoint.positionPart)
    }
    var (first, second) = (Slopes(source), Slopes(target))
    let plan = solution.plan
    let weights = (
      position: space == .velocity ? 0 : metric.positionWeight * factor,
      velocity: space == .position ? 0 : metric.velocityWeight
    )
    for entry in 0..<plan.count {
      let (i, j) = (Int(plan.sources[entry]), Int(plan.targets[entry]))
      let (x, v) = metric.differences(source, i, target, j)
      let slopes = metric.costSlopes(position: x, velocity: v, weights: weights)
      let mass = plan.masses[entry] * scale
      first.add(slopes, mass, at: i, shear: metric.shear)
      second.add(slopes, -mass, at: j, shear: metric.shear)
    }
    let potentials = solution.potentials
    guard
      let gradient = KineticGradient(
        source: first.side(potentials.source.map { $0 * scale }, source.masses),
        target: second.side(potentials.target.map { $0 * scale }, target.masses))
    else { throw .overflow }
    return gradient
  }
}

extension EntropicKineticDistance {
  /// The derivatives of the least entropic cost OT_ε, or of the divergence where it was measured.
  ///
  /// - Parameters:
  ///   - source: μ, as it was measured.
  ///   - target: ν, likewise.
  /// - Throws: `KineticMetricError`: `solver(.cancelled)` within the work of a solver that is stopped,
  ///   `overflow` where a derivative is no number.
  /// - Complexity: O(nm) time, for the divergence O((n + m)²), O(n + m) memory.
  public func gradient(
    from source: PhaseSpaceMeasure, to target: PhaseSpaceMeasure
  ) throws(KineticMetricError) -> KineticGradient {
    let own: EntropicGradient
    do throws(SolverError) {
      own =
        if let divergence { try divergence.gradient() } else { try solution.gradient() }
    } catch {
      throw .solver(error)
    }
    guard
      let gradient = KineticGradient(
        source: metric.pulledBack(own.sourcePoints, own.sourceMasses, to: source),
        target: metric.pulledBack(own.targetPoints, own.targetMasses, to: target))
    else { throw .overflow }
    return gradient
  }
}

extension KineticMetric {
  /// The sheared difference of the positions of two particles, and that of their velocities.
  fileprivate func differences(
    _ source: PhaseSpaceMeasure, _ i: Int, _ target: PhaseSpaceMeasure, _ j: Int
  ) -> (position: [Double], velocity: [Double]) {
    let (d, e) = (source.positionDimension, source.velocityDimension)
    let (n, m) = (source.count, target.count)
    let (from, to) = (source.particles.coordinates, target.particles.coordinates)
    let positions = (0..<d).map { k in
      let axis = source.box.axes[k]
      guard shear != 0 else { return axis.difference(from[k * n + i], to[k * m + j]) }
      return axis.difference(
        axis.centered(from[k * n + i] + shear * from[(d + k) * n + i]),
        axis.centered(to[k * m + j] + shear * to[(d + k) * m + j]))
    }
    return (positions, (0..<e).map { from[(d + $0) * n + i] - to[(d + $0) * m + j] })
  }

  /// The derivatives of the cost of a unit of mass by the sheared position and by the velocity of the
  /// source particle.
  fileprivate func costSlopes(
    position: [Double], velocity: [Double], weights: (position: Double, velocity: Double)
  ) -> (position: [Double], velocity: [Double]) {
    guard costForm == .joint else {
      return (
        Self.powerSlope(position, exponent).map { weights.position * $0 },
        Self.powerSlope(velocity, exponent).map { weights.velocity * $0 }
      )
    }
    let roots = (weights.position.squareRoot(), weights.velocity.squareRoot())
    let slopes = Self.powerSlope(
      position.map { roots.0 * $0 } + velocity.map { roots.1 * $0 }, exponent)
    return (
      slopes.prefix(position.count).map { roots.0 * $0 },
      slopes.dropFirst(position.count).map { roots.1 * $0 }
    )
  }

  /// The derivative p|z|^{p−1}·z/|z| of |z|^p.
  private static func powerSlope(_ vector: [Double], _ exponent: Double) -> [Double] {
    let largest = vector.reduce(0) { max($0, abs($1)) }
    guard largest > 0 else { return vector.map { _ in 0 } }
    let ratio = vector.reduce(0) { $0 + ($1 / largest) * ($1 / largest) }.squareRoot()
    let power = exponent * pow(largest * ratio, exponent - 1)
    return vector.map { power * ($0 / largest / ratio) }
  }

  /// Derivatives by the points of a problem as such by the particles that they were made of.
  fileprivate func pulledBack(
    _ points: [Double], _ masses: [Double], to measure: PhaseSpaceMeasure
  ) -> KineticGradient.Side {
    let scales = coordinateScales()
    let count = measure.positionDimension * measure.count
    let positions = points.prefix(count).map { $0 * scales.position }
    var velocities = points.dropFirst(count).map { $0 * scales.velocity }
    if shear != 0 {
      for index in velocities.indices { velocities[index] += shear * positions[index] }
    }
    return KineticGradient.Side(positions: positions, velocities: velocities, masses: masses)
  }
}

/// Sums of slopes at the particles of a measure.
private struct Slopes {
  private let count: Int
  private var positions: [Double]
  private var velocities: [Double]

  init(_ measure: PhaseSpaceMeasure) {
    count = measure.count
    positions = Array(repeating: 0, count: count * measure.positionDimension)
    velocities = Array(repeating: 0, count: count * measure.velocityDimension)
  }

  mutating func add(
    _ slopes: (position: [Double], velocity: [Double]), _ mass: Double, at particle: Int,
    shear: Double
  ) {
    for (axis, slope) in slopes.position.enumerated() {
      positions[axis * count + particle] += mass * slope
      if shear != 0 { velocities[axis * count + particle] += mass * shear * slope }
    }
    for (axis, slope) in slopes.velocity.enumerated() {
      velocities[axis * count + particle] += mass * slope
    }
  }

  func side(_ potential: [Double], _ masses: [Double]) -> KineticGradient.Side {
    let mean = CompensatedSum(zip(potential, masses).map { $0 * $1 }).value
    return KineticGradient.Side(
      positions: positions, velocities: velocities, masses: potential.map { $0 - mean })
  }
}
