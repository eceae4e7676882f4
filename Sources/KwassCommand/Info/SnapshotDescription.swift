import KineticTransport

/// What is in a snapshot and how it was understood.
struct SnapshotDescription {
  /// The name under which it was asked for.
  let name: String
  let file: SnapshotFile
  /// The snapshot as it is compared: in its box, with normalised masses.
  let measure: PhaseSpaceMeasure
  let scales: AppliedScales

  private var snapshot: Snapshot { file.snapshot }

  /// The statements, each with a name; those of the coordinates stand by themselves.
  var facts: Table {
    var table = Table()
    table.add("format", "\(file.format.rawValue): \(file.layout)")
    for fact in file.facts { table.add(fact.name, fact.phrase) }
    table.add(
      "particles",
      "\(measure.count) in \(measure.positionDimension) position and "
        + "\(measure.velocityDimension) velocity coordinates")
    if let identities { table.add("ids", identities.text) }
    table.add("time", snapshot.time.map(\.description) ?? "not stated")
    table.add("box", snapshot.box?.notation ?? "not stated: free space is assumed")
    table.add("masses", massText)
    table.add("scales", scales.text)
    if snapshot.velocities.isEmpty { table.add("note", "There are no velocities.") }
    for note in file.notes { table.add("note", note.sentence) }
    return table
  }

  /// For people.
  var text: String {
    var table = facts
    for one in coordinates {
      table.add(
        one.name,
        "from \(one.least) to \(one.greatest), mean \(one.spread.mean), "
          + "standard deviation \(one.spread.deviation)")
    }
    return "\(name)\n\(table.text(indentedBy: 2))"
  }

  // MARK: Masses and identities

  private struct Identities {
    let least: UInt64
    let greatest: UInt64
    let count: Int
    let distinct: Int

    init(_ ids: [UInt64]) {
      let sorted = ids.sorted()
      (least, greatest) = (sorted.first ?? 0, sorted.last ?? 0)
      count = ids.count
      distinct = 1 + zip(sorted, sorted.dropFirst()).count { $0 != $1 }
    }

    var text: String {
      "from \(least) to \(greatest), "
        + (distinct == count ? "all different" : "\(distinct) different ones")
    }
  }

  private var identities: Identities? { snapshot.ids.map(Identities.init) }

  private var massText: String {
    guard let weights = snapshot.weights else {
      return "not stated: all equal, 1/\(measure.count) each"
    }
    let zeros = weights.count { $0 == 0 }
    let range = "each from \(weights.min() ?? 0) to \(weights.max() ?? 0)"
    return "total \(measure.rawMass), normalised to 1; \(range)"
      + (zeros > 0 ? ", \(zeros) of them zero" : "")
  }

  // MARK: Coordinates

  /// Range, mean and standard deviation of a coordinate, the last two weighted by mass.
  struct Coordinate {
    /// x1, x2, …, v1, v2, ….
    let name: String
    /// What the file calls it, with its unit.
    let title: CoordinateNames.Coordinate
    let least: Double
    let greatest: Double
    let spread: WeightedSpread
  }

  /// All coordinates, positions first.
  var coordinates: [Coordinate] {
    let titles = file.coordinates.positions + file.coordinates.velocities
    let d = measure.positionDimension
    return titles.indices.map { place in
      let values = measure.column(place)
      return Coordinate(
        name: place < d ? "x\(place + 1)" : "v\(place - d + 1)", title: titles[place],
        least: values.min() ?? 0, greatest: values.max() ?? 0,
        spread: WeightedSpread(values, measure.masses))
    }
  }

  // MARK: JSON

  /// For programs.
  var json: JSON {
    .object(
      [
        .init("file", .string(name)),
        .init("format", .string(file.format.rawValue)),
        .init("layout", .string(file.layout)),
        .init("particles", .integer(measure.count)),
        .init("positionDimension", .integer(measure.positionDimension)),
        .init("velocityDimension", .integer(measure.velocityDimension)),
        .init("time", .optional(snapshot.time)),
        .init(
          "box",
          snapshot.box.map { box in
            .array(box.axes.map { $0.isPeriodic ? .number($0.length) : .string("free") })
          } ?? .null),
        .init("masses", massJSON), .init("ids", identityJSON),
        .init("statistics", .array(coordinates.map(\.json))),
        .init(
          "facts",
          .array(
            file.facts.map {
              .object([.init("name", .string($0.name)), .init("text", .string($0.phrase))])
            })),
        .init("notes", .array(file.notes.map { .string($0.sentence) })),
      ] + scales.members)
  }

  private var massJSON: JSON {
    guard let weights = snapshot.weights else { return .null }
    return .object([
      .init("total", .number(measure.rawMass)), .init("least", .number(weights.min() ?? 0)),
      .init("greatest", .number(weights.max() ?? 0)),
      .init("zeros", .integer(weights.count { $0 == 0 })),
    ])
  }

  /// Identities as texts: programs that take numbers for doubles would round them.
  private var identityJSON: JSON {
    guard let identities else { return .null }
    return .object([
      .init("least", .string("\(identities.least)")),
      .init("greatest", .string("\(identities.greatest)")),
      .init("distinct", .integer(identities.distinct)),
    ])
  }
}

extension SnapshotDescription.Coordinate {
  fileprivate var json: JSON {
    .object([
      .init("coordinate", .string(name)), .init("name", .string(title.name)),
      .init("unit", title.unit.map { .string($0) } ?? .null),
      .init("least", .number(least)), .init("greatest", .number(greatest)),
      .init("mean", .number(spread.mean)), .init("standardDeviation", .number(spread.deviation)),
    ])
  }
}
