import KineticTransport

/// What `kwass limit vfp`, `bgk` or `swarm` has found, as text.
struct RelaxationLimitText: StudyText {
  let options: RelaxationLimitOptions
  let equation: RelaxationEquation
  /// L.
  let length: Double
  let positionCount: Int
  /// One for each ε, from the largest down.
  let reports: [LimitReport]

  /// A quantity whose order in ε is claimed.
  struct Quantity {
    /// Its heading in the table.
    let heading: String
    /// Its name in JSON.
    let key: String
    /// The order that the papers claim, or that is measured where they claim none.
    let claim: Double
    let value: (LimitReport) -> Double
  }

  /// An ill-prepared start without its correction is an ε away in the density.
  private var densityOrder: Double { isWellPrepared || options.isCorrected ? 2 : 1 }

  private var isWellPrepared: Bool { reports.allSatisfy(\.isWellPrepared) }

  var quantities: [Quantity] {
    [
      // The part of the start that decays within the layer does not vanish with ε.
      Quantity(
        heading: "sup |f - RM|", key: "largestNorm", claim: isWellPrepared ? 1 : 0
      ) { $0.largestNorm.value },
      // The limit from the corrected start is an ε away before the layer.
      Quantity(
        heading: "sup W_1(rho)", key: "largestDensityDistance", claim: isWellPrepared ? 2 : 1
      ) { $0.largestDensityDistance.value },
      Quantity(heading: "end |f - RM|", key: "endNorm", claim: 1) { $0.end.norm },
      Quantity(heading: "end W_1(f)", key: "endFirst", claim: 1) { $0.end.first.value },
      Quantity(heading: "end W_2(f)", key: "endSecond", claim: 1) { $0.end.second.value },
      Quantity(heading: "at least", key: "endSecondLower", claim: 1) {
        $0.end.secondLower ?? .nan
      },
      Quantity(heading: "end W_1(rho)", key: "endDensityFirst", claim: densityOrder) {
        $0.end.densityFirst
      },
      Quantity(heading: "end W_2(rho)", key: "endDensitySecond", claim: densityOrder) {
        $0.end.densitySecond
      },
    ]
  }

  /// What is proved and fails.
  var violations: [(epsilon: Double, check: LimitReport.Check)] {
    reports.flatMap { report in
      report.checks.filter { $0.isProved && !$0.holds }.map { (report.epsilon, $0) }
    }
  }

  var isViolated: Bool { !violations.isEmpty }

  var warnings: [String] {
    reports.compactMap { report in
      guard let ratio = report.scaleRatio, ratio > 0.1 else { return nil }
      return
        "epsilon^2/lambda_1 is \(significant(ratio)) for epsilon \(plain(report.epsilon)); the limit "
        + "describes the swarm only where it is far below 1."
    }
  }

  func text(inColour: Bool) -> String {
    var head = Table()
    head.add("equation", equation.name)
    if let path = options.start {
      head.add("start", path + (options.isWellPrepared ? ", its density times M" : ""))
    }
    head.add("circle", "length \(significant(length)), \(positionCount) positions")
    head.add(
      "distance",
      "W_p of clouds of \(options.cloud[0]) × \(options.cloud[1]) equal masses, position weight "
        + plain(options.positionWeight))
    return head.text() + "\n" + suprema(inColour).text(inColour: inColour) + "\n"
      + orders.text(inColour: inColour) + "\n" + leading.text(inColour: inColour) + "\n"
      + verdict(inColour)
  }

  private func suprema(_ inColour: Bool) -> Grid {
    var grid = Grid(["epsilon", "modes", "steps"] + quantities.map(\.heading))
    for report in reports {
      grid.add(
        [plain(report.epsilon), "\(report.modeCount)", "\(report.stepCount)"]
          + quantities.map { significant($0.value(report)) },
        isAlarming: report.checks.contains { $0.isProved && !$0.holds })
    }
    return grid
  }

  private var orders: Grid {
    var grid = Grid(["order between"] + quantities.map(\.heading))
    for (first, second) in zip(reports, reports.dropFirst()) {
      grid.add(
        ["\(plain(first.epsilon)) and \(plain(second.epsilon))"]
          + quantities.map { quantity in
            significant(LimitReport.order(first, second, quantity.value), digits: 3)
          })
    }
    grid.add(["claimed"] + quantities.map { plain($0.claim) })
    return grid
  }

  private var leading: Grid {
    // Kuramoto's order parameter.
    let hasOrder = !options.model.interaction.isEmpty
    var grid = Grid(
      [
        "epsilon", "W_2(f)/eps: at least", "leading", "clouds", "|u|", "cloud's error/eps", "decay",
        "dispersion",
      ] + (hasOrder ? ["r", "r of R"] : []))
    for report in reports {
      let (end, epsilon) = (report.end, report.epsilon)
      grid.add(
        [
          plain(epsilon), significant(end.secondLower.map { $0 / epsilon }),
          significant(end.leading / epsilon), significant(end.second.value / epsilon),
          significant(end.leadingBound / epsilon),
          significant(report.cloudError / epsilon), significant(report.decayRate, digits: 8),
          significant(report.dispersionRate, digits: 8),
        ]
          + (hasOrder
            ? [end.orderParameter, end.limitOrderParameter].map { significant($0, digits: 8) } : [])
      )
    }
    return grid
  }

  private func verdict(_ inColour: Bool) -> String {
    reports.flatMap { report in
      report.checks.map { check in
        let line =
          "epsilon \(plain(report.epsilon)): \(check.name) (\(check.isProved ? "proved" : "measured")): "
          + check.found
        return check.holds
          ? "\(line)\n" : alarming("VIOLATED at \(line)", inColour: inColour) + "\n"
      }
    }.joined()
  }
}
