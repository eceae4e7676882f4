import OptimalTransport

extension KineticMetric {
  /// The transport problem of this metric between two measures.
  ///
  /// - Parameters:
  ///   - source: μ.
  ///   - target: ν, in the same box.
  ///   - space: which coordinates are compared.
  ///   - positionFactor: multiplies the position weight: the value of Φ in a nonlinear distance.
  /// - Throws: `KineticMetricError` when the measures do not fit each other or the metric.
  /// - Complexity: O(n + m).
  public func problem(
    from source: PhaseSpaceMeasure, to target: PhaseSpaceMeasure, space: ComparedSpace = .phase,
    positionFactor: Double = 1
  ) throws(KineticMetricError) -> TransportProblem {
    try checkFit(source, target, space)
    let positionAxes = 0..<source.positionDimension
    let velocityAxes =
      source.positionDimension..<source.positionDimension + source.velocityDimension
    var axes = source.box.axes + velocityAxes.map { _ in .line }
    let blocks: [CostBlock]
    let scales = coordinateScales(positionFactor: positionFactor)
    switch costForm {
    case .split:
      blocks = [
        CostBlock(
          axes: positionAxes, weight: space == .velocity ? 0 : positionWeight * positionFactor,
          exponent: exponent),
        CostBlock(
          axes: velocityAxes, weight: space == .position ? 0 : velocityWeight, exponent: exponent),
      ]
    case .joint:
      axes = axes.enumerated().map { index, axis in
        guard index < positionAxes.upperBound, case .circle(let length) = axis else { return axis }
        return .circle(length: length * scales.position)
      }
      let compared =
        switch space {
        case .phase: positionAxes.lowerBound..<velocityAxes.upperBound
        case .position: positionAxes
        case .velocity: velocityAxes
        }
      blocks = [CostBlock(axes: compared, weight: 1, exponent: exponent)]
    }
    do {
      let cost = GroundCost.blocks(blocks.filter { !$0.axes.isEmpty })
      if shear == 0, scales == (1, 1), let first = source.grid, let second = target.grid {
        return try TransportProblem(
          from: first, to: second, domain: ProductDomain(axes), cost: cost, exponent: exponent)
      }
      return try TransportProblem(
        from: sheared(source, scales), to: sheared(target, scales), domain: ProductDomain(axes),
        cost: cost, exponent: exponent)
    } catch let error as ProblemError {
      throw .problem(error)
    } catch {
      throw .overflow
    }
  }

  /// How the costs are combined in the problem: for p = 2 the forms agree, and weights of blocks round no
  /// coordinate.
  var costForm: Form { exponent == 2 ? .split : form }

  /// What the sheared positions and the velocities are multiplied by in the problem: where the weights
  /// stand inside the norm, lengths are scaled by their square roots.
  func coordinateScales(positionFactor: Double = 1) -> (position: Double, velocity: Double) {
    guard costForm == .joint else { return (1, 1) }
    return ((positionWeight * positionFactor).squareRoot(), velocityWeight.squareRoot())
  }

  /// The particles with sheared and scaled coordinates.
  private func sheared(
    _ measure: PhaseSpaceMeasure, _ scales: (position: Double, velocity: Double)
  ) throws(MeasureError) -> DiscreteMeasure {
    if shear == 0, scales == (1, 1) { return measure.particles }
    let dimension = measure.positionDimension
    let positions = (0..<dimension).map { k in
      shear == 0
        ? measure.position(k).map { $0 * scales.position }
        : zip(measure.position(k), measure.velocity(k)).map { x, v in
          measure.box.axes[k].centered(x + shear * v) * scales.position
        }
    }
    let velocities = (0..<measure.velocityDimension).map { k in
      measure.velocity(k).map { $0 * scales.velocity }
    }
    return try measure.particles.replacingCoordinates(Array((positions + velocities).joined()))
  }

  /// Throws for two measures that the metric does not compare.
  func checkFit(
    _ source: PhaseSpaceMeasure, _ target: PhaseSpaceMeasure, _ space: ComparedSpace
  ) throws(KineticMetricError) {
    guard source.positionDimension == target.positionDimension,
      source.velocityDimension == target.velocityDimension
    else {
      throw .dimensionMismatch(first: Self.size(source), second: Self.size(target))
    }
    for (index, (first, second)) in zip(source.box.axes, target.box.axes).enumerated()
    where first != second {
      throw .boxMismatch(axis: index, first: first, second: second)
    }
    if source.velocityDimension == 0 {
      if shear != 0 { throw .noVelocities(need: "a free-flow or twisted distance") }
      if space != .position {
        throw .noVelocities(need: "a distance in \(space.rawValue) space")
      }
    }
    if shear != 0, source.positionDimension != source.velocityDimension {
      throw .shearNeedsEqualDimensions(
        position: source.positionDimension, velocity: source.velocityDimension)
    }
  }

  private static func size(_ measure: PhaseSpaceMeasure) -> String {
    "\(measure.positionDimension) position and \(measure.velocityDimension) velocity coordinates"
  }
}
