import KineticTransport

/// What is printed for unbalanced and partial transport.
struct RelaxedReport: Report {
  let options: DistanceOptions
  let inputs: DistanceInputs
  let metric: KineticMetric
  let relaxation: MarginalRelaxation
  let solution: UnbalancedSolution
  /// The parts of the transport cost of the plan; `nil` where positions or velocities alone are compared.
  let parts: CostParts?
  /// The proved bracket of the unregularised least cost.
  let costBounds: ProvedBounds
  /// Wall-clock seconds of solving, proofs included, files not.
  let seconds: Double

  var judged: (distance: Double?, distanceBounds: ProvedBounds)? { nil }
  var isDisproved: Bool { false }

  /// The note beside those of the inputs.
  private var note: String? { parts?.imbalance?.sentence }

  private var name: String {
    switch relaxation {
    case .kullbackLeibler(let strength): "unbalanced, strength \(plain(strength))"
    case .totalVariation(let strength): "total variation, strength \(plain(strength))"
    case .movedMass(let mass): "partial, mass \(plain(mass))"
    }
  }

  var text: String {
    var table = Table()
    table.add("cost", "\(costBounds.upper), in [\(costBounds.lower), \(costBounds.upper)]")
    table.add("moved mass", "\(solution.movedMass)")
    table.add("relaxation", name)
    table.add("regularization", "\(options.measurement.solving.fixedRegularization ?? .nan)")
    table.add(
      "entropic costs",
      "transport \(solution.transportCost), total \(solution.totalCost), dual "
        + "\(solution.dualCost)")
    if let parts { table.add("parts", parts.text) }
    table.add("residual", rough(solution.residual))
    table.add("metric", inputs.described(metric))
    table.add("method", "unbalanced sinkhorn (asked for with --method sinkhorn)")
    table.add(
      "effort",
      "\(count(solution.effort.iterations, "iteration", "iterations")), \(plainSeconds(seconds))")
    inputs.describe(in: &table, areNormalized: false)
    if let note { table.add("note", note) }
    return table.text()
  }

  var json: JSON {
    var members: [JSON.Member] = [
      .init("cost", .number(costBounds.upper)),
      .init("costLower", .number(costBounds.lower)),
      .init("costUpper", .number(costBounds.upper)),
      .init("movedMass", .number(solution.movedMass)),
      .init("relaxation", .string(name)),
      .init("regularization", .number(options.measurement.solving.fixedRegularization ?? .nan)),
      .init("transportCost", .number(solution.transportCost)),
      .init("totalCost", .number(solution.totalCost)),
      .init("dualCost", .number(solution.dualCost)),
      .init("residual", .number(solution.residual)),
    ]
    members += CostParts.members(parts)
    members += metric.members(inputs)
    members.append(.init("method", .string("unbalanced sinkhorn")))
    members += inputs.members(of: options)
    members += [
      .init("iterations", .integer(solution.effort.iterations)),
      .init("seconds", .number(seconds)),
      .init("notes", .array((inputs.notes + [note].compactMap(\.self)).map { .string($0) })),
    ]
    return .document("distance", members)
  }
}
