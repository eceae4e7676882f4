import Foundation
import KineticTransport

extension ModelsSuite {
  /// N = 2⁶ … 2¹² agents beside 2¹⁴.
  static func measureMeanField(_ isQuick: Bool, _ report: inout Report) throws {
    let powers = isQuick ? [5, 6, 7] : [6, 7, 8, 9, 10, 11, 12]
    let fine = isQuick ? 512 : 16_384
    for model in ["Cucker–Smale", "w-model"] {
      let table = Table(
        "Mean-field limit, \(model) beside \(fine) agents, t up to 3",
        [
          "agents", "W₁(0)", "sup W₁", "sup W₁/W₁(0)", "carried/W₁(0)", "sup |sᴺ − s|", "s",
        ])
      let study = try MeanFieldStudy(fine: wave(fine, model), times: [1, 2, 3])
      var strengths: [Double] = []
      for power in powers {
        let count = 1 << power
        let (timing, found) = try Timing.measure(repetitions: 1) {
          try study.run(wave(count, model))
        }
        let name = "mean field, \(model), \(count) agents"
        let (growth, carried) = (found.growth ?? .nan, found.carriedGrowth ?? .nan)
        report.require(
          found.rows.allSatisfy(\.isBelowCarriedPlan), "\(name): W₁ is above the carried plan")
        report.require(growth < 1.5, "\(name): sup W₁/W₁(0) = \(growth)")
        let strength = found.strengthDifference ?? .nan
        report.require(
          strength < (strengths.last ?? .infinity), "\(name): the strengths come no nearer")
        strengths.append(strength)
        report.figures["\(name): growth"] = growth
        report.figures["\(name): strength difference"] = strength
        table.row([
          "\(count)", found.rows[0].distance.short, found.largestDistance.short, growth.short,
          carried.short, strength.short, timing.best.short,
        ])
      }
    }
  }

  private static func wave(_ count: Int, _ model: String) throws -> AgentFlow {
    let start = try SampleFamily.densityWave.sample(
      count: count, seed: 1, isQuiet: true, parameters: ["thermal-speed": 0.1])
    let kernel = try CommunicationKernel.power(exponent: 10)
    guard model == "w-model" else {
      return .fixed(
        try CharacteristicFlow(
          measure: start, field: AlignmentField(.cuckerSmale, kernel: kernel, strength: 0.1),
          integrator: .rungeKutta4, step: 0.1))
    }
    return .adaptive(
      try AdaptiveFlow(
        measure: start, model: .inverseDensity, kernel: kernel, strength: 0.1, cells: [64],
        step: 0.04))
  }
}
