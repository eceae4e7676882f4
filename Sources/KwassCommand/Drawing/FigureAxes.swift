import KineticTransport

/// The coordinates that a figure of snapshots shows.
struct FigureAxes: Sendable, Equatable {
  /// As they were asked for; `nil` for the usual.
  private let names: [String]?

  /// The most that are drawn against each other.
  private static let largestCount = 4

  static let specification = [
    OptionSpecification(
      "--axes", "x1,v1,...",
      "The coordinates of the figure, by number (x1, v2) or by their names in the file: one for a "
        + "histogram, two for an image, up to four for an image of each pair. Default: the first "
        + "position and the first velocity.")
  ]

  /// The usual axes.
  init() { names = nil }

  /// Some coordinates of a measure.
  init(_ coordinates: [Coordinate]) { names = coordinates.map(\.number) }

  /// Whether they were asked for.
  var areGiven: Bool { names != nil }

  /// - Parameter isUsed: whether there is a figure.
  init(_ reader: ArgumentReader, isUsed: Bool) throws(UsageError) {
    if reader.text("--axes") != nil, !isUsed {
      throw .conflict("--axes says what --figure shows, which is missing.")
    }
    guard let text = reader.text("--axes") else {
      names = nil
      return
    }
    let names = text.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    guard 1...Self.largestCount ~= names.count, names.allSatisfy({ !$0.isEmpty }),
      Set(names).count == names.count
    else {
      throw .badValue(
        option: "--axes", value: text,
        requirement: "one to four different coordinates such as x1,v1, with commas between")
    }
    self.names = names
  }

  /// A coordinate of a measure.
  struct Coordinate: Equatable {
    /// x1, x2, …, v1, v2, ….
    let number: String
    /// What the file calls it, with its unit.
    let name: CoordinateNames.Coordinate
    /// Its place among the positions, or behind them among the velocities.
    let place: Int

    var label: String { name.label }
    var unit: String? { name.unit }

    /// Its number, and its name where that is another one.
    var bothNames: String { name.name == number ? number : "\(number) (\(name.name))" }
  }

  /// All coordinates of a measure.
  static func all(
    of measure: PhaseSpaceMeasure, _ names: CoordinateNames
  ) -> [Coordinate] {
    let d = measure.positionDimension
    return names.positions.prefix(d).enumerated().map { axis, one in
      Coordinate(number: "x\(axis + 1)", name: one, place: axis)
    }
      + names.velocities.prefix(measure.velocityDimension).enumerated().map { axis, one in
        Coordinate(number: "v\(axis + 1)", name: one, place: d + axis)
      }
  }

  /// The coordinates of a measure that are drawn.
  ///
  /// - Throws: `CommandFailure` for one that it has not.
  func coordinates(
    of measure: PhaseSpaceMeasure, _ coordinates: CoordinateNames, space: ComparedSpace = .phase
  ) throws(CommandFailure) -> [Coordinate] {
    let d = measure.positionDimension
    let all = Self.all(of: measure, coordinates)
    guard let names else {
      let usual: [Int] =
        switch space {
        case .velocity: Array((d..<d + measure.velocityDimension).prefix(2))
        case .phase where measure.velocityDimension > 0: [0, d]
        default: Array((0..<d).prefix(2))
        }
      return usual.compactMap { place in all.first { $0.place == place } }
    }
    var found: [Coordinate] = []
    for name in names {
      guard let one = all.first(where: { $0.number == name || $0.name.name == name }) else {
        throw CommandFailure(
          .usage,
          "--axes names \(name), but the coordinates are "
            + "\(UsageError.list(all.map(\.bothNames), "and")).")
      }
      found.append(one)
    }
    return found
  }
}

extension PhaseSpaceMeasure {
  /// A coordinate by its place among positions, or behind them among velocities.
  func column(_ place: Int) -> [Double] {
    place < positionDimension ? position(place) : velocity(place - positionDimension)
  }

  /// The line or the circle of such a coordinate.
  func axis(_ place: Int) -> CoordinateAxis {
    place < positionDimension ? box.axes[place] : .line
  }
}
