import OptimalTransport

extension KineticMetric {
  /// A bracket of W^p for the measures themselves, from one for their sheared and scaled coordinates,
  /// which are rounded.
  ///
  /// W changes by no more than the points of the two measures move, and by half the relative error of
  /// the weights. Documentation/Mathematics.md, section 9, has the argument.
  ///
  /// - Parameter mass: the mass that is moved; the root of a cost changes by at most its root times the
  ///   way of the points.
  /// - Complexity: O(n + m).
  func widened(
    _ bounds: ProvedBounds, from source: PhaseSpaceMeasure, to target: PhaseSpaceMeasure,
    space: ComparedSpace = .phase, positionFactor: Double = 1, mass: Double = 1
  ) -> ProvedBounds {
    guard isRounding else { return bounds }
    let moved =
      (displacement(of: source, space, positionFactor)
        + displacement(of: target, space, positionFactor))
      * ProvedBounds(lower: 0, upper: mass).root(exponent).upper
    let root = bounds.root(exponent)
    let unit = Double.ulpOfOne
    let lower = max(0, root.lower * (1 - 4 * unit) - moved)
    let upper = root.upper * (1 + 4 * unit) + moved
    // The power is right to a rounding for each factor.
    let error = (2 * exponent + 4) * unit
    return ProvedBounds(
      lower: lower.power(exponent) * max(0, 1 - error),
      upper: max(upper.power(exponent) * (1 + error), .leastNonzeroMagnitude))
  }

  /// Whether the coordinates of the transport problem are not those of the measures.
  private var isRounding: Bool { shear != 0 || scalesCoordinates }

  /// Whether the weights multiply coordinates.
  private var scalesCoordinates: Bool {
    form == .joint && exponent != 2
      && (positionWeight != 1 || velocityWeight != 1 || nonlinearity != nil)
  }

  /// By how much, in the metric, rounding may have moved a particle of a measure at most.
  private func displacement(
    of measure: PhaseSpaceMeasure, _ space: ComparedSpace, _ positionFactor: Double
  ) -> Double {
    let half = Double.ulpOfOne / 2
    let (d, e) = (measure.positionDimension, measure.velocityDimension)
    let degree = form == .split ? exponent : 2
    let positionScale = space == .velocity ? 0 : (positionWeight * positionFactor).root(degree)
    let velocityScale = space == .position ? 0 : velocityWeight.root(degree)
    let coordinates = measure.particles.coordinates
    let count = measure.count
    var largest = 0.0
    for i in 0..<count {
      var (position, velocity) = (0.0, 0.0)
      for k in 0..<d {
        let x = coordinates[k * count + i]
        var error = 0.0
        if shear != 0 {
          let moved = abs(shear * coordinates[(d + k) * count + i])
          // The shear itself, the product, and the sum.
          error += half * (2 * moved + (abs(x) + moved))
        }
        if scalesCoordinates { error += half * (abs(x) + error / half) }
        position += error * error
      }
      if scalesCoordinates {
        for k in 0..<e {
          let error = half * abs(coordinates[(d + k) * count + i])
          velocity += error * error
        }
      }
      largest = max(
        largest, position.squareRoot() * positionScale + velocity.squareRoot() * velocityScale)
    }
    return largest * (1 + 64 * Double.ulpOfOne)
  }
}
