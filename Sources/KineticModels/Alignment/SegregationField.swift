import CharacteristicFlows
import OptimalTransport

/// Alignment within parts of space (M_seg): v̇ᵢ = λ([u](xᵢ) − vᵢ) with [u](x) = Σ_l g_l(x)·∫u g_l dρ/∫g_l dρ for a
/// partition of unity Σ_l g_l = 1.
///
/// Who shares no part with anybody keeps its velocity. Momentum is conserved, and no two velocities come further
/// apart. Source: (M_seg) of R. Shvydkoy and T. Teolis (2024), as for `CommunicationKernel`.
public struct SegregationField: RelaxationField {
  /// A part g_l of the partition: a function of a place, wrapped into the box, with values from 0 to 1.
  public typealias Part = @Sendable (_ place: [Double]) -> Double

  /// λ.
  public let strength: Double
  /// How many parts there are.
  public var count: Int { parts.count }

  private let parts: [Part]
  /// How far the parts may add up to something else than 1.
  private static let tolerance = 1e-9

  /// The field of a partition of unity.
  ///
  /// - Parameters:
  ///   - parts: the partition of unity g_k, by its functions of a place.
  ///   - strength: λ, positive.
  /// - Throws: `KineticModelError.badParameter`.
  public init(_ parts: [Part], strength: Double = 1) throws(KineticModelError) {
    guard strength > 0, strength.isFinite else {
      throw .badParameter(name: "strength", value: strength, requirement: "positive and finite")
    }
    guard !parts.isEmpty else {
      throw .badParameter(name: "number of parts", value: 0, requirement: "positive")
    }
    self.parts = parts
    self.strength = strength
  }

  /// The field of smooth parts of equal size: products of periodic cubic B-splines, each of which reaches over
  /// four of the intervals into which an axis is cut.
  ///
  /// - Parameters:
  ///   - box: the torus.
  ///   - intervals: how many on each axis, at least four.
  ///   - strength: λ, positive.
  /// - Throws: `KineticModelError`.
  public init(
    box: ProductDomain, intervals: [Int], strength: Double = 1
  ) throws(KineticModelError) {
    guard box.axes.allSatisfy(\.isPeriodic), intervals.count == box.dimension,
      intervals.allSatisfy({ 4...1 << 10 ~= $0 }),
      intervals.reduce(1.0, { $0 * Double($1) }) <= 0x1p16
    else {
      throw .flow(
        .badBox(
          field: "segregation model",
          requirement: "periodic axes, each with at least four intervals, and at most 65536 in all")
      )
    }
    let axes = box.axes
    let parts = (0..<intervals.reduce(1, *)).map { index -> Part in
      var (rest, own) = (index, [Int]())
      for count in intervals {
        own.append(rest % count)
        rest /= count
      }
      let part = own
      return { place in
        part.indices.reduce(1) { product, axis in
          let step = axes[axis].length / Double(intervals[axis])
          let center = Double(part[axis]) * step
          return product * Self.spline(axes[axis].difference(place[axis], center) / step)
        }
      }
    }
    try self.init(parts, strength: strength)
  }

  /// The cubic B-spline: 0 from 2 on, with Σ_k spline(x − k) = 1.
  private static func spline(_ place: Double) -> Double {
    let x = place.magnitude
    guard x < 2 else { return 0 }
    let outer = (2 - x) * (2 - x) * (2 - x) / 6
    return x < 1 ? outer - 4 * (1 - x) * (1 - x) * (1 - x) / 6 : outer
  }

  /// λ.
  public var largestRate: Double? { strength }

  /// The model with its number of parts and its strength.
  public var name: String { "alignment within \(count) parts of space, strength \(strength)" }

  /// Parts that are a partition of unity where the agents are.
  ///
  /// - Throws: `FlowError.badBox`.
  public func validate(for particles: ParticleState) throws(FlowError) {
    var sums = [Double](repeating: 0, count: particles.count)
    for values in shares(particles) {
      for (i, value) in values.enumerated() {
        guard value >= 0, value.isFinite else {
          throw .badBox(
            field: name, requirement: "parts that are nowhere negative; one is \(value) at an agent"
          )
        }
        sums[i] += value
      }
    }
    for sum in sums where (sum - 1).magnitude > Self.tolerance {
      throw .badBox(
        field: name, requirement: "parts that add up to 1 everywhere; at an agent they make \(sum)")
    }
  }

  /// g_l at each agent, part by part.
  private func shares(_ particles: ParticleState) -> [[Double]] {
    let (n, box) = (particles.count, particles.box)
    let places = (0..<n).map { i in
      (0..<particles.dimension).map { box.axes[$0].wrapped(particles.positions[$0 * n + i]) }
    }
    return Parallel.map(count: count, costPerItem: 20 * Double(n)) { part in
      places.map { parts[part]($0) }
    }
  }

  /// ν = λ and b = λ[u] of each agent.
  ///
  /// - Complexity: O(n · parts).
  public func relaxation(
    of particles: ParticleState, at time: Double, scratch: inout NoScratch,
    into coefficients: inout RelaxationCoefficients
  ) {
    let n = particles.count
    for i in coefficients.rates.indices { coefficients.rates[i] = strength }
    for index in coefficients.pushes.indices { coefficients.pushes[index] = 0 }
    for values in shares(particles) {
      let weights = zip(values, particles.masses).map { $0 * $1 }
      let mass = CompensatedSum(weights).value
      guard mass > 0 else { continue }
      for axis in 0..<particles.dimension {
        let base = axis * n
        let mean =
          CompensatedSum((0..<n).lazy.map { weights[$0] * particles.velocities[base + $0] }).value
          / mass
        for i in 0..<n { coefficients.pushes[base + i] += strength * values[i] * mean }
      }
    }
  }
}
