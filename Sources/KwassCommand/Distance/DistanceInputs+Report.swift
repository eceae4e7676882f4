import KineticTransport

extension DistanceInputs {
  /// The time of each snapshot.
  private var times: [Double?] { [source.time, target.time] }

  /// The times in words.
  var timesText: String {
    let stated = times.map { $0.map(\.description) ?? "not stated" }
    return times.allSatisfy { $0 == nil } ? "not stated" : stated.joined(separator: " and ")
  }

  /// Adds what every report says of the two measures.
  ///
  /// - Parameter areNormalized: whether masses were normalised.
  func describe(in table: inout Table, areNormalized: Bool = true) {
    table.add(
      "sizes",
      "\(source.count) and \(target.count) particles in "
        + "\(source.positionDimension) position and "
        + "\(source.velocityDimension) velocity coordinates")
    table.add(
      "raw masses",
      "\(source.rawMass) and \(target.rawMass), "
        + (areNormalized ? "each normalised to 1" : "compared as they are"))
    table.add("times", timesText)
    scales?.describe(in: &table)
    if space != .velocity { table.add("box", source.box.notation) }
    for note in notes { table.add("note", note) }
  }

  /// The same for programs.
  func members(of options: DistanceOptions) -> [JSON.Member] {
    let described: [JSON.Member] = [
      .init("files", .array([.string(options.sourcePath), .string(options.targetPath)])),
      .init("sizes", .array([.integer(source.count), .integer(target.count)])),
      .init("positionDimension", .integer(source.positionDimension)),
      .init("velocityDimension", .integer(source.velocityDimension)),
      .init("rawMasses", .array([.number(source.rawMass), .number(target.rawMass)])),
      .init("times", .array(times.map(JSON.optional))),
      .init(
        "box",
        .array(source.box.axes.map { $0.isPeriodic ? .number($0.length) : .string("free") })),
    ]
    return described + (scales?.members ?? [])
  }
}
