import KineticTransport
import Libc

/// The arguments of `kwass limit vfp`, `bgk` and `swarm`.
struct RelaxationLimitOptions: OptionGroup, Equatable {
  /// The kinetic equations whose limits are studied on a grid.
  enum Kind: String, Sendable, CaseIterable {
    case vfp, bgk, swarm
  }

  var kind: Kind
  /// ε, from the largest down.
  var epsilons: [Double]
  /// The sampled times; `nil` for multiples of `every`.
  var times: [Double]?
  /// The last time.
  var until: Double?
  /// The time between samples; `nil` for a fifth of the way.
  var every: Double?
  /// The file with f at the start; `nil` for a density wave.
  var start: String?
  /// Whether only the density of the file counts.
  var isWellPrepared: Bool
  var model: RelaxationModelOptions
  /// L.
  var length: Double
  /// ρ at the start is (1 + Σ a_m·cos(2πmx/L))/L.
  var amplitudes: [Double]
  /// J of the part J·sin(2πx/L)·sin(v − V)·M/L beside ρM.
  var flux: Double
  var isCorrected: Bool
  var positionCount: Int
  var modeCount: Int?
  var step: Double?
  var cloud: [Int]
  var positionWeight: Double
  var output: StudyOutput

  /// The options of all equations.
  static let specification: [OptionSpecification] = Kind.allCases.flatMap { options(of: $0) }
    .reduce(into: [OptionSpecification]()) { options, option in
      if !options.contains(where: { $0.name == option.name }) { options.append(option) }
    }

  /// The options of an equation.
  static func options(of kind: Kind) -> [OptionSpecification] {
    [
      OptionSpecification(
        "--epsilon", "E,E,...", "The mean free paths, positive; a row for each."),
      OptionSpecification("--until", "T", "The last time; a wave starts at 0."),
      OptionSpecification(
        "--every", "S", "The time between samples. Default: a fifth of the way."),
      OptionSpecification(
        "--times", "T,T,...", "Sample at these times instead of --every and --until."),
    ] + RelaxationModelOptions.options(of: kind) + [
      OptionSpecification(
        "--start", "FILE",
        "Start from the density f(x, v) of an .npz file with the arrays f, x and v, at its time, instead of a "
          + "wave."),
      OptionSpecification(
        "--well-prepared", "Start from rho M, with the density rho of that file alone."),
      OptionSpecification(
        "--length", "L", "The length of the circle. Default: 1 for bgk, 2 pi else."),
      OptionSpecification(
        "--amplitudes", "A,A,...",
        "The density at the start, (1 + A1 cos(2 pi x/L) + A2 cos(4 pi x/L) + ...)/L. Default: 0.5."
      ),
      OptionSpecification(
        "--flux", "J",
        "Start from rho M + J sin(2 pi x/L) sin(v) M/L, which is ill prepared. Default: 0."),
      OptionSpecification(
        "--corrected",
        "Start the limit from rho - epsilon div(j/nu), with the flux j, to which the initial layer leads."
      ),
      OptionSpecification(
        "--positions", "N", "How many positions the solutions have, even. Default: 64."),
      OptionSpecification(
        "--modes", "N",
        "How many modes of the velocities. Default: as many as epsilon needs."),
      OptionSpecification("--step", "H", "The longest step. Default: the longest stable one."),
      OptionSpecification(
        "--cloud", "P,Q",
        "Compare f at P quantiles of the density and Q of the velocities at each. Default: 128,16."),
      OptionSpecification(
        "--lambda", "W", "The weight of positions in W_1 and W_2 of f. Default: 1."),
      OptionSpecification("--json", "Print everything as JSON."),
      OptionSpecification("--csv", "FILE", "Also write the sampled times to a file."),
      FigureOutput.option("Also draw the distances against epsilon with their fitted orders"),
    ]
  }

  init(_ reader: ArgumentReader) throws(UsageError) {
    let names = Kind.allCases.map(\.rawValue)
    let operand = try reader.operands(1...1, "the equation: \(UsageError.list(names))")[0]
    guard let kind = Kind(rawValue: operand) else {
      throw .badValue(
        option: "the equation", value: operand,
        requirement: UsageError.list(names) + Spelling.hint(for: operand, among: names))
    }
    self.kind = kind
    let positive = "one or more positive numbers, with commas between"
    epsilons = try reader.required(
      reader.numbers("--epsilon", positive) { $0 > 0 }, "--epsilon"
    ).sorted(by: >)
    guard Set(epsilons).count == epsilons.count else {
      throw .badValue(
        option: "--epsilon", value: reader.text("--epsilon") ?? "",
        requirement: "numbers that differ")
    }
    times = try Self.times(reader)
    until =
      times == nil
      ? try reader.required(
        reader.number("--until", "a positive number") { $0 > 0 }, "--until (or --times)") : nil
    every = try reader.number("--every", "a positive number") { $0 > 0 }
    start = reader.text("--start")
    isWellPrepared = reader.has("--well-prepared")
    if start == nil, isWellPrepared {
      throw .conflict("--well-prepared goes only with --start; a density wave is well prepared.")
    }
    if start != nil,
      let option = ["--length", "--amplitudes", "--flux", "--positions"].first(where: {
        reader.text($0) != nil
      })
    {
      throw .conflict("\(option) does not go with --start, whose file says it.")
    }
    model = try RelaxationModelOptions(reader, kind)
    length =
      try reader.number("--length", "a positive number") { $0 > 0 }
      ?? (kind == .bgk ? 1 : 2 * .pi)
    amplitudes =
      try reader.numbers("--amplitudes", "one or more numbers, with commas between") { _ in true }
      ?? [0.5]
    flux = try reader.number("--flux") ?? 0
    isCorrected = reader.has("--corrected")
    positionCount =
      try reader.integer("--positions", "an even number from 4 to 4096", in: 4...4096) ?? 64
    modeCount = try reader.integer("--modes", "a whole number from 2 to 1024", in: 2...1024)
    step = try reader.number("--step", "a positive number") { $0 > 0 }
    cloud = try Self.cloud(reader)
    positionWeight = try reader.number("--lambda", "a positive number") { $0 > 0 } ?? 1
    output = try StudyOutput(reader)
    guard positionCount.isMultiple(of: 2) else {
      throw .badValue(
        option: "--positions", value: "\(positionCount)",
        requirement: "an even number from 4 to 4096")
    }
  }

  private static func times(_ reader: ArgumentReader) throws(UsageError) -> [Double]? {
    let found = try reader.numbers("--times", "one or more numbers, with commas between") { _ in
      true
    }
    guard let times = found else { return nil }
    for option in ["--until", "--every"] where reader.text(option) != nil {
      throw .conflict("\(option) does not go with --times, which names all times.")
    }
    guard zip(times, times.dropFirst()).allSatisfy({ $0 < $1 }) else {
      throw .badValue(
        option: "--times", value: reader.text("--times") ?? "", requirement: "times that ascend")
    }
    return times
  }

  private static func cloud(_ reader: ArgumentReader) throws(UsageError) -> [Int] {
    guard let text = reader.text("--cloud") else { return [128, 16] }
    let counts = text.split(separator: ",", omittingEmptySubsequences: false).map { Int($0) ?? 0 }
    guard counts.count == 2, 2...4096 ~= counts[0], 1...1024 ~= counts[1],
      counts[0] * counts[1] <= 1 << 17
    else {
      throw .badValue(
        option: "--cloud", value: text,
        requirement:
          "two whole numbers P,Q, from 2 to 4096 positions and from 1 to 1024 velocities, no more than "
          + "131072 points")
    }
    return counts
  }
}
