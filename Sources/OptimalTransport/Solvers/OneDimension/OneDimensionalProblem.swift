/// A problem whose cost depends on one coordinate, sorted; and how a solution of it is put together.
struct OneDimensionalProblem {
  /// The sources in order.
  let sources: SortedPoints
  /// The targets in order.
  let targets: SortedPoints
  /// The targets that have an integer mass, in order.
  let targetSupport: SortedPoints
  /// The cost of a difference.
  let cost: ConvexCost

  private let problem: TransportProblem
  private let geometry: CostGeometry

  /// A sorted problem.
  ///
  /// - Parameters:
  ///   - onCircle: whether the coordinate must be periodic, or must not.
  ///   - solver: whose name an error bears.
  /// - Throws: `SolverError.unsuitable` unless the cost is one block of one axis of that kind, with
  ///   a positive weight and an exponent up to 256. Other axes may exist when the cost ignores them.
  ///   `SolverError.tooLarge` for 2³¹ points or more, `SolverError.cancelled`.
  /// - Complexity: O((n + m) log(n + m)).
  init(_ problem: TransportProblem, onCircle: Bool, solver: String) throws(SolverError) {
    let geometry = try Self.geometry(of: problem, onCircle: onCircle, solver: solver)
    guard max(problem.source.count, problem.target.count) <= Int32.max else {
      throw .tooLarge(solver: solver, reason: "it takes up to 2147483647 points on either side.")
    }
    self.problem = problem
    self.geometry = geometry
    sources = try SortedPoints(problem.source, at: geometry.sources)
    targets = try SortedPoints(problem.target, at: geometry.targets)
    targetSupport = targets.support
    let block = geometry.blocks[0]
    cost = ConvexCost(
      weight: block.weight, exponent: block.exponent, length: geometry.lengths[0])
  }

  /// Whether a problem is one that the initialiser takes.
  static func accepts(_ problem: TransportProblem, onCircle: Bool) -> Bool {
    (try? geometry(of: problem, onCircle: onCircle, solver: "")) != nil
  }

  /// Higher powers leave the range of double precision on the covering line of a circle.
  private static let largestExponent = 256.0

  private static func geometry(
    of problem: TransportProblem, onCircle: Bool, solver: String
  ) throws(SolverError) -> CostGeometry {
    guard let geometry = problem.pairCosts.geometry, geometry.axisCount == 1,
      geometry.lengths[0].isFinite == onCircle, geometry.blocks[0].weight > 0
    else {
      throw .unsuitable(
        solver: solver,
        reason: "it takes costs that depend on exactly one coordinate, "
          + (onCircle ? "a periodic one." : "one that is not periodic."))
    }
    guard geometry.blocks[0].exponent <= largestExponent else {
      throw .unsuitable(
        solver: solver,
        reason: "the exponent of its cost is \(geometry.blocks[0].exponent); "
          + "it must be at most \(Int(largestExponent)).")
    }
    return geometry
  }

  /// The solution with a plan and potentials of the targets that have mass, certified over all pairs.
  ///
  /// The sources and the targets without mass, which no plan ties to anything, get the c-transforms.
  ///
  /// - Parameter potentials: one for each target of the support.
  /// - Throws: `SolverError.cancelled`, where a watch is in force.
  /// - Complexity: O((n + m) log(n + m)).
  func solution(
    method: String, plan: TransportPlan, potentials: [Double], sweeps: Int,
    stopwatch: Stopwatch
  ) throws(SolverError) -> TransportSolution {
    let sourcePotentials = try MonotoneTransform(
      at: sources.coordinates, of: potentials, at: targetSupport.coordinates, geometry: geometry
    ).values()
    var targetPotentials = potentials
    if targetSupport.count < targets.count {
      targetPotentials = try MonotoneTransform(
        at: targets.coordinates, of: sourcePotentials, at: sources.coordinates, geometry: geometry
      ).values()
      let supported = targets.amounts.indices.filter { targets.amounts[$0] > 0 }
      for (index, potential) in zip(supported, potentials) { targetPotentials[index] = potential }
    }
    let certificate = Certificate(
      problem: problem, transformed: unsorted(sourcePotentials, sources),
      targetPotentials: unsorted(targetPotentials, targets))
    let effort = SolverEffort(
      seconds: stopwatch.seconds, iterations: sweeps, arcs: plan.count)
    return TransportSolution(
      problem: problem, method: method, plan: plan, certificate: certificate, effort: effort)
  }

  private func unsorted(_ values: [Double], _ points: SortedPoints) -> [Double] {
    var result = values
    for (value, index) in zip(values, points.indices) { result[Int(index)] = value }
    return result
  }
}
