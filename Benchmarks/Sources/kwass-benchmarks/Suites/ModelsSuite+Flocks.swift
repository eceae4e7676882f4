import Foundation
import KineticTransport

extension ModelsSuite {
  /// The scene of the figures 1 and 2 of Shvydkoy and Teolis, to the time 1.
  static func followFlocks(_ isQuick: Bool, _ report: inout Report) throws {
    let table = Table(
      "Two flocks: velocity spread of the light one, end over start",
      ["model", "spread", "known", "relative error", "momentum drift", "diameter", "steps", "s"])
    let measure = try TwoFlocks.measure
    let kernel = try CommunicationKernel.power(exponent: 40)
    func row(
      _ name: String, _ known: Double?, _ tolerance: Double, _ drift: [Double]?, steps: Int,
      _ start: AgentFlow
    ) throws {
      let (timing, end) = try Timing.measure(repetitions: 1) {
        var flow = start
        try flow.advance(to: 1)
        return flow.particles
      }
      let before = start.particles
      let ratio = spread(end) / spread(before)
      let error = known.map { abs(ratio / $0 - 1) }
      let moved = zip(momentum(end), momentum(before)).map { $0 - $1 }
      let growth = diameter(end) / diameter(before)
      report.require(
        error.map { $0 < tolerance } ?? true, "\(name): the spread \(ratio), not \(known ?? .nan)")
      report.require(growth <= 1, "\(name): velocities have come apart by \(growth)")
      if let drift {
        let isKnown = zip(moved, drift).allSatisfy { abs($0 - $1) < 1e-10 }
        report.require(isKnown, "\(name): the momentum drifted by \(moved)")
      }
      report.figures["two flocks, \(name): spread"] = ratio
      table.row([
        name, String(format: "%.12g", ratio), known.map { String(format: "%.10g", $0) } ?? "-",
        error?.short ?? "-", moved.map { String(format: "%.6g", $0) }.joined(separator: ", "),
        growth.short, "\(steps)", timing.best.short,
      ])
    }
    func fixed(_ field: any RelaxationField, steps: Int) throws -> AgentFlow {
      .fixed(
        try CharacteristicFlow(
          measure: measure, field: field, integrator: .rungeKutta4, step: 1 / Double(steps)))
    }
    try row(
      "Cucker–Smale", 0.959700074, 1e-8, [0, 0], steps: 1600,
      fixed(AlignmentField(.cuckerSmale, kernel: kernel, strength: 10), steps: 1600))
    try row(
      "Motsch–Tadmor", 0.001359688196, 1e-8, [5.43659e-5, 6.14507e-5], steps: 1600,
      fixed(AlignmentField(.motschTadmor, kernel: kernel, strength: 10), steps: 1600))
    let steps = isQuick ? 40 : 100
    try row(
      "w-model", 0.00136162189, isQuick ? 1e-3 : 1e-5, nil, steps: steps,
      .adaptive(
        AdaptiveFlow(
          measure: measure, model: .inverseDensity, kernel: kernel, strength: 10,
          cells: isQuick ? [64, 64] : [128, 128], step: 1 / Double(steps))))
    try row(
      "s-model, s₀ = 1", nil, 0, nil, steps: steps,
      .adaptive(
        AdaptiveFlow(
          measure: measure, model: .strength(name: "1") { _ in 1 }, kernel: kernel, strength: 10,
          cells: [64, 64], step: 1 / Double(steps))))
    try row(
      "averaged twice", nil, 0, [0, 0], steps: 200,
      fixed(
        // Of short reach, so that the kink at the other side of the torus is below the rounding.
        OvermollifiedField(
          .gaussian(width: 0.07), box: measure.box, cells: [64, 64], strength: 10), steps: 200))
    try row(
      "8 × 8 parts", nil, 0, [0, 0], steps: 200,
      fixed(
        SegregationField(box: measure.box, intervals: [8, 8], strength: 10), steps: 200))
  }

  private static func spread(_ particles: ParticleState) -> Double {
    TwoFlocks.velocitySpread(
      (0..<2).map { particles.velocity($0) }, TwoFlocks.heavyCount..<particles.count)
  }

  private static func momentum(_ particles: ParticleState) -> [Double] {
    (0..<particles.dimension).map { axis in
      zip(particles.masses, particles.velocity(axis)).reduce(0) { $0 + $1.0 * $1.1 }
    }
  }

  private static func diameter(_ particles: ParticleState) -> Double {
    let columns = (0..<particles.dimension).map { particles.velocity($0) }
    var largest = 0.0
    for i in 0..<particles.count {
      for j in 0..<i {
        largest = max(
          largest, columns.reduce(0) { $0 + ($1[i] - $1[j]) * ($1[i] - $1[j]) })
      }
    }
    return largest.squareRoot()
  }
}
