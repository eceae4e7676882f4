import OptimalTransport

/// The cells of a coarsened measure as particles, with bounds on what their roundings and their merging cost.
///
/// Documentation/Mathematics.md, section 11, has the bounds.
struct CellMerging {
  /// The particle into which each cell was merged.
  let ancestors: [Int]
  /// Axis by axis where these particles are.
  private(set) var atoms: [[Double]]
  /// Their masses.
  private(set) var masses: [Double]
  /// For p = 2: a bound of the distance between the given particles and the merged ones.
  private(set) var loss = 0.0
  /// How far a particle may be from the centroid of its cell, in the metric.
  let centroidError: Double
  /// The largest relative error of a mass.
  let massError: Double

  init(
    _ sums: CellSums, _ coordinates: MetricCoordinates, ancestors: [Int], particleCount: Int,
    largest: [Double]
  ) {
    let unit = Double.ulpOfOne
    // A compensated sum of n terms is right to one rounding and to (nu)² of the sum of magnitudes.
    let squared = (Double(particleCount) * unit) * (Double(particleCount) * unit)
    let error = 24 * unit + 4 * squared
    massError = 16 * unit + 4 * squared
    let axisErrors = largest.map { 2 * error * $0 }
    centroidError = coordinates.norm(axisErrors)
    self.ancestors = ancestors

    let cellCount = sums.cellCount
    let centroids = (0..<cellCount).map { sums.centroid($0) }
    let count = 1 + (ancestors.max() ?? 0)
    var totals = [CompensatedSum](repeating: CompensatedSum(), count: count)
    for cell in 0..<cellCount { totals[ancestors[cell]].add(sums.mass(cell)) }
    masses = totals.map(\.value)
    atoms = []
    for axis in 0..<coordinates.dimension {
      var moments = [CompensatedSum](repeating: CompensatedSum(), count: count)
      for cell in 0..<cellCount {
        let ancestor = ancestors[cell]
        moments[ancestor].add(
          sums.mass(cell) * (centroids[cell][axis] - centroids[ancestor][axis]))
      }
      let length = coordinates.axes[axis].length
      atoms.append(
        (0..<count).map { atom in
          let shift = masses[atom] > 0 ? moments[atom].value / masses[atom] : 0
          let place = centroids[atom][axis] + shift
          // In the window of the circle, which rounding may leave.
          return length.isFinite ? min(max(place, 0), length) : place
        })
    }
    guard coordinates.metric.exponent == 2 else { return }
    loss = loss(sums, coordinates, centroids, axisErrors, squared: squared)
  }

  /// The root of the mean of the squares from all particles to the merged ones.
  private func loss(
    _ sums: CellSums, _ coordinates: MetricCoordinates, _ centroids: [[Double]],
    _ axisErrors: [Double], squared: Double
  ) -> Double {
    let unit = Double.ulpOfOne
    let dimension = coordinates.dimension
    var (cost, mass) = (CompensatedSum(), CompensatedSum())
    for cell in centroids.indices {
      let squares = sums.squares(cell)
      cost.add(squares.toCentroid)
      cost.add((Double(dimension + 32) * unit + 8 * squared) * squares.toReference)
      // From the centroid of a cell on to where its particles are merged.
      let (way, isMoved) = way(from: centroids[cell], to: ancestors[cell])
      let far = isMoved ? zip(way, axisErrors).map { abs($0) + $1 } : axisErrors
      let positions = far.prefix(coordinates.positionCount).reduce(0) { $0 + $1 * $1 }
      let velocities = far.dropFirst(coordinates.positionCount).reduce(0) { $0 + $1 * $1 }
      cost.add(sums.mass(cell) * coordinates.cost(positions, velocities))
      mass.add(sums.mass(cell))
    }
    let mean = cost.value / mass.value * (1 + 64 * unit + 8 * squared)
    return ProvedBounds(lower: 0, upper: mean).root(2).upper
  }

  private func way(from centroid: [Double], to atom: Int) -> (way: [Double], isMoved: Bool) {
    let way = centroid.indices.map { centroid[$0] - atoms[$0][atom] }
    return (way, way.contains { $0 != 0 })
  }
}
