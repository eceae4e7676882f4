import KineticTransport

/// The arguments of `kwass limit decay`.
struct DecayLimitOptions: OptionGroup, Equatable {
  /// How agents align.
  var alignment: AlignmentOptions
  /// The values of σ, from the largest down.
  var temperatures: [Double]
  /// The length of the circle.
  var length: Double
  /// How many waves there are round the circle.
  var mode: Int
  var output: StudyOutput

  static let specification =
    AlignmentOptions.specification.filter { ["--phi", "--strength"].contains($0.name) } + [
      OptionSpecification("--theta", "T,T,...", "The temperatures of the noise, positive."),
      OptionSpecification("--length", "L", "The length of the circle. Default: 1."),
      OptionSpecification("--mode", "M", "How many waves there are round the circle. Default: 1."),
      OptionSpecification("--json", "Print everything as JSON."),
      OptionSpecification("--csv", "FILE", "Also write the rows to a file."),
      FigureOutput.option("Also draw the rates against the temperature"),
    ]

  init(_ reader: ArgumentReader) throws(UsageError) {
    _ = try reader.operands(1...1, "decay and no file")
    guard let alignment = try AlignmentOptions(reader, .cuckerSmale) else {
      throw .missingOption(option: "--phi", command: "kwass limit decay")
    }
    self.alignment = alignment
    temperatures = try reader.required(
      reader.numbers("--theta", "one or more positive numbers, with commas between") { $0 > 0 },
      "--theta"
    ).sorted(by: >)
    guard Set(temperatures).count == temperatures.count else {
      throw .badValue(
        option: "--theta", value: reader.text("--theta") ?? "", requirement: "numbers that differ")
    }
    length = try reader.number("--length", "a positive number") { $0 > 0 } ?? 1
    mode = try reader.integer("--mode", "a whole number from 1 to 100", in: 1...100) ?? 1
    output = try StudyOutput(reader)
  }
}
