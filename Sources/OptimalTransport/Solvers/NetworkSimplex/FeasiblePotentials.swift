/// Potentials that are feasible over all pairs, in the order of the clouds, and the lower bound of the
/// cost that they prove.
struct FeasiblePotentials {
  /// For each source at most the least of c − g.
  let source: [Double]
  /// g.
  let target: [Double]
  /// Σ a f + Σ b g.
  let value: Double

  init(source: [Double], target: [Double], supplies: [Int128], demands: [Int128]) {
    self.source = source
    self.target = target
    var sum = CompensatedSum()
    for (supply, value) in zip(supplies, source) {
      sum.add(PerturbedMasses.mass(ofFlow: supply) * value)
    }
    for (demand, value) in zip(demands, target) {
      sum.add(PerturbedMasses.mass(ofFlow: demand) * value)
    }
    value = sum.value
  }
}
