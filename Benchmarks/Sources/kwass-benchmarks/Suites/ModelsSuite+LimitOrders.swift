import Foundation
import KineticTransport

extension ModelsSuite {
  /// Fokker's and Planck's equation without force is a free-flow shear: with τ = ε(1 − e^{−t/ε²}) it is
  /// f = M(v)(1 + δe^{−κ²(t−ετ−τ²/2)}cos κ(x − τv))/L from (1 + δcos κx)M/L. All that is measured has a closed form.
  static func measureFreeStreaming(_ report: inout Report) throws {
    let table = Table(
      "Vlasov–Fokker–Planck beside diffusion, no force, length 2π, δ = .001, t = 1: measured, and part by which off",
      [
        "ε", "L²(M⁻¹)", "off", "order", "W₁(ρ)", "off", "order", "leading constant", "off", "decay",
        "off",
      ])
    let (amplitude, length) = (1e-3, 2 * Double.pi)
    var before: LimitReport?
    for epsilon in [0.2, 0.1, 0.05, 0.025] {
      // ρ and its limit differ by ε²: the error of a step, divided by that, is small for steps within the layer.
      let study = try LimitStudy(
        RelaxationEquation(.fokkerPlanck), length: length, density: start(amplitude, count: 16),
        times: [0.9, 1], cloud: (16, 4), step: min(0.0015, epsilon * epsilon / 25))
      let found = try study.run(epsilon: epsilon)
      let exact = FreeStreaming(amplitude: amplitude, length: length, epsilon: epsilon)
      let rows = [
        (found.end.norm, exact.norm(1)), (found.end.densityFirst, exact.densityDistance(1)),
        (found.end.leading / epsilon, exact.leadingConstant(1)),
        (found.decayRate ?? .nan, exact.decayRate(0.9, 1)),
      ]
      let errors = rows.map { abs($0.0 / $0.1 - 1) }
      let orders = [
        before.flatMap { LimitReport.order($0, found) { $0.end.norm } },
        before.flatMap { LimitReport.order($0, found) { $0.end.densityFirst } },
      ]
      for (order, known) in zip(orders, [1.0, 2]) {
        report.require(
          order.map { abs($0 - known) < 0.1 } ?? true,
          "free streaming, ε = \(epsilon): the order \(order ?? .nan) instead of \(known)")
      }
      report.require(
        errors.allSatisfy { $0 < 1e-5 },
        "free streaming, ε = \(epsilon): off by \(errors)")
      report.figures["free streaming, ε = \(epsilon): norm"] = found.end.norm
      report.figures["free streaming, ε = \(epsilon): W1 of densities"] = found.end.densityFirst
      report.figures["free streaming, ε = \(epsilon): leading constant"] =
        found.end.leading / epsilon
      let cells = zip(rows, errors).map { [String(format: "%.6g", $0.0), $1.short] }
      let shown = orders.map { $0.map { String(format: "%.3f", $0) } ?? "-" }
      table.row(
        [epsilon.short] + cells[0] + [shown[0]] + cells[1] + [shown[1]] + cells[2] + cells[3])
      before = found
    }
  }

  /// Swarms without force: the decay of the first wave as it is known, and the orders at a fixed time.
  static func measureSwarmLimits(_ report: inout Report) throws {
    let table = Table(
      "Swarm of case A, γ = 1, beside drift and diffusion, no force, length 2π, t = 1",
      ["ε", "decay, by modes", "off", "measured", "L²(M⁻¹)", "order", "W₁(ρ)", "order"])
    let collision = RelaxationEquation.Collision.swarm(
      try VelocityPotential(gamma: 1), temperature: 1)
    let study = try LimitStudy(
      RelaxationEquation(collision), length: 2 * .pi, density: start(0.5, count: 16),
      times: [0.9, 1], cloud: (16, 4))
    var before: LimitReport?
    for (epsilon, known) in [
      (0.5, 1.694540473), (0.2, 1.366139358), (0.1, 1.302998502), (0.05, nil), (0.025, nil),
    ] {
      let found = try study.run(epsilon: epsilon)
      let rate = found.dispersionRate ?? .nan
      report.require(
        known.map { abs(rate - $0) < 1e-8 } ?? true, "swarm, ε = \(epsilon): the decay \(rate)")
      let orders = [
        before.flatMap { LimitReport.order($0, found) { $0.end.norm } },
        before.flatMap { LimitReport.order($0, found) { $0.end.densityFirst } },
      ]
      // The limit is one for ε² far below λ₁.
      if epsilon < 0.1 {
        for (order, claim) in zip(orders, [1.0, 2]) {
          report.require(
            order.map { abs($0 - claim) < 0.1 } ?? false,
            "swarm, ε = \(epsilon): the order \(order ?? .nan) instead of \(claim)")
        }
      }
      report.figures["swarm, ε = \(epsilon): decay"] = rate
      report.figures["swarm, ε = \(epsilon): W1 of densities"] = found.end.densityFirst
      let shown = orders.map { $0.map { String(format: "%.3f", $0) } ?? "-" }
      table.row([
        epsilon.short, String(format: "%.9f", rate), known.map { (rate - $0).short } ?? "-",
        found.decayRate.map { String(format: "%.7f", $0) } ?? "-", found.end.norm.short, shown[0],
        found.end.densityFirst.short, shown[1],
      ])
      before = found
    }
  }
}

/// What the shear of a density wave says.
private struct FreeStreaming {
  let amplitude: Double
  let length: Double
  let epsilon: Double

  private var wavenumber: Double { 2 * .pi / length }

  /// τ, the time for which particles fly freely.
  private func flight(_ time: Double) -> Double {
    epsilon * (1 - exp(-time / (epsilon * epsilon)))
  }

  /// The amplitude of the first wave of ρ.
  private func wave(_ time: Double) -> Double {
    amplitude * exp(-wavenumber * wavenumber * (time - epsilon * flight(time)))
  }

  /// The same of R.
  private func limitWave(_ time: Double) -> Double {
    amplitude * exp(-wavenumber * wavenumber * time)
  }

  /// ‖f − RM‖ in L²(M⁻¹).
  func norm(_ time: Double) -> Double {
    let angle = wavenumber * flight(time)
    let (own, other) = (wave(time) * exp(angle * angle / 2), limitWave(time))
    let square = own * own + other * other - 2 * own * other * exp(-angle * angle / 2)
    return (square / (2 * length)).squareRoot()
  }

  /// W₁(ρ, R).
  func densityDistance(_ time: Double) -> Double {
    2 * abs(wave(time) - limitWave(time)) / (.pi * wavenumber)
  }

  /// The leading constant for a small wave and the position weight 1.
  func leadingConstant(_ time: Double) -> Double {
    limitWave(time) * wavenumber / (2 * (1 + wavenumber * wavenumber)).squareRoot()
  }

  /// The mean rate at which the wave decays between two times.
  func decayRate(_ first: Double, _ second: Double) -> Double {
    log(wave(first) / wave(second)) / (second - first)
  }
}
