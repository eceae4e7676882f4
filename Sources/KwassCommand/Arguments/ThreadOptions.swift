import KineticTransport

/// How many processors a command may use; all commands that compute on several have it.
struct ThreadOptions: OptionGroup, Equatable {
  /// The most threads that compute at the same time; `nil` for what `KWASS_THREADS` says, or one for each
  /// processor.
  var limit: Int?

  static let specification = [
    OptionSpecification(
      "--threads", "N",
      "Compute on at most N threads, which changes no result. Default: the environment variable "
        + "\(ThreadLimit.variable), or one for each processor.")
  ]

  init(_ reader: ArgumentReader) throws(UsageError) {
    let range = ThreadLimit.range
    limit = try reader.integer(
      "--threads", "a whole number from \(range.lowerBound) to \(range.upperBound)", in: range)
  }

  /// Runs work within the limit.
  func limiting<Result>(
    _ work: () throws(CommandFailure) -> Result
  ) throws(CommandFailure) -> Result {
    guard let limit else { return try work() }
    return try ThreadLimit.with(limit, work)
  }
}
