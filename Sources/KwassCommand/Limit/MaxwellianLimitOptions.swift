import KineticTransport

/// The arguments of `kwass limit maxwellian`.
struct MaxwellianLimitOptions: OptionGroup, Equatable {
  /// How agents align with all others.
  var alignment: AlignmentOptions
  /// The values of ε.
  var epsilons: [Double]
  /// The values of δ.
  var widths: [Double]
  /// A of the density at the start.
  var amplitude: Double
  /// V of the velocity at the start.
  var speed: Double
  /// The length of the circle.
  var length: Double
  /// The number of points on the circle.
  var points: Int
  /// The number of modes in v.
  var modes: Int
  /// The last time.
  var until: Double
  /// The time between comparisons; `nil` for a quarter of the way.
  var every: Double?
  var output: StudyOutput

  /// The options that other systems do not have.
  private static let ownSpecification = [
    OptionSpecification(
      "--amplitude", "A", "A of the density at the start, from 0 to below 1. Default: 0.2."),
    OptionSpecification("--speed", "V", "V of the velocity at the start. Default: 0.2."),
    OptionSpecification("--length", "L", "The length of the circle. Default: 1."),
    OptionSpecification("--points", "N", "The points on the circle, from 8 to 1024. Default: 64."),
    OptionSpecification("--modes", "N", "The modes in v, from 8 to 128. Default: 32."),
  ]

  /// The options of `monokinetic` that `maxwellian` does not have.
  private static let foreignNames = ["--spread", "--step", "--box"]

  static let specification =
    MonokineticLimitOptions.specification.filter { !foreignNames.contains($0.name) }
    + ownSpecification

  init(_ reader: ArgumentReader) throws(UsageError) {
    _ = try reader.operands(1...1, "maxwellian and no file")
    guard let alignment = try AlignmentOptions(reader, .cuckerSmale) else {
      throw .missingOption(option: "--phi", command: "kwass limit maxwellian")
    }
    self.alignment = alignment
    epsilons = try reader.required(
      reader.numbers("--epsilon", "one or more positive numbers, with commas between") { $0 > 0 },
      "--epsilon")
    widths =
      try reader.numbers("--delta", "one or more numbers of 0 or more, with commas between") {
        $0 >= 0
      } ?? [0]
    amplitude =
      try reader.number("--amplitude", "a number from 0 to below 1") { 0..<1 ~= $0 } ?? 0.2
    speed = try reader.number("--speed") ?? 0.2
    length = try reader.number("--length", "a positive number") { $0 > 0 } ?? 1
    points = try reader.integer("--points", "a whole number from 8 to 1024", in: 8...1024) ?? 64
    modes = try reader.integer("--modes", "a whole number from 8 to 128", in: 8...128) ?? 32
    until = try reader.required(
      reader.number("--until", "a positive number") { $0 > 0 }, "--until")
    every = try reader.number("--every", "a positive number") { $0 > 0 }
    output = try StudyOutput(reader)
  }
}
