import FlowKernels
import InstructionSets
import OptimalTransport
import TestSupport
import Testing

/// The alignment sums by every body that this machine can run, against sums written out.
@Suite struct AlignmentSumTests {
  static let forms: [(fk_communication_form, exponent: Double)] = [
    (fk_communication_constant, 0), (fk_communication_gaussian, 0),
    (fk_communication_half_power, 0.5), (fk_communication_half_power, 1),
    (fk_communication_half_power, 40), (fk_communication_half_power, 3.5),
    (fk_communication_power, 0.3), (fk_communication_power, 40), (fk_communication_power, 7.123),
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
      var kernel = fk_communication()
      kernel.form = form
      kernel.dimension = Int32(dimension)
      (kernel.rate, kernel.exponent) = (0.7, exponent)
      kernel.lengths = (lengths[0], lengths[1], lengths[2])
      func phi(_ square: Double) -> Double {
        switch form {
        case fk_communication_constant: 1
        case fk_communication_gaussian: power(2, -0.7 * square)
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
      for set in [instruction_set_portable, instruction_set_x86_64_v3, instruction_set_x86_64_v4]
      where has_instruction_set(set) {
        var densities = [Double](repeating: .nan, count: 5)
        var momenta = [Double](repeating: .nan, count: 5 * dimension)
        positions.withUnsafeBufferPointer { positions in
          velocities.withUnsafeBufferPointer { velocities in
            masses.withUnsafeBufferPointer { masses in
              var agents = fk_agents(
                positions: positions.baseAddress, velocities: velocities.baseAddress,
                masses: masses.baseAddress, count: count)
              fk_alignment_sums_on(set, &kernel, &agents, places, 5, 0, 5, &densities, &momenta)
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
