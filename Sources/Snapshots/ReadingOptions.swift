/// What a reader is told about a file that holds more than one snapshot, or more than one meaning.
/// The defaults leave every choice to the file; where it leaves several, reading fails and names
/// them.
public struct ReadingOptions: Sendable, Equatable {
  /// The species to read; `nil` where the file has only one.
  public var species: String?
  /// The iteration to read; `nil` where the file has only one.
  public var iteration: Int?
  /// Whether particles that the code has marked as lost are kept.
  public var includesLost = false
  /// What becomes of the momenta of particles.
  public var momentum = MomentumUse.velocity
  /// Where particles are brought together; `nil` for where the file has them.
  public var drift: Drift?
  /// From where positions, times and momenta are measured, after a drift; `nil` for the origin of the file.
  public var reference: ReferenceParticle?
  /// The position components to read, such as `["x", "y"]`; `t` is the time of each particle and `s` its place
  /// along a lattice (`sPosition` of BeamPhysics); `nil` for all but these.
  public var positionComponents: [String]?
  /// The momentum or velocity components to read; `nil` for all of them.
  public var velocityComponents: [String]?
  /// How many of the axes of a grid are positions; `nil` for the usual number.
  public var gridPositionAxes: Int?
  /// Into how many parts a cell of a modal expansion is divided on each axis; 1 takes cell means.
  public var subcells = 1

  /// What the columns of a matrix hold whose file does not name them; `nil` for the usual.
  public var columns: ColumnRoles?
  /// What stands between the fields of a text; `nil` for what its first line shows.
  public var separator: CSVSeparator?
  /// Whether the numbers of a text have a decimal comma.
  public var hasDecimalComma = false
  /// Which arrays of an HDF5 file hold what; `nil` for a file of a standard.
  public var datasets: DatasetMapping?
  /// Whether the last node of each position axis of a grid repeats the first one.
  public var dropsPeriodicEnd = false

  /// The defaults.
  public init() {}

  /// What becomes of the momenta of particles.
  public enum MomentumUse: String, Sendable, CaseIterable {
    /// v = p/(γm) with γ = (1 + (p/mc)²)^½, in m/s.
    case velocity
    /// The momentum itself, in kg m/s.
    case momentum
    /// The momentum in units of mc, u = p/(mc) = βγ.
    case betaGamma = "betagamma"
    /// The slopes x′ = p_x/p_z and y′ = p_y/p_z; with a `reference`, z is δ = (p − p₀)/p₀.
    case slope
    /// p_x/p₀, p_y/p₀, and in the place of z δ = (p − p₀)/p₀, with the momentum p₀ of the `reference`.
    case relative
  }
}
