import OptimalTransport

/// A kernel of one's own in at most three dimensions: K by its gradient, with its own bound B, summed
/// directly over all pairs.
///
/// On periodic axes the gradient is taken at the nearest image of x − y, so it must be the gradient of
/// a periodic function there; elsewhere coordinates that are not there are 0.
public struct PairwiseField: ForceField {
  /// What the field is.
  public let name: String
  /// ‖D²K‖_∞ as it was given.
  public let curvatureBound: Double?
  private let gradient: @Sendable (SIMD3<Double>) -> SIMD3<Double>
  private let value: (@Sendable (SIMD3<Double>) -> Double)?

  /// A field from the gradient of a kernel, and from the kernel itself where energy is wanted.
  public init(
    name: String = "kernel", curvatureBound: Double? = nil,
    value: (@Sendable (SIMD3<Double>) -> Double)? = nil,
    gradient: @escaping @Sendable (SIMD3<Double>) -> SIMD3<Double>
  ) {
    self.name = name
    self.curvatureBound = curvatureBound
    self.value = value
    self.gradient = gradient
  }

  /// At most three dimensions.
  ///
  /// - Throws: `FlowError.badBox`.
  public func validate(for particles: ParticleState) throws(FlowError) {
    guard particles.dimension <= 3 else {
      throw .badBox(field: name, requirement: "at most three dimensions")
    }
  }

  /// +∇(K∗ρ).
  ///
  /// - Complexity: O(n²).
  public func accelerations(
    of particles: ParticleState, at time: Double, scratch: inout NoScratch,
    into accelerations: inout [Double]
  ) {
    let n = particles.count
    let sums = Parallel.map(count: n, costPerItem: 10 * Double(n)) { i in
      var sum = SIMD3<Double>.zero
      for j in 0..<n { sum += particles.masses[j] * gradient(particles.difference(i, j)) }
      return sum
    }
    for axis in 0..<particles.dimension {
      for i in 0..<n { accelerations[axis * n + i] = sums[i][axis] }
    }
  }

  /// −½∬K dρ dρ; `nil` when K itself was not given.
  ///
  /// - Complexity: O(n²).
  public func potentialEnergy(of particles: ParticleState, at time: Double) -> Double? {
    guard let value else { return nil }
    let n = particles.count
    let rows = Parallel.map(count: n, costPerItem: 10 * Double(n)) { i in
      var sum = CompensatedSum()
      for j in 0..<n { sum.add(particles.masses[j] * value(particles.difference(i, j))) }
      return particles.masses[i] * sum.value
    }
    return -0.5 * CompensatedSum(rows).value
  }
}

extension ParticleState {
  /// x_i − x_j, the nearest image on periodic axes, in at most three dimensions.
  fileprivate func difference(_ i: Int, _ j: Int) -> SIMD3<Double> {
    var result = SIMD3<Double>.zero
    for axis in 0..<dimension {
      result[axis] = box.axes[axis].difference(
        positions[axis * count + i], positions[axis * count + j])
    }
    return result
  }
}
