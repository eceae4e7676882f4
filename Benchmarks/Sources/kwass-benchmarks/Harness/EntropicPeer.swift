/// The logarithmic Sinkhorn solvers of other libraries, each in a process of its own.
enum EntropicPeer: String, CaseIterable {
  case pot
  case ott

  /// The name that a reader knows.
  var name: String { self == .pot ? "POT" : "OTT-JAX" }

  /// What `peers/sinkhorn.py` prints.
  struct Answer: Codable {
    /// Seconds for costs and iterations; imports and compilation are left out.
    let seconds: Double
    let iterations: Int
    /// The L¹ error of both marginals, recomputed from its potentials.
    let marginalError: Double
    let version: String
  }

  /// Solves with squared distances until the recomputed marginal error is at most `tolerance`, or
  /// until it has taken `limit` seconds.
  func solve(
    _ source: String, _ target: String, regularization: Double, tolerance: Double, limit: Double
  ) throws -> Answer {
    let process = try ChildProcess.run(
      try Project.python(),
      [
        Project.peer("sinkhorn.py"), rawValue, source, target, "\(regularization)",
        "\(tolerance)", "\(limit)",
      ])
    return try process.decoded(as: Answer.self)
  }
}
