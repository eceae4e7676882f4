import OptimalTransport
import TestSupport
import Testing

@testable import PhaseSpace

/// The cases with a known answer of the paper's metrics, on particles where they hold exactly.
@Suite struct ClosedFormTests {
  private func cloud(_ count: Int, dimension: Int, seed: UInt64) throws -> PhaseSpaceMeasure {
    try SampleFamily.gaussian.sample(count: count, dimension: dimension, seed: seed)
  }

  private func shifted(
    _ measure: PhaseSpaceMeasure, by x: [Double], _ v: [Double], box: ProductDomain? = nil
  ) throws -> PhaseSpaceMeasure {
    try PhaseSpaceMeasure(
      positions: (0..<x.count).map { k in measure.position(k).map { $0 + x[k] } },
      velocities: (0..<v.count).map { k in measure.velocity(k).map { $0 + v[k] } },
      masses: measure.masses, box: box ?? measure.box)
  }

  private func check(
    _ metric: KineticMetric, _ a: PhaseSpaceMeasure, _ b: PhaseSpaceMeasure, _ expected: Double,
    tolerance: Double = 1e-12, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let result = try metric.distance(from: a, to: b)
    #expect(
      abs(result.distance - expected) <= tolerance * max(expected, 1e-3),
      "\(metric.summary): \(result.distance) for \(expected)", sourceLocation: sourceLocation)
    #expect(
      result.distanceBounds.lower <= expected * (1 + tolerance)
        && expected * (1 - tolerance) <= result.distanceBounds.upper,
      "\(metric.summary): bracket \(result.distanceBounds)", sourceLocation: sourceLocation)
  }

  /// Case A: two clouds that differ by a shift (α, u), in every metric and for several p.
  @Test(arguments: [1, 2, 3])
  func galileanPair(dimension: Int) throws {
    let first = try cloud(60, dimension: dimension, seed: 4)
    let x = (0..<dimension).map { 0.3 - 0.5 * Double($0) }
    let v = (0..<dimension).map { -0.7 + 0.4 * Double($0) }
    let second = try shifted(first, by: x, v)
    let (alpha, u) = (
      x.reduce(0) { $0 + $1 * $1 }.squareRoot(), v.reduce(0) { $0 + $1 * $1 }.squareRoot()
    )
    let inner = zip(x, v).reduce(0) { $0 + $1.0 * $1.1 }
    for p in [1.0, 2, 3] {
      let sum = power(alpha, p) + power(u, p)
      try check(.standard(exponent: p), first, second, sum.root(p))
      try check(
        .standard(exponent: p, form: .joint), first, second,
        (alpha * alpha + u * u).squareRoot())
      try check(
        .anisotropic(positionWeight: 25, exponent: p), first, second,
        (25 * power(alpha, p) + power(u, p)).root(p))
      let (a, b, c) = (2.0, 0.9, 1.0)
      try check(
        .twisted(a: a, b: b, c: c, exponent: p), first, second,
        (a * alpha * alpha + 2 * b * inner + c * u * u).squareRoot(), tolerance: 1e-11)
      let t = 0.5
      let flown = zip(x, v).reduce(0) { $0 + power($1.0 - t * $1.1, 2) }.squareRoot()
      try check(
        .freeFlow(time: t, exponent: p), first, second, (power(flown, p) + power(u, p)).root(p),
        tolerance: 1e-11)
      let phi = try Nonlinearity.extendedLogarithmic(epsilon: 0.5)
      let s = try #require(
        try phi.root(positionPart: power(alpha, p), velocityPart: power(u, p)))
      try check(
        KineticMetric(exponent: p, nonlinearity: phi), first, second, s.root(p), tolerance: 1e-11)
    }
  }

  /// Case B: the cold plasma against the uniform state at rest; the optimal plan keeps y, so the
  /// lattice of y gives the figures up to the lattice sum, which is exact for trigonometric squares.
  @Test(arguments: [0.0, 0.3, 1.1, 2.5])
  func coldPlasma(phase: Double) throws {
    let (a, epsilon, n) = (0.05, 0.2, 400)
    let wave = try SampleFamily.coldWave.sample(
      count: n, seed: 1, isQuiet: true,
      parameters: ["amplitude": a, "epsilon": epsilon, "time": phase * epsilon])
    let rest = try SampleFamily.coldWave.sample(
      count: n, seed: 1, isQuiet: true, parameters: ["amplitude": 0])
    let (c, s) = (cosine(phase), sine(phase))
    let half = a * a / 2
    try check(
      .standard(), wave, rest, (half * (c * c + s * s / (epsilon * epsilon))).squareRoot(),
      tolerance: 1e-11)
    try check(
      .anisotropic(positionWeight: 1 / (epsilon * epsilon)), wave, rest,
      a / (2.0.squareRoot() * epsilon), tolerance: 1e-11)
    let (ta, tb, tc) = (2.0, 0.5, 1.0)
    let form = ta * c * c - 2 * tb * c * s / epsilon + tc * s * s / (epsilon * epsilon)
    try check(
      .twisted(a: ta, b: tb, c: tc), wave, rest, (half * form).squareRoot(), tolerance: 1e-11)
    // The mean of |sin| over a lattice of n points is within 3/n² of 2/π.
    try check(
      .standard(exponent: 1), wave, rest, 2 * a / .pi * (abs(c) + abs(s) / epsilon),
      tolerance: 3e-5)
  }

  /// Case E, the positions alone: a quiet density wave against a quiet uniform state. The error of
  /// the lattice is of second order.
  @Test func densityWave() throws {
    let delta = 0.5
    let wave = try SampleFamily.densityWave.sample(
      count: 2000, seed: 3, isQuiet: true, parameters: ["amplitude": delta])
    let flat = try SampleFamily.densityWave.sample(
      count: 2000, seed: 3, isQuiet: true, parameters: ["amplitude": 0])
    let first = try KineticMetric.standard(exponent: 1).distance(
      from: wave, to: flat, space: .position)
    #expect(first.solution.method == "circle")
    #expect(abs(first.distance - delta / (Double.pi * Double.pi)) < 1e-6)
    let second = try KineticMetric.standard(exponent: 2).distance(
      from: wave, to: flat, space: .position)
    #expect(abs(second.distance - delta / (2 * 2.0.squareRoot() * .pi)) < 1e-6)
    // The velocities are the same particle by particle, so phase space gives no more than that, and
    // the marginal no less.
    let phase = try KineticMetric.standard(exponent: 2).distance(from: wave, to: flat)
    #expect(abs(phase.distance - second.distance) < 1e-6)
  }

  /// Case F: a boost of velocities, periodic in x.
  @Test func boost() throws {
    let first = try SampleFamily.maxwellian.sample(count: 80, dimension: 2, seed: 9)
    let u = [0.3, -0.4]
    let second = try shifted(first, by: [0, 0], u, box: first.box)
    // Particle by particle the shift costs |u|, and no plan can be cheaper: the means differ by u.
    try check(.standard(), first, second, 0.5)
    try check(.standard(exponent: 1), first, second, 0.5)
  }

  /// Free transport keeps W̃_t: particles moved by tv and compared at time t are as far apart as at
  /// the start, to rounding, on the torus too.
  @Test func freeTransportKeepsTheShiftedDistance() throws {
    let first = try SampleFamily.maxwellian.sample(count: 70, dimension: 2, seed: 1)
    let second = try SampleFamily.densityWave.sample(count: 90, dimension: 2, seed: 2)
    let start = try KineticMetric.freeFlow(time: 0).distance(from: first, to: second).distance
    for t in [0.3, 1.7, 12.0] {
      let moved = try [first, second].map { measure in
        try PhaseSpaceMeasure(
          positions: (0..<2).map { k in
            zip(measure.position(k), measure.velocity(k)).map { $0 + t * $1 }
          }, velocities: (0..<2).map { measure.velocity($0) }, box: measure.box)
      }
      let later = try KineticMetric.freeFlow(time: t).distance(from: moved[0], to: moved[1])
      #expect(abs(later.distance - start) < 1e-13 * (1 + t))
    }
  }
}
