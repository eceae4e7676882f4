import Foundation
import KineticTransport

extension ModelsSuite {
  /// Kinetic equations beside their limits: suprema as they are known, orders, and what theorems prove.
  static func measureLimits(_ isQuick: Bool, _ report: inout Report) throws {
    let table = Table(
      "BGK beside porous medium and fast diffusion, sup over all steps to t = .04",
      ["α", "ε", "L²(M⁻¹)", "off", "W₁(ρ)", "off", "orders", "steps", "processor s"])
    let known: [(exponent: Double, epsilon: Double, norm: Double, distance: Double)] = [
      (-1, 0.05, 0.0939694, 3.8757e-3), (-1, 0.02, 0.0427289, 7.9355e-4),
      (0.5, 0.05, 0.0952542, 3.9975e-3), (0, 0.02, 0.0420498, 7.6161e-4),
      (1, 0.05, 0.0981561, 4.1951e-3), (1, 0.02, 0.0453585, 9.1249e-4),
    ]
    for (exponent, epsilon, norm, distance) in known {
      let study = try LimitStudy(
        RelaxationEquation(.bgk(exponent: exponent)), length: 1, density: start(0.5, count: 32),
        times: [0.04], cloud: (16, 4))
      let (seconds, found) = try Timing.processorSeconds { try study.run(epsilon: epsilon) }
      let half = try study.run(epsilon: epsilon / 8)
      let quarter = try study.run(epsilon: epsilon / 16)
      let orders = [
        LimitReport.order(half, quarter) { $0.largestNorm.value } ?? .nan,
        LimitReport.order(half, quarter) { $0.largestDensityDistance.value } ?? .nan,
      ]
      let errors = [
        abs(found.largestNorm.value / norm - 1),
        abs(found.largestDensityDistance.value / distance - 1),
      ]
      let name = "BGK, α = \(exponent), ε = \(epsilon)"
      report.require(errors.allSatisfy { $0 < 1e-4 }, "\(name): off by \(errors)")
      report.require(
        abs(orders[0] - 1) < 0.1 && abs(orders[1] - 2) < 0.1, "\(name): the orders \(orders)")
      for check in found.checks where check.isProved {
        report.require(check.holds, "\(name): \(check.name): \(check.found)")
      }
      report.figures["\(name): norm"] = found.largestNorm.value
      report.figures["\(name): W1 of densities"] = found.largestDensityDistance.value
      table.row([
        exponent.short, epsilon.short, String(format: "%.6g", found.largestNorm.value),
        errors[0].short, String(format: "%.6g", found.largestDensityDistance.value),
        errors[1].short, orders.map { String(format: "%.3f", $0) }.joined(separator: ", "),
        "\(found.stepCount)", seconds.short,
      ])
    }
    try measureModeSteps(isQuick, &report)
    try measureCostOfLimit(&report)
  }

  static func start(_ amplitude: Double, count: Int) -> [Double] {
    (0..<count).map { 1 + amplitude * cos(2 * .pi * Double($0) / Double(count)) }
  }

  /// What a step takes for each mode and position.
  private static func measureModeSteps(_ isQuick: Bool, _ report: inout Report) throws {
    let table = Table(
      "Steps of ModeFlow, ns of a processor for each mode, position and step",
      ["equation", "modes", "positions", "steps", "ns"])
    let swarm = RelaxationEquation.Collision.swarm(
      try VelocityPotential(gamma: 1), temperature: 1)
    let cases: [(String, RelaxationEquation.Collision, Int, Int)] = [
      ("BGK, α = 0", .bgk(exponent: 0), 24, 64), ("BGK, α = 1", .bgk(exponent: 1), 64, 64),
      ("BGK, α = 1", .bgk(exponent: 1), 64, 256),
      ("BGK, α = 1", .bgk(exponent: 1), 128, 64), ("BGK, α = 1", .bgk(exponent: 1), 256, 64),
      ("Fokker–Planck", .fokkerPlanck, 16, 64),
      ("swarm, A, γ = 1", swarm, 24, 64),
    ]
    for (name, collision, modes, positions) in cases {
      var flow = try ModeFlow(
        RelaxationEquation(collision), epsilon: 0.02, length: 1,
        density: start(0.5, count: positions), modeCount: modes)
      // Behind the layer all steps are of one length.
      try flow.advance(to: 0.01)
      let steps = isQuick ? 50 : 400
      let end = flow.time + Double(steps) * flow.step
      let (seconds, _) = try Timing.processorSeconds { try flow.advance(to: end) }
      let nanoseconds =
        seconds * 1e9 / (Double(steps) * Double(flow.basis.count) * Double(positions))
      report.figures["\(name), \(flow.basis.count) modes, \(positions) positions: ns"] =
        nanoseconds
      table.row([
        name, "\(flow.basis.count)", "\(positions)", "\(steps)", nanoseconds.short,
      ])
    }
  }

  /// The number of steps and the time for ever shorter mean free paths.
  private static func measureCostOfLimit(_ report: inout Report) throws {
    let table = Table(
      "Ever shorter mean free paths, BGK, α = 1, 32 positions, to t = .02",
      ["ε", "modes", "longest step", "processor s", "largest difference of ρ from the limit"])
    let equation = try RelaxationEquation(.bgk(exponent: 1))
    var limit = try ModeFlow(equation, epsilon: 0, length: 1, density: start(0.5, count: 32))
    try limit.advance(to: 0.02)
    var seconds: [Double] = []
    for epsilon in [0.05, 1e-2, 1e-3, 1e-4, 1e-5, 1e-6] {
      var flow = try ModeFlow(
        equation, epsilon: epsilon, length: 1, density: start(0.5, count: 32))
      let taken = try Timing.processorSeconds { try flow.advance(to: 0.02) }.seconds
      seconds.append(taken)
      let difference = zip(flow.density, limit.density).reduce(0) { max($0, abs($1.0 - $1.1)) }
      // ρ is off by O(ε²).
      report.require(
        difference < 100 * epsilon * epsilon + 1e-8,
        "ε = \(epsilon): off the limit by \(difference)")
      report.figures["ε = \(epsilon): seconds"] = taken
      table.row([
        epsilon.short, "\(flow.basis.count)", flow.step.short, taken.short, difference.short,
      ])
    }
    report.require(
      seconds[5] < 4 * seconds[2] + 0.05, "the cost grows from \(seconds[2]) to \(seconds[5]) s")
  }
}
