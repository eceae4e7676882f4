import CharacteristicFlows
import OptimalTransport

/// The density of particles on a periodic box, measured as a histogram: equal cells, and in each the
/// mass over that of a uniform density.
///
/// The L^∞ norm of a density that is known through particles alone depends on the cells; a histogram
/// averages over a cell, so its maximum is at least 1 and, but for sampling noise, at most the norm.
public struct DensityHistogram: Sendable {
  /// The cells on each axis.
  public let cells: [Int]
  /// The density relative to the mean, row by row: the last axis runs fastest.
  public let values: [Double]

  /// The histogram of particles.
  ///
  /// - Parameters:
  ///   - particles: whose positions are counted with their masses.
  ///   - cells: how many on each axis.
  /// - Throws: `StabilityError` for a box with a free axis, cells that are not 1 to 2²⁰ on each axis
  ///   and at most 2²⁶ in all, or a position that is not finite.
  /// - Complexity: O(n + cells).
  public init(_ particles: ParticleState, cells: [Int]) throws(StabilityError) {
    guard particles.box.axes.allSatisfy(\.isPeriodic) else { throw .needsUnitTorus }
    let total = cells.reduce(1.0) { $0 * Double($1) }
    guard cells.count == particles.dimension, cells.allSatisfy({ 1...1 << 20 ~= $0 }),
      total <= 0x1p26
    else {
      throw .badParameter(
        name: "number of cells", value: total,
        requirement: "1 to 1048576 on each axis and at most 67108864 in all")
    }
    var places = [Int](repeating: 0, count: particles.count)
    for (axis, count) in cells.enumerated() {
      let box = particles.box.axes[axis]
      for (particle, x) in particles.position(axis).enumerated() {
        guard x.isFinite else {
          throw .badParameter(
            name: "position of particle \(particle + 1)", value: x, requirement: "finite")
        }
        let cell = min(count - 1, Int(box.wrapped(x) / box.length * Double(count)))
        places[particle] = places[particle] * count + cell
      }
    }
    var sums = [CompensatedSum](repeating: CompensatedSum(), count: Int(total))
    for (place, mass) in zip(places, particles.masses) { sums[place].add(mass) }
    self.cells = cells
    values = sums.map { $0.value * total }
  }

  /// The largest value, the measured ‖ρ‖_∞.
  public var maximum: Double { values.reduce(0, max) }

  /// As many cells as leave 32 particles for each on average, 4 to 64 on an axis.
  public static func standardCells(particles: Int, dimension: Int) -> [Int] {
    var count = 4
    while count < 64 {
      let next = (0..<dimension).reduce(1) { product, _ in product * (count + 1) }
      if next * 32 > particles { break }
      count += 1
    }
    return Array(repeating: count, count: dimension)
  }
}
