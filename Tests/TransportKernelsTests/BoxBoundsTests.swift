import OptimalTransport
import Testing
import TransportKernels

/// Costs and lower bounds over boxes, by every body that this machine can run.
@Suite struct BoxBoundsTests {
  static let lanes = Int(TK_BOX_LANES)

  /// A block cost, a point, and eight boxes with affine functions on them.
  struct Case {
    var form: LogSumExpTests.Form
    var weights: [Double]
    var point: [Double]
    /// As the kernel takes them.
    var boxes: [Double]

    init(_ form: LogSumExpTests.Form, _ generator: inout SeededGenerator) {
      self.form = form
      weights = form.blockSizes.map { _ in generator.uniform() + 0.1 }
      point = form.lengths.map { ($0.isFinite ? $0 : 2) * (generator.uniform() - 0.5) }
      boxes = []
      let size = [1.0, 0.1, 1e-4, 0][Int(generator.next() % 4)]
      let steepness = [0.0, 1, 1, 30][Int(generator.next() % 4)]
      for _ in 0..<2 * lanes { boxes.append(2 * generator.uniform() - 1) }
      for length in form.lengths {
        let width = length.isFinite ? length : 2
        for _ in 0..<lanes { boxes.append(width * (generator.uniform() - 0.5)) }
        for _ in 0..<lanes { boxes.append(size * width / 2 * generator.uniform()) }
        for _ in 0..<lanes { boxes.append(steepness * (generator.uniform() - 0.5)) }
      }
    }

    func row(_ number: Int, _ lane: Int) -> Double { boxes[number * lanes + lane] }

    func withCost<Result>(_ body: (inout tk_block_cost) -> Result) -> Result {
      var end: Int32 = 0
      let ends = form.blockSizes.map { size -> Int32 in
        end += Int32(size)
        return end
      }
      return form.lengths.withUnsafeBufferPointer { lengths in
        ends.withUnsafeBufferPointer { ends in
          weights.withUnsafeBufferPointer { weights in
            form.exponents.withUnsafeBufferPointer { exponents in
              var cost = tk_block_cost(
                axis_count: end, block_count: Int32(ends.count),
                axis_lengths: lengths.baseAddress, block_ends: ends.baseAddress,
                block_weights: weights.baseAddress, block_exponents: exponents.baseAddress)
              return body(&cost)
            }
          }
        }
      }
    }

    /// c(x, y) less what the function is at most, at y = middle + offset.
    func reduced(_ lane: Int, offsets: [Double]) -> Double {
      withCost { cost in
        var y: [Double] = []
        var affine = row(1, lane)
        for (axis, length) in form.lengths.enumerated() {
          var value = row(2 + 3 * axis, lane) + offsets[axis]
          if length.isFinite { value -= length * (value / length).rounded() }
          y.append(value)
          affine += row(4 + 3 * axis, lane) * offsets[axis]
        }
        return tk_pair_cost(&cost, point, 1, y, 1) - min(affine, row(0, lane))
      }
    }
  }

  /// No point of a box lies below its bound, not even at a corner or the nearest point.
  @Test(arguments: LogSumExpTests.forms) func neverExceedTheLeast(form: LogSumExpTests.Form) {
    var generator = SeededGenerator(seed: 41)
    for _ in 0..<300 {
      let problem = Case(form, &generator)
      var portable = [Double](repeating: .nan, count: Self.lanes)
      problem.withCost {
        tk_box_bounds_on(tk_portable, &$0, problem.point, problem.boxes, &portable)
      }
      for set in LogSumExpTests.instructionSets {
        var bounds = [Double](repeating: .nan, count: Self.lanes)
        problem.withCost { tk_box_bounds_on(set, &$0, problem.point, problem.boxes, &bounds) }
        #expect(bounds == portable, "the same bits on every instruction set")
        for lane in 0..<Self.lanes {
          for _ in 0..<8 {
            let offsets = form.lengths.indices.map { axis -> Double in
              let half = problem.row(3 + 3 * axis, lane)
              // The ends, the point that is nearest to x, or anywhere.
              let wanted = problem.point[axis] - problem.row(2 + 3 * axis, lane)
              let choices = [-half, half, wanted, half * (2 * generator.uniform() - 1)]
              return min(max(choices[Int(generator.next() % 4)], -half), half)
            }
            let value = problem.reduced(lane, offsets: offsets)
            // What the function itself rounds: a few units of numbers below 100.
            #expect(bounds[lane] <= value + 1e-13, "\(form), set \(set)")
          }
        }
      }
    }
  }

  /// With exponent 2 on lines the bound is the least, and on a box of one point with any exponent.
  @Test func areSharpWhereTheyCanBe() {
    var generator = SeededGenerator(seed: 42)
    for form in LogSumExpTests.forms {
      for _ in 0..<100 {
        var problem = Case(form, &generator)
        let isQuadratic = form.exponents == [2] && form.lengths == [.infinity]
        for lane in 0..<Self.lanes {
          problem.boxes[lane] = isQuadratic ? 1e3 : problem.boxes[lane]
          for axis in form.lengths.indices where !isQuadratic {
            problem.boxes[(3 + 3 * axis) * Self.lanes + lane] = 0
          }
        }
        for set in LogSumExpTests.instructionSets {
          var bounds = [Double](repeating: .nan, count: Self.lanes)
          problem.withCost { tk_box_bounds_on(set, &$0, problem.point, problem.boxes, &bounds) }
          for lane in 0..<Self.lanes {
            let half = problem.row(3, lane)
            let best = problem.point[0] - problem.row(2, lane)
            let least = problem.row(4, lane) / (2 * problem.weights[0]) + best
            let offsets = form.lengths.indices.map { _ in
              isQuadratic ? min(max(least, -half), half) : 0
            }
            let value = problem.reduced(lane, offsets: offsets)
            #expect(abs(bounds[lane] - value) <= 1e-10, "\(form), set \(set)")
          }
        }
      }
    }
  }

  /// Costs have the same bits on every instruction set, and those of `tk_pair_cost`.
  @Test(arguments: LogSumExpTests.forms) func costsAreTheSameEverywhere(form: LogSumExpTests.Form) {
    var generator = SeededGenerator(seed: 43)
    for count in [1, 7, 8, 9, 255, 256, 257, 700] {
      let problem = Case(form, &generator)
      let targets = form.lengths.flatMap { length in
        (0..<count).map { _ in (length.isFinite ? length : 2) * (generator.uniform() - 0.5) }
      }
      problem.withCost { cost in
        for set in LogSumExpTests.instructionSets {
          var costs = [Double](repeating: -1, count: count + 1)
          tk_costs_on(set, &cost, problem.point, targets, count, count, &costs)
          #expect(costs[count] == -1, "wrote past the end")
          for j in 0..<count {
            let target = form.lengths.indices.map { targets[$0 * count + j] }
            #expect(costs[j] == tk_pair_cost(&cost, problem.point, 1, target, 1))
          }
        }
      }
    }
  }
}
