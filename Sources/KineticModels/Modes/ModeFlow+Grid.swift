import CharacteristicFlows

extension ModeFlow {
  /// A solution that starts from a density on a phase-space grid.
  ///
  /// c_n = ∫f·p_n is the sum over the velocities of the grid, which has the accuracy of the trapezoidal rule: all
  /// digits where f and its derivatives vanish at both ends.
  ///
  /// - Parameters:
  ///   - equation: what is solved.
  ///   - epsilon: ε, 0 for the limit equation.
  ///   - grid: f; its velocities are those of the frame that moves with V/ε, as its positions are.
  ///   - isWellPrepared: whether to start from ρM, with the density ρ of the grid alone, as ε = 0 always does.
  ///   - modeCount: how many modes; `nil` for as many as the equation needs.
  ///   - step: the longest step; `nil` for the longest stable one.
  /// - Throws: `KineticModelError`: in particular `.notSumOfModes` for an f that is no sum of so many modes, such as one
  ///   whose tails are wider than those of M, and `.unresolvedTail` for one with too few positions.
  /// - Complexity: O(grid·modes).
  public init(
    _ equation: RelaxationEquation, epsilon: Double, grid: PhaseSpaceGrid,
    isWellPrepared: Bool = false, modeCount: Int? = nil, step: Double? = nil
  ) throws(KineticModelError) {
    let n = grid.positionCount
    let isEquilibrium = isWellPrepared || epsilon == 0
    // Where ρ vanishes its sum may err below 0.
    let prepared = try ModeFlow(
      equation, epsilon: epsilon, length: grid.length,
      density: grid.relativeDensity.map { max($0, 0) }, modeCount: modeCount,
      step: isEquilibrium ? step : nil, time: grid.time)
    guard !isEquilibrium else {
      self = prepared
      try checkResolution()
      return
    }
    let basis = prepared.basis
    var lines = Array(repeating: [Double](repeating: 0, count: n), count: basis.count)
    for j in 0..<grid.velocityCount {
      for (index, value) in basis.values(at: grid.velocity(j)).enumerated() {
        for i in 0..<n { lines[index][i] += value * grid.values[j * n + i] }
      }
    }
    try self.init(
      equation, epsilon: epsilon, length: grid.length, basis: basis, density: lines[0],
      modes: Array(lines.dropFirst()), step: step, time: grid.time)
    try checkSum(grid)
    try checkResolution()
  }

  /// Throws where the modes have another density than the grid.
  private func checkSum(_ grid: PhaseSpaceGrid) throws(KineticModelError) {
    let n = positionCount
    let scale = grid.values.reduce(0) { max($0, $1.magnitude) }
    var (largest, place) = (0.0, 0.0)
    for j in 0..<grid.velocityCount {
      let velocity = grid.velocity(j)
      let equilibrium = basis.equilibrium(velocity)
      for (i, value) in quotient(at: velocity).enumerated() {
        let difference = (grid.values[j * n + i] - value * equilibrium).magnitude
        if difference > largest { (largest, place) = (difference, velocity) }
      }
    }
    guard largest <= Self.tailLimit * scale else {
      throw .notSumOfModes(
        part: largest / scale, limit: Self.tailLimit, velocity: place, count: basis.count)
    }
  }
}
