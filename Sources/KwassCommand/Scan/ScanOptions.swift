import KineticTransport

/// The arguments of `kwass scan`.
struct ScanOptions: OptionGroup, Equatable {
  /// The scan file.
  var path: String
  /// Whether to print JSON.
  var isJSON: Bool
  /// Where to write the rows.
  var table: String?
  /// Where to draw C_eff against θ.
  var figure: String?

  static let specification = [
    OptionSpecification("--json", "Print everything as JSON."),
    OptionSpecification("--csv", "FILE", "Also write the rows to a file."),
    FigureOutput.option("Also draw the supremum of C_eff against theta"),
  ]

  init(_ reader: ArgumentReader) throws(UsageError) {
    path = try reader.operands(1...1, "one scan file")[0]
    isJSON = reader.has("--json")
    table = reader.text("--csv")
    figure = try reader.figure("--figure")
  }
}
