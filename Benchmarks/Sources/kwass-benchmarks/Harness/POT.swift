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

  /// Makes the environment where it is not there yet. It needs Python and the network, once.
  init() throws {
    let made = try ChildProcess.run("bash", [Project.peer("setup.sh")])
    python = made.output.trimmingCharacters(in: .whitespacesAndNewlines)
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

  /// What `peers/sinkhorn.py` prints.
  struct EntropicAnswer: Codable {
    /// Seconds for the cost matrix and the solution.
    let seconds: Double
    /// The transport cost of the plan.
    let cost: Double
    /// The L¹ error of both marginals, recomputed from the plan.
    let marginalError: Double
    /// POT's own error, a Euclidean norm of one marginal's.
    let statedError: Double
    let iterations: Int
    let version: String
  }

  /// POT's logarithmic Sinkhorn solver for squared distances, and what its process took.
  func sinkhorn(
    _ source: String, _ target: String, regularization: Double, tolerance: Double, iterations: Int
  ) throws -> (answer: EntropicAnswer, peakMemory: Int) {
    let process = try ChildProcess.run(
      python,
      [
        Project.peer("sinkhorn.py"), source, target, "\(regularization)", "\(tolerance)",
        "\(iterations)",
      ])
    return (try process.decoded(as: EntropicAnswer.self), process.peakMemory)
  }
}
