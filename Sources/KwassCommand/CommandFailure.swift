import KineticTransport

/// Why a command ended early: a status and a sentence.
struct CommandFailure: Error, Equatable {
  let status: ExitCode
  let sentence: String

  init(_ status: ExitCode, _ sentence: String) {
    self.status = status
    self.sentence = sentence
  }

  /// The failure that an error makes of the command.
  init(_ error: some CommandEnding) { self = error.failure }
}

/// An error that ends a command, with the status of the process and a sentence.
protocol CommandEnding: Error {
  /// The status and the sentence.
  var failure: CommandFailure { get }
}

/// Does something that may end the command.
func attempt<Result, Failure: CommandEnding>(
  _ body: () throws(Failure) -> Result
) throws(CommandFailure) -> Result {
  do throws(Failure) {
    return try body()
  } catch {
    throw error.failure
  }
}

extension SnapshotError: CommandEnding {
  var failure: CommandFailure {
    let status: ExitCode =
      switch self {
      case .missing, .unreadable: .missingInput
      case .malformed, .undecided, .unusable: .badData
      case .cannotCreate, .unwritable: .cannotCreate
      case .inputOutput: .inputOutput
      case .tooLarge: .outOfMemory
      }
    return CommandFailure(status, sentence(naming: \.option))
  }
}

extension SnapshotPairError: CommandEnding {
  var failure: CommandFailure { CommandFailure(.badData, sentence(naming: \.option)) }
}

extension TimelineError: CommandEnding {
  var failure: CommandFailure { CommandFailure(.badData, description) }
}

extension KineticMetricError: CommandEnding {
  var failure: CommandFailure {
    let status: ExitCode =
      switch self {
      case .badExponent, .badWeight, .badShear, .badTwist, .badNonlinearity: .usage
      case .solver(.badOption), .solver(.missingLibrary): .usage
      case .solver(.library), .solver(.exchange): .internal
      case .solver(.goalNotReached): .inaccurate
      case .solver(.cancelled): .timeLimit
      default: .badData
      }
    return CommandFailure(status, description)
  }
}

extension NoiseFloorError: CommandEnding {
  var failure: CommandFailure {
    let status: ExitCode =
      if case .distance(let error) = self { error.failure.status } else { .badData }
    return CommandFailure(status, description)
  }
}

extension SampleError: CommandEnding {
  var failure: CommandFailure {
    let status: ExitCode = if case .notRepresentable = self { .badData } else { .usage }
    return CommandFailure(status, description)
  }
}

extension ConsoleError: CommandEnding {
  var failure: CommandFailure { CommandFailure(.inputOutput, description) }
}

extension ProductDomainError: CommandEnding {
  /// Boxes that data cannot have come from the command line.
  var failure: CommandFailure { CommandFailure(.usage, description) }
}

extension KineticModelError: CommandEnding {
  var failure: CommandFailure {
    switch self {
    case .flow(let error): error.failure
    case .metric(let error): error.failure
    case .solver: CommandFailure(.badData, description)
    case .noConvergence: CommandFailure(.internal, description)
    case .badParameter, .notConfining, .badPotential, .notRadial, .barrierTooHigh, .badKernel,
      .unstableStep, .freePathTooLong:
      CommandFailure(.usage, description)
    case .notSumOfModes:
      CommandFailure(
        .badData, "\(description) With --well-prepared only its density of positions counts.")
    case .nobodyHeard, .unresolvedDensity, .shock, .anotherRun, .unresolvedTail, .unresolvedModes,
      .nonpositiveDensity:
      CommandFailure(.badData, description)
    }
  }

  /// Whether modes or positions are too few for a density.
  var isUnresolved: Bool {
    switch self {
    case .unresolvedTail, .notSumOfModes: true
    default: false
    }
  }
}

extension FlowError: CommandEnding {
  var failure: CommandFailure {
    let status: ExitCode =
      switch self {
      case .badParameter, .badStep, .badTime, .tooManySteps, .placesLost, .toleranceBelowRounding,
        .velocityDependentField, .missingLibrary:
        .usage
      default: .badData
      }
    return CommandFailure(status, description)
  }
}

extension StabilityError: CommandEnding {
  var failure: CommandFailure {
    switch self {
    case .metric(let error): error.failure
    case .flow(let error): error.failure
    case .badParameter: CommandFailure(.usage, description)
    case .measure, .noCurvatureBound, .needsUnitTorus, .needsCircle, .badTimes, .solver:
      CommandFailure(.badData, description)
    }
  }
}

extension FigureError: CommandEnding {
  var failure: CommandFailure {
    if case .file(let error) = self {
      error.failure
    } else {
      CommandFailure(.internal, description)
    }
  }
}
