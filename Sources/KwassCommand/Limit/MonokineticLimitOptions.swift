import KineticTransport

/// The arguments of `kwass limit monokinetic`.
struct MonokineticLimitOptions: OptionGroup, Equatable {
  /// The agents of the limit.
  var path: String
  /// How agents align with all others.
  var alignment: AlignmentOptions
  /// The values of ε.
  var epsilons: [Double]
  /// The values of δ.
  var widths: [Double]
  /// c, by which multiple of ε the velocities of the kinetic start differ.
  var spread: Double
  /// The longest step; `nil` for a fiftieth of the way, and ε/20.
  var step: Double?
  /// The last time.
  var until: Double
  /// The time between distances; `nil` for a quarter of the way.
  var every: Double?
  var output: StudyOutput
  /// The box to use instead of the snapshot's own.
  var box: BoxOption?

  static let specification =
    AlignmentOptions.specification.filter { ["--phi", "--strength"].contains($0.name) } + [
      OptionSpecification("--epsilon", "E,E,...", "One or more values of E, positive."),
      OptionSpecification(
        "--delta", "D,D,...",
        "One or more widths of the local average, a Gaussian, positive; each with each E. maxwellian takes 0 "
          + "for no average, its default."),
      OptionSpecification(
        "--spread", "C",
        "The velocities of the kinetic start differ from those of the limit by C E times normal numbers. "
          + "Default: 0.5."),
      OptionSpecification("--until", "T", "The time to reach, in the unit of the snapshot's own."),
      OptionSpecification(
        "--every", "S", "The time between distances. Default: a quarter of the way."),
      OptionSpecification(
        "--step", "H",
        "The longest step of both solutions. Default: a fiftieth of the way, and a twentieth of E for the kinetic "
          + "solution; longer steps are stable, but hide what D^2/E does."),
      OptionSpecification("--json", "Print everything as JSON."),
      OptionSpecification("--csv", "FILE", "Also write the rows to a file."),
      FigureOutput.option("Also draw the largest distances against E, with the claim"),
      BoxOption.specification,
    ]

  init(_ reader: ArgumentReader) throws(UsageError) {
    path = try reader.operands(2...2, "monokinetic and one snapshot file")[1]
    guard let alignment = try AlignmentOptions(reader, .cuckerSmale) else {
      throw .missingOption(option: "--phi", command: "kwass limit monokinetic")
    }
    self.alignment = alignment
    let requirement = "one or more positive numbers, with commas between"
    epsilons = try reader.required(
      reader.numbers("--epsilon", requirement) { $0 > 0 }, "--epsilon")
    widths = try reader.required(reader.numbers("--delta", requirement) { $0 > 0 }, "--delta")
    spread = try reader.number("--spread", "a number of 0 or more") { $0 >= 0 } ?? 0.5
    step = try reader.number("--step", "a positive number") { $0 > 0 }
    until = try reader.required(reader.number("--until"), "--until")
    every = try reader.number("--every", "a positive number") { $0 > 0 }
    output = try StudyOutput(reader)
    box = try BoxOption(reader)
  }
}
