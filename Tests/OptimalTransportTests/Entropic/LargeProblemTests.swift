import TestSupport
import Testing

@testable import OptimalTransport
import Libc

/// What is only done for many points: blocks, left-out pairs, coarse starts.
@Suite struct LargeProblemTests {
  static func problem(_ family: MassFamily, lattice: Bool = false) throws -> TransportProblem {
    var generator = SeededGenerator(seed: 21)
    let blocks = [
      CostBlock(axes: 0..<1, weight: 3, exponent: 2),
      CostBlock(axes: 1..<3, exponent: 1.5),
    ]
    return try TransportProblem(
      from: generator.measure(count: 1110, dimension: 3, masses: family, lattice: lattice),
      to: generator.measure(count: 953, dimension: 3, masses: family, lattice: lattice),
      domain: ProductDomain([.circle(length: 1), .line, .circle(length: 0.7)]),
      cost: .blocks(blocks),
      exponent: 2)
  }

  @Test func blocksHoldTheirPoints() throws {
    let geometry = try #require(try Self.problem(.random).pairCosts.geometry)
    let blocked = try BlockedGeometry(geometry)
    for side in [TransportSide.source, .target] {
      let blocks = blocked.blocks(side)
      let count = blocks.order.count
      #expect(blocks.order.sorted() == Array(0..<count))
      let points = side == .source ? geometry.sources : geometry.targets
      for block in 0..<blocks.count {
        for position in blocks.range(block) {
          for axis in 0..<geometry.axisCount {
            let value = blocks.coordinates[axis * count + position]
            #expect(value == points[axis * count + blocks.order[position]])
            #expect(value >= blocks.low[axis * blocks.count + block])
            #expect(value <= blocks.high[axis * blocks.count + block])
          }
        }
      }
      // Small boxes are the point of it: with about 16 blocks in three dimensions, half of the
      // whole on an axis.
      for axis in 0..<geometry.axisCount {
        let boxes = (0..<blocks.count).map { axis * blocks.count + $0 }
        let whole =
          boxes.reduce(-.infinity) { max($0, blocks.high[$1]) }
          - boxes.reduce(.infinity) { min($0, blocks.low[$1]) }
        let mean = boxes.reduce(0) { $0 + blocks.high[$1] - blocks.low[$1] } / Double(boxes.count)
        #expect(mean < 0.65 * whole)
      }
    }
    func leastCosts(_ side: TransportSide, _ block: Int) -> [Double] {
      let count = blocked.blocks(side.opposite).count
      return Array(
        [Double](unsafeUninitializedCapacity: 2 * count) { buffer, initialized in
          buffer.initialize(repeating: .nan)
          if let costs = buffer.baseAddress { blocked.leastCosts(side, block, into: costs) }
          initialized = 2 * count
        }.prefix(count))
    }
    let backward = (0..<blocked.target.count).map { leastCosts(.target, $0) }
    for block in 0..<blocked.source.count {
      for (other, bound) in leastCosts(.source, block).enumerated() {
        #expect(abs(backward[other][block] - bound) <= 1e-15)
        for i in blocked.source.range(block).prefix(5) {
          for j in blocked.target.range(other).suffix(5) {
            let cost = geometry.cost(blocked.source.order[i], blocked.target.order[j])
            #expect(bound <= cost * (1 + 1e-14) + 1e-16)
          }
        }
      }
    }
  }

  @Test(arguments: MassFamily.allCases) func leftOutPairsDoNotMatter(family: MassFamily) throws {
    let problem = try Self.problem(family, lattice: family == .tied)
    var iteration = try SinkhornIteration(problem: problem)
    for regularization in [1, 0.02, 1e-3, 1e-5] {
      let blocked = iteration.kernel(OwnRegularization(regularization))
      #expect(blocked is BlockKernel)
      let plain = PairKernel(costs: problem.pairCosts, scale: blocked.scale)
      for _ in 0..<3 {
        for side in [TransportSide.target, .source] {
          let offsets = iteration.offsets(side.opposite, blocked)
          let none = [Double](repeating: .nan, count: blocked.count(side))
          let expected = try plain.logSums(side, offsets: offsets, guesses: none)
          for error in [0.0, 9, 30, -200, 1e4] {
            let sums = try blocked.logSums(
              side, offsets: offsets, guesses: expected.map { $0 + error })
            for (sum, right) in zip(sums, expected) {
              #expect(abs(sum - right) <= 1e-13 * (abs(right) + blocked.scale + 300))
            }
          }
          if side == .source {
            let shifts = expected.map { -$0 }
            let rows = try blocked.rowSums(offsets: offsets, shifts: shifts)
            let right = try plain.rowSums(offsets: offsets, shifts: shifts)
            for (row, right) in zip(rows, right) {
              #expect(abs(row.mass - right.mass) <= 1e-12 * right.mass)
              #expect(abs(row.cost - right.cost) <= 1e-12 * right.cost)
            }
            for limit in [1e-8, 1] {
              let limits = iteration.masses(.target).map { limit * $0 }
              let all = try plain.entries(
                at: 0..<expected.count, offsets: offsets, shifts: shifts, limits: limits)
              let entries = try blocked.entries(
                at: 100..<400, offsets: offsets, shifts: shifts, limits: limits)
              for (row, index) in zip(entries, blocked.spatialOrder(.source)[100..<400]) {
                let found = row.sorted { $0.target < $1.target }
                let right = all[index]
                #expect(found.map(\.target) == right.map(\.target))
                let isClose = zip(found, right).allSatisfy { entry, right in
                  abs(entry.term - right.term) <= 1e-11 * right.term
                }
                #expect(isClose)
              }
            }
          }
          let potential = expected.map { -$0 / blocked.scale }
          if side == .source { iteration.source = potential } else { iteration.target = potential }
        }
      }
    }
  }

  /// Gaussians on lattices fine enough for blocks and a coarse start, against the closed form.
  @Test(arguments: [0.02, 0.5]) func coarseStartsEndWhereOthersDo(epsilon: Double) throws {
    func gaussian(mean: Double, deviation: Double, count: Int) throws -> DiscreteMeasure {
      let points = (0..<count).map { 14 * Double($0) / Double(count - 1) - 7 }
      return try DiscreteMeasure(
        axes: [points.map { mean + deviation * $0 }], masses: points.map { exp(-0.5 * $0 * $0) })
    }
    let (a, b, shift) = (1.0, 0.6, 0.8)
    let problem = try TransportProblem(
      from: gaussian(mean: 0, deviation: a, count: 1401),
      to: gaussian(mean: shift, deviation: b, count: 1601), exponent: 2)
    let solver = SinkhornSolver(regularization: epsilon, marginalTolerance: 1e-10)
    #expect(try solver.coarseStart(problem, KernelKind(problem).blocks, nil) != nil)
    let solution = try solver.solveEntropic(problem)
    let product = a * a * b * b
    let c = (-epsilon + (epsilon * epsilon + 16 * product).squareRoot()) / 4
    let transport = shift * shift + a * a + b * b - 2 * c
    let entropic = transport - epsilon / 2 * log(1 - c * c / product)
    #expect(abs(solution.transportCost - transport) <= 1e-8)
    #expect(abs(solution.entropicCost - entropic) <= 1e-8)
    // The points are sorted, so that the north-west rule gives the optimal plan.
    let plan = MarginalRepair.northWest(problem.source.masses, problem.target.masses)
    var least = CompensatedSum()
    for entry in 0..<plan.count {
      least.add(
        plan.masses[entry]
          * plainCost(problem, Int(plan.sources[entry]), Int(plan.targets[entry])))
    }
    let bounds = try solution.unregularizedCostBounds()
    #expect(bounds.lower <= least.value * (1 + 1e-12))
    #expect(bounds.upper >= least.value * (1 - 1e-12))
  }

  /// What may be left out is left out, and no more than that.
  @Test func omissionIsKept() throws {
    let problem = try Self.problem(.random)
    var iteration = try SinkhornIteration(problem: problem)
    let exact = iteration.kernel(OwnRegularization(1e-3))
    let plain = PairKernel(costs: problem.pairCosts, scale: exact.scale)
    for _ in 0..<3 {
      iteration.target = try iteration.halfStep(.target, plain).potential
      iteration.source = try iteration.halfStep(.source, plain).potential
    }
    let offsets = iteration.offsets(.target, exact)
    let guesses = iteration.source.map { -exact.scale * $0 }
    let right = try plain.logSums(.source, offsets: offsets, guesses: guesses)
    var largest = 0.0
    for tolerance in [1e-6, 1e-2, 1] {
      let kernel = iteration.kernel(OwnRegularization(1e-3), tolerance: tolerance)
      #expect(kernel.omission == 1e-6 * tolerance)
      let sums = try kernel.logSums(.source, offsets: offsets, guesses: guesses)
      largest = zip(sums, right).map { abs($0 - $1) }.max() ?? 0
      #expect(largest <= 2 * 1e-6 * tolerance + 1e-10)
    }
    #expect(largest > 0)
  }

  /// Two beams of slightly different masses: what goes from one to the other is right from the start, although
  /// sweeps take hundreds of iterations for it.
  @Test func beamsExchangeWhatTheyLack() throws {
    var generator = SeededGenerator(seed: 32)
    func beams(_ share: Double) throws -> DiscreteMeasure {
      let count = 1_200
      let axes = [
        (0..<count).map { _ in generator.uniform() },
        (0..<count).map { ($0 % 2 == 0 ? 1.0 : -1) + 0.3 * generator.uniform() },
      ]
      return try DiscreteMeasure(
        axes: axes, masses: (0..<count).map { $0 % 2 == 0 ? share : 1 - share })
    }
    let problem = try TransportProblem(from: beams(0.5), to: beams(0.51), exponent: 2)
    let solution = try AdaptiveSinkhornSolver(relativeWidth: 0.01).solveEntropic(problem)
    let exact = try NetworkSimplex().solve(problem).costBounds
    let found = try #require(solution.provedCostBounds)
    #expect(found.lower <= exact.upper && found.upper >= exact.lower)
    #expect(solution.effort.iterations < 150)
  }

  /// Two beams far apart, moved by little: a wrong marginal is repaired from beam to beam at a cost
  /// far above the least one, which a smaller regularisation would not help.
  @Test(arguments: [400, 1600]) func searchesLowerWhatMatters(count: Int) throws {
    var generator = SeededGenerator(seed: 25)
    func beams(_ shift: Double) throws -> DiscreteMeasure {
      let axes = [
        (0..<count).map { _ in generator.uniform() + shift },
        (0..<count).map { ($0 % 2 == 0 ? 10.0 : -10) + generator.uniform() },
      ]
      return try DiscreteMeasure(axes: axes, masses: Array(repeating: 1, count: count))
    }
    let problem = try TransportProblem(from: beams(0), to: beams(0.5), exponent: 2)
    let solution = try AdaptiveSinkhornSolver(relativeWidth: 0.05).solveEntropic(problem)
    let found = try #require(solution.provedCostBounds)
    let bounds = try NetworkSimplex().solve(problem).costBounds
    #expect(found.lower <= bounds.upper && found.upper >= bounds.lower)
    #expect(found.relativeWidth <= 0.05)
    // The plan's blur costs about ε in two dimensions.
    #expect(solution.regularization > 0.2 * 0.05 * bounds.upper)
  }

  /// Groups on a circle have their centres where they are, also beside its origin.
  @Test func mergingMovesLittleOnCircles() throws {
    var generator = SeededGenerator(seed: 24)
    let (a, b) = (
      try generator.measure(count: 1500, dimension: 2, masses: .equal),
      try generator.measure(count: 1600, dimension: 2, masses: .random)
    )
    func finest(_ axes: [CoordinateAxis]) throws -> Double {
      let problem = try TransportProblem(from: a, to: b, domain: ProductDomain(axes), exponent: 2)
      let blocks = try KernelKind(problem).blocks
      return try #require(try CoarseProblem(of: problem, blocks)).finestRegularization
    }
    let (onCircles, onLines) = (
      try finest([.circle(length: 1), .circle(length: 1)]), try finest([.line, .line])
    )
    // Eight of 1,500 points fill a square of side 0.073, and its mean squared distance from the
    // centre is a sixth of that squared.
    #expect(onLines > 20 * 2 * 0.0005 && onLines < 20 * 2 * 0.0015)
    #expect(abs(onCircles / onLines - 1) < 0.1)
  }

  /// The regularisation is found on merged clouds; the bracket is that of all points.
  @Test(arguments: [0.1, 0.01]) func searchesStartOnMergedClouds(width: Double) throws {
    var generator = SeededGenerator(seed: 23)
    let problem = try TransportProblem(
      from: generator.measure(count: 1500, dimension: 2, masses: .random),
      to: generator.measure(count: 1600, dimension: 2, masses: .equal),
      domain: ProductDomain([.circle(length: 1), .line]), exponent: 2)
    let exact = try NetworkSimplex().solve(problem).costBounds
    nonisolated(unsafe) var proofs = 0
    let solution = try AdaptiveSinkhornSolver(relativeWidth: width).solveEntropic(problem) {
      progress in
      if case .provingBracket = progress.stage { proofs += 1 }
      return true
    }
    let found = try #require(solution.provedCostBounds)
    #expect(found.lower <= exact.upper && found.upper >= exact.lower)
    #expect(found.relativeWidth <= width)
    #expect(solution.regularizations.count < proofs)
    #expect(solution.regularization == solution.regularizations.last)
  }

  /// All kinds of masses on a mixed domain, judged from the definition.
  @Test(arguments: [MassFamily.withZeros, .tied])
  func largeProblemsAreRight(family: MassFamily) throws {
    var generator = SeededGenerator(seed: 22)
    let domain = try ProductDomain([.circle(length: 1), .line])
    let problem = try TransportProblem(
      from: generator.measure(
        count: 1450, dimension: 2, masses: family, lattice: family == .tied),
      to: generator.measure(count: 1500, dimension: 2, masses: family), domain: domain,
      exponent: 2)
    let solver = SinkhornSolver(regularization: 0.003, marginalTolerance: 1e-7)
    let solution = try solver.solveEntropic(problem)
    #expect(plainMarginalError(solution) <= 1.01e-7)
    judge(try solver.solve(problem), closedTo: nil)
  }
}
