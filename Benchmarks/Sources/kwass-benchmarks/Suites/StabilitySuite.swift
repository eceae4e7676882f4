import Foundation
import KineticTransport

/// Both theorems beside the truth.
enum StabilitySuite {
  static func run(isQuick: Bool, output: String?) throws -> Int32 {
    var report = try Report(suite: "stability-estimates")
    try studyVlasov(isQuick, &report)
    try studyBeams(isQuick, &report)
    try scan(isQuick, &report)
    return try report.finish(output: output)
  }

  /// Theorem 2.1 for kernels cos(2πx) of both signs.
  private static func studyVlasov(_ isQuick: Bool, _ report: inout Report) throws {
    let table = Table(
      "Theorem 2.1, cosine kernel, t = 2",
      ["B", "sign", "T_B", "W₁(0)", "W₁", "carried", "new bound", "Dobrushin", "violated", "s"])
    let count = isQuick ? 200 : 1_000
    let first = try SampleFamily.named("two-stream")?.sample(count: count, seed: 1)
    let second = try SampleFamily.named("two-stream")?.sample(
      count: count, seed: 2, parameters: ["beam-speed": 2.1])
    guard let first, let second else { throw BenchmarkError("there is no sample two-stream") }
    for curvature in [0.05, 0.1, 0.2, 1, 4] {
      for sign in [1.0, -1] {
        let field = try CosineField(curvature: sign * curvature, box: first.box)
        let flow = try CoupledFlow.optimal(
          first: CharacteristicFlow(measure: first, field: field, step: 0.02),
          second: CharacteristicFlow(measure: second, field: field, step: 0.02), exponent: 1)
        let study = try StabilityStudy(
          flow: flow, theorem: .vlasov(curvature: curvature),
          times: (1...8).map { 0.25 * Double($0) })
        let (timing, found) = try Timing.measure(repetitions: 1) { try study.run() }
        let name = "B = \(curvature), sign \(sign)"
        report.require(found.violations.isEmpty, "\(name): \(found.violations)")
        guard let start = found.rows.first, let end = found.rows.last,
          let bounds = try? VlasovStabilityBounds(curvature: curvature)
        else { continue }
        report.figures["\(name): W₁(2)"] = end.sample.distance
        report.figures["\(name): smaller bound at 2"] = end.smallerBound
        report.figures["\(name): T_B"] = bounds.crossover
        report.figures["\(name): seconds"] = timing.best
        table.row([
          curvature.short, sign > 0 ? "+" : "-", bounds.crossover?.short ?? "none",
          start.sample.distance.short, end.sample.distance.short,
          end.sample.moment.carriedDistance.short, (end.newBound ?? .nan).short,
          (end.olderBound ?? .nan).short, "\(found.violations.count)", timing.best.short,
        ])
      }
    }
  }

  /// Theorem 3.1 for cold beams at the wavelength that grows fastest, followed until they saturate.
  private static func studyBeams(_ isQuick: Bool, _ report: inout Report) throws {
    let scans = try [0.1, 0.2].map { epsilon in
      try QuasineutralScan(
        starts: [
          QuasineutralScan.Start(
            epsilon: epsilon,
            measure: .counterStreamingBeams(
              count: isQuick ? 256 : 2_048, speed: 0.375.squareRoot() / (2 * .pi * epsilon)))
        ],
        thetas: isQuick ? [1e-3] : [1e-2, 1e-3, 1e-4, 1e-5], duration: 40 * epsilon, samples: 20)
    }
    try run(scans, "Theorem 3.1, counter-streaming beams, κ² = 3/8, t up to 40 ε", &report)
  }

  /// A warm two-stream state that does not depend on ε.
  private static func scan(_ isQuick: Bool, _ report: inout Report) throws {
    guard
      let start = try SampleFamily.named("two-stream")?.sample(
        count: isQuick ? 256 : 2_048, seed: 1, isQuiet: true,
        parameters: ["beam-speed": 0.5, "thermal-speed": 0.1])
    else { throw BenchmarkError("there is no sample two-stream") }
    let scan = try QuasineutralScan(
      starts: (isQuick ? [0.2] : [0.4, 0.2, 0.1, 0.05]).map {
        QuasineutralScan.Start(epsilon: $0, measure: start)
      }, thetas: isQuick ? [1e-3] : [1e-2, 1e-3, 1e-4], duration: 1, samples: 10)
    try run([scan], "Quasi-neutral scan, warm beams ±0.5, thermal speed 0.1, t up to 1", &report)
  }

  private static func run(
    _ scans: [QuasineutralScan], _ title: String, _ report: inout Report
  ) throws {
    let table = Table(
      title,
      [
        "ε", "θ", "W₂(0)", "W₂(end)", "W₂ = .1", "sup C_eff", "(3.4) until", "new = 1",
        "Loeper = 1", "violated", "s",
      ])
    for scan in scans {
      for start in scan.starts {
        for theta in scan.thetas {
          let (timing, one) = try Timing.measure(repetitions: 1) {
            try scan.run(start, theta: theta)
          }
          let name = "\(title): ε = \(start.epsilon), θ = \(theta)"
          report.require(one.report.violations.isEmpty, "\(name): \(one.report.violations)")
          report.figures["\(name): sup C_eff"] = one.effectiveGrowth
          report.figures["\(name): time of W₂ = .1"] = one.escapeTime
          report.figures["\(name): (3.4) until"] = one.hypothesisTime
          report.figures["\(name): seconds"] = timing.best
          let escape = one.report.escape
          func text(_ value: Double?) -> String { value?.short ?? "-" }
          table.row([
            start.epsilon.short, theta.short, one.report.trajectory.initialDistance.short,
            text(one.report.rows.last?.sample.distance), text(one.escapeTime),
            text(one.effectiveGrowth), text(one.hypothesisTime), text(escape?.new),
            text(escape?.loeper), "\(one.report.violations.count)", timing.best.short,
          ])
        }
      }
    }
  }
}
