import KineticTransport

/// Runs `kwass series`.
struct SeriesCommand: DividedCommand, DividedWork {
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
    "--species", "--scale", "--part", "-o",
  ]

  static let isParallel = true
  static let outputOptions = ["--json", "--figure"]

  let options: SeriesOptions

  var work: any DividedWork { self }

  /// What is printed beside the distances.
  struct Frame: Codable, Sendable {
    /// A snapshot and what it is compared with.
    struct Row: Codable, Sendable {
      let time: Double
      let file: String
      let reference: String
    }

    let rows: [Row]
    let notes: [String]
    let scales: AppliedScales
    let timeUnit: String?
  }

  func checkOutputs() throws(CommandFailure) { try FigureOutput.check([options.figurePath]) }

  func inputs() throws(CommandFailure) -> [String] {
    let names = try SnapshotList.names(options.operands)
    guard case .series(let operand) = options.against else { return names }
    return names + (try SnapshotList.names([operand]))
  }

  func workload(
    _ progress: ProgressLine
  ) throws(CommandFailure) -> Workload<Frame, SnapshotPairs.Outcome> {
    var loader = options.measurement.loader(progress)
    let comparison = try comparison(&loader)
    let (files, pairs) = (comparison.files, comparison.pairs)
    guard !pairs.isEmpty else {
      throw CommandFailure(
        .badData,
        comparison.unmatched.isEmpty
          ? "\(files[0].path) is one snapshot; a series needs at least two."
          : "No time of the two series is the same.")
    }
    let rows = pairs.map { pair in
      Frame.Row(
        time: comparison.times[pair.1], file: files[pair.1].path, reference: files[pair.0].path)
    }
    let solver = SnapshotPairs(options: options.measurement, files: files)
    return Workload(
      frame: Frame(
        rows: rows, notes: loader.notes + comparison.notes, scales: loader.scales,
        timeUnit: files[0].facts.first { $0.name == "time unit" }?.text),
      title: "solving \(pairs.count) transport problems",
      units: rows.map { "\($0.file) against \($0.reference)" }, isParallel: true
    ) { unit throws(CommandFailure) in try solver.distance(pairs[unit]) }
  }

  func give(
    _ frame: Frame, _ found: [SnapshotPairs.Outcome], after progress: ProgressLine,
    on console: any Console
  ) throws(CommandFailure) -> ExitCode {
    progress.finish()
    let metric = try options.measurement.metric.summary
    let notes = notes(found) + frame.notes
    try console.print(
      options.isJSON
        ? json(found, frame, metric, notes).text + "\n" : csv(found, frame, metric, notes))
    try FigureOutput.draw(chart(found, frame, metric), to: options.figurePath, on: console)
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
    _ found: [SnapshotPairs.Outcome], _ frame: Frame, _ metric: String
  ) -> SeriesChart {
    let times = frame.rows.map(\.time)
    let reference =
      switch options.against {
      case .initial: "the first snapshot"
      case .previous: "the snapshot before"
      case .series(let operand): ShortNames.of([operand])[0]
      }
    return SeriesChart(
      title: "Distance from \(reference)",
      horizontal: frame.timeUnit.map { "time (\($0))" } ?? "time",
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
    _ found: [SnapshotPairs.Outcome], _ frame: Frame, _ metric: String, _ notes: [String]
  ) -> JSON {
    let rows = zip(frame.rows, found).map { row, outcome in
      JSON.object(
        [
          .init("time", .number(row.time)),
          .init("distance", .number(outcome.distance)),
          .init("lower", .number(outcome.distanceBounds.lower)),
          .init("upper", .number(outcome.distanceBounds.upper)),
          .init("file", .string(row.file)),
          .init("against", .string(row.reference)),
        ] + CostParts.members(outcome.parts)
          + (options.measurement.gate.gate?.members(outcome.distanceBounds) ?? []))
    }
    return .document(
      "series",
      [
        .init("metric", .string(metric)), .init("series", .array(rows)),
        .init("notes", .array(notes.map { .string($0) })),
      ] + frame.scales.members)
  }

  private func csv(
    _ found: [SnapshotPairs.Outcome], _ frame: Frame, _ metric: String, _ notes: [String]
  ) -> String {
    let lines = zip(frame.rows, found).map { row, outcome in
      "\(row.time),\(outcome.distance),\(outcome.distanceBounds.lower),"
        + "\(outcome.distanceBounds.upper),\(csvField(row.file)),"
        + "\(csvField(row.reference))\n"
    }
    return "# W, \(metric)\n" + frame.scales.remarks + notes.map { "# \($0)\n" }.joined()
      + "time,distance,lower,upper,file,against\n" + lines.joined()
  }
}
