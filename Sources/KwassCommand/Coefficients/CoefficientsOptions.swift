import KineticTransport

/// The arguments of `kwass coefficients`.
struct CoefficientsOptions: OptionGroup, Equatable {
  /// The cases of the paper.
  enum Case: String, Sendable, CaseIterable {
    case a = "A"
    case b = "B"
    case c = "C"
  }

  /// W, as it is given.
  enum Potential: Sendable, Equatable {
    /// The family of (4.2), for each γ and δ.
    case family(gammas: [Double], sigma: Double, deltas: [Double])
    /// c₁v + c₂v² + …
    case polynomial([Double])
  }

  var potential: Potential
  /// θ.
  var temperature: Double
  var dimension: Int
  var modeCount: Int
  var isJSON: Bool
  var table: String?
  /// Where to draw D and K.
  var figure: String?
  /// Where to draw the eigenvalues.
  var eigenvalueFigure: String?
  /// Where to draw how the partial sums converge.
  var convergenceFigure: String?
  /// Where to draw √M and the first modes.
  var modeFigure: String?

  static let specification = [
    OptionSpecification(
      "--case", "A|B|C",
      "The paper's potentials W(v) = v^4/4G - S|v|^3/3 - (1-S)v^2/2 - D v: A has S = D = 0, B has S = 1 "
        + "and D = 0, C has S = 0 and D from --delta. Without it, --sigma and --delta say what they are."
    ),
    OptionSpecification("--gamma", "G,G,...", "One or more values of G, positive."),
    OptionSpecification("--sigma", "S", "S, from 0 to 1. Default: 0."),
    OptionSpecification("--delta", "D,D,...", "One or more values of D. Default: 0."),
    OptionSpecification(
      "--potential", "C1,C2,...", "Instead, the polynomial W(v) = C1 v + C2 v^2 + ..."),
    OptionSpecification("--theta", "T", "The temperature theta, positive. Default: 1."),
    OptionSpecification(
      "--dimension", "1|2|3",
      "The number of velocity coordinates; above 1, W is a function of |v|. Default: 1."),
    OptionSpecification(
      "--modes", "N", "How many eigenvalues and partial sums, from 1 to 64. Default: 5."),
    OptionSpecification("--json", "Print everything as JSON."),
    OptionSpecification("--csv", "FILE", "Also write the rows to a file."),
    FigureOutput.option(
      "Also draw D and K against gamma, or against delta where there are more values of it, with curves for "
        + "each of the other"),
    FigureOutput.option("Also draw the eigenvalues likewise", named: "--eigenvalue-figure"),
    FigureOutput.option(
      "Also draw how far the sums of N modes are from D and K", named: "--convergence-figure"),
    FigureOutput.option(
      "Also draw the square root of M and the first mode, in one dimension",
      named: "--mode-figure"),
  ]

  init(_ reader: ArgumentReader) throws(UsageError) {
    _ = try reader.operands(0...0, "no operands")
    potential = try Self.potential(reader)
    temperature = try reader.number("--theta", "a positive number") { $0 > 0 } ?? 1
    dimension = try reader.integer("--dimension", "1, 2 or 3", in: 1...3) ?? 1
    modeCount = try reader.integer("--modes", "a whole number from 1 to 64", in: 1...64) ?? 5
    isJSON = reader.has("--json")
    table = reader.text("--csv")
    figure = try reader.figure("--figure")
    eigenvalueFigure = try reader.figure("--eigenvalue-figure")
    convergenceFigure = try reader.figure("--convergence-figure")
    modeFigure = try reader.figure("--mode-figure")
    if modeFigure != nil, dimension > 1 {
      throw .conflict("--mode-figure draws modes in one dimension; leave --dimension out.")
    }
  }

  private static func potential(_ reader: ArgumentReader) throws(UsageError) -> Potential {
    let name = try reader.choice("--case", Case.self)
    let gammas = try reader.numbers("--gamma", "one or more positive numbers, with commas between")
    { $0 > 0 }
    let sigma = try reader.number("--sigma", "a number from 0 to 1") { 0...1 ~= $0 }
    let deltas = try reader.numbers("--delta", "one or more numbers, with commas between") { _ in
      true
    }
    if let coefficients = try reader.numbers(
      "--potential", "one or more numbers, with commas between", where: { _ in true })
    {
      let given: [(String, Bool)] = [
        ("--case", name != nil), ("--gamma", gammas != nil), ("--sigma", sigma != nil),
        ("--delta", deltas != nil),
      ]
      if let option = given.first(where: \.1)?.0 {
        throw .conflict("--potential is W itself; \(option) does not go with it.")
      }
      return .polynomial(coefficients)
    }
    let values = try reader.required(gammas, "--gamma (or --potential)")
    guard let name else {
      return .family(gammas: values, sigma: sigma ?? 0, deltas: deltas ?? [0])
    }
    if sigma != nil {
      throw .conflict("--case \(name.rawValue) says what sigma is; leave --sigma out.")
    }
    if name != .c, deltas != nil {
      throw .conflict("--delta goes with --case C, or without --case.")
    }
    return .family(
      gammas: values, sigma: name == .b ? 1 : 0,
      deltas: name == .c ? try reader.required(deltas, "--delta") : [0])
  }
}

extension ArgumentReader {
  /// Numbers with commas between; `nil` when the option was not given.
  func numbers(
    _ option: String, _ requirement: String, where isRight: (Double) -> Bool
  ) throws(UsageError) -> [Double]? {
    guard let text = text(option) else { return nil }
    let numbers = text.split(separator: ",", omittingEmptySubsequences: false).map {
      Double($0) ?? .nan
    }
    guard numbers.allSatisfy({ $0.isFinite && isRight($0) }) else {
      throw .badValue(option: option, value: text, requirement: requirement)
    }
    return numbers
  }
}
