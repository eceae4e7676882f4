import OptimalTransport
import Testing

@testable import PhaseSpace
import Libc

/// Brackets that must hold the exact value, in cases where that is known to all digits and a bracket too
/// narrow by some roundings misses it.
@Suite struct BracketTests {
  private func line(_ x: Double, _ y: Double, _ p: Double) throws -> TransportSolution {
    try NetworkSimplex().solve(
      TransportProblem(
        from: DiscreteMeasure(axes: [[x]]), to: DiscreteMeasure(axes: [[y]]),
        exponent: p))
  }

  /// 1/p is rounded, and the logarithm of a small cost magnifies that.
  @Test func rootOfSmallCost() throws {
    let solution = try line(0, 1e-60, 3)
    #expect(solution.distanceBounds.contains(1e-60), "\(solution.distanceBounds)")
  }

  /// Scaling the coordinates by 2^k scales the weight by 2^(kp), kp no integer.
  @Test func weightOfScaledBlock() throws {
    let (k, p) = (120.0, 1.3)
    let product = k * p
    let rest = (-product).addingProduct(k, p)
    let truth = exp2(product) * exp2(rest)
    let solution = try line(0, exp2(k), p)
    #expect(solution.costBounds.contains(truth), "\(solution.costBounds) \(truth)")
  }

  private func point(_ x: Double, _ v: Double, _ axis: CoordinateAxis = .line) throws
    -> PhaseSpaceMeasure
  {
    try PhaseSpaceMeasure(positions: [[x]], velocities: [[v]], box: ProductDomain([axis]))
  }

  /// Weights of a joint form with p = 2 round no coordinate: far from the origin too.
  @Test func jointWeightsFarFromTheOrigin() throws {
    let metric = try KineticMetric.twisted(a: 3, b: 0, c: 1, exponent: 2)
    let result = try metric.distance(from: point(1e8, 0), to: point(1e8 + 0x1p-10, 0))
    let truth = 3.0.squareRoot() * 0x1p-10
    #expect(
      result.distanceBounds.lower <= truth * (1 + 1e-15)
        && truth * (1 - 1e-15) <= result.distanceBounds.upper,
      "\(result.distanceBounds) \(truth)")
  }

  /// The coupling of least velocity part has position weight 0, also on a circle.
  @Test func jointNonlinearOnTheTorusOutside() throws {
    let metric = try KineticMetric(form: .joint, nonlinearity: .logarithmic())
    do {
      _ = try metric.distance(
        from: point(0.1, 0, .circle(length: 1)), to: point(0.2, 2, .circle(length: 1)))
      Issue.record("should throw")
    } catch {
      guard case .outsideNonlinearity? = error as? KineticMetricError else {
        Issue.record("\(error)")
        return
      }
    }
  }

  @Test func noRootBelowTheBound() throws {
    let phi = Nonlinearity(name: "one", bound: 1) { _ in 1 }
    #expect(try phi.root(positionPart: 2, velocityPart: 0) == nil)
  }

  /// Φ constant: W_Φ is the linear distance, and the brackets must agree.
  @Test func highPowerInManyAxes() throws {
    var generator = SeededGenerator(seed: 5)
    for _ in 0..<200 {
      let coordinates = (0..<3).map { _ in [Double.random(in: 0.5..<1, using: &generator)] }
      let first = try PhaseSpaceMeasure(
        positions: coordinates, velocities: [[0], [0], [0]])
      let second = try PhaseSpaceMeasure(
        positions: [[0.0], [0], [0]], velocities: [[0], [0], [0]])
      let metric = try KineticMetric(
        exponent: 200, nonlinearity: Nonlinearity(name: "one") { _ in 1 })
      let result = try metric.distance(from: first, to: second)
      var sum = CompensatedSum()
      for x in coordinates {
        sum.add(x[0] * x[0])
        sum.add((-(x[0] * x[0])).addingProduct(x[0], x[0]))
      }
      let (squares, rest) = (sum.value, sum.residue)
      let truth = pow(squares, 100) * (1 + 100 * rest / squares)
      #expect(
        result.costBounds.lower <= truth * (1 + 1e-15)
          && truth * (1 - 1e-15) <= result.costBounds.upper,
        "\(result.costBounds) \(truth)")
    }
  }

  private func particle(_ x: Double, _ v: Double, _ axis: CoordinateAxis = .line) throws
    -> PhaseSpaceMeasure
  {
    try PhaseSpaceMeasure(positions: [[x]], velocities: [[v]], box: ProductDomain([axis]))
  }

  /// The weights of a joint form multiply coordinates, which rounds them.
  @Test(arguments: [1.0, 2, 3]) func holdsJointWeightsFarFromTheOrigin(p: Double) throws {
    let metric = try KineticMetric.twisted(a: 3, b: 0, c: 1, exponent: p)
    let result = try metric.distance(from: particle(1e8, 0), to: particle(1e8 + 0x1p-10, 0))
    let truth = 3.0.squareRoot() * 0x1p-10
    #expect(
      result.distanceBounds.lower <= truth.nextUp && truth.nextDown <= result.distanceBounds.upper)
  }

  /// x − tv is rounded before anything is solved.
  @Test(arguments: [1.0, 1000], [1.0, 2]) func holdsAFreeFlow(time: Double, p: Double) throws {
    let metric = try KineticMetric.freeFlow(time: time, exponent: p)
    let y = 0.5 + 1e-9
    for axis in [CoordinateAxis.line, .circle(length: 1)] {
      let result = try metric.distance(
        from: particle(0.5, 1 / 3.0, axis), to: particle(y, 1 / 3.0, axis))
      #expect(result.distanceBounds.contains(y - 0.5), "\(result.distanceBounds) \(y - 0.5)")
    }
  }

  /// The bracket of unbalanced and partial transport counts the shear too, with the mass that is moved.
  @Test(arguments: [1.0, 2], [1.0, 16])
  func holdsAShearedUnbalancedCost(p: Double, mass: Double) throws {
    let metric = try KineticMetric.freeFlow(time: 1000, exponent: p)
    let y = 0.5 + 1e-9
    func particle(_ x: Double) throws -> PhaseSpaceMeasure {
      try PhaseSpaceMeasure(positions: [[x]], velocities: [[1 / 3.0]], masses: [mass])
    }
    let truth = mass * (y - 0.5).power(p)
    for relaxation in [
      MarginalRelaxation.movedMass(mass), .totalVariation(strength: 10 * (y - 0.5).power(p)),
    ] {
      let result = try metric.unbalancedCost(
        from: particle(0.5), to: particle(y),
        solver: UnbalancedSinkhornSolver(
          regularization: 1e-3 * (y - 0.5).power(p), relaxation: relaxation, tolerance: 1e-12))
      #expect(result.costBounds.contains(truth), "\(relaxation): \(result.costBounds) \(truth)")
      #expect(result.costBounds.relativeWidth < 1e-2, "\(result.costBounds)")
    }
  }

  /// A constant Φ makes the nonlinear distance a linear one; its bracket counts the shear too.
  @Test func holdsAShearedNonlinearDistance() throws {
    let phi = Nonlinearity(name: "one") { _ in 1 }
    let metric = try KineticMetric(exponent: 1, shear: -1000, nonlinearity: phi)
    let y = 0.5 + 1e-9
    let result = try metric.distance(from: particle(0.5, 1 / 3.0), to: particle(y, 1 / 3.0))
    #expect(result.distanceBounds.contains(y - 0.5), "\(result.distanceBounds) \(y - 0.5)")
  }

  /// c − b²/a where nearly all of it cancels.
  @Test func weighsVelocitiesRightWhereTheSquareNearlyCompletes() throws {
    let metric = try KineticMetric.twisted(a: 3, b: 1, c: (1 / 3.0).nextUp)
    // (1/3).nextUp is 1/3 + 2^-54 · 2/3: 1/3 itself rounds down by 2^-54 / 3.
    #expect(abs(metric.velocityWeight / (0x1p-54 * 2 / 3) - 1) < 1e-12)
  }

  /// A negative coordinate on a circle is as good as any other.
  @Test func holdsNeighboursAcrossTheOrigin() throws {
    let solution = try NetworkSimplex().solve(
      TransportProblem(
        from: DiscreteMeasure(axes: [[-1e-9]]), to: DiscreteMeasure(axes: [[1e-9]]),
        domain: ProductDomain([.circle(length: 1)]), exponent: 1))
    #expect(solution.costBounds.contains(2e-9), "\(solution.costBounds)")
  }
}
