import CKwass
import OptimalTransport
import PhaseSpace

/// Why a call gives less than was asked for: a status of the header, and a sentence.
struct Failure: Error {
  let status: Int32
  let message: String

  /// - Parameter status: one of the header's constants, which Swift sees as `Int`.
  init(_ status: Int, _ message: String) {
    self.status = Int32(truncatingIfNeeded: status)
    self.message = message
  }

  /// A wrong argument.
  static func argument(_ message: String) -> Failure { Failure(KWASS_ERROR_ARGUMENT, message) }

  /// A pointer that must not be NULL and is.
  static func null(_ name: String) -> Failure {
    argument("The argument \(name) is NULL; it must point to something.")
  }
}

extension Failure {
  init(_ error: PhaseSpaceError) { self.init(KWASS_ERROR_DATA, error.description) }

  init(_ error: KineticMetricError) {
    let status =
      switch error {
      case .solver(let error): Self.status(of: error)
      case .problem(.costOutOfRange), .overflow, .outsideNonlinearity: KWASS_ERROR_RANGE
      case .noDerivative: KWASS_ERROR_NOT_AVAILABLE
      default: KWASS_ERROR_METRIC
      }
    self.init(status, error.description)
  }

  private static func status(of error: SolverError) -> Int {
    switch error {
    case .unsuitable, .missingLibrary: KWASS_ERROR_UNSUITABLE
    case .badOption: KWASS_ERROR_ARGUMENT
    case .notConverged, .library: KWASS_ERROR_NOT_CONVERGED
    case .exchange: KWASS_ERROR_GROUP
    case .tooLarge: KWASS_ERROR_MEMORY
    case .goalNotReached: KWASS_NOT_REACHED
    case .cancelled: KWASS_STOPPED
    case .outOfRange: KWASS_ERROR_RANGE
    }
  }
}
