import InstructionSets
import Libc
import OptimalTransport
import TestSupport
import Testing
import TransportKernels

/// Every body of the exponential kernels that this machine can run, against plain Swift.
@Suite struct LogSumExpTests {
  static let instructionSets = [
    instruction_set_portable, instruction_set_x86_64_v3, instruction_set_x86_64_v4,
  ]
  .filter(has_instruction_set)
  /// Around the group sizes (8, 16, 32) and the block size (4096) of the bodies.
  static let counts = [1, 2, 7, 8, 9, 31, 32, 33, 64, 257, 4095, 4097, 5000]
  static let unit = 0x1p-53

  struct Form: Sendable, CustomStringConvertible {
    var blockSizes: [Int]
    var exponents: [Double]
    var lengths: [Double]
    var description: String { "\(blockSizes) ^ \(exponents) on \(lengths)" }
  }

  static let forms: [Form] = [
    Form(blockSizes: [1], exponents: [2], lengths: [.infinity]),
    Form(blockSizes: [2], exponents: [2], lengths: [.infinity, 1]),
    Form(blockSizes: [2], exponents: [1], lengths: [.infinity, .infinity]),
    Form(blockSizes: [1, 1], exponents: [1, 1], lengths: [1, .infinity]),
    Form(blockSizes: [3], exponents: [3], lengths: [1, 0.5, .infinity]),
    Form(blockSizes: [2, 2], exponents: [4, 4], lengths: [1, 1, .infinity, .infinity]),
    Form(blockSizes: [2, 1], exponents: [1.5, 2.75], lengths: [1, .infinity, .infinity]),
    Form(blockSizes: [3, 3], exponents: [2, 7.3], lengths: [1, 1, 1, 2, 2, .infinity]),
  ]

  @Test(arguments: forms) func agreesWithPlainSwift(form: Form) {
    var generator = SeededGenerator(seed: 7)
    for count in Self.counts {
      for scale in [0, 1.5, 300, 1e6] {
        let row = Row(form, count: count, scale: scale, &generator)
        let exact = row.logSum
        for set in Self.instructionSets {
          row.withExponents { exponents in
            for guess in [exact, exact + 250, exact - 250, .nan, 5000, -5000, .infinity, 0] {
              let value = tk_log2_sum_exp2_on(set, &exponents, guess)
              // The exponents are wrong by their rounding, the sum by that of its blocks, and the
              // result is a difference from the guess.
              let size = row.largestSize + (abs(guess) < 1000 ? abs(guess) : 0) + 16
              #expect(
                abs(value - exact) <= 8 * Self.unit * size,
                "\(form), \(count) points, scale \(scale), set \(set), guess \(guess)")
            }
            var terms = [Double](repeating: -1, count: count + 1)
            tk_exp2_on(set, &exponents, -exact, &terms)
            #expect(terms[count] == -1, "wrote past the end")
            // The largest error over its tolerance.
            var worst = 0.0
            for j in 0..<count {
              let exponent = row.exponents[j] - exact
              let expected = exponent < -1020 ? 0 : exp2(exponent)
              let tolerance = 8 * Self.unit * (row.sizes[j] + abs(exact) + 2)
              // At the threshold of underflow either answer is right.
              if abs(exponent + 1020) < 1e-6 { continue }
              let error = abs(terms[j] - expected)
              worst = max(worst, error == 0 ? 0 : error / (tolerance * expected))
            }
            #expect(worst <= 1, "\(form), \(count) points, scale \(scale), set \(set)")
            let sums = tk_sums_with_costs_on(set, &exponents, -exact)
            let powers = row.exponents.map { exp2($0 - exact) }
            let mass = CompensatedSum(powers).value
            let cost = CompensatedSum(zip(powers, row.costs).map { $0 * $1 }).value
            let errors = row.sizes.map { 8 * Self.unit * ($0 + abs(exact) + 16) }
            let massError = zip(powers, errors).reduce(0) { $0 + $1.0 * $1.1 }
            let costError = powers.indices.reduce(0) {
              $0 + powers[$1] * row.costs[$1] * errors[$1]
            }
            #expect(abs(sums.mass - mass) <= massError)
            #expect(abs(sums.cost - cost) <= costError)
          }
        }
      }
    }
  }

  /// The power of two by itself: costs of zero, exponents from the offsets alone.
  @Test func powersOfTwoAreGoodToTwoUnits() {
    let offsets = stride(from: -1019.99, to: 1019.99, by: 0.0937).map { $0 }
    let costs = [Double](repeating: 0, count: offsets.count)
    for set in Self.instructionSets {
      var terms = costs
      var worst = 0.0
      withCosts(costs, offsets: offsets, scale: 1) { tk_exp2_on(set, &$0, 0, &terms) }
      for (offset, term) in zip(offsets, terms) {
        worst = max(worst, abs(term - exp2(offset)) / exp2(offset).ulp)
      }
      #expect(worst <= 2, "set \(set)")
      withCosts([0, 0, 0], offsets: [0, 1, -1], scale: 1) { tk_exp2_on(set, &$0, 0, &terms) }
      #expect(terms.prefix(3) == [1, 2, 0.5])
    }
  }

  @Test func zeroMassesAndInfinitiesAreNothing() {
    for set in Self.instructionSets {
      for guess in [0, -.infinity, .nan, 700.0] {
        withCosts([1, 2, 3], offsets: [-.infinity, -.infinity, -.infinity], scale: 1) {
          #expect(tk_log2_sum_exp2_on(set, &$0, guess) == -.infinity)
        }
        withCosts([1, 2, 3], offsets: [-.infinity, 12, -.infinity], scale: 1) {
          #expect(tk_log2_sum_exp2_on(set, &$0, guess) == 10)
          var terms = [Double](repeating: -1, count: 3)
          tk_exp2_on(set, &$0, -10, &terms)
          #expect(terms == [0, 1, 0])
        }
      }
      // A row of which every term underflows against a guess of 0, and one that overflows.
      for level in [-1e9, 1e9] {
        withCosts([0, 0, 0, 0], offsets: [level, level, level, level], scale: 1) {
          #expect(tk_log2_sum_exp2_on(set, &$0, 0) == level + 2)
        }
      }
    }
  }
}

private func withCosts(
  _ costs: [Double], offsets: [Double], scale: Double, _ body: (inout tk_exponents) -> Void
) {
  costs.withUnsafeBufferPointer { costs in
    offsets.withUnsafeBufferPointer { offsets in
      var exponents = tk_exponents(
        cost: nil, point: nil, targets: nil, stride: 0, costs: costs.baseAddress,
        count: costs.count, scale: scale, offsets: offsets.baseAddress)
      body(&exponents)
    }
  }
}

/// A random row of pairs with its exponents in plain Swift.
private struct Row {
  let form: LogSumExpTests.Form
  let scale: Double
  let point: [Double]
  let targets: [Double]
  let offsets: [Double]
  let costs: [Double]
  let exponents: [Double]
  /// |offset| + scale · cost, with the growth of rounding in a power.
  let sizes: [Double]

  init(
    _ form: LogSumExpTests.Form, count: Int, scale: Double, _ generator: inout SeededGenerator
  ) {
    let extents = form.lengths.map { $0.isFinite ? $0 : 3 }
    let point = extents.map { generator.uniform() * $0 }
    var targets = extents.flatMap { extent in
      (0..<count).map { _ in generator.uniform() * extent }
    }
    // Some points without mass, and one on the point itself.
    var offsets = (0..<count).map { _ in
      generator.next() % 5 == 0 ? -Double.infinity : 40 * generator.uniform() - 20
    }
    offsets[count / 2] = 3
    for axis in extents.indices { targets[axis * count + count / 2] = point[axis] }

    var costs: [Double] = []
    var exponents: [Double] = []
    var sizes: [Double] = []
    for j in 0..<count {
      var (cost, size) = (0.0, 0.0)
      var axis = 0
      for (block, blockSize) in form.blockSizes.enumerated() {
        var squares = 0.0
        for _ in 0..<blockSize {
          let way = abs(point[axis] - targets[axis * count + j])
          let difference = min(way, form.lengths[axis] - way)
          squares += difference * difference
          axis += 1
        }
        let term = pow(squares.squareRoot(), form.exponents[block])
        cost += term
        let logarithm = squares > 0 ? abs(0.5 * form.exponents[block] * log2(squares)) : 0
        size += term * (1 + form.exponents[block] + logarithm)
      }
      costs.append(cost)
      exponents.append(offsets[j] - scale * cost)
      sizes.append((offsets[j].isFinite ? abs(offsets[j]) : 0) + scale * size)
    }
    self.form = form
    self.scale = scale
    self.point = point
    self.targets = targets
    self.offsets = offsets
    self.costs = costs
    self.exponents = exponents
    self.sizes = sizes
  }

  var logSum: Double {
    let largest = exponents.reduce(-.infinity, max)
    return largest + log2(CompensatedSum(exponents.map { exp2($0 - largest) }).value)
  }

  /// The largest size among the terms that matter to the sum.
  var largestSize: Double {
    let largest = exponents.reduce(-.infinity, max)
    return zip(exponents, sizes).reduce(0) { $1.0 > largest - 60 ? max($0, $1.1) : $0 }
  }

  func withExponents(_ body: (inout tk_exponents) -> Void) {
    let ends = form.blockSizes.indices.map { Int32(form.blockSizes[...$0].reduce(0, +)) }
    let weights = form.blockSizes.map { _ in 1.0 } + form.blockSizes.map { _ in 0.0 }
    form.lengths.withUnsafeBufferPointer { lengths in
      ends.withUnsafeBufferPointer { ends in
        weights.withUnsafeBufferPointer { weights in
          form.exponents.withUnsafeBufferPointer { powers in
            var cost = tk_block_cost(
              axis_count: Int32(form.lengths.count), block_count: Int32(form.blockSizes.count),
              axis_lengths: lengths.baseAddress, block_ends: ends.baseAddress,
              block_weights: weights.baseAddress, block_exponents: powers.baseAddress,
              block_squares: weights.baseAddress.map { $0 + form.blockSizes.count })
            withUnsafePointer(to: &cost) { cost in
              point.withUnsafeBufferPointer { point in
                targets.withUnsafeBufferPointer { targets in
                  offsets.withUnsafeBufferPointer { offsets in
                    var exponents = tk_exponents(
                      cost: cost, point: point.baseAddress, targets: targets.baseAddress,
                      stride: offsets.count, costs: nil, count: offsets.count, scale: scale,
                      offsets: offsets.baseAddress)
                    body(&exponents)
                  }
                }
              }
            }
          }
        }
      }
    }
  }
}
