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

  /// Into how many parts the velocities that matter are divided for the quantiles.
  private static let velocityCount = 600

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
    let table = VelocityTable(flow.basis, count: Self.velocityCount)
    let isEquilibrium = flow.epsilon == 0
    let equilibrium = Quantiles(
      counts.velocities, table.quantiles([1.0]).callAsFunction)
    let coefficients =
      isEquilibrium
      ? [] : flow.coefficients(at: places.points)
    let velocities = Parallel.map(count: counts.positions, costPerItem: 1e5) { index in
      isEquilibrium
        ? equilibrium.points
        : Self.points(counts.velocities, table.quantiles(coefficients[index]).callAsFunction)
    }
    let positions = places.points.flatMap { Array(repeating: $0, count: counts.velocities) }
    do {
      measure = try PhaseSpaceMeasure(
        positions: [positions], velocities: [Array(velocities.joined())],
        box: ProductDomain([.circle(length: flow.length)]), time: flow.time)
    } catch {
      throw .flow(.notFinite(time: flow.time))
    }
    positionError = places.error
    velocityError = equilibrium.error
  }

  private static func points(_ count: Int, _ quantile: (Double) -> Double) -> [Double] {
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
private struct VelocityTable: Sendable {
  private let start: Double
  private let step: Double
  private let equilibrium: [Double]
  private let values: [[Double]]

  init(_ basis: VelocityBasis, count: Int) {
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
}

extension ModeFlow {
  /// c_0, c_1, … at places between the points, by the trigonometric interpolants.
  ///
  /// - Complexity: O(places·n·modes).
  func coefficients(at places: [Double]) -> [[Double]] {
    let n = positionCount
    let lines = (0..<basis.count).map { mode($0) }
    return places.map { place in
      let weights = (0..<n).map { i -> Double in
        let angle = Double.pi * (place / length - Double(i) / Double(n))
        let (top, bottom) = (sin(Double(n) * angle), tan(angle))
        // Where the two meet the weight is 1.
        return bottom.magnitude < 1e-12 ? 1 : top / (Double(n) * bottom)
      }
      return lines.map { line in zip(weights, line).reduce(0) { $0 + $1.0 * $1.1 } }
    }
  }
}
