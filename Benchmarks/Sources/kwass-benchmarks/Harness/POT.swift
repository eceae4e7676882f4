import Foundation

/// POT's dense network simplex on its own cost matrix, in a process of its own.
struct POT {
  /// What `peers/emd2.py` prints.
  struct Answer: Codable {
    /// Seconds for the cost matrix and the solution, imports and reading left out.
    let seconds: [Double]
    let cost: Double
    let version: String
  }

  /// An answer and what the process took.
  struct Measurement: Codable {
    let answer: Answer
    let processSeconds: Double
    let peakMemory: Int
  }

  private let python: String

  /// POT as the environment has it.
  init() throws {
    python = try Project.python()
  }

  /// The cost of a problem whose axes all lie in one Euclidean norm to the power `exponent`.
  func solve(
    _ source: String, _ target: String, exponent: Double, repetitions: Int = 1,
    processors: Int? = nil
  ) throws -> Measurement {
    let process = try ChildProcess.run(
      python, [Project.peer("emd2.py"), source, target, "\(exponent)", "\(repetitions)"],
      processors: processors)
    return Measurement(
      answer: try process.decoded(as: Answer.self), processSeconds: process.seconds,
      peakMemory: process.peakMemory)
  }
}
