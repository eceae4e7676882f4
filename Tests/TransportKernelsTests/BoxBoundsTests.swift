import Foundation
import InstructionSets
import OptimalTransport
import Testing
import TransportKernels

/// Costs and lower bounds over boxes, by every body that this machine can run.
@Suite struct BoxBoundsTests {
  static let lanes = Int(TK_BOX_LANES)

  /// A block cost, a box for x, and eight boxes for y, with affine functions on them.
  struct Case {
    var form: LogSumExpTests.Form
    var weights: [Double]
    /// What is added to the cost for each squared norm of a block.
    var squares: [Double]
    /// The box of x, as the kernel takes it; a point in one case of two.
    var query: [Double]
    /// As the kernel takes them.
    var boxes: [Double]

    init(_ form: LogSumExpTests.Form, isPoint: Bool? = nil, _ generator: inout SeededGenerator) {
      self.form = form
      weights = form.blockSizes.map { _ in generator.uniform() + 0.1 }
      let isSquared = generator.next() % 2 == 0
      squares = form.blockSizes.map { _ in isSquared ? generator.uniform() : 0 }
      let isPoint = isPoint ?? (generator.next() % 2 == 0)
      query = isPoint ? [0, 0] : [2 * generator.uniform() - 1, 2 * generator.uniform() - 1]
      boxes = []
      let size = [1.0, 0.1, 1e-4, 0][Int(generator.next() % 4)]
      let steepness = [0.0, 1, 1, 30][Int(generator.next() % 4)]
      for _ in 0..<2 * lanes { boxes.append(2 * generator.uniform() - 1) }
      for length in form.lengths {
        let width = length.isFinite ? length : 2
        query.append(width * (generator.uniform() - 0.5))
        query.append(isPoint ? 0 : size * width / 2 * generator.uniform())
        query.append(isPoint ? 0 : steepness * (generator.uniform() - 0.5))
        for _ in 0..<lanes { boxes.append(width * (generator.uniform() - 0.5)) }
        for _ in 0..<lanes { boxes.append(size * width / 2 * generator.uniform()) }
        for _ in 0..<lanes { boxes.append(steepness * (generator.uniform() - 0.5)) }
      }
    }

    /// The middle of the box of x.
    var point: [Double] { form.lengths.indices.map { query[2 + 3 * $0] } }

    func row(_ number: Int, _ lane: Int) -> Double { boxes[number * lanes + lane] }

    func withCost<Result>(_ body: (inout tk_block_cost) -> Result) -> Result {
      var end: Int32 = 0
      let ends = form.blockSizes.map { size -> Int32 in
        end += Int32(size)
        return end
      }
      // The additional weights of squares stand behind the weights.
      return form.lengths.withUnsafeBufferPointer { lengths in
        ends.withUnsafeBufferPointer { ends in
          (weights + squares).withUnsafeBufferPointer { weights in
            form.exponents.withUnsafeBufferPointer { exponents in
              var cost = tk_block_cost(
                axis_count: end, block_count: Int32(ends.count),
                axis_lengths: lengths.baseAddress, block_ends: ends.baseAddress,
                block_weights: weights.baseAddress, block_exponents: exponents.baseAddress,
                block_squares: weights.baseAddress.map { $0 + ends.count })
              return body(&cost)
            }
          }
        }
      }
    }

    /// c(x, y) less what both functions are at most, at places relative to the middles.
    func reduced(_ lane: Int, own: [Double], offsets: [Double]) -> Double {
      withCost { cost in
        var (x, y) = ([Double](), [Double]())
        var (f, g) = (query[1], row(1, lane))
        for (axis, length) in form.lengths.enumerated() {
          func wrapped(_ value: Double) -> Double {
            length.isFinite ? value - length * (value / length).rounded() : value
          }
          x.append(wrapped(query[2 + 3 * axis] + own[axis]))
          y.append(wrapped(row(2 + 3 * axis, lane) + offsets[axis]))
          f += query[4 + 3 * axis] * own[axis]
          g += row(4 + 3 * axis, lane) * offsets[axis]
        }
        return tk_pair_cost(&cost, x, 1, y, 1) - min(f, query[0]) - min(g, row(0, lane))
      }
    }
  }

  /// No pair of points of two boxes lies below their bound, not even at corners or nearest points.
  @Test(arguments: LogSumExpTests.forms) func neverExceedTheLeast(form: LogSumExpTests.Form) {
    var generator = SeededGenerator(seed: 41)
    for _ in 0..<600 {
      let problem = Case(form, &generator)
      var portable = [Double](repeating: .nan, count: Self.lanes)
      problem.withCost {
        tk_box_bounds_on(instruction_set_portable, &$0, problem.query, problem.boxes, &portable)
      }
      for set in LogSumExpTests.instructionSets {
        var bounds = [Double](repeating: .nan, count: Self.lanes)
        problem.withCost { tk_box_bounds_on(set, &$0, problem.query, problem.boxes, &bounds) }
        #expect(bounds == portable, "the same bits on every instruction set")
      }
      for lane in 0..<Self.lanes {
        for _ in 0..<8 {
          // The ends, the point that is nearest to another one, or anywhere.
          func place(_ half: Double, _ wanted: Double) -> Double {
            let choices = [-half, half, wanted, half * (2 * generator.uniform() - 1)]
            return min(max(choices[Int(generator.next() % 4)], -half), half)
          }
          let distances = form.lengths.indices.map {
            problem.query[2 + 3 * $0] - problem.row(2 + 3 * $0, lane)
          }
          let own = form.lengths.indices.map { place(problem.query[3 + 3 * $0], -distances[$0]) }
          let offsets = form.lengths.indices.map {
            place(problem.row(3 + 3 * $0, lane), distances[$0] + own[$0])
          }
          let value = problem.reduced(lane, own: own, offsets: offsets)
          // What the function itself rounds: a few units of numbers below 100.
          #expect(portable[lane] <= value + 1e-13, "\(form)")
        }
      }
    }
  }

  /// Two boxes that touch along a ray on which both functions fall as the cost grows: the bound is 0,
  /// which no bound from the tangent at the middles is.
  @Test func areSharpOnPlateaus() {
    let form = LogSumExpTests.Form(
      blockSizes: [2], exponents: [1], lengths: [.infinity, .infinity])
    var generator = SeededGenerator(seed: 44)
    for _ in 0..<100 {
      var problem = Case(form, isPoint: false, &generator)
      problem.weights = [1]
      problem.squares = [0]
      let angle = 6 * generator.uniform()
      let ray = [cos(angle), sin(angle)]
      // f(x) = −ray · x and g(y) = ray · y: c − f − g vanishes exactly where y − x is on the ray.
      problem.query = [1e3, 0, 0, 0.2, -ray[0], 0, 0.2, -ray[1]]
      for lane in 0..<Self.lanes {
        problem.boxes[lane] = 1e3
        problem.boxes[Self.lanes + lane] = 1
        for axis in 0..<2 {
          problem.boxes[(2 + 3 * axis) * Self.lanes + lane] = ray[axis] + 0.1 * Double(lane % 2)
          problem.boxes[(3 + 3 * axis) * Self.lanes + lane] = 0.3
          problem.boxes[(4 + 3 * axis) * Self.lanes + lane] = ray[axis]
        }
        problem.boxes[Self.lanes + lane] +=
          lane % 2 == 0 ? 0 : 0.1 * (ray[0] + ray[1])
      }
      var bounds = [Double](repeating: .nan, count: Self.lanes)
      problem.withCost { tk_box_bounds(&$0, problem.query, problem.boxes, &bounds) }
      for bound in bounds { #expect(bound <= 0 && bound >= -5e-14) }
    }
  }

  /// With exponent 2 on lines the bound is the least, and on a box of one point with any exponent.
  @Test func areSharpWhereTheyCanBe() {
    var generator = SeededGenerator(seed: 42)
    for form in LogSumExpTests.forms {
      for _ in 0..<100 {
        var problem = Case(form, isPoint: true, &generator)
        problem.squares = problem.squares.map { _ in 0 }
        let isQuadratic = form.exponents == [2] && form.lengths == [.infinity]
        for lane in 0..<Self.lanes {
          problem.boxes[lane] = isQuadratic ? 1e3 : problem.boxes[lane]
          for axis in form.lengths.indices where !isQuadratic {
            problem.boxes[(3 + 3 * axis) * Self.lanes + lane] = 0
          }
        }
        for set in LogSumExpTests.instructionSets {
          var bounds = [Double](repeating: .nan, count: Self.lanes)
          problem.withCost { tk_box_bounds_on(set, &$0, problem.query, problem.boxes, &bounds) }
          for lane in 0..<Self.lanes {
            let half = problem.row(3, lane)
            let best = problem.point[0] - problem.row(2, lane)
            let least = problem.row(4, lane) / (2 * problem.weights[0]) + best
            let offsets = form.lengths.indices.map { _ in
              isQuadratic ? min(max(least, -half), half) : 0
            }
            let value = problem.reduced(
              lane, own: form.lengths.map { _ in 0 }, offsets: offsets)
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
  /// Of the pairs of two leaves those below the limits are found, with the bits of `tk_pair_cost`.
  @Test(arguments: LogSumExpTests.forms) func leavesGiveThePairsBelow(form: LogSumExpTests.Form) {
    var generator = SeededGenerator(seed: 45)
    for round in 0..<40 {
      let problem = Case(form, &generator)
      let (n, m) = (1 + Int(generator.next() % 8), round == 0 ? 8 : 1 + Int(generator.next() % 8))
      func cloud(_ count: Int) -> [Double] {
        form.lengths.flatMap { length in
          (0..<count).map { _ in (length.isFinite ? length : 2) * (generator.uniform() - 0.5) }
        } + Array(repeating: 0, count: 8)
      }
      let (sources, targets) = (cloud(n), cloud(m))
      let offsets = (0..<8).map { $0 < m ? generator.uniform() : 1e9 }
      let limits = (0..<n).map { _ in 2 * generator.uniform() - 0.5 }
      problem.withCost { cost in
        for set in LogSumExpTests.instructionSets {
          var values = [Double](repeating: .nan, count: 64)
          let found = sources.withUnsafeBufferPointer { sources in
            targets.withUnsafeBufferPointer { targets in
              offsets.withUnsafeBufferPointer { offsets in
                var left = tk_leaf(
                  points: sources.baseAddress, offsets: nil, stride: n, count: Int32(n))
                var right = tk_leaf(
                  points: targets.baseAddress, offsets: offsets.baseAddress, stride: m,
                  count: Int32(m))
                return tk_leaf_values_on(set, &cost, &left, &right, limits, &values)
              }
            }
          }
          for i in 0..<8 {
            for j in 0..<8 {
              guard i < n, j < m else {
                #expect(found >> (8 * i + j) & 1 == 0)
                continue
              }
              let x = form.lengths.indices.map { sources[$0 * n + i] }
              let y = form.lengths.indices.map { targets[$0 * m + j] }
              let value = tk_pair_cost(&cost, x, 1, y, 1) - offsets[j]
              #expect((found >> (8 * i + j) & 1 == 1) == (value < limits[i]))
              if value < limits[i] { #expect(values[8 * i + j] == value) }
            }
          }
        }
      }
    }
  }
}
