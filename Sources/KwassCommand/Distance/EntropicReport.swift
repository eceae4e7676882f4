import KineticTransport

/// What is printed for `--method sinkhorn` where no plan is needed.
struct EntropicReport: Report {
  let options: DistanceOptions
  let inputs: DistanceInputs
  let distance: EntropicKineticDistance
  /// Wall-clock seconds of solving, proofs included, files not.
  let seconds: Double

  private var solution: EntropicSolution { distance.solution }

  /// The upper end of the bracket: what the entropic plan costs when its marginals are exact.
  var judged: (distance: Double?, distanceBounds: ProvedBounds)? {
    (distance.distanceBounds.upper, distance.distanceBounds)
  }
  var isDisproved: Bool { false }

  private var reason: String { solution.choice ?? "asked for with --method sinkhorn" }

  /// The note beside those of the inputs.
  private var note: String? { distance.costParts?.imbalance?.sentence }

  private var metricText: String { inputs.described(distance.metric) }

  var text: String {
    let (bounds, costs) = (distance.distanceBounds, distance.costBounds)
    let power = distance.metric.power
    var table = Table()
    table.add("distance", "\(bounds.upper)")
    table.add(
      "bracket",
      "[\(bounds.lower), \(bounds.upper)], relative width \(rough(bounds.relativeWidth))")
    table.add("cost", "\(costs.upper) = \(power), in [\(costs.lower), \(costs.upper)]")
    table.add("regularization", "\(solution.regularization)")
    table.add(
      "entropic costs",
      "transport \(solution.transportCost), entropic \(solution.entropicCost), dual "
        + "\(solution.dualCost)")
    if let parts = distance.costParts { table.add("parts", parts.text) }
    if let divergence = distance.divergence {
      table.add(
        "divergence", "\(divergence.value), off by at most \(rough(divergence.errorBound))")
    }
    table.add("marginal error", rough(solution.marginalError))
    table.add("metric", metricText)
    table.add("method", "sinkhorn (\(reason))")
    table.add(
      "effort",
      "\(count(solution.effort.iterations, "iteration", "iterations")), \(plainSeconds(seconds))")
    inputs.describe(in: &table)
    if let note { table.add("note", note) }
    return table.text()
  }

  var json: JSON {
    let (bounds, costs) = (distance.distanceBounds, distance.costBounds)
    var members: [JSON.Member] = [
      .init("distance", .number(bounds.upper)),
      .init("lower", .number(bounds.lower)),
      .init("upper", .number(bounds.upper)),
      .init("cost", .number(costs.upper)),
      .init("costLower", .number(costs.lower)),
      .init("costUpper", .number(costs.upper)),
    ]
    members += CostParts.members(distance.costParts)
    members += distance.metric.members(inputs)
    members += [
      .init("method", .string("sinkhorn")),
      .init("reason", .string(reason)),
      .init("regularization", .number(solution.regularization)),
      .init("transportCost", .number(solution.transportCost)),
      .init("entropicCost", .number(solution.entropicCost)),
      .init("dualCost", .number(solution.dualCost)),
      .init("marginalError", .number(solution.marginalError)),
    ]
    if let divergence = distance.divergence {
      members += [
        .init("divergence", .number(divergence.value)),
        .init("divergenceErrorBound", .number(divergence.errorBound)),
      ]
    }
    members += inputs.members(of: options)
    members += [
      .init("iterations", .integer(solution.effort.iterations)),
      .init("seconds", .number(seconds)),
      .init("notes", .array((inputs.notes + [note].compactMap(\.self)).map { .string($0) })),
    ]
    if let gate = options.measurement.gate.gate {
      members += [.init("max", .number(gate.limit))] + gate.members(bounds)
    }
    return .document("distance", members)
  }
}

extension KineticMetric {
  /// W^p in a word.
  var power: String { exponent == 1 ? "W" : "W^\(plain(exponent))" }

  /// What programs are told of a metric.
  func members(_ inputs: DistanceInputs) -> [JSON.Member] {
    [
      .init("p", .number(exponent)),
      .init("metric", .string(inputs.described(self))),
      .init("form", .string(form.rawValue)),
      .init("positionWeight", .number(positionWeight)),
      .init("velocityWeight", .number(velocityWeight)),
      .init("shear", .number(shear)),
      .init("nonlinearity", nonlinearity.map { .string($0.summary) } ?? .null),
      .init("space", .string(inputs.space.rawValue)),
    ]
  }
}

extension DistanceInputs {
  /// A metric and what it compares, in a phrase.
  func described(_ metric: KineticMetric) -> String {
    let restriction =
      switch space {
      case .phase: ""
      case .position: ", positions only"
      case .velocity: ", velocities only"
      }
    return metric.summary + restriction
  }
}
