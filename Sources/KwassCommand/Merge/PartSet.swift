import KineticTransport

/// All parts of one division of a command's work.
struct PartSet {
  /// That of the first part.
  let header: PartHeader
  let frame: JSON
  /// The findings of all units, in their order.
  let findings: [JSON]

  /// Reads the files of all parts.
  ///
  /// - Throws: `CommandFailure` for parts that do not fit together, overlap or are missing.
  init(paths: [String]) throws(CommandFailure) {
    let parts = try paths.map { path throws(CommandFailure) in
      (path, try Self.file(path))
    }
    let (firstPath, first) = parts[0]
    var known: [Int: (path: String, file: PartFile)] = [:]
    for (path, file) in parts {
      try Self.checkFit((firstPath, first), (path, file))
      let number = file.header.part.number
      if let other = known[number] {
        throw CommandFailure(
          .usage,
          "\(other.path) and \(path) are both part \(file.header.part); each part must be given once."
        )
      }
      known[number] = (path, file)
    }
    header = first.header
    frame = first.frame
    try Self.checkAll(Set(known.keys), header)
    var findings = [JSON?](repeating: nil, count: header.units.count)
    for (_, (path, file)) in known.sorted(by: { $0.key < $1.key }) {
      for (unit, finding) in file.findings {
        guard findings[unit] == nil || findings[unit] == finding else {
          throw CommandFailure(
            .badData, "\(path) and another part differ about \(header.names(of: [unit])).")
        }
        findings[unit] = finding
      }
    }
    self.findings = findings.compactMap(\.self)
  }

  /// A part that is complete.
  private static func file(_ path: String) throws(CommandFailure) -> PartFile {
    let ending = PartJournal.path(beside: "")
    let final = path.hasSuffix(ending) ? String(path.dropLast(ending.count)) : path
    if !DataFile.exists(final), let content = PartJournal.content(beside: final) {
      let header = content.header
      let all = header.units(of: header.part)
      let missing = all.filter { content.findings[$0] == nil }
      throw CommandFailure(
        .missingInput,
        "\(final): part \(header.part) is not finished; \(missing.count) of its "
          + "\(count(all.count, "unit", "units")) remain: \(header.names(of: missing)). The command that began it "
          + "goes on with them.")
    }
    return try PartFile(path: path)
  }

  private static func checkFit(
    _ first: (path: String, file: PartFile), _ second: (path: String, file: PartFile)
  ) throws(CommandFailure) {
    let (one, other) = (first.file.header, second.file.header)
    let reason =
      if let difference = PartPlan.difference(one.plan, other.plan) {
        difference
      } else if one.part.count != other.part.count {
        "they are part \(one.part) and part \(other.part)"
      } else if one.units != other.units || first.file.frame != second.file.frame {
        "they have read different things in the same files"
      } else {
        nil as String?
      }
    guard let reason else { return }
    throw CommandFailure(
      .badData, "\(first.path) and \(second.path) do not belong together: \(reason).")
  }

  /// Names the parts that are missing.
  private static func checkAll(
    _ numbers: Set<Int>, _ header: PartHeader
  ) throws(CommandFailure) {
    let count = header.part.count
    guard numbers.count < count else { return }
    let missing = (1...count).lazy.filter { !numbers.contains($0) }.compactMap {
      Part(number: $0, count: count)
    }
    let named = missing.prefix(3).map { part in
      let units = header.units(of: part)
      return "part \(part) (\(units.isEmpty ? "no units" : header.names(of: units)))"
    }
    let rest = count - numbers.count - named.count
    let list = UsageError.list(named + (rest > 0 ? ["\(rest) more"] : []), "and")
    throw CommandFailure(
      .missingInput,
      "\(list.prefix(1).uppercased() + list.dropFirst()) \(count - numbers.count == 1 ? "is" : "are") missing."
    )
  }
}
