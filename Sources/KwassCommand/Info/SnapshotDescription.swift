import KineticTransport

/// What is in a snapshot and how it was understood.
struct SnapshotDescription {
  /// The name under which it was asked for.
  let name: String
  let file: SnapshotFile
  /// What its particles are like as they are compared: in their box, with normalised masses.
  let statistics: SnapshotStatistics
  let scales: AppliedScales

  private var snapshot: Snapshot { file.snapshot }
  private var summary: ParticleStatistics.Summary { statistics.summary }

  /// The statements, each with a name; those of the coordinates stand by themselves.
  var facts: Table {
    var table = Table()
    table.add("format", "\(file.format.rawValue): \(file.layout)")
    for fact in file.facts { table.add(fact.name, fact.phrase) }
    table.add(
      "particles",
      "\(summary.count) in \(summary.positionDimension) position and "
        + "\(summary.velocityDimension) velocity coordinates")
    if let identities = statistics.identities { table.add("ids", identities.text) }
    table.add("time", snapshot.time.map(\.description) ?? "not stated")
    table.add("box", snapshot.box?.notation ?? "not stated: free space is assumed")
    table.add("masses", massText)
    table.add("scales", scales.text)
    if summary.velocityDimension == 0 { table.add("note", "There are no velocities.") }
    for note in file.notes { table.add("note", note.sentence) }
    return table
  }

  /// For people.
  var text: String {
    var table = facts
    for one in coordinates {
      table.add(
        one.name,
        "from \(one.values.least) to \(one.values.greatest), mean \(one.values.mean), "
          + "standard deviation \(one.values.deviation)")
    }
    return "\(name)\n\(table.text(indentedBy: 2))"
  }

  // MARK: Masses

  private var massText: String {
    guard let range = summary.massRange else {
      return "not stated: all equal, 1/\(summary.count) each"
    }
    return "total \(summary.rawMass), normalised to 1; each from \(range.least) to "
      + "\(range.greatest)\(range.zeros > 0 ? ", \(range.zeros) of them zero" : "")"
  }

  // MARK: Coordinates

  /// Range, mean and standard deviation of a coordinate, the last two weighted by mass.
  struct Coordinate {
    /// x1, x2, …, v1, v2, ….
    let name: String
    /// What the file calls it, with its unit.
    let title: CoordinateNames.Coordinate
    let values: ParticleStatistics.Axis
  }

  /// All coordinates, positions first.
  var coordinates: [Coordinate] {
    let titles = file.coordinates.positions + file.coordinates.velocities
    let d = summary.positionDimension
    return titles.indices.map { place in
      Coordinate(
        name: place < d ? "x\(place + 1)" : "v\(place - d + 1)", title: titles[place],
        values: summary.axes[place])
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
        .init("particles", .integer(summary.count)),
        .init("positionDimension", .integer(summary.positionDimension)),
        .init("velocityDimension", .integer(summary.velocityDimension)),
        .init("time", .optional(snapshot.time)),
        .init(
          "box",
          snapshot.box.map { box in
            .array(box.axes.map { $0.isPeriodic ? .number($0.length) : .string("free") })
          } ?? .null),
        .init("masses", massJSON), .init("ids", identityJSON),
        .init("statistics", .array(coordinates.map(\.json))),
        .init(
          "covariances", .array(summary.covariances.map { .array($0.map { .number($0) }) })),
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
    guard let range = summary.massRange else { return .null }
    return .object([
      .init("total", .number(summary.rawMass)), .init("least", .number(range.least)),
      .init("greatest", .number(range.greatest)), .init("zeros", .integer(range.zeros)),
    ])
  }

  /// Identities as texts: programs that take numbers for doubles would round them.
  private var identityJSON: JSON {
    guard let identities = statistics.identities else { return .null }
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
      .init("least", .number(values.least)), .init("greatest", .number(values.greatest)),
      .init("mean", .number(values.mean)), .init("standardDeviation", .number(values.deviation)),
    ])
  }
}
