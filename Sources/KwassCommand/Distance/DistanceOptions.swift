import KineticTransport

/// The arguments of `kwass distance`, checked against each other.
public struct DistanceOptions: Sendable, Equatable {
  /// The two snapshots.
  public var paths: (source: String, target: String) { (sourcePath, targetPath) }
  var sourcePath: String
  var targetPath: String
  /// How the snapshots are read and scaled.
  public var snapshots: SnapshotOptions
  /// How many particles to draw from each; `nil` for all.
  public var subsample: Subsample?
  /// The exponent p.
  public var exponent: Double
  /// The form that was asked for; `nil` for the default, split, or joint for a twisted metric.
  public var form: KineticMetric.Form?
  /// λ.
  public var lambda: Double?
  /// a, b, c.
  public var twist: Twist?
  /// t.
  public var freeFlow: Double?
  /// Φ.
  public var phi: Phi?
  /// ε.
  public var epsilon: Double?
  /// The coordinates to compare; `nil` for all that the snapshots have.
  public var space: ComparedSpace?
  /// The box that wins over those of the files.
  public var box: [Axis]?
  /// The solver.
  public var method: Method
  /// The plan to take instead of a solution; `nil` for a solution.
  public var match: Match?
  /// Sinkhorn's regularisation.
  public var regularization: Regularization?
  /// Whether the Sinkhorn divergence is measured too.
  public var measuresDivergence = false
  /// What replaces the requirement that all mass is moved; `nil` for the balanced problem.
  public var relaxation: MarginalRelaxation?
  /// The relative width of the bracket at which the solver may stop; `nil` for an exact answer,
  /// or for 1 % with an automatic regularisation.
  public var tolerance: Double?
  /// The seconds that the solver has; `nil` for as long as it takes.
  public var timeLimit: Double?
  /// How many threads compute.
  public var threads: ThreadOptions
  /// Where to write the plan.
  public var planPath: String?
  /// Where to write the potentials.
  public var potentialsPath: String?
  /// Whether to recompute everything from the problem.
  public var verifies: Bool
  /// The distance above which the exit status is 1.
  public var maximum: Double?
  /// The option that stated it.
  var limitOption = "--max"
  /// Whether solvers may stop as soon as they can tell whether the distance exceeds `maximum`.
  public var decidesOnly = false
  /// Whether to print JSON.
  public var isJSON: Bool

  /// The solvers that can be asked for.
  public enum Method: String, Sendable, CaseIterable {
    case auto, line, circle, network, glpk, sinkhorn
  }

  /// The plans that can be asked for.
  public enum Match: String, Sendable, CaseIterable {
    /// Each particle goes to where the same particle is.
    case id
  }

  /// The regularisations that can be asked for.
  public enum Regularization: Sendable, Equatable {
    /// The largest that gives a narrow bracket.
    case automatic
    /// A number in the unit of the cost.
    case fixed(Double)
  }

  /// The coefficients of a twisted metric.
  public struct Twist: Sendable, Equatable {
    var a: Double
    var b: Double
    var c: Double
  }

  /// The nonlinearities that can be asked for.
  public enum Phi: Sendable, Equatable {
    case log, logExtended
    case power(Double)
  }
}
