import OptimalTransport
import TestSupport
import Testing
import TransportKernels

/// The alignment sums by every body that this machine can run, against sums written out.
@Suite struct AlignmentSumTests {
  static let forms: [(tk_communication_form, exponent: Double)] = [
    (tk_communication_constant, 0), (tk_communication_gaussian, 0),
    (tk_communication_half_power, 0.5), (tk_communication_half_power, 1),
    (tk_communication_half_power, 40), (tk_communication_half_power, 3.5),
    (tk_communication_power, 0.3), (tk_communication_power, 40), (tk_communication_power, 7.123),
  ]

  @Test(arguments: 1...3, [1, 7, 2100])
  func everyBodyGivesThePairSums(dimension: Int, count: Int) {
    var generator = SeededGenerator(seed: UInt64(dimension * count))
    let column = { (scale: Double) in
      (0..<count * dimension).map { _ in scale * generator.uniform() }
    }
    let (positions, velocities) = (column(5), column(2))
    let masses = (0..<count).map { _ in generator.uniform() }
    let places = (0..<5 * dimension).map { _ in 5 * generator.uniform() }
    let lengths = [1.5, 0, 2]
    for (form, exponent) in Self.forms {
      var kernel = tk_communication()
      kernel.form = form
      kernel.dimension = Int32(dimension)
      (kernel.rate, kernel.exponent) = (0.7, exponent)
      kernel.lengths = (lengths[0], lengths[1], lengths[2])
      func phi(_ square: Double) -> Double {
        switch form {
        case tk_communication_constant: 1
        case tk_communication_gaussian: power(2, -0.7 * square)
        default: power(1 + 0.7 * square, -exponent)
        }
      }
      let expected = (0..<5).map { i in
        (0...dimension).map { component -> Double in
          var sum = CompensatedSum()
          for j in 0..<count {
            var square = 0.0
            for k in 0..<dimension {
              var d = places[k * 5 + i] - positions[k * count + j]
              if lengths[k] > 0 { d -= lengths[k] * (d / lengths[k]).rounded() }
              square += d * d
            }
            let carried = component == dimension ? 1 : velocities[component * count + j]
            sum.add(masses[j] * phi(square) * carried)
          }
          return sum.value
        }
      }
      for set in [tk_portable, tk_x86_64_v3, tk_x86_64_v4] where tk_has_instruction_set(set) {
        var densities = [Double](repeating: .nan, count: 5)
        var momenta = [Double](repeating: .nan, count: 5 * dimension)
        positions.withUnsafeBufferPointer { positions in
          velocities.withUnsafeBufferPointer { velocities in
            masses.withUnsafeBufferPointer { masses in
              var agents = tk_agents(
                positions: positions.baseAddress, velocities: velocities.baseAddress,
                masses: masses.baseAddress, count: count)
              tk_alignment_sums_on(set, &kernel, &agents, places, 5, 0, 5, &densities, &momenta)
            }
          }
        }
        for i in 0..<5 {
          // The exponent of a power is multiplied by 40 before it is rounded once more.
          let scale = 1e-14 * expected[i][dimension]
          #expect(abs(densities[i] - expected[i][dimension]) <= 4 * scale)
          for k in 0..<dimension { #expect(abs(momenta[k * 5 + i] - expected[i][k]) <= 8 * scale) }
        }
      }
    }
  }
}
