/// Which arrays of an HDF5 file hold what, for files that follow no standard.
///
/// Either particles, with `x` (and `v`, `weight`, `id`), or a density `f` on a grid whose axes are `x` and
/// `v`. An array is named by its path; `[3]` behind it takes one entry of its first dimension, and
/// `FILE:` before it another file beside the first.
public struct DatasetMapping: Sendable, Equatable {
  /// Where an array stands.
  public struct Place: Sendable, Equatable {
    /// Another file, in the folder of the first; `nil` for the first itself.
    public var file: String?
    /// The path in the file.
    public var path: String
    /// The entry of the first dimension; `nil` for the whole array.
    public var index: Int?

    /// A place from its notation; `nil` for text that is none.
    init?(_ text: some StringProtocol) {
      var rest = text[...]
      if let colon = rest.firstIndex(of: ":") {
        file = String(rest[..<colon])
        rest = rest[rest.index(after: colon)...]
      }
      if rest.last == "]", let bracket = rest.lastIndex(of: "[") {
        guard let index = Int(rest[rest.index(after: bracket)...].dropLast()), index >= 0 else {
          return nil
        }
        self.index = index
        rest = rest[..<bracket]
      }
      guard !rest.isEmpty, file != "", file?.contains("/") != true else { return nil }
      path = String(rest)
    }
  }

  /// The density on a grid; `nil` for particles.
  public var density: Place?
  /// The positions of particles, or the nodes of each position axis.
  public var positions: [Place] = []
  /// The velocities of particles, or the nodes of each velocity axis.
  public var velocities: [Place] = []
  /// The masses of particles.
  public var weight: Place?
  /// The identities of particles.
  public var id: Place?
  /// The physical time.
  public var time: Place?

  /// What the notation may be, in words.
  public static let notation =
    "gysela, or x=PATH and others of x1, x2, ..., v, v1, ..., weight, id, f and time, with commas between"

  /// A mapping from its notation, `x=/path,v=/path,…`, or from the name of a preset; `nil` for text
  /// that is none.
  ///
  /// The preset `gysela` is the 1D1V layout of GYSELA-X++: the density of the first species in
  /// `fdistribu`, the nodes in `VOICEXX_initstate.h5`.
  public init?(_ text: String) {
    let text =
      text == "gysela"
      ? "f=/fdistribu[0],x=VOICEXX_initstate.h5:/MeshX,v=VOICEXX_initstate.h5:/MeshVx,time=/time_saved"
      : text
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      let sides = part.split(separator: "=", maxSplits: 1)
      guard sides.count == 2, let place = Place(sides[1]) else { return nil }
      switch sides[0] {
      case "f" where density == nil: density = place
      case "weight" where weight == nil: weight = place
      case "time" where time == nil: time = place
      case "id" where id == nil: id = place
      case "x" where positions.isEmpty, "x\(positions.count + 1)"[...]: positions.append(place)
      case "v" where velocities.isEmpty, "v\(velocities.count + 1)"[...]: velocities.append(place)
      default: return nil
      }
    }
    guard !positions.isEmpty, density == nil || (weight == nil && id == nil) else { return nil }
  }
}
