import KineticTransport
import Libc

/// Where `kwass evolve` writes, and what a run has left there.
struct EvolveOutput {
  /// A snapshot that a run has left.
  typealias Last = (path: String, file: SnapshotFile)

  private let file: String
  private let series: SnapshotSeries?
  private let first: Int
  /// Whether a run is gone on with.
  let isResumed: Bool
  /// What the paths of hidden files begin with: what is kept beside snapshots is none.
  private let hidden: String
  /// What was carried along to the last snapshot.
  private var lastCarried: CarriedFile.Entry?
  /// What is to be kept with the first snapshot of a run that begins here.
  private var description: RunDescription?

  init(_ options: EvolveOptions) throws(CommandFailure) {
    file = options.output
    guard SnapshotFormat(path: options.output) == nil else {
      let name = options.output.split(separator: "/").last.map(String.init) ?? ""
      hidden = "\(options.output.dropLast(name.count)).\(name)."
      series = nil
      first = 0
      isResumed = options.resumes && checkedExistence(options.output)
      return
    }
    let series = try attempt { () throws(SnapshotError) in
      try SnapshotSeries(folder: options.output, format: options.format)
    }
    hidden = "\(options.output)/."
    let last = series.lastNumber
    guard last == nil || options.resumes else {
      throw CommandFailure(
        .cannotCreate,
        "\(options.output) already holds snapshots of a run; --resume goes on with it, and another "
          + "folder starts anew.")
    }
    self.series = series
    first = last ?? 0
    isResumed = last != nil
  }

  /// The last snapshot of a run that is gone on with.
  func last() throws(CommandFailure) -> Last? {
    guard isResumed else { return nil }
    let path = path(0)
    return try attempt { () throws(SnapshotError) in (path, try SnapshotFile.read(path)) }
  }

  /// Where the description of the run stands.
  private var descriptionPath: String { "\(hidden)run" }

  /// Where something that is carried along is kept.
  private func carriedFile(_ kind: CarriedState.Kind) -> CarriedFile {
    CarriedFile(kind: kind, path: "\(hidden)\(kind.rawValue)")
  }

  /// What was carried along to the last snapshot; `nil` where nothing is.
  mutating func carried(
    _ state: some Evolution, _ last: Last
  ) throws(CommandFailure) -> [Double]? {
    guard let kind = state.flow.carried?.kind else { return nil }
    let time = last.file.density?.time ?? last.file.snapshot.time ?? 0
    let entry = try carriedFile(kind).entry(at: time, of: last.path)
    lastCarried = entry
    return entry.numbers
  }

  /// Refuses a run other than the one that is gone on with; one that begins here will be described.
  mutating func describe(_ run: RunDescription) throws(CommandFailure) {
    if isResumed {
      try run.check(against: descriptionPath, of: file)
    } else {
      description = run
    }
  }

  mutating func write(_ state: some Evolution, index: Int) throws(CommandFailure) {
    // A single file keeps what it has until there is something newer.
    if series == nil, index == 0 { return }
    let path = path(index)
    // Whenever the work is cut off, no snapshot stands beside the description of another run.
    if description != nil {
      let others = CarriedState.Kind.allCases.map { carriedFile($0).path }
      for path in [descriptionPath] + others { unlink(path.systemName) }
    }
    if let now = state.flow.carried {
      let entry = CarriedFile.Entry(time: state.flow.time, numbers: now.numbers)
      try carriedFile(now.kind).write([lastCarried, entry].compactMap(\.self))
      lastCarried = entry
    }
    try attempt { () throws(SnapshotError) in
      try state.write(to: path)
      if let description {
        try DataFile.write(Array(description.text.utf8), to: descriptionPath)
      }
    }
    description = nil
  }

  /// The path of a snapshot, counted from the start of this run.
  private func path(_ index: Int) -> String { series?.path(of: first + index) ?? file }

  /// The path as the table shows it.
  func name(_ index: Int) -> String { series == nil && index == 0 ? "" : path(index) }
}

private func checkedExistence(_ path: String) -> Bool {
  do throws(SnapshotError) {
    _ = try SnapshotFile.read(path)
    return true
  } catch .missing {
    return false
  } catch {
    // It is there; reading it again will say what is wrong with it.
    return true
  }
}
