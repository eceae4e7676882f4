import KineticTransport
import Libc

/// Reads the snapshots of one command and brings them all to the same scales.
struct SnapshotLoader {
  private let options: SnapshotOptions
  private let box: BoxOption?
  private let wrapping: WrappingNotes
  private let progress: ProgressLine
  /// The factors of the snapshot that was read last; with a normalisation those of all.
  private(set) var scaling: Scaling?
  /// The factors that a normalisation sets, which the first snapshot settles.
  private var normalizer: Scaling?
  /// What was assumed of the files or left out, each sentence with the files that it is true of.
  private var remarks: [(sentence: String, first: String, count: Int)] = []
  /// What the files say of their coordinates, each statement once.
  private var meanings: [SnapshotFact] = []
  /// How the positions that were streamed last lie to their box.
  private(set) var tally = WrappingTally()
  /// What came through pipes, by their names: nothing comes through them again.
  private var pipes: [String: SnapshotFile] = [:]

  /// A loader.
  ///
  /// - Parameters:
  ///   - box: the box that overrides those of the files, after `--scale` and before a normalisation.
  ///   - wrapping: which positions outside the box are worth a note.
  init(
    _ options: SnapshotOptions, box: BoxOption? = nil, _ progress: ProgressLine,
    wrapping: WrappingNotes = .suspicious
  ) {
    self.options = options
    self.box = box
    self.progress = progress
    self.wrapping = wrapping
  }

  /// Reads a snapshot and scales it.
  ///
  /// - Parameter name: a path, or a path with an iteration: `FILE#100`.
  mutating func load(_ name: String) throws(CommandFailure) -> SnapshotFile {
    progress.begin("reading \(name)")
    let file = try read(name)
    var tally = WrappingTally()
    var (snapshot, coordinates, notes) = try brought(
      file.coordinates, file.snapshot, name, &tally)
    notes += wrapping.notes(tally, isStatedByUser: box != nil)
    note(file.facts)
    for note in file.notes.map(\.sentence) + notes {
      if let place = remarks.firstIndex(where: { $0.sentence == note }) {
        remarks[place].count += 1
      } else {
        remarks.append((note, name, 1))
      }
    }
    return file.replacing(
      snapshot, named: name, notes: notes.map { ReadingNote($0) }, coordinates: coordinates)
  }

  /// Reads a snapshot piece by piece and scales it.
  ///
  /// - Parameters:
  ///   - name: a path, or a path with an iteration, that can be read several times.
  ///   - chunkSize: the number of particles of a piece.
  ///   - stage: what is being done, for the progress; `nil` for reading.
  ///   - wholeSize: the bytes of the largest file that may be read whole where it has to.
  ///   - includesIds: whether pieces have the ids of their particles.
  ///   - isWanted: is asked of each piece in turn, by its number, whether it is read. Then no note says how positions
  ///     lie to the box: `tally` has it for the pieces that count.
  ///   - isCounted: whether the piece that was wanted last counts.
  ///   - body: takes a piece, and says whether more are wanted.
  /// - Returns: the file without its particles.
  mutating func stream(
    _ name: String, chunkSize: Int = 1 << 18, stage: String? = nil,
    wholeSize: Int = SnapshotFile.largestWholeSize, includesIds: Bool = false,
    isWanted: ((Int) -> Bool)? = nil, isCounted: () -> Bool = { true },
    _ body: (Snapshot) throws(CommandFailure) -> Bool
  ) throws(CommandFailure) -> SnapshotFile {
    progress.begin(stage ?? "reading \(name)")
    let (path, iteration) = SnapshotReference.parts(of: name)
    guard !SnapshotReference.isPipe(path) else {
      throw CommandFailure(
        .usage,
        "\(name) is a pipe, which can be read only once; --coarsen reads a file several times."
      )
    }
    var reading = options.reading
    reading.iteration = iteration
    var tally = WrappingTally()
    var (loader, failure) = (self, nil as CommandFailure?)
    var (last, notes) = (nil as Snapshot?, [] as [String])
    let file = try attempt { () throws(SnapshotError) in
      try SnapshotFile.stream(
        path, options: reading, chunkSize: chunkSize, wholeSize: wholeSize,
        includesIds: includesIds, isWanted: isWanted ?? { _ in true }
      ) { piece in
        do throws(CommandFailure) {
          var new = WrappingTally()
          let found = try loader.brought(nil, piece, name, &new)
          if isCounted() { tally.add(new) }
          (last, notes) = (found.snapshot, found.notes)
          return try body(found.snapshot)
        } catch {
          failure = error
          return false
        }
      }
    }
    self = loader
    self.tally = tally
    if let failure { throw failure }
    guard var empty = last else {
      throw CommandFailure(.badData, "\(name): found no particles, expected at least one.")
    }
    empty.positions = empty.positions.map { _ in [] }
    empty.velocities = empty.velocities.map { _ in [] }
    empty.weights = empty.weights.map { _ in [] }
    empty.ids = nil
    empty.time = file.snapshot.time
    note(file.facts)
    if isWanted == nil { notes += wrappingNotes(tally) }
    var coordinates = file.coordinates.scaled(
      by: try options.scale.scaling(of: empty, named: name), to: options.scale.unit)
    if let normalizer { coordinates = coordinates.scaled(by: normalizer) }
    return file.replacing(
      empty, named: name, notes: notes.map { ReadingNote($0) }, coordinates: coordinates)
  }

  /// A sentence for each axis on which positions lie outside the box.
  func wrappingNotes(_ tally: WrappingTally) -> [String] {
    wrapping.notes(tally, isStatedByUser: box != nil)
  }

  /// The particles of a snapshot, or some of them, in the units and the box of the options.
  ///
  /// - Parameter coordinates: what its coordinates are called; `nil` where nothing is to be called by them.
  private mutating func brought(
    _ coordinates: CoordinateNames?, _ read: Snapshot, _ name: String, _ tally: inout WrappingTally
  ) throws(CommandFailure) -> (
    snapshot: Snapshot, coordinates: CoordinateNames?, notes: [String]
  ) {
    var scaling = try options.scale.scaling(of: read, named: name)
    var snapshot = try scaled(read, by: scaling, name)
    var coordinates = coordinates?.scaled(by: scaling, to: options.scale.unit)
    let notes = try setBox(of: &snapshot, name)
    if wrapping != .none { tally.add(snapshot) }
    if let normalization = options.normalization {
      let normalizer =
        if let known = self.normalizer { known } else {
          try normalization.scaling(
            of: snapshot, named: name, plasmaFrequency: options.plasmaFrequency)
        }
      guard normalizer.positions.count == snapshot.positions.count,
        normalizer.velocities.count == snapshot.velocities.count
      else {
        throw CommandFailure(
          .badData,
          "\(name) has \(snapshot.positions.count) position and \(snapshot.velocities.count) velocity "
            + "coordinates, but the first snapshot has \(normalizer.positions.count) and "
            + "\(normalizer.velocities.count); all must have the same.")
      }
      self.normalizer = normalizer
      snapshot = try scaled(snapshot, by: normalizer, name)
      coordinates = coordinates?.scaled(by: normalizer)
      do throws(PhaseSpaceError) {
        scaling = try scaling.followed(by: normalizer)
      } catch {
        throw CommandFailure(SnapshotError.unusable(path: name, reason: error))
      }
    }
    self.scaling = scaling
    return (snapshot, coordinates, notes)
  }

  /// Keeps what a file says of its coordinates.
  private mutating func note(_ facts: [SnapshotFact]) {
    for fact in facts
    where ["x", "v", "columns"].contains(fact.name) && !meanings.contains(fact) {
      meanings.append(fact)
    }
  }

  private mutating func read(_ name: String) throws(CommandFailure) -> SnapshotFile {
    if let file = pipes[name] { return file }
    let (path, iteration) = SnapshotReference.parts(of: name)
    var reading = options.reading
    reading.iteration = iteration
    let file = try attempt { () throws(SnapshotError) in
      try SnapshotFile.read(path, options: reading)
    }
    if SnapshotReference.isPipe(path) { pipes[name] = file }
    return file
  }

  private func scaled(
    _ snapshot: Snapshot, by scaling: Scaling, _ name: String
  ) throws(CommandFailure) -> Snapshot {
    do throws(PhaseSpaceError) {
      return try snapshot.scaled(by: scaling)
    } catch {
      throw CommandFailure(SnapshotError.unusable(path: name, reason: error))
    }
  }

  /// Puts the box of the command line in the place of the file's own, and says where they differ.
  private func setBox(
    of snapshot: inout Snapshot, _ name: String
  ) throws(CommandFailure) -> [String] {
    guard let box else { return [] }
    let domain = try box.domain(of: snapshot, named: name)
    let stated = snapshot.box
    snapshot.box = domain
    guard let stated, stated != domain else { return [] }
    return ["The file states the box \(stated.notation); --box \(domain.notation) overrides it."]
  }

  /// What was assumed of the files or left out, in sentences.
  var notes: [String] {
    remarks.map { sentence, first, count in
      "\(first)\(count > 1 ? " and \(count - 1) more" : ""): \(sentence)"
    }
  }

  /// What was done to the coordinates that were read.
  var scales: AppliedScales { AppliedScales(scaling: scaling, meanings: meanings) }
}

/// How a command line names a snapshot in a file of several.
enum SnapshotReference {
  /// The path and the iteration of `FILE#ITERATION`, or the path alone; a file that has the whole name is
  /// that file.
  static func parts(of name: String) -> (path: String, iteration: Int?) {
    guard let mark = name.lastIndex(of: "#") else { return (name, nil) }
    let digits = name[name.index(after: mark)...]
    guard !digits.isEmpty, digits.allSatisfy({ $0.isASCII && $0.isNumber }),
      let iteration = Int(digits), access(name.systemName, F_OK) != 0
    else { return (name, nil) }
    return (String(name[..<mark]), iteration)
  }

  /// The bytes of the file; 0 where there is none.
  static func size(of name: String) -> Int {
    var status = stat()
    return stat(parts(of: name).path.systemName, &status) == 0 ? Int(status.st_size) : 0
  }

  /// Whether a path names what can be read only once.
  static func isPipe(_ path: String) -> Bool {
    var status = stat()
    guard stat(path.systemName, &status) == 0 else { return false }
    return status.st_mode & S_IFMT == S_IFIFO || status.st_mode & S_IFMT == S_IFSOCK
  }
}
