import OptimalTransport

/// What must at least be moved between all particles, by other arguments than the triangle inequality.
extension CoarseCloud {
  /// As far as the means on the lines are apart, which cells keep, by Jensen's inequality.
  func meanDistance(to target: CoarseCloud) -> Double {
    let unit = Double.ulpOfOne
    // The means are sums of as many products as there are cells.
    let error = 6 * (max(massError, target.massError) + 16 * unit)
    let differences = coordinates.axes.indices.map { axis in
      guard !coordinates.axes[axis].isPeriodic else { return 0.0 }
      let difference = abs(mean(axis) - target.mean(axis))
      return max(0, difference - error * (largest[axis] + target.largest[axis]))
    }
    return coordinates.norm(differences) * (1 - 256 * unit)
  }

  private func mean(_ axis: Int) -> Double {
    var (moment, mass) = (CompensatedSum(), CompensatedSum())
    for (index, value) in atoms[axis].enumerated() {
      moment.add((masses?[index] ?? 1) * value)
      mass.add(masses?[index] ?? 1)
    }
    return moment.value / mass.value
  }

  /// For p = 2 what the axes one by one cost together: the square of the distance is at least the sum of the
  /// squares of the distances of the marginals, which are merged so finely that next to nothing is lost.
  func marginalDistance(to target: CoarseCloud) -> Double {
    guard coordinates.metric.exponent == 2, coordinates.dimension > 1 else { return 0 }
    let unit = Double.ulpOfOne
    var sum = 0.0
    for axis in coordinates.axes.indices {
      let (first, second) = (marginal(axis), target.marginal(axis))
      let own = coordinates.axis(axis)
      let reach = min(largest[axis] + target.largest[axis], own.axes[0].length / 2)
      let misplaced = max(massError, target.massError) * own.norm([reach]) * own.norm([reach])
      let cost = Self.cost(first, second, own) * (1 - 8 * unit) - misplaced * (1 + 64 * unit)
      let between = ProvedBounds(lower: max(0, cost), upper: .infinity).root(2).lower
      let distance = max(0, between - (first.loss + second.loss) * (1 + 8 * unit))
      sum += distance * distance
    }
    return sum.squareRoot() * (1 - 64 * unit)
  }

  private func marginal(_ axis: Int) -> Marginal {
    marginals.isEmpty ? Marginal(atoms: atoms[axis], masses: masses, loss: 0) : marginals[axis]
  }

  /// A lower bound of the cost on one axis; 0 where there is none.
  private static func cost(
    _ first: Marginal, _ second: Marginal, _ coordinates: MetricCoordinates
  ) -> Double {
    guard
      let source = try? DiscreteMeasure(axes: [first.atoms], masses: first.masses),
      let target = try? DiscreteMeasure(axes: [second.atoms], masses: second.masses),
      let domain = try? ProductDomain(coordinates.axes),
      let problem = try? TransportProblem(
        from: source, to: target, domain: domain,
        cost: .blocks([
          CostBlock(axes: 0..<1, weight: coordinates.squareWeights[0], exponent: 2)
        ]), exponent: 2)
    else { return 0 }
    let solver: any TransportSolver =
      coordinates.axes[0].isPeriodic ? CircleSolver() : LineSolver()
    return (try? solver.solve(problem))?.costBounds.lower ?? 0
  }
}
