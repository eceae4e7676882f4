/// Why a solver gave no solution.
public enum SolverError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The solver is not made for such a problem; the text says for which it is.
  case unsuitable(solver: String, reason: String)
  /// An option of the solver has an impossible value.
  case badOption(name: String, value: String, requirement: String)
  /// The solver stopped short of its stopping criterion.
  case notConverged(solver: String, reason: String)
  /// The problem needs more memory than the solver may take.
  case tooLarge(solver: String, reason: String)
  /// An outside library failed.
  case library(name: String, message: String)
  /// The build lacks a library that the solver needs, for want of the package trait of its name.
  case missingLibrary(solver: String, name: String)
  /// The processes that share the work could not exchange what they have, or do not work on the same; the text is a
  /// full sentence.
  case exchange(String)
  /// The solver ended with a bracket that is not as narrow as was asked for.
  case goalNotReached(solver: String, reason: String, bracket: PartialBracket)
  /// The progress handler stopped the work. Comes with what was proved until then; the solvers of
  /// transport problems always have something.
  case cancelled(PartialBracket?)

  /// Rounding leaves nothing of the answer: no upper end of the bracket is a number.
  case outOfRange(lower: Double)

  /// What was proved of the least cost before the solver ended; `nil` where nothing was.
  public var bracket: PartialBracket? {
    switch self {
    case .goalNotReached(_, _, let bracket): bracket
    case .cancelled(let bracket): bracket
    default: nil
    }
  }

  /// Whether nothing else should be tried.
  var endsAllWork: Bool {
    switch self {
    case .cancelled, .exchange: true
    default: false
    }
  }

  /// The same error with another bracket in the place of its own.
  package func replacingBracket(_ change: (PartialBracket) -> PartialBracket) -> SolverError {
    switch self {
    case .goalNotReached(let solver, let reason, let bracket):
      .goalNotReached(solver: solver, reason: reason, bracket: change(bracket))
    case .cancelled(let bracket?): .cancelled(change(bracket))
    default: self
    }
  }

  /// A full sentence.
  public var description: String {
    switch self {
    case .unsuitable(let solver, let reason):
      "The \(solver) solver does not fit this problem: \(reason)"
    case .badOption(let name, let value, let requirement):
      "The option \(name) is \(value); it must be \(requirement)."
    case .notConverged(let solver, let reason):
      "The \(solver) solver did not converge: \(reason)"
    case .tooLarge(let solver, let reason):
      "The problem is too large for the \(solver) solver: \(reason)"
    case .library(let name, let message):
      "\(name) failed: \(message)"
    case .missingLibrary(let solver, let name):
      "The \(solver) solver needs \(name), and this kwass was built without it (package trait "
        + "\(name)); every other solver is there."
    case .exchange(let reason): reason
    case .goalNotReached(let solver, let reason, let bracket):
      "The \(solver) solver did not reach the accuracy that was asked for: \(reason) It proved that "
        + "the least cost lies in [\(bracket.costBounds.lower), \(bracket.costBounds.upper)]."
    case .cancelled(let bracket?):
      "The computation was stopped; by then it was proved that the least cost lies in "
        + "[\(bracket.costBounds.lower), \(bracket.costBounds.upper)]."
    case .outOfRange(let lower):
      "The numbers leave the range of double precision: the cost is at least \(lower), and no upper "
        + "end of its bracket is a number. Scale the data, or take a smaller exponent, shear or "
        + "free-flow time."
    case .cancelled(nil):
      "The computation was stopped."
    }
  }
}
