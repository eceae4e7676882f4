import CharacteristicFlows

/// The stages of a step of ARS(4,4,3), kept from one step to the next.
struct ModeStep {
  private static let explicit: [[Double]] = [
    [], [1.0 / 2], [11.0 / 18, 1.0 / 18], [5.0 / 6, -5.0 / 6, 1.0 / 2],
    [1.0 / 4, 7.0 / 4, 3.0 / 4, -7.0 / 4],
  ]
  /// The coefficients of the stages from the second on, that of the stage itself last.
  private static let implicit: [[Double]] = [
    [], [1.0 / 2], [1.0 / 6, 1.0 / 2], [-1.0 / 2, 1.0 / 2, 1.0 / 2],
    [3.0 / 2, -3.0 / 2, 1.0 / 2, 1.0 / 2],
  ]

  /// −ΣA_0n∂xg_n of the stages.
  private var macro: [[Double]]
  /// −εΣ_{n≥1}(A_mn∂x − F·B_mn)g_n of the stages.
  private var transported: [[Double]]
  /// −(A_m0∂x − F·B_m0)ρ − νμ_m g_m of the stages.
  private var relaxed: [[Double]]
  private var slopes: [Double]
  private var source: [Double]
  private var sums: [Double]

  init(_ flow: ModeFlow) {
    let (n, size) = (flow.positionCount, flow.moments.count)
    macro = Array(repeating: Array(repeating: 0, count: n), count: 4)
    let count = flow.epsilon > 0 ? size : 0
    transported = Array(repeating: Array(repeating: 0, count: count), count: 4)
    relaxed = transported
    slopes = Array(repeating: 0, count: size)
    source = slopes
    sums = Array(repeating: 0, count: count)
  }

  /// Takes a step. The method is stiffly accurate, and so is its explicit part: the last stage is the end.
  mutating func take(_ step: Double, _ flow: inout ModeFlow) {
    let (density, moments) = (flow.density, flow.moments)
    let n = flow.positionCount
    for stage in 0..<5 {
      if stage > 0 {
        let weights = Self.explicit[stage]
        for i in 0..<n {
          var sum = 0.0
          for j in 0..<stage { sum += weights[j] * macro[j][i] }
          flow.density[i] = density[i] + step * sum
        }
      }
      let force = flow.force
      let rates = ModeFlow.rates(flow.density, flow.equation.exponent)
      if stage > 0 {
        flow.addSource(&source, force)
        divide(&flow, moments, rates, stage, step)
      }
      guard stage < 4 else { break }
      slopes.replaceSubrange(slopes.indices, with: flow.moments)
      flow.alongModes.differentiate(&slopes, wavenumber: 2 * .pi / flow.length)
      flow.addFlux(&macro[stage], slopes)
      guard flow.epsilon > 0 else { continue }
      flow.addTransport(&transported[stage], slopes, force)
      if stage > 0 { relax(flow, rates, stage) }
    }
  }

  /// g = (ε²g⁰ + h·(what the stages before give + a·the source)) / (ε² + h·a·νμ).
  private mutating func divide(
    _ flow: inout ModeFlow, _ moments: [Double], _ rates: [Double], _ stage: Int, _ step: Double
  ) {
    let n = flow.positionCount
    let square = flow.epsilon * flow.epsilon
    let own = step * Self.implicit[stage][stage - 1]
    if square > 0 {
      for index in sums.indices { sums[index] = square * moments[index] + own * source[index] }
      for j in 0..<stage { add(step * Self.explicit[stage][j], transported[j], to: &sums) }
      for j in 1..<max(1, stage) { add(step * Self.implicit[stage][j - 1], relaxed[j], to: &sums) }
    }
    for m in 1..<flow.basis.count {
      let (rate, start) = (flow.basis.rates[m], (m - 1) * n)
      if square > 0 {
        for i in 0..<n {
          flow.moments[start + i] = sums[start + i] / (square + own * rate * rates[i])
        }
      } else {
        for i in 0..<n { flow.moments[start + i] = source[start + i] / (rate * rates[i]) }
      }
    }
  }

  private mutating func relax(_ flow: ModeFlow, _ rates: [Double], _ stage: Int) {
    let n = flow.positionCount
    for m in 1..<flow.basis.count {
      let rate = flow.basis.rates[m]
      for i in 0..<n {
        let index = (m - 1) * n + i
        relaxed[stage][index] = source[index] - rates[i] * rate * flow.moments[index]
      }
    }
  }
}

extension ModeFlow {
  /// F(x_i) = −∂x(E + k∗ρ); empty where there is none.
  var force: [Double] {
    guard equation.hasForce else { return [] }
    let n = positionCount
    var force = [Double](repeating: 0, count: n)
    for (index, waves) in harmonics.enumerated() {
      let harmonic = index + 1
      let strength = equation.interaction.cosine(harmonic)
      var (a, b) = (0.0, 0.0)
      if strength != 0 {
        for i in 0..<n {
          a += density[i] * waves.cosine[i]
          b += density[i] * waves.sine[i]
        }
        (a, b) = (a * length / Double(n), b * length / Double(n))
      }
      let wavenumber = 2 * Double.pi * Double(harmonic) / length
      let sine = wavenumber * (equation.external.cosine(harmonic) + strength * a)
      let cosine = -wavenumber * (equation.external.sine(harmonic) + strength * b)
      for i in 0..<n { force[i] += sine * waves.sine[i] + cosine * waves.cosine[i] }
    }
    return force
  }

  /// Sets −(A_m0∂x − F·B_m0)ρ for all modes but the first.
  fileprivate func addSource(_ source: inout [Double], _ force: [Double]) {
    let n = positionCount
    let slope = slope(of: density)
    for m in 1..<basis.count {
      let (a, b) = (basis.transport[m, 0], basis.force[m, 0])
      let start = (m - 1) * n
      if force.isEmpty || b == 0 {
        for i in 0..<n { source[start + i] = -a * slope[i] }
      } else {
        for i in 0..<n { source[start + i] = b * force[i] * density[i] - a * slope[i] }
      }
    }
  }

  /// Sets −ΣA_0n∂xg_n.
  fileprivate func addFlux(_ flux: inout [Double], _ slopes: [Double]) {
    let n = positionCount
    for i in 0..<n { flux[i] = 0 }
    for entry in basis.transport.rows[0] where entry.column > 0 {
      add(-entry.value, slopes, from: (entry.column - 1) * n, to: &flux)
    }
  }

  /// Sets −εΣ_{n≥1}(A_mn∂x − F·B_mn)g_n.
  fileprivate func addTransport(
    _ result: inout [Double], _ slopes: [Double], _ force: [Double]
  ) {
    let n = positionCount
    var line = [Double](repeating: 0, count: n)
    for m in 1..<basis.count {
      for i in 0..<n { line[i] = 0 }
      if !force.isEmpty {
        for entry in basis.force.rows[m] where entry.column > 0 {
          add(entry.value, moments, from: (entry.column - 1) * n, to: &line)
        }
        for i in 0..<n { line[i] *= force[i] }
      }
      for entry in basis.transport.rows[m] where entry.column > 0 {
        add(-entry.value, slopes, from: (entry.column - 1) * n, to: &line)
      }
      let start = (m - 1) * n
      for i in 0..<n { result[start + i] = epsilon * line[i] }
    }
  }

  /// Sets the modes to those of the limit equation, g_m = −(A_m0∂x − F·B_m0)ρ/νμ_m.
  mutating func relax() {
    var source = moments
    addSource(&source, force)
    let rates = Self.rates(density, equation.exponent)
    let n = positionCount
    for m in 1..<basis.count {
      for i in 0..<n {
        moments[(m - 1) * n + i] = source[(m - 1) * n + i] / (rates[i] * basis.rates[m])
      }
    }
  }
}

/// Adds a multiple of a run of terms to a sum of as many as fit.
///
/// - Precondition: there are as many terms from the start on.
private func add(
  _ factor: Double, _ terms: [Double], from start: Int = 0, to sum: inout [Double]
) {
  precondition(start >= 0 && terms.count - start >= sum.count)
  terms.withUnsafeBufferPointer { terms in
    sum.withUnsafeMutableBufferPointer { sum in
      for i in sum.indices { sum[i] += factor * terms[start + i] }
    }
  }
}
