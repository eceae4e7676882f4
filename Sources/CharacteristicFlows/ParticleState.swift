import OptimalTransport
import PhaseSpace

/// Particles as a flow moves them: positions, velocities and masses, without the box wrapped around.
///
/// Positions on periodic axes are *lifts*: they start in the box and are never wrapped, so that the
/// difference of two of them says how far they have come apart, turns round the torus included.
public struct ParticleState: Sendable, Equatable {
  /// The number of particles.
  public let count: Int
  /// The number of position coordinates, and of velocity coordinates.
  public let dimension: Int
  /// Coordinate k of the position of particle i stands at `positions[k * count + i]`; a lift.
  public package(set) var positions: [Double]
  /// Coordinate k of the velocity of particle i stands at `velocities[k * count + i]`.
  public package(set) var velocities: [Double]
  /// The masses, with sum 1 to rounding.
  public let masses: [Double]
  /// The sum of the masses as they were given.
  public let rawMass: Double
  /// The mass of each particle where all have the same.
  let commonMass: Double?
  /// The box: one axis for each position coordinate.
  public let box: ProductDomain

  /// The particles of a measure.
  ///
  /// - Throws: `FlowError.dimensionMismatch` unless there are as many velocity as position
  ///   coordinates.
  /// - Complexity: O(n).
  public init(_ measure: PhaseSpaceMeasure) throws(FlowError) {
    guard measure.positionDimension == measure.velocityDimension else {
      throw .dimensionMismatch(
        position: measure.positionDimension, velocity: measure.velocityDimension)
    }
    count = measure.count
    dimension = measure.positionDimension
    let half = count * dimension
    positions = Array(measure.particles.coordinates[..<half])
    velocities = Array(measure.particles.coordinates[half...])
    masses = measure.masses
    let first = measure.masses[0]
    commonMass = measure.masses.allSatisfy { $0 == first } ? first : nil
    rawMass = measure.rawMass
    box = measure.box
  }

  /// Some of the particles of a state, with the masses that they have in the whole.
  ///
  /// - Parameters:
  ///   - positions: coordinate k of particle i at `positions[k * count + i]`; lifts.
  ///   - velocities: in the same order.
  ///   - masses: one for each particle.
  ///   - rawMass: that of the whole state.
  ///   - box: one axis for each position coordinate.
  package init(
    positions: [Double], velocities: [Double], masses: [Double], rawMass: Double, box: ProductDomain
  ) {
    count = masses.count
    dimension = box.dimension
    (self.positions, self.velocities, self.masses) = (positions, velocities, masses)
    let first = masses.first
    commonMass = masses.allSatisfy { $0 == first } ? first : nil
    (self.rawMass, self.box) = (rawMass, box)
  }

  /// Refuses a box other than the one that a field was made for.
  ///
  /// - Throws: `FlowError.badBox`.
  func checkBox(_ own: ProductDomain, madeFor field: String) throws(FlowError) {
    guard box == own else {
      throw .badBox(field: field, requirement: "the box that it was made for")
    }
  }

  /// The lifts of the positions on one axis, particle by particle from index 0.
  ///
  /// - Complexity: O(n).
  public func position(_ axis: Int) -> [Double] {
    Array(positions[axis * count..<(axis + 1) * count])
  }

  /// The velocities on one axis, particle by particle from index 0.
  ///
  /// - Complexity: O(n).
  public func velocity(_ axis: Int) -> [Double] {
    Array(velocities[axis * count..<(axis + 1) * count])
  }

  /// The mean of a coordinate, weighted by mass and summed with compensation.
  func mean(of coordinates: [Double], _ axis: Int) -> Double {
    var sum = CompensatedSum()
    for index in 0..<count { sum.add(masses[index] * coordinates[axis * count + index]) }
    return sum.value
  }

  /// Puts lifts in the place of wrapped positions.
  ///
  /// - Throws: `FlowError.badLifts` unless they are the same places.
  package mutating func lift(to lifts: [[Double]]) throws(FlowError) {
    guard lifts.count == dimension, lifts.allSatisfy({ $0.count == count }),
      (0..<dimension).allSatisfy({ axis in
        zip(lifts[axis], position(axis)).allSatisfy { box.axes[axis].wrapped($0) == $1 }
      })
    else { throw .badLifts }
    positions = Array(lifts.joined())
  }

  /// The measure of the particles at a time, positions wrapped into the box.
  ///
  /// - Throws: `FlowError.notFinite` when a coordinate is no longer a finite number.
  package func measure(at time: Double) throws(FlowError) -> PhaseSpaceMeasure {
    do {
      // Raw masses that are all 1 / n come back as the equal masses that they are.
      return try PhaseSpaceMeasure(
        positions: (0..<dimension).map { position($0) },
        velocities: (0..<dimension).map { velocity($0) },
        masses: rawMasses, box: box, time: time)
    } catch {
      throw .notFinite(time: time)
    }
  }

  private var rawMasses: [Double]? {
    let share = 1 / Double(count)
    return rawMass == 1 && commonMass == share ? nil : masses.map { $0 * rawMass }
  }
}

extension ParticleState {
  /// Finds out whether the coordinates still say something.
  ///
  /// - Throws: `FlowError.notFinite` or `FlowError.placesLost`.
  /// - Complexity: O(n).
  package func check(at time: Double) throws(FlowError) {
    for (axis, kind) in box.axes.enumerated() {
      let range = axis * count..<(axis + 1) * count
      let farthest = Self.largestMagnitude(positions, range)
      guard farthest.isFinite, Self.largestMagnitude(velocities, range).isFinite else {
        throw .notFinite(time: time)
      }
      try FlowError.checkPlaces(at: time, farthest: farthest, onCircleOf: kind.length)
    }
  }

  /// The largest magnitude; infinite or not a number where one of the values is.
  private static func largestMagnitude(_ values: [Double], _ range: Range<Int>) -> Double {
    // The bits of magnitudes are in the order of the numbers, with infinity and NaN above all.
    values.withUnsafeBufferPointer { values in
      Double(bitPattern: values[range].reduce(0) { max($0, $1.magnitude.bitPattern) })
    }
  }
}

extension FlowError {
  /// - Parameters:
  ///   - farthest: the largest coordinate that is wrapped onto the circle.
  ///   - length: its length; infinite on a line.
  /// - Throws: `FlowError.placesLost`.
  static func checkPlaces(
    at time: Double, farthest: Double, onCircleOf length: Double
  ) throws(FlowError) {
    guard farthest.ulp < length / 1000 else {
      throw .placesLost(time: time, rounding: farthest.ulp, length: length)
    }
  }
}
