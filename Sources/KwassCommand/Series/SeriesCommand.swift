import KineticTransport

/// Runs `kwass series`.
struct SeriesCommand: Command {
  static let name = "series"
  static let summary = "Measure distances over time."
  static let synopsis = "SERIES... [--against initial|previous|SERIES] [options]"
  static let explanation = """
    Prints the distance of snapshots over time. SERIES is a directory, a pattern such as run_%T.h5, a
    file of several iterations, or a number of files. Snapshots are ordered by their physical times,
    which all of them must state and no two may share.
    """
  static let example =
    "run_%T.h5 --against previous --species electrons"

  static let commonOptions = [
    "--against", "--max", "--figure", "--json", "--p", "--cost", "--lambda", "--space", "--box",
    "--species", "--scale",
  ]

  static let isParallel = true

  let options: SeriesOptions

  func run(on console: any Console) throws(CommandFailure) -> ExitCode {
    let progress = ProgressLine("reading", on: console)
    defer { progress.finish() }
    try FigureOutput.check([options.figurePath])
    var loader = options.measurement.loader(progress)
    let comparison = try comparison(&loader)
    guard !comparison.pairs.isEmpty else {
      throw CommandFailure(
        .badData,
        comparison.unmatched.isEmpty
          ? "\(comparison.files[0].path) is one snapshot; a series needs at least two."
          : "No time of the two series is the same.")
    }
    let found = try SnapshotPairs(options: options.measurement, files: comparison.files)
      .distances(comparison.pairs, progress)
    progress.finish()
    let metric = try options.measurement.metric.summary
    let notes = notes(found) + loader.notes + comparison.notes
    try console.print(
      options.isJSON
        ? json(found, comparison, metric, notes, loader.scales).text + "\n"
        : csv(found, comparison, metric, notes, loader.scales))
    try FigureOutput.draw(
      chart(found, comparison, metric), to: options.figurePath, on: console)
    return options.measurement.gate.gate?.judge(found.map(\.distanceBounds), console) ?? .success
  }

  // MARK: What is compared

  /// Which snapshots are compared.
  private struct Comparison {
    var files: [SnapshotFile]
    var times: [Double]
    /// Pairs of places among the files: what is compared with, and the snapshot of the series.
    var pairs: [(Int, Int)] = []
    /// The snapshots without partner.
    var unmatched: [Int] = []

    var notes: [String] {
      unmatched.map {
        "\(files[$0].path) at the time \(times[$0]) has no partner and is left out."
      }
    }
  }

  private func comparison(_ loader: inout SnapshotLoader) throws(CommandFailure) -> Comparison {
    let series = try timeline(options.operands, &loader)
    var comparison = Comparison(files: series.files, times: series.times)
    switch options.against {
    case .initial: comparison.pairs = series.files.indices.map { (0, $0) }
    case .previous: comparison.pairs = series.files.indices.dropFirst().map { ($0 - 1, $0) }
    case .series(let operand):
      let other = try timeline([operand], &loader)
      for (index, partner) in series.partners(in: other).enumerated() {
        if let partner {
          comparison.pairs.append((series.files.count + partner, index))
        } else {
          comparison.unmatched.append(index)
        }
      }
      comparison.files += other.files
      comparison.times += other.times
    }
    return comparison
  }

  /// The snapshots that operands name, in the order of their times.
  private func timeline(
    _ operands: [String], _ loader: inout SnapshotLoader
  ) throws(CommandFailure) -> SnapshotTimeline {
    var files: [SnapshotFile] = []
    for name in try SnapshotList.names(operands) { files.append(try loader.load(name)) }
    return try attempt { () throws(TimelineError) in try SnapshotTimeline(files) }
  }

  // MARK: What is printed

  /// Notes on the pairs, whose times always differ.
  private func notes(_ found: [SnapshotPairs.Outcome]) -> [String] {
    (options.measurement.match == nil ? [] : [DistanceInputs.matchNote])
      + PairNote.sentences(found.map { $0.notes.filter { !$0.isOfTimes } })
  }

  /// The distances over time in the band of their brackets.
  private func chart(
    _ found: [SnapshotPairs.Outcome], _ comparison: Comparison, _ metric: String
  ) -> SeriesChart {
    let times = comparison.pairs.map { comparison.times[$0.1] }
    let reference =
      switch options.against {
      case .initial: "the first snapshot"
      case .previous: "the snapshot before"
      case .series(let operand): ShortNames.of([operand])[0]
      }
    let unit = comparison.files[0].facts.first { $0.name == "time unit" }?.text
    return SeriesChart(
      title: "Distance from \(reference)", horizontal: unit.map { "time (\($0))" } ?? "time",
      vertical: "W (\(metric))",
      series: [
        .init(
          "proved bracket", style: .band,
          points: zip(times, found).flatMap { time, one in
            [SIMD2(time, one.distanceBounds.lower), SIMD2(time, one.distanceBounds.upper)]
          }),
        .init(
          "W", style: .markedLine, points: zip(times, found).map { SIMD2($0, $1.distance) }),
      ])
  }

  private func json(
    _ found: [SnapshotPairs.Outcome], _ comparison: Comparison, _ metric: String,
    _ notes: [String], _ scales: AppliedScales
  ) -> JSON {
    let rows = zip(comparison.pairs, found).map { pair, outcome in
      JSON.object(
        [
          .init("time", .number(comparison.times[pair.1])),
          .init("distance", .number(outcome.distance)),
          .init("lower", .number(outcome.distanceBounds.lower)),
          .init("upper", .number(outcome.distanceBounds.upper)),
          .init("file", .string(comparison.files[pair.1].path)),
          .init("against", .string(comparison.files[pair.0].path)),
        ] + CostParts.members(outcome.parts)
          + (options.measurement.gate.gate?.members(outcome.distanceBounds) ?? []))
    }
    return .document(
      "series",
      [
        .init("metric", .string(metric)), .init("series", .array(rows)),
        .init("notes", .array(notes.map { .string($0) })),
      ] + scales.members)
  }

  private func csv(
    _ found: [SnapshotPairs.Outcome], _ comparison: Comparison, _ metric: String,
    _ notes: [String], _ scales: AppliedScales
  ) -> String {
    let lines = zip(comparison.pairs, found).map { pair, outcome in
      "\(comparison.times[pair.1]),\(outcome.distance),\(outcome.distanceBounds.lower),"
        + "\(outcome.distanceBounds.upper),\(csvField(comparison.files[pair.1].path)),"
        + "\(csvField(comparison.files[pair.0].path))\n"
    }
    return "# W, \(metric)\n" + scales.remarks + notes.map { "# \($0)\n" }.joined()
      + "time,distance,lower,upper,file,against\n" + lines.joined()
  }
}
