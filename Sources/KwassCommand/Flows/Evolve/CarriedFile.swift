import KineticTransport

/// What a run carries along and none of its snapshots has.
struct CarriedState {
  /// The kinds of what is carried.
  enum Kind: String, CaseIterable {
    /// The displacements of the backward map of a strength.
    case strength
    /// The density and the modes of the velocities.
    case modes
  }

  let kind: Kind
  let numbers: [Double]
}

/// What a run carries along, kept beside its snapshots for `--resume`.
///
/// A text file: `time` with a time, then the numbers, one on each line, with all of their digits; what begins
/// with # is a comment. It is written before the snapshot to which it belongs, and holds the entry of the one
/// before as well: whenever the work is cut off, that of the last snapshot is there.
struct CarriedFile {
  /// What was carried along at a snapshot.
  struct Entry: Equatable {
    var time: Double
    var numbers: [Double]
  }

  let kind: CarriedState.Kind
  let path: String

  /// Writes entries.
  ///
  /// - Throws: `CommandFailure`.
  func write(_ entries: [Entry]) throws(CommandFailure) {
    var text = kind.heading
    for entry in entries {
      text += "time \(entry.time)\n"
      for number in entry.numbers { text += "\(number)\n" }
    }
    try attempt { () throws(SnapshotError) in try DataFile.write(Array(text.utf8), to: path) }
  }

  /// The entry of a snapshot.
  ///
  /// - Throws: `CommandFailure` where there is none.
  func entry(at time: Double, of snapshot: String) throws(CommandFailure) -> Entry {
    let text: String
    do throws(SnapshotError) {
      text = try DataFile.readText(path)
    } catch .missing {
      throw CommandFailure(
        .usage,
        "\(snapshot) cannot be gone on with: \(path), \(kind.purpose), is missing; start anew, and write to "
          + "another place.")
    } catch {
      throw CommandFailure(error)
    }
    guard let entry = try entries(text).last(where: { $0.time == time }) else {
      throw CommandFailure(
        .badData,
        "\(path) does not say \(kind.content(at: time, of: snapshot)); start anew, and write to another "
          + "place.")
    }
    return entry
  }

  private func entries(_ text: String) throws(CommandFailure) -> [Entry] {
    var found: [Entry] = []
    for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
    {
      guard !line.isEmpty, !line.hasPrefix("#") else { continue }
      if line.hasPrefix("time "), let time = Double(line.dropFirst(5)) {
        found.append(Entry(time: time, numbers: []))
      } else if !found.isEmpty, let number = Double(line), number.isFinite {
        found[found.count - 1].numbers.append(number)
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

extension CarriedState.Kind {
  fileprivate var heading: String {
    switch self {
    case .strength: "# Where the strength of agents came from, for kwass evolve --resume.\n"
    case .modes: "# The density and the modes of the velocities, for kwass evolve --resume.\n"
    }
  }

  fileprivate var purpose: String {
    switch self {
    case .strength: "which says where its strength came from"
    case .modes: "which has the modes of its velocities"
    }
  }

  fileprivate func content(at time: Double, of snapshot: String) -> String {
    switch self {
    case .strength: "where the strength at the time \(time) of \(snapshot) came from"
    case .modes: "what the modes at the time \(time) of \(snapshot) were"
    }
  }
}
