import KineticTransport

/// The arguments of `kwass stability`.
struct StabilityOptions: OptionGroup, Equatable {
  /// The theorems that can be studied.
  enum Theorem: String, Sendable, CaseIterable {
    case vlasov = "2.1"
    case vlasovPoisson = "3.1"
  }

  /// The two snapshots.
  var paths: [String]
  /// The equation and the method.
  var system: FlowSystem
  /// The last time.
  var until: Double
  /// The time between true distances; `nil` for a tenth of the way.
  var every: Double?
  /// The theorem.
  var theorem: Theorem
  /// C_d; `nil` to measure it.
  var growth: Double?
  /// c₀; `nil` for the largest with which the proof works.
  var smallness: Double?
  /// C of Loeper's estimate; `nil` to measure it.
  var loeperRate: Double?
  /// c_d of Loeper's estimate; `nil` for e.
  var loeperScale: Double?
  /// The cells in which ‖ρ‖_∞ is measured.
  var cells: [Int]?
  /// Whether to print JSON.
  var isJSON: Bool
  /// Where to write the rows.
  var table: String?
  /// Where to draw distance and bounds.
  var figure: String?
  /// Where to draw C_eff.
  var constantFigure: String?
  /// Where to draw both states at the end.
  var phaseFigure: String?
  /// The box to use instead of the snapshots' own.
  var box: BoxOption?

  static let specification =
    FlowSystem.specification + [
      OptionSpecification("--until", "T", "The time to reach, in the unit of the snapshots' own."),
      OptionSpecification(
        "--every", "S", "The time between true distances. Default: a tenth of the way."),
      OptionSpecification(
        "--theorem", "2.1|3.1|mean-field",
        "The theorem. Default: 3.1 for --system vlasov-poisson, otherwise 2.1."),
      OptionSpecification(
        "--growth", "C_d",
        "The constant of Theorem 3.1. Default: the smallest that the run supports."
      ),
      OptionSpecification(
        "--smallness", "c_0",
        "The constant of W_2(0) <= c_0 epsilon. Default: 1.1861, the largest with which the proof "
          + "works."),
      OptionSpecification(
        "--loeper-rate", "C",
        "The rate of Loeper's estimate. Default: the smallest that the run supports."),
      OptionSpecification("--loeper-scale", "c_d", "The scale of Loeper's estimate. Default: e."),
      OptionSpecification(
        "--density-cells", "N,N,...",
        "The cells of the histogram whose largest value stands for the norm of the density, one "
          + "number for each axis. Default: 4 to 64 an axis, so that each has 32 particles on average."
      ),
      OptionSpecification("--json", "Print everything as JSON."),
      OptionSpecification("--csv", "FILE", "Also write the rows to a file."),
      FigureOutput.option("Also draw the distance and the bounds"),
      FigureOutput.option("Also draw C_eff over time", named: "--constant-figure"),
      FigureOutput.option(
        "Also draw the densities of both solutions at the end, and their difference",
        named: "--phase-figure"),
      BoxOption.specification,
    ]

  init(_ reader: ArgumentReader) throws(UsageError) {
    paths = try reader.operands(2...2, "two snapshot files")
    system = try FlowSystem(reader)
    until = try reader.required(reader.number("--until"), "--until")
    every = try reader.number("--every", "a positive number") { $0 > 0 }
    theorem =
      try reader.choice("--theorem") ?? (system.kind == .vlasovPoisson ? .vlasovPoisson : .vlasov)
    growth = try reader.number("--growth", "a positive number") { $0 > 0 }
    smallness = try reader.number("--smallness", "a positive number") { $0 > 0 }
    loeperRate = try reader.number("--loeper-rate", "a positive number") { $0 > 0 }
    loeperScale = try reader.number("--loeper-scale", "a positive number") { $0 > 0 }
    cells = try reader.cells("--density-cells")
    isJSON = reader.has("--json")
    table = reader.text("--csv")
    figure = try reader.figure("--figure")
    constantFigure = try reader.figure("--constant-figure")
    phaseFigure = try reader.figure("--phase-figure")
    box = try BoxOption(reader)
    try checkTheorem()
  }

  private func checkTheorem() throws(UsageError) {
    switch theorem {
    case .vlasov:
      if system.kind.isAlignment {
        throw .conflict(
          "Theorem 2.1 is one of forces of positions; for agents that align there is --theorem "
            + "mean-field.")
      }
      if system.kind == .vlasovPoisson {
        throw .conflict(
          "Theorem 2.1 needs a smooth kernel: --system free or vlasov; Vlasov-Poisson is that of 3.1."
        )
      }
      let options: [(String, Bool)] = [
        ("--growth", growth != nil), ("--smallness", smallness != nil),
        ("--loeper-rate", loeperRate != nil), ("--loeper-scale", loeperScale != nil),
        ("--density-cells", cells != nil), ("--constant-figure", constantFigure != nil),
      ]
      if let given = options.first(where: \.1) {
        throw .conflict("\(given.0) goes only with Theorem 3.1.")
      }
    case .vlasovPoisson:
      if system.kind != .vlasovPoisson {
        throw .conflict("Theorem 3.1 needs --system vlasov-poisson.")
      }
    }
  }
}
