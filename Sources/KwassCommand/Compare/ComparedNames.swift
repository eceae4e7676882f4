import KineticTransport

/// Which snapshots are compared with which.
struct ComparedNames: Codable {
  /// The references.
  let references: [String]
  /// The snapshots to judge.
  let files: [String]
  /// For each of them the place of its reference.
  let partners: [Int]

  /// All snapshots against one reference; where the reference stands for several, each against the one of the
  /// same name.
  ///
  /// - Throws: `CommandFailure` for what names nothing, and for snapshots without a partner.
  init(_ options: CompareOptions) throws(CommandFailure) {
    let references = try SnapshotList.names([options.reference])
    var (files, partners): ([String], [Int]) = ([], [])
    let keys = references.map { Self.key(of: $0, in: options.reference) }
    for operand in options.operands {
      let names = try SnapshotList.names([operand])
      files += names
      guard references.count > 1 else {
        partners += names.map { _ in 0 }
        continue
      }
      var missing = Set(keys.indices)
      for name in names {
        guard let partner = keys.firstIndex(of: Self.key(of: name, in: operand)) else {
          throw CommandFailure(
            .missingInput,
            "\(name) has no partner: \(options.reference) has no snapshot of that name.")
        }
        missing.remove(partner)
        partners.append(partner)
      }
      // One that a run has not written must not pass unseen.
      if names != [operand], let first = missing.min() {
        throw CommandFailure(
          .missingInput,
          "\(references[first]) has no partner: \(operand) has no snapshot of that name.")
      }
    }
    (self.references, self.files, self.partners) = (references, files, partners)
  }

  /// What a snapshot is called within what an operand stands for: its name in a directory, or the number of
  /// the iteration in a file of several.
  private static func key(of name: String, in operand: String) -> String {
    let rest = name.hasPrefix(operand) ? name.dropFirst(operand.count) : name[...]
    return rest.first == "#"
      ? String(rest) : name.split(separator: "/").last.map(String.init) ?? name
  }
}
