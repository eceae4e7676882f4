import CharacteristicFlows
import Libc
import OptimalTransport

/// Agents on a circle with strong local alignment and noise, by their density f in phase space:
/// ∂tf + v∂xf = λ∂v((ρ_φv − (uρ)_φ)f) + (1/ε)∂v((v − u_δ)f + ∂vf), u_δ = ((uρ)_δ/ρ_δ)_δ.
///
/// f = MΣc_n(t, x)He_n(v)/√n! with the Maxwellian M of the variance 1 about 0; in x trigonometric interpolation; in
/// time Runge–Kutta of order 4, whose steps are of the order of ε over the number of modes. As ε → 0, f tends to the
/// Maxwellian about the velocity of an `AlignedFluid`. Source: (29), (34) and (58) of R. Shvydkoy and T. Teolis (2024),
/// as for `CommunicationKernel`.
public struct MaxwellianAlignmentFlow: Sendable {
  /// ε.
  public let epsilon: Double
  /// δ, the width of the Gaussian by which the local velocity is averaged; 0 for the velocity itself.
  public let width: Double
  /// φ.
  public let kernel: CommunicationKernel
  /// λ.
  public let strength: Double
  /// The number of modes in v.
  public let modeCount: Int
  /// The length of the circle.
  public let length: Double
  /// The physical time now, 0 at the start.
  public private(set) var time = 0.0

  /// c_n at point i stands at `[n * points + i]`.
  private var coefficients: [Double]
  private let points: Int
  private let derivative: CirculantMap
  private let average: CirculantMap
  private let local: CirculantMap?
  /// √n.
  private let roots: [Double]
  private let start: FluidState

  /// A flow that starts from the Maxwellian of a density and a velocity.
  ///
  /// - Parameters:
  ///   - state: ρ and u at the start.
  ///   - kernel: φ.
  ///   - strength: λ, 0 or more.
  ///   - epsilon: ε, positive.
  ///   - width: δ, 0 or at least two distances of points.
  ///   - modeCount: the number of modes in v, from 8 to 128.
  /// - Throws: `KineticModelError.badParameter`.
  public init(
    _ state: FluidState, kernel: CommunicationKernel, strength: Double, epsilon: Double,
    width: Double = 0, modeCount: Int = 32
  ) throws(KineticModelError) {
    guard epsilon > 0, epsilon.isFinite, (1 / epsilon).isFinite else {
      throw .badParameter(name: "epsilon", value: epsilon, requirement: "positive")
    }
    guard strength >= 0, strength.isFinite else {
      throw .badParameter(name: "strength", value: strength, requirement: "finite, and 0 or more")
    }
    guard width == 0 || (width >= 2 * state.step && width <= state.length / 8) else {
      throw .badParameter(
        name: "delta", value: width,
        requirement: "0, or from \(2 * state.step), two distances of points, to \(state.length / 8)"
      )
    }
    guard 8...128 ~= modeCount else {
      throw .badParameter(name: "modes", value: Double(modeCount), requirement: "from 8 to 128")
    }
    try kernel.validate(upTo: state.length / 2)
    self.epsilon = epsilon
    self.width = width
    self.kernel = kernel
    self.strength = strength
    self.modeCount = modeCount
    start = state
    length = state.length
    let points = state.densities.count
    self.points = points
    derivative = .derivative(count: points, length: length)
    average = .average(kernel, count: points, length: length)
    // u_δ does not depend on a factor of the Gaussian in its first average; the second one has the integral 1.
    local =
      width > 0
      ? .average(try .gaussian(width: width), count: points, length: length) : nil
    let roots = (0...modeCount).map { Double($0).squareRoot() }
    self.roots = roots
    // The modes of ρ·N(u, 1): ρuⁿ/√n!.
    coefficients = state.densities
    let velocities = state.velocities
    for n in 1..<modeCount {
      for i in 0..<points {
        coefficients.append(coefficients[(n - 1) * points + i] * velocities[i] / roots[n])
      }
    }
  }

  /// Mass and momentum now.
  public var state: FluidState {
    var result = start
    result.densities = Array(coefficients[..<points])
    result.momenta = Array(coefficients[points..<2 * points])
    return result
  }

  /// c_0, c_1, … at the points.
  var modes: [[Double]] {
    (0..<modeCount).map { Array(coefficients[$0 * points..<($0 + 1) * points]) }
  }

  /// ∫x-, xv- and vv-moments of f about the middle of the circle, for densities that vanish at its end.
  public var secondMoments: (xx: Double, xv: Double, vv: Double) {
    var result = (xx: 0.0, xv: 0.0, vv: 0.0)
    let step = length / Double(points)
    for i in 0..<points {
      let x = Double(i) * step - length / 2
      let (zeroth, first) = (coefficients[i], coefficients[points + i])
      result.xx += step * x * x * zeroth
      result.xv += step * x * first
      result.vv += step * (2.0.squareRoot() * coefficients[2 * points + i] + zeroth)
    }
    return result
  }

  /// Follows f to a later time.
  ///
  /// - Throws: `KineticModelError.badParameter` where points or modes no longer show it.
  /// - Complexity: O(modes · points²) for each step; these are of the order of ε/modes.
  public mutating func advance(to target: Double) throws(KineticModelError) {
    guard target >= time, target.isFinite else {
      throw .badParameter(name: "time", value: target, requirement: "\(time) or later")
    }
    let wave = 2 * Double.pi / length * Double(points / 3)
    let highest = Double(modeCount)
    let rate =
      highest * (1 / epsilon + strength * kernel(0)) + 2 * highest.squareRoot() * wave
    // Stable up to 2.78 on the negative and 2.82 on the imaginary axis.
    let count = max(1, ((target - time) * rate / 2.2).rounded(.up))
    guard count <= 1e7 else {
      throw .badParameter(
        name: "epsilon", value: epsilon,
        requirement: "larger: \(count.twoDigits) steps are too many")
    }
    let length = (target - time) / count
    var slopes = [Double](repeating: 0, count: coefficients.count)
    for _ in 0..<Int(count) {
      let first = coefficients
      var stage = coefficients
      for part in Integrator.classicalStages {
        if part.node > 0 {
          for index in stage.indices {
            stage[index] = first[index] + part.node * length * slopes[index]
          }
        }
        write(stage, to: &slopes)
        for index in slopes.indices { coefficients[index] += part.weight * length * slopes[index] }
      }
    }
    time = target
    try state.checkResolution(at: time)
    let tail = coefficients[(modeCount - 2) * points..<modeCount * points]
      .reduce(0) { max($0, $1.magnitude) }
    let largest = coefficients[..<points].reduce(0, max)
    guard tail <= 1e-6 * largest else {
      throw .badParameter(
        name: "modes", value: highest,
        requirement:
          "more: by the time \(time) the last ones are \((tail / largest).twoDigits) of the "
          + "density, above 1e-6")
    }
  }

  /// ∂tc for given c.
  private func write(_ c: [Double], to slopes: inout [Double]) {
    let now = FluidState(length: length, Array(c[..<points]), Array(c[points..<2 * points]))
    let heard = average(now.densities)
    let push = average(now.momenta)
    let velocities = localVelocities(now)
    // v·f, by its modes.
    var flux = [Double](repeating: 0, count: c.count)
    for n in 0..<modeCount {
      for i in 0..<points {
        let index = n * points + i
        let lower = n > 0 ? roots[n] * c[index - points] : 0
        let upper = n + 1 < modeCount ? roots[n + 1] * c[index + points] : 0
        flux[index] = lower + upper
        let second = n > 1 ? roots[n] * roots[n - 1] * c[index - 2 * points] : 0
        slopes[index] =
          (velocities[i] * lower - Double(n) * c[index]) / epsilon
          + strength * (push[i] * lower - heard[i] * (Double(n) * c[index] + second))
      }
    }
    derivative.add(-1, flux, to: &slopes)
  }

  private func localVelocities(_ state: FluidState) -> [Double] {
    guard let local else { return state.velocities }
    let average = FluidState(length: length, local(state.densities), local(state.momenta))
    let integral = local(Array(repeating: 1, count: points))[0]
    return local(average.velocities).map { $0 / integral }
  }

  /// H(f|μ) = ∫∫f log(f/μ) for the Maxwellian μ about the velocity of a fluid with the same points, by the trapezoidal
  /// rule in v.
  ///
  /// - Complexity: O(modes · points · velocities).
  public func relativeEntropy(to fluid: FluidState) -> Double {
    let (densities, velocities) = (fluid.densities, fluid.velocities)
    let speed = velocities.reduce(0) { max($0, $1.magnitude) }
    // No modes reach further.
    let (limit, step) = (min(7 + speed, 40), 0.05)
    let count = Int((2 * limit / step).rounded(.up))
    let rows = Parallel.map(count: count + 1, costPerItem: 5 * Double(coefficients.count)) { row in
      let v = -limit + Double(row) * step
      var polynomials = [1, v]
      for n in 1..<modeCount - 1 {
        polynomials.append((v * polynomials[n] - roots[n] * polynomials[n - 1]) / roots[n + 1])
      }
      var sum = CompensatedSum()
      for i in 0..<points {
        var ratio = 0.0
        for n in 0..<modeCount { ratio += coefficients[n * points + i] * polynomials[n] }
        let weight = exp(-v * v / 2) / (2 * Double.pi).squareRoot()
        let (f, w) = (ratio * weight, v - velocities[i])
        let other = densities[i] * exp(-w * w / 2) / (2 * Double.pi).squareRoot()
        // Each term is 0 or more, and 0 where both agree: nothing cancels.
        if f > 0, other > 0 { sum.add(f * log(f / other) - f + other) } else { sum.add(other) }
      }
      return sum.value
    }
    return CompensatedSum(rows).value * step * length / Double(points)
  }
}
