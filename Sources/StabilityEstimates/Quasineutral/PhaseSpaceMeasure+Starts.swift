import Libc
import OptimalTransport
import PhaseSpace

extension PhaseSpaceMeasure {
  /// The same particles moved by x₁ ↦ x₁ + a·sin(2πn·x₁/L), with a such that the root mean square of
  /// the displacement is θ. For small θ the identity is the optimal plan, and θ is W₂.
  ///
  /// - Throws: `StabilityError` when the first axis is free or no particle would move.
  /// - Complexity: O(n).
  public func displaced(by theta: Double, mode: Int = 1) throws(StabilityError) -> PhaseSpaceMeasure
  {
    let wave = try wave(mode)
    let square = CompensatedSum(zip(wave, masses).lazy.map { $0 * $0 * $1 }).value
    guard square > 1e-20 else {
      throw .badParameter(
        name: "mode", value: Double(mode), requirement: "such that the wave moves a particle")
    }
    let amplitude = theta / square.squareRoot()
    var positions = (0..<positionDimension).map { position($0) }
    positions[0] = zip(positions[0], wave).map { $0 + amplitude * $1 }
    return try moved(positions, (0..<velocityDimension).map { velocity($0) })
  }

  /// The same particles with the velocity u·sin(2πn·x₁/L) added on the first axis: with it a current
  /// that is not uniform, which Vlasov–Poisson turns into a plasma oscillation.
  ///
  /// - Throws: `StabilityError` when the first axis is free, there are no velocities or u is not finite.
  /// - Complexity: O(n).
  public func addingCurrent(
    _ amplitude: Double, mode: Int = 1
  ) throws(StabilityError) -> PhaseSpaceMeasure {
    guard velocityDimension > 0, amplitude.isFinite else {
      throw .badParameter(
        name: "current", value: amplitude,
        requirement: "finite, and the particles must have velocities")
    }
    var velocities = (0..<velocityDimension).map { velocity($0) }
    velocities[0] = zip(velocities[0], try wave(mode)).map { $0 + amplitude * $1 }
    return try moved((0..<positionDimension).map { position($0) }, velocities)
  }

  /// sin(2πn·x₁/L) at each particle.
  private func wave(_ mode: Int) throws(StabilityError) -> [Double] {
    guard box.axes[0].isPeriodic else { throw .needsUnitTorus }
    return position(0).map { sin(2 * .pi * Double(mode) * $0 / box.axes[0].length) }
  }

  private func moved(
    _ positions: [[Double]], _ velocities: [[Double]]
  ) throws(StabilityError) -> PhaseSpaceMeasure {
    do throws(PhaseSpaceError) {
      return try PhaseSpaceMeasure(
        positions: positions, velocities: velocities, masses: masses.map { $0 * rawMass }, box: box,
        time: time)
    } catch {
      throw .measure(error)
    }
  }

  /// Two cold beams ±speed on the unit circle, each on a lattice of its own half of the particles, at
  /// the same places.
  ///
  /// - Throws: `StabilityError` unless there are at least two particles and the speed is finite.
  public static func counterStreamingBeams(
    count: Int, speed: Double
  ) throws(StabilityError) -> PhaseSpaceMeasure {
    guard count >= 2, count.isMultiple(of: 2) else {
      throw .badParameter(
        name: "count", value: Double(count), requirement: "an even number of at least 2")
    }
    do {
      return try PhaseSpaceMeasure(
        positions: [(0..<count).map { (Double($0 / 2) + 0.5) / Double(count / 2) }],
        velocities: [(0..<count).map { $0.isMultiple(of: 2) ? speed : -speed }],
        box: try ProductDomain([.circle(length: 1)]), time: 0)
    } catch {
      throw .badParameter(name: "speed", value: speed, requirement: "finite")
    }
  }
}
