import KineticTransport

/// What coordinates were multiplied by, and what they mean. Distances mix positions and velocities,
/// so that every output states it.
struct AppliedScales: Codable {
  /// What a file says of its coordinates.
  struct Meaning: Codable {
    let name: String
    let phrase: String
  }

  /// The factors; `nil` before a snapshot was read.
  let scaling: Scaling?
  /// What the files say of their positions and velocities, and how columns without names were
  /// understood, in the order in which it was found.
  let meanings: [Meaning]

  init(scaling: Scaling?, meanings: [SnapshotFact]) {
    self.scaling = scaling
    self.meanings = meanings.map { Meaning(name: $0.name, phrase: $0.phrase) }
  }

  /// The factors in words.
  var text: String {
    guard let scaling, !scaling.isIdentity else { return "none: coordinates are as in the files" }
    let velocities =
      scaling.velocities.isEmpty
      ? "" : ", velocities multiplied by \(Self.text(scaling.velocities))"
    return "positions multiplied by \(Self.text(scaling.positions))\(velocities)"
  }

  private static func text(_ factors: [Double]) -> String {
    let first = factors.first ?? 1
    return factors.allSatisfy { $0 == first }
      ? "\(first)" : factors.map(\.description).joined(separator: ", ")
  }

  /// Adds a line for the factors and one for each meaning.
  func describe(in table: inout Table) {
    for fact in meanings { table.add(fact.name, fact.phrase) }
    table.add("scales", text)
  }

  /// The same as remarks of comma-separated values.
  var remarks: String {
    (meanings.map { "\($0.name): \($0.phrase)" } + ["scales: \(text)"]).map { "# \($0)\n" }.joined()
  }

  /// The same for programs: the factors of each axis, the phrases of the files, and how columns without
  /// names were understood.
  var members: [JSON.Member] {
    [
      .init(
        "scales",
        .object([
          .init("position", .array((scaling?.positions ?? []).map { .number($0) })),
          .init("velocity", .array((scaling?.velocities ?? []).map { .number($0) })),
        ])),
      .init(
        "coordinates",
        .object(
          ["x", "v", "columns"].map { name in
            .init(name, .array(meanings.filter { $0.name == name }.map { .string($0.phrase) }))
          })),
    ]
  }
}
