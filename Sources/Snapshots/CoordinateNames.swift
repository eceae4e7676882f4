/// What the coordinates of a snapshot are called, and in which units they are.
public struct CoordinateNames: Sendable, Hashable {
  /// One coordinate.
  public struct Coordinate: Sendable, Hashable {
    /// Its name, such as `x` or `v1`.
    public var name: String
    /// Its unit; `nil` where the file states none.
    public var unit: String?

    /// A coordinate with its unit.
    public init(_ name: String, unit: String? = nil) {
      self.name = name
      self.unit = unit
    }

    /// Both, as an axis of a figure shows them.
    public var label: String { unit.map { "\(name) (\($0))" } ?? name }

    /// The coordinate after it was multiplied by a factor.
    ///
    /// - Parameter unit: what the factor has made of the unit, where a user has named it.
    func scaled(by factor: Double, to unit: String?) -> Coordinate {
      if let unit { return Coordinate(name, unit: unit) }
      guard factor != 1 else { return self }
      // A number of the new unit is as much as 1/factor of the old one.
      return self.unit.map { Coordinate(name, unit: "\((1 / factor).plainText) \($0)") }
        ?? Coordinate("\(factor.plainText)·\(name)")
    }
  }

  /// The position coordinates in their order.
  public var positions: [Coordinate]
  /// The velocity coordinates in their order.
  public var velocities: [Coordinate]

  /// Names with units.
  public init(positions: [Coordinate], velocities: [Coordinate]) {
    self.positions = positions
    self.velocities = velocities
  }

  /// The names where a file states none: x1, x2, …, v1, v2, ….
  public init(positions: Int, velocities: Int) {
    self.init(
      positions: (0..<positions).map { Coordinate("x\($0 + 1)") },
      velocities: (0..<velocities).map { Coordinate("v\($0 + 1)") })
  }

  /// The names after coordinates were scaled.
  ///
  /// - Parameters:
  ///   - scaling: a factor for each coordinate.
  ///   - unit: the unit that a user has named for a coordinate, by its letter, `x` or `v`, and its number
  ///     from 0.
  public func scaled(
    by scaling: Scaling, to unit: (_ letter: Character, _ axis: Int) -> String? = { _, _ in nil }
  ) -> CoordinateNames {
    func scaled(
      _ coordinates: [Coordinate], _ factors: [Double], _ letter: Character
    ) -> [Coordinate] {
      zip(coordinates, factors).enumerated().map { axis, pair in
        pair.0.scaled(by: pair.1, to: unit(letter, axis))
      }
    }
    return CoordinateNames(
      positions: scaled(positions, scaling.positions, "x"),
      velocities: scaled(velocities, scaling.velocities, "v"))
  }
}
