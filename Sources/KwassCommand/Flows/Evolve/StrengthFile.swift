import KineticTransport

/// Where the strength of agents that align came from, kept beside the snapshots of a run for `--resume`.
///
/// A text file: `time` with a time, then the displacements of the backward map, one on each line, with all of
/// their digits; what begins with # is a comment. It is written before the snapshot to which it belongs, and
/// holds the entry of the one before as well: whenever the work is cut off, that of the last snapshot is there.
enum StrengthFile {
  /// The strength at a snapshot.
  struct Entry: Equatable {
    var time: Double
    var displacements: [Double]
  }

  /// Writes entries.
  ///
  /// - Throws: `CommandFailure`.
  static func write(_ entries: [Entry], to path: String) throws(CommandFailure) {
    var text = "# Where the strength of agents came from, for kwass evolve --resume.\n"
    for entry in entries {
      text += "time \(entry.time)\n"
      for number in entry.displacements { text += "\(number)\n" }
    }
    try attempt { () throws(SnapshotError) in try DataFile.write(Array(text.utf8), to: path) }
  }

  /// The entry of a snapshot.
  ///
  /// - Throws: `CommandFailure` where there is none.
  static func entry(
    at time: Double, in path: String, of snapshot: String
  ) throws(CommandFailure) -> Entry {
    let text: String
    do throws(SnapshotError) {
      text = try DataFile.readText(path)
    } catch .missing {
      throw CommandFailure(
        .usage,
        "\(snapshot) cannot be gone on with: \(path), which says where its strength came from, is "
          + "missing; start anew, and write to another place.")
    } catch {
      throw CommandFailure(error)
    }
    guard let entry = try entries(text, path).last(where: { $0.time == time }) else {
      throw CommandFailure(
        .badData,
        "\(path) does not say where the strength at the time \(time) of \(snapshot) came from; start "
          + "anew, and write to another place.")
    }
    return entry
  }

  private static func entries(_ text: String, _ path: String) throws(CommandFailure) -> [Entry] {
    var found: [Entry] = []
    for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
    {
      guard !line.isEmpty, !line.hasPrefix("#") else { continue }
      if line.hasPrefix("time "), let time = Double(line.dropFirst(5)) {
        found.append(Entry(time: time, displacements: []))
      } else if !found.isEmpty, let number = Double(line), number.isFinite {
        found[found.count - 1].displacements.append(number)
      } else {
        throw CommandFailure(
          .badData,
          "\(path), line \(index + 1): found \"\(line.prefix(40))\", and it must be a number, or time "
            + "and one.")
      }
    }
    return found
  }
}
