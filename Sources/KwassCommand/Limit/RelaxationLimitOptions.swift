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
  /// The sampled times.
  var times: [Double]
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
  var isJSON: Bool
  var table: String?
  var figure: String?

  static let specification =
    [
      OptionSpecification(
        "--epsilon", "E,E,...", "The mean free paths, positive; a row for each."),
      OptionSpecification("--until", "T", "The last time; the start is 0."),
      OptionSpecification(
        "--every", "S", "The time between samples. Default: a fifth of the way."),
    ] + RelaxationModelOptions.specification + [
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
      OptionSpecification(
        "--figure", "FILE",
        "Also draw the distances against epsilon with their fitted orders: .svg or .png."),
    ]

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
    let until = try reader.required(
      reader.number("--until", "a positive number") { $0 > 0 }, "--until")
    let every = try reader.number("--every", "a positive number") { $0 > 0 }
    times = try Self.times(every: every ?? until / 5, until: until)
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
    isJSON = reader.has("--json")
    table = reader.text("--csv")
    figure = try reader.figure("--figure")
    guard positionCount.isMultiple(of: 2) else {
      throw .badValue(
        option: "--positions", value: "\(positionCount)",
        requirement: "an even number from 4 to 4096")
    }
  }

  private static func times(every: Double, until: Double) throws(UsageError) -> [Double] {
    do throws(CommandFailure) {
      return try SampledTimes.multiples(of: every, after: 0, until: until)
    } catch {
      throw .conflict(error.sentence)
    }
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
