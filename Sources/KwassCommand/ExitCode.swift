import KineticTransport

/// The status with which the process ends; from 64 on as in `sysexits.h`.
public enum ExitCode: Int32, Sendable {
  /// Everything was done.
  case success = 0
  /// It is proved that a distance exceeds `--max` or the tolerance of a comparison, or an inequality is
  /// violated.
  case exceeded = 1
  /// The bracket of a distance does not tell whether it exceeds `--max` or the tolerance.
  case undecided = 2
  /// The accuracy that was asked for could not be reached; what was proved is printed.
  case inaccurate = 3
  /// The time limit was reached; what was proved by then is printed.
  case timeLimit = 4
  /// The command line is wrong.
  case usage = 64
  /// The data are wrong, or make a problem that cannot be solved.
  case badData = 65
  /// A file is missing or cannot be opened.
  case missingInput = 66
  /// A result did not stand its verification, or a library failed.
  case `internal` = 70
  /// The memory does not suffice.
  case outOfMemory = 71
  /// An output file cannot be created.
  case cannotCreate = 73
  /// The system failed while reading or writing.
  case inputOutput = 74
}
