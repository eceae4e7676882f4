import KineticTransport

/// The arguments of `kwass report`.
struct ReportOptions: OptionGroup, Equatable {
  /// The two snapshots.
  var paths: [String]
  /// The file to write.
  var output: String
  /// How distances are measured; the metric is the first of several.
  var measurement: MeasurementOptions
  /// What the first figure shows.
  var axes: FigureAxes
  /// How often the first snapshot is split for the noise floor.
  var splits: Int
  /// Settles how it is split.
  var seed: UInt64
  /// The whole command line.
  var arguments: [String]
  /// The options of the metric as they were given.
  var metricArguments: [String]
  /// The box as it was given, which goes with every metric of positions.
  var boxArguments: [String]
  /// The other options that `kwass distance` needs to measure the same.
  var sharedArguments: [String]

  static let specification =
    [
      OptionSpecification("-o", "FILE", "The file to write: .html."),
      OptionSpecification(
        "--splits", "N", "Random splits of A for the noise floor. Default: 5."),
      OptionSpecification("--seed", "S", "A whole number that settles the splits. Default: 1."),
    ] + FigureAxes.specification + MeasurementOptions.specification + StoppingOptions.specification
    + SnapshotOptions.specification

  init(_ reader: ArgumentReader) throws(UsageError) {
    paths = try reader.operands(2...2, "two snapshot files")
    output = try reader.required(reader.text("-o"), "-o")
    guard output.lowercased().hasSuffix(".html") else {
      throw .badValue(option: "-o", value: output, requirement: "an .html file")
    }
    measurement = try MeasurementOptions(reader, stopping: StoppingOptions(reader))
    axes = try FigureAxes(reader, isUsed: true)
    splits = try reader.integer("--splits", "a whole number from 1 to 1000", in: 1...1000) ?? 5
    seed = try reader.seed() ?? 1
    arguments = reader.arguments
    let box = [BoxOption.specification]
    boxArguments = reader.given(box)
    metricArguments = reader.given(MetricOptions.specification.filter { !box.contains($0) })
    sharedArguments = reader.given(
      SolverOptions.specification + StoppingOptions.specification + SnapshotOptions.specification)
    guard !paths.contains(output) else {
      throw .conflict("The output \(output) would replace the snapshot of that name.")
    }
  }
}

extension ArgumentReader {
  /// Those of some options that were given, with their values.
  fileprivate func given(_ options: [OptionSpecification]) -> [String] {
    options.flatMap { option -> [String] in
      guard option.value != nil else { return has(option.name) ? [option.name] : [] }
      return text(option.name).map { [option.name, $0] } ?? []
    }
  }
}
