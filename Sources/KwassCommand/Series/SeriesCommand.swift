import KineticTransport

/// Runs `kwass series`.
struct SeriesCommand {
  private let options: SeriesOptions
  private let console: any Console

  /// Times that differ by no more than this, relative to the longer span of the series, are the
  /// same: codes sum up their time steps with rounding.
  private static let timeTolerance = 1e-6

  init(_ options: SeriesOptions, _ console: any Console) {
    self.options = options
    self.console = console
  }

  func run() throws(CommandFailure) -> ExitCode {
    let progress = ProgressLine("reading", on: console)
    defer { progress.finish() }
    var loader = SnapshotLoader(
      options.distance.snapshots, box: options.distance.box, progress,
      wrapping: options.distance.space == .velocity ? .none : .suspicious)
    let series = try TimeSeries(try SnapshotList.names(options.operands), &loader)
    var members = series.members
    var pairs: [(Int, Int)] = []
    var unmatched: [TimeSeries.Member] = []
    switch options.against {
    case .initial: pairs = members.indices.map { (0, $0) }
    case .previous: pairs = members.indices.dropFirst().map { ($0 - 1, $0) }
    case .series(let operand):
      let other = try TimeSeries(try SnapshotList.names([operand]), &loader)
      let tolerance = Self.timeTolerance * max(series.span, other.span)
      for index in series.members.indices {
        if let match = other.index(at: series.members[index].time, within: tolerance) {
          pairs.append((series.members.count + match, index))
        } else {
          unmatched.append(series.members[index])
        }
      }
      members += other.members
    }
    guard !pairs.isEmpty else {
      throw CommandFailure(
        .badData,
        unmatched.isEmpty
          ? "\(members[0].name) is one snapshot; a series needs at least two."
          : "No time of the two series is the same.")
    }
    let found = try SnapshotPairs(options: options.distance, files: members.map(\.file))
      .distances(pairs, progress)
    progress.finish()

    let metric = try options.distance.metricSummary
    let notes =
      (options.distance.match == nil ? [] : [DistanceInputs.matchNote])
      + PairNote.sentences(found.map { $0.notes.filter { !$0.isOfTimes } }) + loader.notes
      + unmatched.map { "\($0.name) at the time \($0.time) has no partner and is left out." }
    if options.isJSON {
      let rows = zip(pairs, found).map { pair, outcome in
        return JSON.object(
          [
            .init("time", .number(members[pair.1].time)),
            .init("distance", .number(outcome.distance)),
            .init("lower", .number(outcome.bounds.lower)),
            .init("upper", .number(outcome.bounds.upper)),
            .init("file", .string(members[pair.1].name)),
            .init("against", .string(members[pair.0].name)),
          ] + CostParts.members(outcome.parts)
            + (options.distance.gate?.members(outcome.bounds) ?? []))
      }
      try console.print(
        JSON.document(
          "series",
          [
            .init("metric", .string(metric)), .init("series", .array(rows)),
            .init("notes", .array(notes.map { .string($0) })),
          ] + loader.scales.members
        ).text + "\n")
    } else {
      let lines = zip(pairs, found).map { pair, outcome in
        "\(members[pair.1].time),\(outcome.distance),\(outcome.bounds.lower),"
          + "\(outcome.bounds.upper),\(MatrixCommand.field(members[pair.1].name)),"
          + "\(MatrixCommand.field(members[pair.0].name))\n"
      }
      try console.print(
        "# W, \(metric)\n" + loader.scales.remarks + notes.map { "# \($0)\n" }.joined()
          + "time,distance,lower,upper,file,against\n" + lines.joined())
    }
    return options.distance.gate?.judge(found.map(\.bounds), console) ?? .success
  }
}

/// Snapshots in the order of their times.
private struct TimeSeries {
  struct Member {
    let name: String
    let time: Double
    let file: SnapshotFile
  }

  let members: [Member]

  init(_ names: [String], _ loader: inout SnapshotLoader) throws(CommandFailure) {
    var members: [Member] = []
    for name in names {
      let file = try loader.load(name)
      guard let time = file.snapshot.time else {
        throw CommandFailure(
          .badData, "\(name) states no time; every snapshot of a series must.")
      }
      members.append(Member(name: name, time: time, file: file))
    }
    members.sort { $0.time < $1.time }
    for (first, second) in zip(members, members.dropFirst()) where first.time == second.time {
      throw CommandFailure(
        .badData,
        "\(first.name) and \(second.name) state the same time \(first.time); in a series each has its own."
      )
    }
    self.members = members
  }

  /// The time between the first and the last.
  var span: Double { (members.last?.time ?? 0) - (members.first?.time ?? 0) }

  /// The member nearest to a time, if it is near enough.
  func index(at time: Double, within tolerance: Double) -> Int? {
    members.indices.min { abs(members[$0].time - time) < abs(members[$1].time - time) }
      .flatMap { abs(members[$0].time - time) <= tolerance ? $0 : nil }
  }
}
