import KineticTransport

/// A solution by modes of the velocities, with its density on a grid.
struct ModeGridFlow: DensityFlow {
  private var flow: ModeFlow
  private(set) var grid: PhaseSpaceGrid

  /// A solution with the velocities of a grid.
  ///
  /// - Throws: `KineticModelError.flow(.badGrid)` for velocities that do not hold M.
  init(_ flow: ModeFlow, on start: PhaseSpaceGrid) throws(KineticModelError) {
    let basis = flow.basis
    let mass = (0..<start.velocityCount).reduce(0) {
      $0 + basis.equilibrium(start.velocity($1)) * start.velocityStep
    }
    let range = basis.velocityRange
    guard (mass - 1).magnitude < 1e-6 else {
      throw .flow(
        .badGrid(
          "velocities that hold the equilibrium, such as those from \(significant(range.lowerBound)) to "
            + "\(significant(range.upperBound)) in 64 steps; the sum of the equilibrium over its own is \(mass), "
            + "and not 1"))
    }
    self.flow = flow
    grid = try flow.grid(like: start)
  }

  var time: Double { flow.time }
  var step: Double { flow.step }
  var diagnostics: FlowDiagnostics { flow.diagnostics }
  var fieldName: String {
    let equation = flow.equation
    var words = [equation.name]
    for (name, potential) in [
      ("interaction", equation.interaction), ("external potential", equation.external),
    ] where !potential.isZero {
      words.append("\(name) \(potential.cosines[0]) cos(2pi x/L)")
    }
    return words.joined(separator: ", ")
  }
  var method: String {
    "\(flow.basis.count) modes of the velocities, steps of at most \(step), epsilon \(flow.epsilon)"
  }
  var carried: CarriedState? { CarriedState(kind: .modes, numbers: flow.state) }
  var measures: [(name: String, value: Double)] {
    var found: [(name: String, value: Double)] = [
      ("order", flow.orderParameter), ("free", flow.freeEnergy),
    ]
    if let rate = flow.freeEnergyDissipation { found.append(("dissipation", rate)) }
    return found
  }

  func stepCount(to target: Double) throws(FlowError) -> Int {
    do throws(KineticModelError) {
      return try flow.stepCount(to: target)
    } catch {
      throw FlowError(error)
    }
  }

  mutating func advance(to target: Double) throws(KineticModelError) {
    try flow.advance(to: target)
    grid = try flow.grid(like: grid)
  }

  mutating func resume(
    from density: PhaseSpaceGrid, values: [Double], carried: [Double]?
  ) throws(KineticModelError) {
    var other = flow
    try other.resume(from: carried ?? [], at: density.time)
    let found = try other.grid(like: grid)
    let largest = found.values.reduce(0) { max($0, $1.magnitude) }
    // The same but for the rounding of another machine.
    guard values.count == found.values.count,
      zip(values, found.values).allSatisfy({ ($0 - $1).magnitude <= 1e-9 * largest })
    else { throw .anotherRun(requirement: "modes that have the density of the snapshot") }
    (flow, grid) = (other, found)
  }
}

extension ModeFlow {
  /// f on the velocities of a grid.
  fileprivate func grid(like other: PhaseSpaceGrid) throws(KineticModelError) -> PhaseSpaceGrid {
    try grid(velocityRange: other.velocityRange, velocityCount: other.velocityCount)
  }
}
