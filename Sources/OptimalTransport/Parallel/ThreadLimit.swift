import Libc

/// How many threads the loops of the library may use at the same time.
///
/// Without a limit it is one for each processor, unless the environment variable `KWASS_THREADS` says less. A
/// limit holds for everything that is called within `with(_:_:)`, and for the tasks that start there:
///
/// ```swift
/// let solution = try ThreadLimit.with(4) { () throws(SolverError) in
///   try AutomaticSolver().solve(problem)
/// }
/// ```
///
/// It changes no bit of a result. A loop within another one gets the threads that the outer one leaves free, so
/// that nested loops never run on more threads than the limit says.
public enum ThreadLimit {
  /// The name of the environment variable.
  public static let variable = "KWASS_THREADS"

  /// The numbers that a limit can have.
  public static let range = 1...65_536

  /// What the loops that start here may share.
  @TaskLocal static var share: ThreadShare?

  /// How many threads a loop that starts here may use.
  public static var current: Int { share?.threads ?? defaultThreads }

  /// Runs `body` with at most so many threads at the same time, the calling one included.
  ///
  /// Within a loop of the library, or within another limit, the smaller number holds.
  ///
  /// - Parameters:
  ///   - threads: a number below one counts as one, one above the number of processors as that.
  ///   - body: what runs under the limit.
  public static func with<Result, Failure: Error>(
    _ threads: Int, _ body: () throws(Failure) -> Result
  ) throws(Failure) -> Result {
    let bound = share == nil ? processors : current
    return try with(ThreadShare(threads: min(max(1, threads), bound)), body)
  }

  static func with<Result, Failure: Error>(
    _ share: ThreadShare, _ body: () throws(Failure) -> Result
  ) throws(Failure) -> Result {
    // The closure of `withValue` cannot throw an error of a stated type.
    let outcome = $share.withValue(share) { () -> Swift.Result<Result, Failure> in
      do throws(Failure) { return .success(try body()) } catch { return .failure(error) }
    }
    return try outcome.get()
  }

  /// Checks what the environment asks for. A library that is not asked to check uses all processors instead of a
  /// number that it cannot understand.
  ///
  /// - Throws: `ThreadLimitError`.
  public static func checkEnvironment() throws(ThreadLimitError) {
    guard let value = getenv(variable) else { return }
    let text = String(cString: value)
    guard let threads = Int(text), range.contains(threads) else {
      throw ThreadLimitError(value: text)
    }
  }

  private static let processors = max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN)))

  /// Read once: loops ask often.
  private static let defaultThreads: Int = {
    let asked = getenv(variable).flatMap { Int(String(cString: $0)) } ?? processors
    return range.contains(asked) ? min(asked, processors) : processors
  }()
}

/// The environment asks for a number of threads that there cannot be.
public struct ThreadLimitError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What was asked for.
  public let value: String

  /// A full sentence.
  public var description: String {
    "The environment variable \(ThreadLimit.variable) is \"\(value)\"; it must be a whole number from "
      + "\(ThreadLimit.range.lowerBound) to \(ThreadLimit.range.upperBound)."
  }
}
