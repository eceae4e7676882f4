/// Measures wall-clock time from the moment in which it was made.
public struct Stopwatch: Sendable {
  private let start = ContinuousClock.now

  /// A stopwatch that runs from now on.
  public init() {}

  /// The seconds that have passed; time in which the machine sleeps counts.
  public var seconds: Double { (ContinuousClock.now - start) / .seconds(1) }
}
