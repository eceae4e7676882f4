import Foundation
import KineticTransport

extension ModelsSuite {
  /// How the law of a step converges, beside that of BAOAB (B. Leimkuhler and C. Matthews, 2013): in the potential
  /// x²/2 both are linear maps, which carry means and covariances without any sampling.
  static func measureRelaxationOrders(_ report: inout Report) throws {
    let table = Table(
      "X ~ N(1, ¼), V ~ N(0, 1) in the potential x²/2 at t = 1: errors of mean and variance of X together",
      ["ε", "steps", "exact step", "order", "BAOAB", "order"])
    for epsilon in [1, 0.1, 0.01, 0] {
      var before: (Double, Double?)?
      for steps in [10, 20, 40, 80] {
        let h = 1 / Double(steps)
        let exact = GaussianLaw.exact(epsilon: epsilon)
        let own = try exactStep(h, epsilon).law(after: steps).error(from: exact)
        let other = epsilon > 0 ? baoab(h, epsilon).law(after: steps).error(from: exact) : nil
        let order = before.map { log2($0.0 / own) }
        let otherOrder = before.flatMap { last in
          last.1.flatMap { first in other.map { log2(first / $0) } }
        }
        report.require(
          order.map { $0 > 1.9 } ?? true, "ε = \(epsilon), \(steps) steps: order \(order ?? .nan)")
        report.figures["ε = \(epsilon), \(steps) steps: error"] = own
        table.row([
          epsilon.short, "\(steps)", own.short, order?.short ?? "-", other?.short ?? "-",
          otherOrder?.short ?? "-",
        ])
        before = (own, other)
      }
    }
    let known = report.figures["ε = 0.1, 20 steps: error"] ?? .nan
    report.require(abs(known / 7.05e-4 - 1) < 1e-3, "ε = .1, h = 1/20: \(known) instead of 7.05e-4")
  }

  /// The linear map of a step, found from where four points go.
  private static func exactStep(_ h: Double, _ epsilon: Double) throws -> LinearStep {
    var flow = try RelaxationFlow(
      measure: PhaseSpaceMeasure(positions: [[1, 0, 0, 0]], velocities: [[0, 1, 0, 0]]),
      field: FokkerPlanckField(force: ExternalField { _, x in -x }), epsilon: epsilon, seed: 0,
      step: 1)
    try flow.advance(by: h, normals: [0, 0, 0, 0, 1, 0, 0, 1])
    let (x, v) = (flow.particles.positions, flow.particles.velocities)
    return LinearStep(
      a: [x[0], x[1], v[0], v[1]],
      noise: [
        x[2] * x[2] + x[3] * x[3], x[2] * v[2] + x[3] * v[3], v[2] * v[2] + v[3] * v[3],
      ])
  }

  /// Half a kick, half a drift, friction and noise, half a drift, half a kick.
  private static func baoab(_ h: Double, _ epsilon: Double) -> LinearStep {
    let r = h / (2 * epsilon)
    let a = exp(-h / (epsilon * epsilon))
    func step(_ x: Double, _ v: Double, _ noise: Double) -> (Double, Double) {
      var (x, v) = (x, v - r * x)
      x += r * v
      v = a * v + noise
      x += r * v
      v -= r * x
      return (x, v)
    }
    let (first, second, third) = (
      step(1, 0, 0), step(0, 1, 0), step(0, 0, (1 - a * a).squareRoot())
    )
    return LinearStep(
      a: [first.0, second.0, first.1, second.1],
      noise: [third.0 * third.0, third.0 * third.1, third.1 * third.1])
  }

  /// What a particle costs in a step.
  static func measureRelaxation(_ isQuick: Bool, _ report: inout Report) throws {
    let standard = isQuick ? 100_000 : 1_000_000
    let table = Table(
      "Steps of particles, ns for each",
      ["system", "d", "ε", "particles", "1 core", "2 cores", "times"])
    func row(
      _ name: String, dimension: Int, epsilon: Double, count: Int? = nil,
      _ field: (ProductDomain) throws -> any RelaxationField
    ) throws {
      let count = count ?? standard
      let measure = try SampleFamily.maxwellian.sample(
        count: count, dimension: dimension, seed: 1)
      let field = try field(measure.box)
      let times = try [1, 2].map { threads -> Double in
        let (timing, _) = try Timing.measure(repetitions: 3) {
          try ThreadLimit.with(threads) {
            var flow = try RelaxationFlow(
              measure: measure, field: field, epsilon: epsilon, seed: 1, step: 0.1)
            try flow.advance(to: 0.4)
            return flow.time
          }
        }
        return timing.best * 1e9 / (4 * Double(count))
      }
      let key = "\(name), d = \(dimension), ε = \(epsilon): ns per particle and step"
      let size = count == standard ? "" : ", \(count) particles"
      report.figures["\(key)\(size), 1 core"] = times[0]
      report.figures["\(key)\(size), 2 cores"] = times[1]
      table.row([
        name, "\(dimension)", epsilon.short, "\(count)", times[0].short, times[1].short,
        (times[0] / times[1]).short,
      ])
    }
    for epsilon in [1, 0.1, 0.01, 0] {
      try row("no force", dimension: 1, epsilon: epsilon) { _ in
        FokkerPlanckField(force: FreeField())
      }
    }
    for count in [standard / 100, standard / 10] {
      try row("no force", dimension: 1, epsilon: 0.1, count: count) { _ in
        FokkerPlanckField(force: FreeField())
      }
    }
    for dimension in [1, 3] {
      try row("cosine kernel", dimension: dimension, epsilon: 0.1) {
        FokkerPlanckField(force: try CosineField(curvature: 1, box: $0))
      }
    }
    try row("swarm", dimension: 1, epsilon: 0.5) { _ in
      try SwarmingField(force: FreeField(), gamma: 2)
    }
    let slow = report.figures["no force, d = 1, ε = 0.0: ns per particle and step, 1 core"] ?? .nan
    let fast = report.figures["no force, d = 1, ε = 1.0: ns per particle and step, 1 core"] ?? .nan
    report.require(slow < 2 * fast, "a step costs \(slow) ns at ε = 0, and \(fast) at ε = 1")
  }

  /// The order parameter of the noisy Kuramoto model in its stationary state, beside the known one.
  static func measureKuramoto(_ isQuick: Bool, _ report: inout Report) throws {
    let count = isQuick ? 20_000 : 100_000
    let table = Table(
      "Noisy Kuramoto model, K = I cos x, \(count) particles, mean over t = 6, 6.5, …, 10",
      ["I", "ε", "r", "known", "off"])
    let box = try ProductDomain([.circle(length: 2 * .pi)])
    let sample = try SampleFamily.gaussian.sample(count: count, dimension: 1, seed: 1)
    let measure = try PhaseSpaceMeasure(
      positions: [sample.position(0)], velocities: [sample.velocity(0)], box: box)
    for (attraction, known) in [(2.5, 0.589707987783), (3.5, 0.791432667674)] {
      for epsilon in [0.5, 0] {
        var flow = try RelaxationFlow(
          measure: measure,
          field: FokkerPlanckField(force: try CosineField(curvature: attraction, box: box)),
          epsilon: epsilon, seed: 1, step: 0.05)
        let orders = try stride(from: 6, through: 10, by: 0.5).map { time in
          try flow.advance(to: time)
          return flow.particles.orderParameters[0] ?? .nan
        }
        let r = orders.reduce(0, +) / Double(orders.count)
        report.require(abs(r - known) < 0.01, "I = \(attraction): r = \(r), not \(known)")
        report.figures["I = \(attraction), ε = \(epsilon): r"] = r
        table.row([
          attraction.short, epsilon.short, String(format: "%.5f", r),
          String(format: "%.12f", known), (r - known).short,
        ])
      }
    }
  }
}

/// A step (X, V) ↦ A(X, V) + noise of a covariance.
private struct LinearStep {
  let a: [Double]
  let noise: [Double]

  func law(after steps: Int) -> GaussianLaw {
    var law = GaussianLaw()
    for _ in 0..<steps {
      let (x, v) = (law.x, law.v)
      let (xx, xv, vv) = (law.xx, law.xv, law.vv)
      (law.x, law.v) = (a[0] * x + a[1] * v, a[2] * x + a[3] * v)
      law.xx = a[0] * a[0] * xx + 2 * a[0] * a[1] * xv + a[1] * a[1] * vv + noise[0]
      law.xv = a[0] * a[2] * xx + (a[0] * a[3] + a[1] * a[2]) * xv + a[1] * a[3] * vv + noise[1]
      law.vv = a[2] * a[2] * xx + 2 * a[2] * a[3] * xv + a[3] * a[3] * vv + noise[2]
    }
    return law
  }
}

/// The mean and the covariance of (X, V).
private struct GaussianLaw {
  var (x, v) = (1.0, 0.0)
  var (xx, xv, vv) = (0.25, 0.0, 1.0)

  /// The exact law at t = 1; the stationary one has the covariance 1.
  static func exact(epsilon: Double) -> GaussianLaw {
    var (a, b) = (exp(-1.0), 0.0)
    if epsilon > 0 {
      let half = 0.5 / (epsilon * epsilon)
      let square = half * half - 1 / (epsilon * epsilon)
      let root = abs(square).squareRoot()
      let (c, s) =
        square > 0
        ? (
          (exp(root - half) + exp(-root - half)) / 2,
          (exp(root - half) - exp(-root - half)) / (2 * root)
        ) : (exp(-half) * cos(root), exp(-half) * sin(root) / root)
      (a, b) = (c + half * s, s / epsilon)
    }
    var law = GaussianLaw()
    law.x = a
    law.xx = a * a * 0.25 + b * b + 1 - a * a - b * b
    return law
  }

  /// The errors of mean and variance of X.
  func error(from other: GaussianLaw) -> Double { abs(x - other.x) + abs(xx - other.xx) }
}
