import Libc
import OptimalTransport
import PhaseSpace

/// Equal masses at the quantiles of ρ, and at each of these places at the quantiles of f(x, ·).
struct QuantileCloud {
  /// The measure.
  let measure: PhaseSpaceMeasure
  /// The root mean square ways of positions and of velocities from the density to the points: how well the cloud
  /// stands for the density.
  let positionError: Double
  let velocityError: Double

  /// The cloud of a flow's density.
  ///
  /// - Parameters:
  ///   - flow: whose f it is, R⊗M for a flow of the limit equation.
  ///   - velocities: the modes whose equilibrium M is that of the limit.
  ///   - counts: how many positions, and how many velocities at each of them.
  /// - Throws: `KineticModelError`.
  /// - Complexity: O(positions·velocities of the table·modes).
  init(
    _ flow: ModeFlow, _ transport: CircleTransport, counts: (positions: Int, velocities: Int)
  ) throws(KineticModelError) {
    let places = Quantiles(counts.positions, transport.quantiles(flow.density).callAsFunction)
    let table = VelocityTable(flow.basis)
    let equilibrium = Quantiles(
      counts.velocities, table.quantiles([1.0]).callAsFunction)
    let velocities =
      flow.epsilon == 0
      ? places.points.map { _ in equilibrium.points }
      : table.quantiles(
        counts.velocities,
        of: TrigonometricInterpolant.values(
          of: (0..<flow.basis.count).map { flow.mode($0) }, at: places.points,
          length: flow.length))
    measure = try Self.measure(
      places.points, velocities, length: flow.length, time: flow.time)
    positionError = places.error
    velocityError = equilibrium.error
  }

  /// Equal masses at places and the velocities of each.
  ///
  /// - Throws: `KineticModelError.flow(.notFinite)`.
  static func measure(
    _ places: [Double], _ velocities: [[Double]], length: Double, time: Double
  ) throws(KineticModelError) -> PhaseSpaceMeasure {
    let positions = zip(places, velocities).flatMap { Array(repeating: $0, count: $1.count) }
    do {
      return try PhaseSpaceMeasure(
        positions: [positions], velocities: [Array(velocities.joined())],
        box: ProductDomain([.circle(length: length)]), time: time)
    } catch {
      throw .flow(.notFinite(time: time))
    }
  }

  /// The places of so many equal masses.
  static func points(_ count: Int, _ quantile: (Double) -> Double) -> [Double] {
    (0..<count).map { quantile((Double($0) + 0.5) / Double(count)) }
  }

  private struct Quantiles {
    let points: [Double]
    let error: Double

    init(_ count: Int, _ quantile: (Double) -> Double) {
      points = QuantileCloud.points(count, quantile)
      let parts = 16
      var sum = CompensatedSum()
      for (index, point) in points.enumerated() {
        for part in 0..<parts {
          let level = (Double(index) + (Double(part) + 0.5) / Double(parts)) / Double(count)
          let way = quantile(level) - point
          sum.add(way * way)
        }
      }
      error = (sum.value / Double(count * parts)).squareRoot()
    }
  }
}

/// The modes at equal steps of the velocity.
struct VelocityTable: Sendable {
  private let start: Double
  private let step: Double
  private let equilibrium: [Double]
  private let values: [[Double]]

  /// - Parameter count: into how many parts the velocities that matter are divided.
  init(_ basis: VelocityBasis, count: Int = 600) {
    let range = basis.velocityRange
    start = range.lowerBound
    step = (range.upperBound - range.lowerBound) / Double(count)
    let (start, step) = (start, step)
    let velocities = (0...count).map { start + Double($0) * step }
    equilibrium = velocities.map(basis.equilibrium)
    values = velocities.map { basis.values(at: $0) }
  }

  /// The quantiles of MΣc_n p_n.
  func quantiles(_ coefficients: [Double]) -> QuantileTable {
    let density = values.indices.map { index in
      var sum = 0.0
      for (coefficient, value) in zip(coefficients, values[index]) { sum += coefficient * value }
      return sum * equilibrium[index]
    }
    return QuantileTable(start: start, step: step, density: density)
  }

  /// The places of so many equal masses of each of some MΣc_n p_n.
  ///
  /// - Complexity: O(parts·modes) for each.
  func quantiles(_ count: Int, of coefficients: [[Double]]) -> [[Double]] {
    Parallel.map(count: coefficients.count, costPerItem: 1e5) { index in
      QuantileCloud.points(count, quantiles(coefficients[index]).callAsFunction)
    }
  }
}
