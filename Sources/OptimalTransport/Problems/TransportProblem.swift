/// A transport problem: two measures, the domain on which they live, and the cost of a move.
///
/// The distance is the smallest transport cost to the power 1/p, with p the `exponent`.
public struct TransportProblem: Sendable {
  /// The measure that is moved, μ.
  public let source: DiscreteMeasure
  /// The measure to which it is moved, ν.
  public let target: DiscreteMeasure
  /// The lines and circles of the coordinates.
  public let domain: ProductDomain
  /// The cost of moving a unit of mass.
  public let cost: GroundCost
  /// The exponent p: distance = cost^{1/p}.
  public let exponent: Double

  /// The costs in the problem's own unit, in which the largest is about 1.
  package let pairCosts: PairCosts
  /// The measures as tensor grids, where they were given as such.
  private let grids: (source: TensorGrid, target: TensorGrid)?
  /// The costs axis by axis, between tensor grids where the cost is a sum over the axes.
  package let separableCosts: SeparableCosts?

  /// A problem, checked.
  ///
  /// - Parameters:
  ///   - source: μ.
  ///   - target: ν, of the same dimension.
  ///   - domain: one axis for each coordinate; `nil` for a Euclidean space.
  ///   - cost: any ground cost; a matrix or function is evaluated once at every pair, to be checked.
  ///   - exponent: p ≥ 1.
  /// - Throws: `ProblemError`.
  /// - Complexity: O(n + m) for block costs, O(nm) for matrices and functions.
  public init(
    from source: DiscreteMeasure, to target: DiscreteMeasure, domain: ProductDomain? = nil,
    cost: GroundCost, exponent: Double
  ) throws(ProblemError) {
    guard source.dimension == target.dimension else {
      throw .dimensionMismatch(source: source.dimension, target: target.dimension)
    }
    guard exponent >= 1, exponent.isFinite else { throw .badExponent(exponent) }
    let domain = domain ?? ProductDomain(lines: source.dimension)
    guard domain.dimension == source.dimension else {
      throw .domainMismatch(domain: domain.dimension, points: source.dimension)
    }
    self.source = source
    self.target = target
    self.domain = domain
    self.cost = cost
    self.exponent = exponent
    self.pairCosts = try PairCosts(source: source, target: target, domain: domain, cost: cost)
    grids = nil
    separableCosts = nil
  }

  /// A problem between measures on tensor grids.
  ///
  /// Where the cost is a sum over the axes, because each of its blocks is a square or has a single
  /// axis, Sinkhorn's iteration and its bracket work axis by axis: 256 × 256 nodes on either side
  /// take seconds. For other costs, and for other solvers, it is the problem of the grids' points.
  ///
  /// - Throws: `ProblemError`.
  /// - Complexity: O(N) for N nodes and block costs.
  public init(
    from source: TensorGrid, to target: TensorGrid, domain: ProductDomain? = nil, cost: GroundCost,
    exponent: Double
  ) throws(ProblemError) {
    let points = try TransportProblem(
      from: source.measure, to: target.measure, domain: domain, cost: cost, exponent: exponent)
    self.source = points.source
    self.target = points.target
    self.domain = points.domain
    self.cost = cost
    self.exponent = exponent
    pairCosts = points.pairCosts
    grids = (source, target)
    separableCosts = SeparableCosts(
      from: source, to: target, domain: points.domain, cost: cost,
      unit: points.pairCosts.unitExponent)
  }

  /// The problem between measures on tensor grids with the cost (Σ|Δ_k|²)^{p/2}.
  ///
  /// - Throws: `ProblemError`.
  public init(
    from source: TensorGrid, to target: TensorGrid, domain: ProductDomain? = nil, exponent: Double
  ) throws(ProblemError) {
    try self.init(
      from: source, to: target, domain: domain,
      cost: .euclidean(dimension: source.nodes.count, exponent: exponent), exponent: exponent)
  }

  /// The joint problem: (Σ|Δ_k|²)^{p/2} over all axes, what general transport libraries mean by W_p.
  ///
  /// - Throws: `ProblemError`.
  public init(
    from source: DiscreteMeasure, to target: DiscreteMeasure, domain: ProductDomain? = nil,
    exponent: Double
  ) throws(ProblemError) {
    try self.init(
      from: source, to: target, domain: domain,
      cost: .euclidean(dimension: source.dimension, exponent: exponent), exponent: exponent)
  }

  /// The number of pairs of points, n·m.
  public var pairCount: Int { source.count * target.count }

  /// The bytes that a dense cost matrix would take.
  public var denseMatrixBytes: Int { pairCount * MemoryLayout<Double>.size }

  /// Whether every point of both measures has the same mass and there are as many on either side.
  public var isAssignment: Bool {
    source.count == target.count && source.masses.allSatisfy { $0 == source.masses[0] }
      && target.masses.allSatisfy { $0 == source.masses[0] }
  }

  /// The cost of moving one unit of mass from a source point to a target point.
  public func cost(from source: Int, to target: Int) -> Double {
    pairCosts.cost(source, target).scaled(by: pairCosts.unitExponent)
  }

  /// The problem of moving one of the measures to itself, at the same block cost.
  ///
  /// - Throws: `ProblemError` for costs that are not blocks of another number of points.
  package func withItself(_ side: TransportSide) throws(ProblemError) -> TransportProblem {
    if let grids {
      let grid = side == .source ? grids.source : grids.target
      return try TransportProblem(
        from: grid, to: grid, domain: domain, cost: cost, exponent: exponent)
    }
    let measure = side == .source ? source : target
    return try TransportProblem(
      from: measure, to: measure, domain: domain, cost: cost, exponent: exponent)
  }

  /// The same problem with the roles of the measures exchanged.
  ///
  /// - Throws: `ProblemError`; never for a problem that exists, but for a function that gives
  ///   other answers than before.
  public func swapped() throws(ProblemError) -> TransportProblem {
    let swappedCost: GroundCost
    switch cost {
    case .blocks:
      swappedCost = cost
    case .matrix(let entries):
      let (rows, columns) = (source.count, target.count)
      swappedCost = .matrix(
        (0..<columns).flatMap { j in (0..<rows).map { entries[$0 * columns + j] } })
    case .function(let function):
      swappedCost = .function { function($1, $0) }
    }
    if let grids {
      return try TransportProblem(
        from: grids.target, to: grids.source, domain: domain, cost: swappedCost,
        exponent: exponent)
    }
    return try TransportProblem(
      from: target, to: source, domain: domain, cost: swappedCost, exponent: exponent)
  }
}

extension ProductDomain {
  /// A Euclidean space whose dimension is already known to be positive.
  init(lines dimension: Int) {
    self.init(uncheckedAxes: Array(repeating: .line, count: dimension))
  }
}
