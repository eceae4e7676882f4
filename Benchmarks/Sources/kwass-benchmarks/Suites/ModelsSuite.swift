import Foundation
import KineticTransport

/// The coefficients of swarms, the agents that align and limits of relaxation, beside figures that were computed elsewhere.
enum ModelsSuite {
  static func run(isQuick: Bool, output: String?, figures: String?) throws -> Int32 {
    var report = try Report(suite: "models")
    let peer = try ModelPeer()
    try measureCoefficients(&report)
    try measureTunnelling(isQuick, peer, &report)
    try followFlocks(isQuick, &report)
    try checkInvariants(&report)
    try measureOrders(&report)
    try measurePairs(isQuick, &report)
    try measurePeer(isQuick, peer, &report)
    try measureMeanField(isQuick, &report)
    try measureRelaxationOrders(&report)
    try measureRelaxation(isQuick, &report)
    try measureKuramoto(isQuick, &report)
    try measureLimits(isQuick, &report)
    try measureFreeStreaming(&report)
    try measureSwarmLimits(&report)
    try measureFokkerPlanckPeer(isQuick, peer, &report)
    if let figures { try drawFigures(figures) }
    return try report.finish(output: output)
  }

  /// D/γ, K and λ₁ as they are known, all of whose digits but the last must be found.
  private struct Known {
    let name: String
    let potential: VelocityPotential
    var dimension = 1
    let gamma: Double
    let diffusion: String
    let drift: String
    var gap: String?
  }

  private static func known() throws -> [Known] {
    [
      Known(
        name: "A, γ = 2", potential: try VelocityPotential(gamma: 2), gamma: 2,
        diffusion: "2.05214775308146", drift: "1.78692993914847", gap: ".42294464539775"),
      Known(
        name: "A, γ = 100", potential: try VelocityPotential(gamma: 100), gamma: 100,
        diffusion: "159954669361.35", drift: "98.9672404961935", gap: "6.1546501759e-12"),
      Known(
        name: "B, γ = 2", potential: try VelocityPotential(gamma: 2, sigma: 1), gamma: 2,
        diffusion: "6.50296893774407", drift: "3.05812409227992", gap: ".22852045799091"),
      Known(
        name: "B, γ = 6", potential: try VelocityPotential(gamma: 6, sigma: 1), gamma: 6,
        diffusion: "555869859.76998", drift: "35.4725634942003", gap: "1.05822421082e-8"),
      Known(
        name: "C, γ = 5, δ = 1", potential: try VelocityPotential(gamma: 5, delta: 1), gamma: 5,
        diffusion: ".278949393293743", drift: ".754689001844842", gap: ".33311257341827"),
      Known(
        name: "A, γ = 1, d = 2", potential: try VelocityPotential(gamma: 1), dimension: 2, gamma: 1,
        diffusion: ".691917083928552", drift: ".788978181372631"),
    ]
  }

  private static func measureCoefficients(_ report: inout Report) throws {
    let table = Table(
      "Coefficients, off by in units of the last known digit",
      ["case", "D/γ", "off", "K", "off", "λ₁", "off", "modes", "processor s"])
    for known in try known() {
      let (seconds, found) = try Timing.processorSeconds {
        try SwarmingCoefficients(known.potential, dimension: known.dimension)
      }
      let values = [
        (found.diffusion / known.gamma, Optional(known.diffusion)), (found.drift, known.drift),
        (found.eigenvalues[0], known.gap),
      ]
      var cells: [String] = []
      for ((value, digits), what) in zip(values, ["D/γ", "K", "λ₁"]) {
        let units = digits.map { abs(value - (Double($0) ?? .nan)) / lastUnit(of: $0) }
        report.require(
          units.map { $0 <= 5 } ?? true,
          "\(known.name): \(what) = \(value) instead of \(digits ?? "")")
        cells += [String(format: "%.15g", value), units?.short ?? "-"]
      }
      report.require(found.isDiffusionWithinBounds, "\(known.name): θK² ≤ D ≤ θK/λ₁ is violated")
      report.require(seconds < 1, "\(known.name): \(seconds) s, more than a second")
      report.figures["\(known.name): seconds"] = seconds
      table.row([known.name] + cells + ["\(found.eigenvalues.count)", seconds.short])
    }
  }

  /// One in the last place of a decimal number.
  private static func lastUnit(of digits: String) -> Double {
    let parts = digits.split(separator: "e")
    let decimals = parts[0].split(separator: ".", omittingEmptySubsequences: false).last?.count ?? 0
    let power = parts.count > 1 ? Int(parts[1]) ?? 0 : 0
    return pow(10, Double(power - decimals))
  }

  /// λ₁ ~ (√2/π)e^{−γ/4} beside LAPACK's solvers for symmetric tridiagonal matrices. That D is all in the first
  /// mode, D = η₁²/λ₁, checks its digits by an integral that knows nothing of matrices, as far as η₁ is known: ten
  /// digits.
  private static func measureTunnelling(
    _ isQuick: Bool, _ peer: ModelPeer, _ report: inout Report
  ) throws {
    let gammas = isQuick ? [100.0, 560] : [100.0, 150, 200, 300, 400, 560]
    let plain = try peer.eigenvalues(cells: 6400, gammas: gammas)
    let table = Table(
      "λ₁ of case A, and by LAPACK's dsterf and dstev for BᵀB (\(plain.version))",
      ["γ", "λ₁", "over the law", "1 - η₁²/λ₁D", "dsterf", "dstev", "processor s"])
    for (index, gamma) in gammas.enumerated() {
      let (seconds, found) = try Timing.processorSeconds {
        try SwarmingCoefficients(VelocityPotential(gamma: gamma))
      }
      let gap = found.eigenvalues[0]
      let law = gap / (2.0.squareRoot() / .pi * exp(-gamma / 4))
      let missing = 1 - found.partialDiffusions[0] / found.diffusion
      report.require(abs(law - 1) < 3 / gamma, "γ = \(gamma): λ₁ is \(law) times the law's")
      report.require(abs(missing) < 1e-10, "γ = \(gamma): η₁²/λ₁ misses \(missing) of D")
      report.figures["γ = \(gamma): λ₁"] = gap
      report.figures["γ = \(gamma): dsterf"] = plain.sterf[index]
      report.figures["γ = \(gamma): dstev"] = plain.stev[index]
      table.row([
        gamma.short, String(format: "%.12g", gap), String(format: "%.6f", law), missing.short,
        plain.sterf[index].short, plain.stev[index].short, seconds.short,
      ])
    }
    report.require(
      (report.figures["γ = 560.0: λ₁"] ?? 1) < 1e-60, "λ₁ was not followed below 1e-60")
  }
}
