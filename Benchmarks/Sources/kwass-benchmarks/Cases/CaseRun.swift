import Foundation
import KineticTransport

/// What came of solving a case in a process of its own.
struct CaseOutcome: Codable {
  let timing: Timing
  let pivots: Int
  let arcs: Int
  let cost: Double
  let lower: Double
  let upper: Double
  /// (upper − lower)/upper.
  let width: Double
  /// The largest width that is right.
  let allowedWidth: Double
  /// The sum of |marginal − mass|.
  let marginalError: Double
  /// Whether the sweep over all pairs confirmed the solution; `nil` when it was not asked for.
  let isVerified: Bool?

  /// What the result does not stand up to; `nil` when it is right.
  var failure: String? {
    // The bracket that the exact solver promises; marginals are exact to a few roundings of 1.
    if !(lower <= cost && cost <= upper) { return "the cost \(cost) is outside its bracket" }
    if !(width <= allowedWidth) { return "relative width \(width)" }
    if !(marginalError <= Verification.marginalTolerance) {
      return "marginals off by \(marginalError)"
    }
    return isVerified == false ? "the sweep over all pairs disproves the bracket" : nil
  }
}

/// A case with its outcome and what its process took.
struct CaseMeasurement: Codable {
  let `case`: BenchmarkCase
  let processors: Int
  let outcome: CaseOutcome
  let peakMemory: Int
}

extension BenchmarkCase {
  /// Solves the case in this process and checks the result.
  func solve() throws -> CaseOutcome {
    let problem = try problem()
    let (timing, solution) = try Timing.measure(repetitions: repetitions) {
      try NetworkSimplex(tolerance: tolerance).solve(problem)
    }
    let marginals = [
      (solution.plan.sourceMarginal(count: problem.source.count), problem.source.masses),
      (solution.plan.targetMarginal(count: problem.target.count), problem.target.masses),
    ]
    let marginalError = marginals.reduce(0) { sum, side in
      zip(side.0, side.1).reduce(sum) { $0 + abs($1.0 - $1.1) }
    }
    return CaseOutcome(
      timing: timing, pivots: solution.effort.iterations, arcs: solution.effort.arcs,
      cost: solution.cost, lower: solution.costBounds.lower, upper: solution.costBounds.upper,
      width: solution.costBounds.relativeWidth,
      // The cost is the distance to the power p.
      allowedWidth: max(1e-12, exponent * tolerance), marginalError: marginalError,
      isVerified: verifies ? try solution.verify().isConfirmed : nil)
  }

  /// Solves the case in a child process, on one processor or on all.
  func measure(processors: Int? = nil) throws -> CaseMeasurement {
    let text = String(decoding: try JSONEncoder().encode(self), as: UTF8.self)
    let child = try ChildProcess.run(
      CommandLine.arguments[0], ["solve", text], processors: processors)
    return CaseMeasurement(
      case: self, processors: processors ?? ProcessInfo.processInfo.activeProcessorCount,
      outcome: try child.decoded(as: CaseOutcome.self), peakMemory: child.peakMemory)
  }
}
