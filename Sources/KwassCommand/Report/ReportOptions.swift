import KineticTransport

/// The arguments of `kwass report`.
struct ReportOptions: OptionGroup, Equatable {
  /// What the page is about.
  var subject: ReportSubject
  /// The file to write.
  var output: String

  static let specification =
    [
      OptionSpecification("-o", "FILE", "The file to write: .html."),
      OptionSpecification(
        "--splits", "N", "Random splits of A for the noise floor. Default: 5."),
      OptionSpecification("--seed", "S", "A whole number that settles the splits. Default: 1."),
    ] + FigureAxes.specification + MeasurementOptions.specification + StoppingOptions.specification
    + SnapshotOptions.specification

  init(_ reader: ArgumentReader) throws(UsageError) {
    let paths = try reader.operands(2...2, "two snapshot files")
    output = try reader.required(reader.page("-o"), "-o")
    subject = ReportSubject(
      paths: paths, measurement: try MeasurementOptions(reader, stopping: StoppingOptions(reader)),
      axes: try FigureAxes(reader, isUsed: true),
      splits: try reader.integer("--splits", "a whole number from 1 to 1000", in: 1...1000) ?? 5,
      seed: try reader.seed() ?? 1,
      arguments: ReportArguments(
        reader, command: ReportCommand.name, stopping: StoppingOptions.specification))
    guard !paths.contains(output) else {
      throw .conflict("The output \(output) would replace the snapshot of that name.")
    }
  }
}

extension ArgumentReader {
  /// A path under which a page can be written.
  func page(_ option: String) throws(UsageError) -> String? {
    guard let path = text(option) else { return nil }
    guard path.lowercased().hasSuffix(".html") else {
      throw .badValue(option: option, value: path, requirement: "an .html file")
    }
    return path
  }
}
