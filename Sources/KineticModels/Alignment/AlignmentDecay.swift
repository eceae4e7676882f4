import CharacteristicFlows
import Libc
import OptimalTransport

/// How fast agents that align under noise return to rest, f = M of the variance σ and ρ even round a circle: the rate
/// at which a small wave decays, from the modes of its velocities.
///
/// With y_n those of He_n(v/√σ)/√n! and s = κ√σ the linear equation is y_0′ = −sy_1,
/// y_n′ = s√n y_{n−1} − s√(n+1) y_{n+1} − λ(nφ̂_0 − δ_{n1}φ̂_κ)y_n, φ̂ over the length of the circle. Its slowest
/// solution is that of the nonlinear equation near rest. Theorem 7.1 of R. Shvydkoy and T. Teolis (2024), for (66), says
/// that every solution decays exponentially; the rate is proportional to σ as σ → 0.
public struct AlignmentDecay: Sendable, Codable {
  /// The rate at which amplitudes decay, the real part of the slowest eigenvalue, without its sign.
  public let rate: Double
  /// The angular frequency with which they oscillate.
  public let frequency: Double
  /// κ²σ/λ(φ̂_0 − φ̂_κ), to which the rate tends as σ → 0: velocities follow the slope of the pressure.
  public let diffusiveRate: Double

  /// The decay of a wave.
  ///
  /// - Parameters:
  ///   - kernel: φ.
  ///   - length: the length of the circle.
  ///   - strength: λ, positive.
  ///   - temperature: σ, positive.
  ///   - mode: how many waves there are round the circle.
  /// - Throws: `KineticModelError.badParameter`, or `.noConvergence` where two eigenvalues are too near to each other.
  /// - Complexity: some thousand steps of O(modes).
  public init(
    _ kernel: CommunicationKernel, length: Double = 1, strength: Double = 1, temperature: Double,
    mode: Int = 1
  ) throws(KineticModelError) {
    for (name, value) in [
      ("length", length), ("strength", strength), ("temperature", temperature),
      ("mode", Double(mode)),
    ] {
      guard value > 0, value.isFinite else {
        throw .badParameter(name: name, value: value, requirement: "positive and finite")
      }
    }
    try kernel.validate(upTo: length / 2)
    let waves = Self.transform(kernel, length, mode)
    let (friction, push) = (strength * waves.mean, strength * waves.wave)
    let speed = 2 * Double.pi * Double(mode) / length * temperature.squareRoot()
    guard friction > 0, friction.isFinite, speed <= 8 * friction else {
      throw .badParameter(
        name: "temperature", value: temperature,
        requirement:
          "so small that a thermal velocity crosses a wave in no less than an eighth of the "
          + "time of alignment")
    }
    // In units of the time of alignment.
    let ratio = speed / friction
    let found = try LinearModes(
      count: 64 + Int(8 * ratio * ratio), speed: ratio, friction: 1, push: push / friction
    ).slowest()
    (rate, frequency) = (found.0 * friction, found.1 * friction)
    diffusiveRate = speed * speed / (friction - push)
  }

  /// ∫φ dx/L and ∫φ cos κx dx/L.
  private static func transform(
    _ kernel: CommunicationKernel, _ length: Double, _ mode: Int
  ) -> (mean: Double, wave: Double) {
    let points = 1 << 14
    var (mean, wave) = (CompensatedSum(), CompensatedSum())
    for i in 0..<points {
      let value = kernel(Double(min(i, points - i)) * length / Double(points))
      mean.add(value)
      wave.add(value * cos(2 * Double.pi * Double(i * mode % points) / Double(points)))
    }
    return (mean.value / Double(points), wave.value / Double(points))
  }
}

/// The linear equation of the modes.
private struct LinearModes {
  let count: Int
  let speed: Double
  let friction: Double
  let push: Double

  private func slopes(_ y: [Double]) -> [Double] {
    y.indices.map { n in
      let lower = n > 0 ? speed * Double(n).squareRoot() * y[n - 1] : 0
      let upper = n + 1 < count ? speed * Double(n + 1).squareRoot() * y[n + 1] : 0
      return lower - upper - (friction * Double(n) - (n == 1 ? push : 0)) * y[n]
    }
  }

  /// The real part of the slowest eigenvalue, without its sign, and the imaginary part.
  ///
  /// What all solutions tend to satisfies y(t + 2τ) = a·y(t + τ) − b·y(t), with the two eigenvalues e^{τλ} as the roots of
  /// z² − az + b.
  func slowest() throws(KineticModelError) -> (Double, Double) {
    let step = 1.5 / (friction * Double(count) + 2 * speed * Double(count).squareRoot())
    let stepCount = max(1, Int((0.2 / (friction + speed) / step).rounded(.up)))
    let window = Double(stepCount) * step
    var y = [Double](repeating: 0, count: count)
    (y[0], y[1]) = (1, 0.3)
    var history: [[Double]] = []
    var before = (Double.nan, Double.nan)
    var agreements = 0
    for _ in 0..<2000 {
      for _ in 0..<stepCount { advance(&y, step) }
      history.append(y)
      guard history.count > 3 else { continue }
      if history.count > 4 { history.removeFirst() }
      let scale = y.reduce(0) { max($0, $1.magnitude) }
      let found = Self.eigenvalue(history.suffix(3).map { $0.map { $0 / scale } }, window)
      let change = max((found.0 - before.0).magnitude, (found.1 - before.1).magnitude)
      agreements = change <= 1e-8 * (friction + speed) ? agreements + 1 : 0
      if agreements == 5 { return refined(found) }
      before = found
      history = history.map { $0.map { $0 / scale } }
      y = y.map { $0 / scale }
    }
    throw .noConvergence(routine: "power iteration", status: 2000)
  }

  /// The root of the modes' continued fraction near an eigenvalue, by the secant method: what the steps in time have
  /// left of their error goes.
  private func refined(_ found: (Double, Double)) -> (Double, Double) {
    func quotient(_ a: SIMD2<Double>, _ b: SIMD2<Double>) -> SIMD2<Double> {
      SIMD2(a.x * b.x + a.y * b.y, a.y * b.x - a.x * b.y) / (b * b).sum()
    }
    // λ + s²/(λ + ν − push + 2s²/(λ + 2ν + 3s²/(λ + 3ν + …))).
    func value(_ root: SIMD2<Double>) -> SIMD2<Double> {
      var rest = SIMD2<Double>.zero
      for n in (0..<count).reversed() {
        let own = root + SIMD2(friction * Double(n) - (n == 1 ? push : 0), 0)
        rest = own + rest
        if n > 0 { rest = quotient(SIMD2(speed * speed * Double(n), 0), rest) }
      }
      return rest
    }
    var last = SIMD2(-found.0, found.1)
    var root = last + SIMD2(1e-6, found.1 == 0 ? 0 : 1e-6)
    var before = value(last)
    for _ in 0..<20 {
      let now = value(root)
      let change = now - before
      guard (change * change).sum() > 0 else { break }
      let slope = quotient(root - last, change)
      (last, before) = (root, now)
      root -= SIMD2(now.x * slope.x - now.y * slope.y, now.x * slope.y + now.y * slope.x)
    }
    return (-root.x, root.y)
  }

  private func advance(_ y: inout [Double], _ step: Double) {
    let start = y
    var slopes = y
    for part in Integrator.classicalStages {
      slopes = self.slopes(zip(start, slopes).map { $0 + part.node * step * $1 })
      for n in y.indices { y[n] += part.weight * step * slopes[n] }
    }
  }

  private static func eigenvalue(_ y: [[Double]], _ window: Double) -> (Double, Double) {
    func product(_ a: [Double], _ b: [Double]) -> Double {
      zip(a, b).reduce(0) { $0 + $1.0 * $1.1 }
    }
    let (aa, ab, bb) = (product(y[1], y[1]), product(y[0], y[1]), product(y[0], y[0]))
    let determinant = aa * bb - ab * ab
    // One real eigenvalue: both states are multiples of one.
    guard determinant > 1e-20 * aa * bb else {
      return (-log(product(y[2], y[1]) / aa) / window, 0)
    }
    let (p, q) = (product(y[2], y[1]), product(y[2], y[0]))
    let (a, b) = ((p * bb - q * ab) / determinant, -(q * aa - p * ab) / determinant)
    let discriminant = a * a / 4 - b
    if discriminant < 0 {
      return (-log(b) / 2 / window, atan2((-discriminant).squareRoot(), a / 2) / window)
    }
    return (-log(a / 2 + discriminant.squareRoot()) / window, 0)
  }
}
