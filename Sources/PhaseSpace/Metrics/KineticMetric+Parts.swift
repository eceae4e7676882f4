import Libc
import OptimalTransport

/// How much of a cost W^p moving positions makes, and how much moving velocities; both together are the
/// cost.
public struct CostParts: Sendable, Hashable, Codable {
  /// The part of the positions, their weight included.
  public var position: Double
  /// The part of the velocities.
  public var velocity: Double

  /// The parts of a cost.
  public init(position: Double, velocity: Double) {
    self.position = position
    self.velocity = velocity
  }
}

extension KineticMetric {
  /// The position part w_x·|Δx̂|^p and the velocity part w_v·|Δv|^p of what a plan costs.
  ///
  /// The cost is their sum for the split form and for p = 2. In a joint form with another p, the cost
  /// q^{p/2} of a pair, q = w_x·|Δx̂|² + w_v·|Δv|², is shared out in proportion to the two terms of q, so
  /// that the parts sum to the cost as well.
  ///
  /// - Complexity: O(entries of the plan).
  public func partCosts(
    _ plan: TransportPlan, from source: PhaseSpaceMeasure, to target: PhaseSpaceMeasure
  ) -> CostParts {
    var (position, velocity) = (CompensatedSum(), CompensatedSum())
    let isShared = form == .joint && exponent != 2
    for entry in 0..<plan.count {
      let (i, j) = (Int(plan.sources[entry]), Int(plan.targets[entry]))
      let squares = squares(source, i, target, j)
      let mass = plan.masses[entry]
      guard isShared else {
        position.add(mass * positionWeight * squares.position.power(exponent))
        velocity.add(mass * velocityWeight * squares.velocity.power(exponent))
        continue
      }
      let x = squares.position.weighted(positionWeight)
      let v = squares.velocity.weighted(velocityWeight)
      let cost = mass * (x + v).power(exponent)
      guard cost > 0 else { continue }
      position.add(cost * x.share(of: x + v))
      velocity.add(cost * v.share(of: x + v))
    }
    return CostParts(position: position.value, velocity: velocity.value)
  }

  /// How far apart the sheared positions and the velocities of two particles are.
  private func squares(
    _ source: PhaseSpaceMeasure, _ i: Int, _ target: PhaseSpaceMeasure, _ j: Int
  ) -> (position: SquaredNorm, velocity: SquaredNorm) {
    let (d, e) = (source.positionDimension, source.velocityDimension)
    let (n, m) = (source.count, target.count)
    let (from, to) = (source.particles.coordinates, target.particles.coordinates)
    let velocities = SquaredNorm(count: e) { k in from[(d + k) * n + i] - to[(d + k) * m + j] }
    let positions = SquaredNorm(count: d) { k in
      var (x, y) = (from[k * n + i], to[k * m + j])
      if shear != 0 {
        x += shear * from[(d + k) * n + i]
        y += shear * to[(d + k) * m + j]
      }
      let axis = source.box.axes[k]
      return axis.difference(axis.centered(x), axis.centered(y))
    }
    return (positions, velocities)
  }
}

extension TransportProblem {
  /// What rounding makes of the parts of a cost, of Φ and of the root of s = Φ(s)A + B at most, as a part of
  /// them: the rounding of a cost and a few more.
  var partRounding: Double {
    max(32 * Double.ulpOfOne, pairCosts.rounding.relativeError(besides: 16))
  }
}

/// A sum of squares, `value`·4^`unit`; the unit is 0 but where squares would leave the numbers.
private struct SquaredNorm {
  private let value: Double
  private let unit: Int

  private init(value: Double, unit: Int) {
    self.value = value
    self.unit = unit
  }

  init(count: Int, _ component: (Int) -> Double) {
    var (sum, largest) = (0.0, 0.0)
    for k in 0..<count {
      let component = component(k)
      sum += component * component
      largest = max(largest, abs(component))
    }
    guard largest > 0, largest.isFinite, !(sum.isFinite && sum > 0x1p-900) else {
      self.init(value: sum, unit: 0)
      return
    }
    let unit = largest.exponent
    let squares = (0..<count).reduce(0.0) { sum, k in
      let component = component(k).scaled(by: -unit)
      return sum + component * component
    }
    self.init(value: squares, unit: unit)
  }

  /// The norm to a power.
  func power(_ exponent: Double) -> Double {
    let power = value.power(exponent / 2)
    return unit == 0 || power == 0 ? power : power * exp2(Double(unit) * exponent)
  }

  func weighted(_ weight: Double) -> SquaredNorm { SquaredNorm(value: value * weight, unit: unit) }

  static func + (left: SquaredNorm, right: SquaredNorm) -> SquaredNorm {
    guard left.unit != right.unit, left.value > 0, right.value > 0 else {
      return SquaredNorm(
        value: left.value + right.value, unit: left.value > 0 ? left.unit : right.unit)
    }
    let unit = max(left.unit, right.unit)
    return SquaredNorm(
      value: left.value.scaled(by: 2 * (left.unit - unit))
        + right.value.scaled(by: 2 * (right.unit - unit)), unit: unit)
  }

  /// The part of a sum that this term is.
  func share(of sum: SquaredNorm) -> Double {
    (value / sum.value).scaled(by: 2 * (unit - sum.unit))
  }
}
