import Foundation
import KineticTransport

/// Nanoseconds per particle and step, or per pair, of each field.
enum FlowsSuite {
  static func run(isQuick: Bool, output: String?) throws -> Int32 {
    var report = try Report(suite: "flows")
    try measureFields(isQuick, &report)
    try measurePairs(isQuick, &report)
    try measureAgents(isQuick, &report)
    try measureRun(isQuick, &report)
    return try report.finish(output: output)
  }

  private static func measureFields(_ isQuick: Bool, _ report: inout Report) throws {
    let table = Table(
      "Strang steps on \(report.machine.threads) threads",
      ["field", "particles", "ns per particle and step", "median", "energy drift"])
    let scale = isQuick ? 20 : 1
    for (name, sample, field, steps) in try cases(scale) {
      var flow = try CharacteristicFlow(measure: sample, field: field, step: 0.01)
      let before = flow.diagnostics
      try flow.advance(to: 0.01)
      let start = flow.time
      var round = 0
      let (timing, _) = try Timing.measure(repetitions: 5) {
        round += 1
        try flow.advance(to: start + 0.01 * Double(steps * round))
      }
      let after = flow.diagnostics
      let unit = 1e9 / Double(sample.count * steps)
      let drift =
        abs((after.energy ?? .nan) - (before.energy ?? .nan)) / abs(before.energy ?? .nan)
      report.require(drift < 0.02, "\(name): the energy drifted by \(drift)")
      report.figures["\(name): ns per particle and step, best"] = timing.best * unit
      report.figures["\(name): ns per particle and step, median"] = timing.median * unit
      table.row([
        name, "\(sample.count)", (timing.best * unit).short, (timing.median * unit).short,
        drift.short,
      ])
    }
  }

  private static func measurePairs(_ isQuick: Bool, _ report: inout Report) throws {
    let table = Table(
      "Direct sums on \(report.machine.threads) threads",
      ["kernel", "dimension", "particles", "ns per pair", "median", "force sum"])
    let count = isQuick ? 2_000 : 20_000
    let kernels: [(String, RadialField.Kernel)] = [
      ("Coulomb", .coulomb(charge: 1, softening: 0.1)),
      ("Gaussian", .gaussian(amplitude: 1, width: 0.5)),
    ]
    for (name, kernel) in kernels {
      for dimension in 1...3 {
        let sample = try SampleFamily.gaussian.sample(count: count, dimension: dimension, seed: 1)
        let particles = try ParticleState(sample)
        let field = try RadialField(kernel, dimension: dimension)
        var scratch = NoScratch()
        var sums = [Double](repeating: 0, count: count * dimension)
        let (timing, _) = try Timing.measure(repetitions: 5) {
          field.accelerations(of: particles, at: 0, scratch: &scratch, into: &sums)
        }
        let unit = 1e9 / (Double(count) * Double(count))
        let total = abs(sums.reduce(0, +)) / sums.reduce(0) { $0 + abs($1) }
        report.require(total < 1e-12, "\(name), d = \(dimension): the forces sum to \(total)")
        report.figures["\(name), d = \(dimension): ns per pair, best"] = timing.best * unit
        report.figures["\(name), d = \(dimension): ns per pair, median"] = timing.median * unit
        table.row([
          name, "\(dimension)", "\(count)", (timing.best * unit).short,
          (timing.median * unit).short, total.short,
        ])
      }
    }
  }

  /// The sums of agents that align, on the unit torus: ρ_φ and (uρ)_φ of every agent.
  private static func measureAgents(_ isQuick: Bool, _ report: inout Report) throws {
    let table = Table(
      "Sums of agents on \(report.machine.threads) threads",
      ["kernel", "dimension", "agents", "ns per pair", "median", "momentum drift"])
    let count = isQuick ? 2_000 : 20_000
    let kernels: [(String, CommunicationKernel)] = [
      ("constant", .constant), ("Gaussian", try .gaussian(width: 0.2)),
      ("power 1", try .power(exponent: 1)), ("power 40", try .power(exponent: 40)),
      ("power 0.3", try .power(exponent: 0.3)),
    ]
    for (name, kernel) in kernels {
      for dimension in 1...3 {
        let sample = try SampleFamily.maxwellian.sample(count: count, dimension: dimension, seed: 1)
        let particles = try ParticleState(sample)
        let field = try AlignmentField(.cuckerSmale, kernel: kernel)
        var scratch = NoScratch()
        var forces = [Double](repeating: 0, count: count * dimension)
        let (timing, _) = try Timing.measure(repetitions: 5) {
          field.accelerations(of: particles, at: 0, scratch: &scratch, into: &forces)
        }
        let unit = 1e9 / (Double(count) * Double(count))
        let total = abs(forces.reduce(0, +)) / forces.reduce(0) { $0 + abs($1) }
        report.require(total < 1e-10, "\(name), d = \(dimension): the forces sum to \(total)")
        report.figures["agents, \(name), d = \(dimension): ns per pair, best"] = timing.best * unit
        table.row([
          name, "\(dimension)", "\(count)", (timing.best * unit).short,
          (timing.median * unit).short, total.short,
        ])
      }
    }
  }

  /// A whole run: 10⁶ particles and 1,000 steps of Vlasov–Poisson in dimension one, sorting and all.
  private static func measureRun(_ isQuick: Bool, _ report: inout Report) throws {
    let count = isQuick ? 20_000 : 1_000_000
    let sample = try SampleFamily.densityWave.sample(
      count: count, seed: 1, isQuiet: true, parameters: ["amplitude": 0.1])
    var flow = try CharacteristicFlow(measure: sample, field: SheetField(epsilon: 0.2), step: 0.01)
    let before = flow.diagnostics
    let (timing, _) = try Timing.measure(repetitions: 1) { try flow.advance(to: 10) }
    let after = flow.diagnostics
    let drift = abs((after.energy ?? .nan) / (before.energy ?? .nan) - 1)
    let momentum = abs(after.momentum[0] - before.momentum[0])
    report.require(timing.best < 60, "1,000 steps took \(timing.best) s, more than a minute")
    report.require(drift < 1e-3, "1,000 steps: the energy drifted by \(drift)")
    report.require(momentum < 1e-12, "1,000 steps: the momentum drifted by \(momentum)")
    report.figures["1,000 steps of exact sheets: seconds"] = timing.best
    let table = Table(
      "1,000 steps on \(report.machine.threads) threads",
      ["field", "particles", "s", "energy drift", "momentum drift"])
    table.row([
      "exact sheets, d = 1", "\(count)", timing.best.short, drift.short, momentum.short,
    ])
  }

  private static func cases(
    _ scale: Int
  ) throws -> [(String, PhaseSpaceMeasure, any ForceField, Int)] {
    let wave = try SampleFamily.densityWave.sample(
      count: 1_000_000 / scale, seed: 1, isQuiet: true, parameters: ["amplitude": 0.1])
    let circle = try ProductDomain([.circle(length: 1)])
    let torus = try ProductDomain([.circle(length: 1), .circle(length: 1)])
    let flat = try SampleFamily.densityWave.sample(
      count: 1_000_000 / scale, dimension: 2, seed: 1, isQuiet: true,
      parameters: ["amplitude": 0.1])
    func mesh(_ shape: ParticleMeshField.Shape) throws -> ParticleMeshField {
      try ParticleMeshField(epsilon: 0.2, box: torus, cells: [128, 128], shape: shape)
    }
    return [
      ("free", wave, FreeField(), 20),
      ("cosine kernel, one mode", wave, try CosineField(curvature: 1, box: circle), 10),
      ("exact sheets, d = 1", wave, try SheetField(epsilon: 0.2), 10),
      ("mesh 128 × 128, quadratic", flat, try mesh(.quadratic), 10),
      ("mesh 128 × 128, cubic", flat, try mesh(.cubic), 10),
    ]
  }
}
