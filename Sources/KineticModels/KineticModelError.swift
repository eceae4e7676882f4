import CharacteristicFlows
import OptimalTransport
import PhaseSpace

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
  /// A communication kernel is negative or no number.
  case badKernel(kernel: String, distance: Double, value: Double)
  /// Nobody is heard at a place, so that there is no velocity to follow and no weight 1/ρ_φ.
  case nobodyHeard(place: [Double], field: String)
  /// A step is above the one for which a method is stable.
  case unstableStep(step: Double, stable: Double)
  /// Velocities have come so near to each other that a grid no longer shows them.
  case unresolvedDensity(time: Double, mass: Double)
  /// Two agents meet with different velocities, so that there is no velocity of the place any more.
  case shock(time: Double)
  /// The highest modes or harmonics are not small: a run is not resolved.
  case unresolvedTail(time: Double, part: Double, limit: Double, what: String, count: Int)
  /// A density on a grid is no sum of the modes.
  case notSumOfModes(part: Double, limit: Double, velocity: Double, count: Int)
  /// The modes of a swarm miss the coefficient D.
  case unresolvedModes(potential: String, error: Double)
  /// A mean free path is too long for modes of the velocities.
  case freePathTooLong(_ epsilon: Double, limit: Double)
  /// A density whose power is a rate is not positive.
  case nonpositiveDensity(value: Double, exponent: Double)
  /// A state is none of a run that is to go on from it.
  case anotherRun(requirement: String)
  /// Two states cannot be compared.
  case metric(KineticMetricError)
  /// A distance cannot be computed.
  case solver(SolverError)
  /// What moves the agents cannot be followed.
  case flow(FlowError)
  /// A routine of LAPACK did not reach its criterion.
  case noConvergence(routine: String, status: Int)

  /// A full sentence that says what was found and what was expected.
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
    case .badKernel(let kernel, let distance, let value):
      "The communication kernel \(kernel) is \(value) at the distance \(distance); it must be 0 or "
        + "more everywhere."
    case .nobodyHeard(let place, let field):
      "At (\(place.map(\.description).joined(separator: ", "))) no agent is heard: rho_phi = 0, and "
        + "\(field) divides by it; a kernel of longer reach would do."
    case .unstableStep(let step, let stable):
      "The step is \(step); it must be at most \(stable), up to which the method is stable."
    case .unresolvedDensity(let time, let mass):
      "At the time \(time) the density has the mass \(mass): velocities have come so near to each other "
        + "that the grid no longer shows them; take more velocities, or stop before."
    case .shock(let time):
      "At the time \(time) two agents meet with different velocities: the monokinetic limit has a shock, and ends "
        + "there; stop before."
    case .unresolvedTail(let time, let part, let limit, let what, let count):
      "By the time \(time) the highest eighth has \(part.twoDigits) of f, above \(limit.twoDigits): "
        + "take more \(what) \(count)."
    case .notSumOfModes(let part, let limit, let velocity, let count):
      "The density of the grid differs from a sum of \(count) modes of the velocities by \(part.twoDigits) of its "
        + "largest value, at the velocity \(velocity), above \(limit.twoDigits): take more modes where f/M is smooth "
        + "and bounded, and velocities that hold M and resolve f."
    case .unresolvedModes(let potential, let error):
      "The modes of the velocity potential \(potential) give D with a relative error of "
        + "\(error.twoDigits), above 1e-7; follow particles instead."
    case .freePathTooLong(let epsilon, let limit):
      "The parameter epsilon is \(epsilon); it must be at most \(limit), up to which some hundred modes of the "
        + "velocities suffice."
    case .nonpositiveDensity(let value, let exponent):
      exponent == 0
        ? "The density falls to \(value); it must be 0 or more everywhere, and positive later."
        : "The density, or f/M for velocities up to 4, falls to \(value); it must be positive everywhere, "
          + "since collisions have the rate rho^\(exponent)."
    case .anotherRun(let requirement):
      "The state is none of the run that is to go on from it, which needs \(requirement)."
    case .metric(let error): error.description
    case .solver(let error): error.description
    case .flow(let error): error.description
    case .noConvergence(let routine, let status):
      "LAPACK's \(routine) gave up with the status \(status)."
    }
  }
}
