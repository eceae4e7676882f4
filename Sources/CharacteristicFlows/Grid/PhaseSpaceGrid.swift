import OptimalTransport
import PhaseSpace

/// A density f(x, v) on a grid: one periodic position axis and one velocity axis.
///
/// Values stand at x_i = i·L/n and v_j = v_min + (j + ½)·Δv. f is normalised to ∫f = 1, and taken to
/// vanish outside of the velocities of the grid.
public struct PhaseSpaceGrid: Sendable, Equatable {
  /// The number of positions, even.
  public let positionCount: Int
  /// The number of velocities, even.
  public let velocityCount: Int
  /// The length L of the circle of positions.
  public let length: Double
  /// The velocities of the grid.
  public let velocityRange: ClosedRange<Double>
  /// f(x_i, v_j) at `values[j * positionCount + i]`.
  public package(set) var values: [Double]
  /// The physical time of the density.
  public package(set) var time: Double

  /// The distance of two positions.
  public var positionStep: Double { length / Double(positionCount) }
  /// The distance of two velocities.
  public var velocityStep: Double {
    (velocityRange.upperBound - velocityRange.lowerBound) / Double(velocityCount)
  }
  /// x_i.
  public func position(_ index: Int) -> Double { Double(index) * positionStep }
  /// v_j.
  public func velocity(_ index: Int) -> Double {
    velocityRange.lowerBound + (Double(index) + 0.5) * velocityStep
  }

  /// A grid with the values of a density, which is normalised.
  ///
  /// - Parameters:
  ///   - length: the length of the circle of positions.
  ///   - velocityRange: the velocities, periodic like the positions.
  ///   - positionCount: how many positions: even, at least 4.
  ///   - velocityCount: how many velocities: even, at least 4.
  ///   - time: the physical time.
  ///   - density: f(x, v), nonnegative, up to a factor.
  /// - Throws: `FlowError.badGrid`.
  public init(
    length: Double, velocityRange: ClosedRange<Double>, positionCount: Int, velocityCount: Int,
    time: Double = 0, density: (_ x: Double, _ v: Double) -> Double
  ) throws(FlowError) {
    try self.init(
      emptyWithLength: length, velocityRange, positionCount, velocityCount, time)
    for j in 0..<velocityCount {
      for i in 0..<positionCount {
        values[j * positionCount + i] = density(position(i), velocity(j))
      }
    }
    try normalize()
  }

  /// A grid with given values, such as those of an earlier flow, which may have fallen below 0 by what
  /// the interpolation errs. They are normalised, unless their mass is 1 but for the rounding of a
  /// flow (1e-9): then they stay as they are.
  ///
  /// - Parameters:
  ///   - length: the length of the circle of positions.
  ///   - velocityRange: the velocities, periodic like the positions.
  ///   - positionCount: how many positions: even, at least 4.
  ///   - velocityCount: how many velocities: even, at least 4.
  ///   - time: the physical time.
  ///   - values: f(x_i, v_j) at `values[j * positionCount + i]`.
  /// - Throws: `FlowError.badGrid`.
  public init(
    length: Double, velocityRange: ClosedRange<Double>, positionCount: Int, velocityCount: Int,
    time: Double = 0, values: [Double]
  ) throws(FlowError) {
    try self.init(
      emptyWithLength: length, velocityRange, positionCount, velocityCount, time)
    guard values.count == self.values.count, values.allSatisfy(\.isFinite) else {
      throw .badGrid("a finite value for each of its points")
    }
    self.values = values
    guard mass > 0, mass.isFinite else {
      throw .badGrid("a density with a positive finite integral")
    }
    if (mass - 1).magnitude > 1e-9 {
      let total = mass
      for index in self.values.indices { self.values[index] /= total }
    }
  }

  /// The particles of a measure, spread over the grid by cubic splines in both directions: a density
  /// whose moments up to the first are those of the particles.
  ///
  /// - Throws: `FlowError.badGrid`, also for particles whose velocities the grid does not hold with a
  ///   margin of two steps, and `FlowError.badBox` unless there is one periodic axis.
  /// - Complexity: O(n + grid).
  public init(
    _ measure: PhaseSpaceMeasure, velocityRange: ClosedRange<Double>, positionCount: Int,
    velocityCount: Int
  ) throws(FlowError) {
    guard measure.positionDimension == 1, measure.velocityDimension == 1,
      case .circle(let length) = measure.box.axes[0]
    else {
      throw .badBox(
        field: "phase-space grid", requirement: "one periodic position and one velocity axis")
    }
    try self.init(
      emptyWithLength: length, velocityRange, positionCount, velocityCount, measure.time ?? 0)
    let (positions, velocities) = (measure.position(0), measure.velocity(0))
    for (index, mass) in measure.masses.enumerated() {
      let x = positions[index] / positionStep
      let v = (velocities[index] - velocity(0)) / velocityStep
      guard v >= 1, v <= Double(velocityCount) - 2 else {
        throw .badGrid("velocities from the slowest particle's to the fastest's, and some beyond")
      }
      let (column, columnWeights) = Self.spline(x)
      let (row, rowWeights) = Self.spline(v)
      for b in 0..<4 {
        for a in 0..<4 {
          let i = (column + a + positionCount) % positionCount
          values[(row + b) * positionCount + i] += mass * columnWeights[a] * rowWeights[b]
        }
      }
    }
    try normalize()
  }

  private init(
    emptyWithLength length: Double, _ velocityRange: ClosedRange<Double>, _ positionCount: Int,
    _ velocityCount: Int, _ time: Double
  ) throws(FlowError) {
    for count in [positionCount, velocityCount] {
      guard 4...1 << 15 ~= count, count.isMultiple(of: 2) else {
        throw .badGrid("an even number of points on each axis, from 4 to 32768")
      }
    }
    // Steps are as positive and finite as the whole, but for the largest and the smallest numbers.
    let steps = [
      length / Double(positionCount),
      (velocityRange.upperBound - velocityRange.lowerBound) / Double(velocityCount),
    ]
    guard length.isFinite, steps.allSatisfy({ $0.isNormal && $0 > 0 }) else {
      throw .badGrid("a positive length and a range of velocities, neither tiny nor huge")
    }
    guard time.isFinite else { throw .badTime(time) }
    self.length = length
    self.velocityRange = velocityRange
    self.positionCount = positionCount
    self.velocityCount = velocityCount
    self.time = time
    values = Array(repeating: 0, count: positionCount * velocityCount)
  }

  private mutating func normalize() throws(FlowError) {
    guard values.allSatisfy({ $0 >= 0 && $0.isFinite }), mass > 0, mass.isFinite else {
      throw .badGrid("a nonnegative finite density that does not vanish everywhere")
    }
    let total = mass
    for index in values.indices { values[index] /= total }
  }

  /// The first of the four points next to a place, and the weights of the cubic B-spline there.
  private static func spline(_ place: Double) -> (first: Int, weights: [Double]) {
    let below = place.rounded(.down)
    let (d, e) = (place - below, 1 - (place - below))
    return (
      Int(below) - 1,
      [
        e * e * e / 6, (4 - 6 * d * d + 3 * d * d * d) / 6, (4 - 6 * e * e + 3 * e * e * e) / 6,
        d * d * d / 6,
      ]
    )
  }

  // MARK: Integrals

  /// ∫f.
  public var mass: Double { CompensatedSum(values).value * positionStep * velocityStep }

  /// ∫f², which the equation conserves.
  public var squareNorm: Double {
    CompensatedSum(values.lazy.map { $0 * $0 }).value * positionStep * velocityStep
  }

  /// ρ/ρ̄ at each position.
  public var relativeDensity: [Double] {
    var density = [Double](repeating: 0, count: positionCount)
    for j in 0..<velocityCount {
      for i in 0..<positionCount { density[i] += values[j * positionCount + i] }
    }
    return density.map { $0 * velocityStep * length }
  }

  /// ∫ g(v) f.
  package func moment(_ function: (Double) -> Double) -> Double {
    var sum = CompensatedSum()
    for j in 0..<velocityCount {
      let row = CompensatedSum(values[j * positionCount..<(j + 1) * positionCount]).value
      sum.add(function(velocity(j)) * row)
    }
    return sum.value * positionStep * velocityStep
  }

  /// The measure with a particle of mass f·Δx·Δv at each point where f is positive, normalised.
  ///
  /// - Throws: `FlowError.notFinite` when no value is positive or one is not finite.
  /// - Complexity: O(grid).
  public func measure() throws(FlowError) -> PhaseSpaceMeasure {
    let kept = values.indices.filter { values[$0] > 0 }
    do {
      return try PhaseSpaceMeasure(
        positions: [kept.map { position($0 % positionCount) }],
        velocities: [kept.map { velocity($0 / positionCount) }],
        masses: kept.map { values[$0] }, box: ProductDomain([.circle(length: length)]), time: time)
    } catch {
      throw .notFinite(time: time)
    }
  }
}
