extension SinkhornSolver {
  /// The entries of the plan that matter: those dropped sum to a tenth of the marginal tolerance
  /// at most, because each is below that part of a_i b_j.
  ///
  /// - Throws: `SolverError.tooLarge` when there are more than `maximumPlanEntries`.
  /// - Complexity: two sweeps over all pairs; memory for the entries that are kept.
  func sparsePlan(of point: SinkhornFixedPoint) throws(SolverError) -> TransportPlan {
    let sourceMasses = point.iteration.masses(.source)
    let targetMasses = point.iteration.masses(.target)
    let thresholds = targetMasses.map { $0 * marginalTolerance * 0.1 }
    let offsets = point.iteration.offsets(.target, point.kernel)
    // A row without mass has no entries.
    let shifts = zip(sourceMasses, point.iteration.source).map { mass, potential in
      mass > 0 ? potential * point.kernel.scale : -.infinity
    }

    let counts = point.kernel.reduce(
      .source, offsets: offsets, shifts: shifts, withCosts: false, initial: 0
    ) { count, range, terms, _ in
      for (index, target) in range.enumerated() where terms[index] > thresholds[target] {
        count += 1
      }
    }
    let total = counts.reduce(0, +)
    guard total <= maximumPlanEntries else {
      throw .tooLarge(
        solver: name,
        reason: "its plan would have \(total) entries, more than maximumPlanEntries = "
          + "\(maximumPlanEntries). A smaller regularization or a larger tolerance makes the plan "
          + "sparser; solveEntropic needs no plan.")
    }

    let rows = point.kernel.reduce(
      .source, offsets: offsets, shifts: shifts, withCosts: false, initial: PlanRow()
    ) { row, range, terms, _ in
      for (index, target) in range.enumerated() where terms[index] > thresholds[target] {
        row.targets.append(Int32(target))
        row.masses.append(terms[index])
      }
    }
    var (sources, targets, masses) = ([Int32](), [Int32](), [Double]())
    sources.reserveCapacity(total)
    targets.reserveCapacity(total)
    masses.reserveCapacity(total)
    for (source, row) in rows.enumerated() {
      sources.append(contentsOf: repeatElement(Int32(source), count: row.masses.count))
      targets.append(contentsOf: row.targets)
      let mass = sourceMasses[source]
      masses.append(contentsOf: row.masses.lazy.map { $0 * mass })
    }
    return TransportPlan(sources: sources, targets: targets, masses: masses)
  }

  private struct PlanRow: Sendable {
    var targets: [Int32] = []
    var masses: [Double] = []
  }
}
