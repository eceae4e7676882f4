import Libc
import OptimalTransport

/// The equilibrium M ∝ e^{−W/θ} in one dimension, on panels of Gauss points with an edge at v = 0.
struct LineEquilibrium {
  /// ⟨v⟩.
  let meanVelocity: Double
  /// ⟨(v − ⟨v⟩)²⟩.
  let variance: Double
  /// θ⁻¹∫G²/M with G(v) = ∫_{−∞}^v (⟨v⟩ − s)M ds: the diffusion coefficient.
  let diffusion: Double

  private static let panelCount = 256

  /// The equilibrium, by the quadratures of Remark 4.1 of the paper that `VelocityPotential` cites and
  /// of the once integrated Poisson equation.
  ///
  /// - Complexity: O(1).
  init(_ potential: VelocityPotential, temperature: Double, window: VelocityWindow) {
    let rule = GaussRule.legendre(16)
    let panels = Self.panels(window.range).map { edges in
      Panel(edges, rule, potential, temperature, window.minimum)
    }
    let mass = panels.map { $0.integral(rule) { _ in 1 } }
    let total = CompensatedSum(mass).value
    let mean = CompensatedSum(panels.map { $0.integral(rule) { $0 } }).value / total
    meanVelocity = mean
    variance =
      CompensatedSum(panels.map { $0.integral(rule) { ($0 - mean) * ($0 - mean) } }).value / total
    // From the left below the mean and from the right above it all terms have one sign.
    let split = panels.firstIndex { $0.middle > mean } ?? panels.count
    let integration = rule.integration
    var sum = CompensatedSum()
    var before = 0.0
    for panel in panels[..<split] {
      sum.add(panel.squares(rule, integration, mean, before))
      before += panel.integral(rule) { mean - $0 }
    }
    before = 0
    for panel in panels[split...].reversed() {
      let own = panel.integral(rule) { mean - $0 }
      // ∫_{−∞}^v = −∫_v^∞, and within the panel the part before v is taken off again.
      sum.add(panel.squares(rule, integration, mean, -before - own))
      before += own
    }
    diffusion = sum.value / (total * temperature)
  }

  /// The velocities of the quadrature, with the masses of M there, of sum 1.
  ///
  /// - Complexity: O(1).
  static func quadrature(
    _ potential: VelocityPotential, temperature: Double, window: VelocityWindow
  ) -> (velocities: [Double], masses: [Double]) {
    let rule = GaussRule.legendre(16)
    let panels = panels(window.range).map { edges in
      Panel(edges, rule, potential, temperature, window.minimum)
    }
    let masses = panels.flatMap { panel in
      zip(rule.weights, panel.densities).map { panel.half * $0 * $1 }
    }
    let total = CompensatedSum(masses).value
    return (panels.flatMap(\.velocities), masses.map { $0 / total })
  }

  private static func panels(_ range: ClosedRange<Double>) -> [(Double, Double)] {
    let pieces =
      range.lowerBound < 0 && range.upperBound > 0
      ? [(range.lowerBound, 0.0), (0.0, range.upperBound)]
      : [(range.lowerBound, range.upperBound)]
    let width = range.upperBound - range.lowerBound
    return pieces.flatMap { low, high in
      let count = max(1, Int((Double(panelCount) * (high - low) / width).rounded(.up)))
      func edge(_ index: Int) -> Double { low + (high - low) * Double(index) / Double(count) }
      return (0..<count).map { (edge($0), edge($0 + 1)) }
    }
  }
}

/// A part of the velocities with its Gauss points.
private struct Panel {
  let middle: Double
  let half: Double
  let velocities: [Double]
  /// e^{−(W − min W)/θ}.
  let densities: [Double]

  init(
    _ edges: (Double, Double), _ rule: GaussRule, _ potential: VelocityPotential,
    _ temperature: Double, _ minimum: Double
  ) {
    let (middle, half) = ((edges.0 + edges.1) / 2, (edges.1 - edges.0) / 2)
    (self.middle, self.half) = (middle, half)
    velocities = rule.nodes.map { middle + half * $0 }
    densities = velocities.map { exp((minimum - potential($0)) / temperature) }
  }

  /// ∫ function·M over the panel.
  func integral(_ rule: GaussRule, _ function: (Double) -> Double) -> Double {
    var sum = 0.0
    for index in velocities.indices {
      sum += rule.weights[index] * densities[index] * function(velocities[index])
    }
    return half * sum
  }

  /// ∫ G²/M over the panel, where G is `before` at its left edge and has the slope (mean − v)M.
  func squares(
    _ rule: GaussRule, _ integration: [[Double]], _ mean: Double, _ before: Double
  ) -> Double {
    let slopes = velocities.indices.map { (mean - velocities[$0]) * densities[$0] }
    var sum = 0.0
    for index in velocities.indices {
      let row = integration[index]
      var flux = before
      for other in slopes.indices { flux += half * row[other] * slopes[other] }
      sum += rule.weights[index] * flux * flux / densities[index]
    }
    return half * sum
  }
}
