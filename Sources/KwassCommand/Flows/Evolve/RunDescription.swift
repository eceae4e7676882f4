import KineticTransport

/// What decides the bits of a run of `kwass evolve`: kept beside its snapshots, so that `--resume` goes
/// on with the same run and no other.
///
/// A text file: on each line the name of a setting and its value, with a blank between; what begins
/// with # is a comment.
struct RunDescription: Equatable {
  /// The name of each setting, that of its option without dashes, and its value.
  private(set) var settings: [(name: String, value: String)]

  static func == (first: RunDescription, second: RunDescription) -> Bool {
    first.differences(from: second).isEmpty
  }

  /// What a run with these options follows.
  ///
  /// - Parameters:
  ///   - state: what the run follows, for what the options leave open.
  ///   - start: the snapshot from which it started.
  init(_ options: EvolveOptions, _ state: some Evolution, start: SnapshotFile) {
    let system = options.system
    let all: [(String, String?)] = [
      ("system", system.kind.rawValue),
      ("kernel", system.kernel?.notation),
      ("phi", system.alignment?.kernel?.notation),
      ("strength", system.alignment?.strength.description),
      ("initial-strength", system.alignment?.initialNotation(system.kind)),
      (
        "lattice",
        state.particles.flatMap { system.alignment?.lattice(of: system.kind, in: $0.dimension) }
          .map(Self.list)
      ),
      ("parts", system.alignment?.parts.map(Self.list)),
      ("epsilon", system.epsilon?.description),
      ("attractive", system.isAttractive ? "yes" : nil),
      ("mesh", system.mesh.map(Self.list)),
      (
        "shape",
        system.alignment == nil ? system.mesh.map { _ in "\(system.shape ?? .quadratic)" } : nil
      ),
      (
        "mesh-filter",
        system.alignment == nil
          ? system.mesh.map { _ in (system.filter ?? .gaussian).rawValue } : nil
      ),
      (
        "modes",
        system.kind == .incompressibleEuler ? "\(system.modes)" : system.modeCount?.description
      ),
      ("alpha", system.kind == .bgk ? system.relaxation?.exponent.description : nil),
      ("external", system.relaxation?.external?.notation),
      ("gamma", system.relaxation?.gamma?.description),
      ("sigma", system.kind == .swarm ? system.relaxation?.sigma.description : nil),
      (
        "theta",
        system.kind == .swarm || system.kind == .noisyAlignment
          ? system.relaxation?.temperature.description : nil
      ),
      ("seed", system.relaxation?.seed?.description),
      ("integrator", system.relaxation == nil ? system.integrator.rawValue : nil),
      ("step", state.flow.step < .greatestFiniteMagnitude ? "\(state.flow.step)" : nil),
      ("tolerance", system.stepError?.description),
      ("representation", options.representation.rawValue),
      ("well-prepared", options.isWellPrepared ? "yes" : nil),
      ("grid", options.grid.size.map(Self.list)),
      ("velocities", options.grid.velocities.map { "\($0.lowerBound):\($0.upperBound)" }),
      ("box", state.boxNotation),
      ("every", options.every?.description),
      ("format", SnapshotFormat(path: options.output) == nil ? "\(options.format)" : nil),
      ("start", Fingerprint(start).text),
    ]
    settings = all.compactMap { name, value in value.map { (name, $0) } }
  }

  private static func list(_ numbers: [Int]) -> String {
    numbers.map(\.description).joined(separator: ",")
  }

  /// The settings that differ from those of another run, those of this one first; `nil` for one that
  /// is not there.
  func differences(from other: RunDescription) -> [(name: String, own: String?, other: String?)] {
    let names = settings.map(\.name) + other.settings.map(\.name).filter { self[$0] == nil }
    return names.filter { self[$0] != other[$0] }.map { ($0, self[$0], other[$0]) }
  }

  private subscript(_ name: String) -> String? { settings.first { $0.name == name }?.value }

  // MARK: The file

  /// The text of the file.
  var text: String {
    "# The run of kwass evolve whose snapshots are here; --resume goes on with no other.\n"
      + settings.map { "\($0.name) \($0.value)\n" }.joined()
  }

  /// Understands the text of a file.
  init(text: String) {
    settings = text.split(separator: "\n").filter { !$0.hasPrefix("#") }.map { line in
      let words = line.split(separator: " ", maxSplits: 1)
      let (name, value) = (String(words[0]), words.count > 1 ? String(words[1]) : "")
      let kind = name == "system" ? FlowSystem.Kind.synonyms[value]?.rawValue : nil
      return (name, kind ?? value)
    }
  }

  /// Refuses to go on with another run than the one whose description is in a file.
  ///
  /// - Throws: `CommandFailure` that names every setting that differs.
  func check(against path: String, of output: String) throws(CommandFailure) {
    let kept: RunDescription
    do throws(SnapshotError) {
      kept = RunDescription(text: try DataFile.readText(path))
    } catch .missing {
      throw CommandFailure(
        .usage,
        "\(output) has no description of its run (\(path)), so it cannot be told whether this one is "
          + "the same; start from its last snapshot, and write to another place.")
    } catch {
      throw CommandFailure(error)
    }
    let found = kept.differences(from: self).map { name, own, other in
      name == "start"
        ? "it started from another snapshot"
        : "its \(name) is \(own ?? "not given"), and this one's \(other ?? "not given")"
    }
    guard !found.isEmpty else { return }
    throw CommandFailure(
      .usage,
      "\(output) holds another run: \(found.joined(separator: "; ")). Resume with the settings in "
        + "\(path), or write to another place.")
  }
}

/// A number that tells snapshots apart by everything from which a run starts.
private struct Fingerprint {
  // FNV-1a over words, with a rotation so that high bits reach low ones.
  private var state: UInt64 = 0xcbf2_9ce4_8422_2325

  init(_ file: SnapshotFile) {
    let snapshot = file.snapshot
    if let density = file.density {
      for column in [density.positions, density.velocities] + density.values { add(column) }
    } else {
      for column in snapshot.positions + snapshot.velocities { add(column) }
      add(snapshot.weights ?? [])
    }
    add(snapshot.time.map { [$0] } ?? [])
  }

  private mutating func add(_ numbers: some Collection<Double>) {
    add(UInt64(numbers.count))
    for number in numbers { add(number.bitPattern) }
  }

  private mutating func add(_ word: UInt64) {
    state = (state ^ word) &* 0x100_0000_01b3
    state = state << 29 | state >> 35
  }

  var text: String { String(state, radix: 16) }
}
