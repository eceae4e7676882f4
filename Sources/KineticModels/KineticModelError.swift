/// Why a kinetic model cannot be worked with.
public enum KineticModelError: Error, Hashable, Sendable, CustomStringConvertible {
  /// A parameter is out of its range.
  case badParameter(name: String, value: Double, requirement: String)
  /// A velocity potential does not keep velocities together: e^{−W/θ} has no finite integral.
  case notConfining(potential: String, at: Double, value: Double)
  /// A velocity potential is not a number somewhere.
  case badPotential(potential: String, at: Double)
  /// A velocity potential is not radial, and the dimension is more than one.
  case notRadial(potential: String, dimension: Int)
  /// The barrier between wells is so high that the answers leave the numbers.
  case barrierTooHigh(potential: String, barrier: Double)
  /// A routine of LAPACK did not reach its criterion.
  case noConvergence(routine: String, status: Int)

  /// A full sentence that says what was found and what would be right.
  public var description: String {
    switch self {
    case .badParameter(let name, let value, let requirement):
      "The parameter \(name) is \(value); it must be \(requirement)."
    case .notConfining(let potential, let place, let value):
      "The velocity potential \(potential) is not confining: it is \(value) at the velocity \(place), "
        + "no higher than elsewhere; it must grow without bound on either side."
    case .badPotential(let potential, let place):
      "The velocity potential \(potential) is not a number at the velocity \(place)."
    case .notRadial(let potential, let dimension):
      "The velocity potential \(potential) depends on the direction of v; in \(dimension) "
        + "dimensions it must depend on |v| alone (delta = 0)."
    case .barrierTooHigh(let potential, let barrier):
      "The velocity potential \(potential) has a barrier of \(barrier) theta between its wells, so "
        + "that D leaves the range of the numbers; it must be below 600 theta."
    case .noConvergence(let routine, let status):
      "LAPACK's \(routine) gave up with the status \(status)."
    }
  }
}
