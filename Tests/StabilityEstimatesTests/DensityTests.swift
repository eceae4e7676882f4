import CharacteristicFlows
import Foundation
import OptimalTransport
import PhaseSpace
import StabilityEstimates
import Testing

/// Densities, and the inequalities of Lemma 3.6.
@Suite struct DensityTests {
  private func histogram(_ places: [Double], _ masses: [Double], cells: Int) throws
    -> DensityHistogram
  {
    let measure = try PhaseSpaceMeasure(
      positions: [places], velocities: [places.map { _ in 0 }], masses: masses,
      box: Domain([.circle(length: 1)]))
    return try DensityHistogram(ParticleState(measure), cells: [cells])
  }

  /// A density of given values on equal cells.
  private func density(_ values: [Double]) throws -> DensityHistogram {
    let count = values.count
    return try histogram(
      (0..<count).map { (Double($0) + 0.5) / Double(count) }, values, cells: count)
  }

  @Test func histogramsCountMass() throws {
    let found = try histogram([0.05, 0.3, 0.99, 0.999], [1, 1, 1, 5], cells: 4)
    #expect(found.values == [0.5, 0.5, 0, 3] && found.maximum == 3)
    let measure = try PhaseSpaceMeasure(
      positions: [[0.1, 2.9], [0.1, 1.9]], velocities: [[0, 0], [0, 0]],
      box: Domain([.circle(length: 3), .circle(length: 2)]))
    let plane = try DensityHistogram(ParticleState(measure), cells: [3, 2])
    #expect(plane.values == [3, 0, 0, 0, 0, 3])
    #expect(DensityHistogram.standardCells(particles: 100, dimension: 1) == [4])
    #expect(DensityHistogram.standardCells(particles: 3200, dimension: 2) == [10, 10])
    #expect(throws: StabilityError.self) {
      try DensityHistogram(ParticleState(measure), cells: [3, 0])
    }
  }

  /// Against the same densities filled with points: 400 a cell, off by 1/(400·M·√12) on either side.
  @Test func theDistanceOfHistograms() throws {
    var generator = SeededGenerator(seed: 5)
    for _ in 0..<12 {
      let cells = Int.random(in: 2...9, using: &generator)
      let sides = try (0..<2).map { _ in
        try density(
          (0..<cells).map { _ in
            Bool.random(using: &generator) ? Double.random(in: 0.1...1, using: &generator) : 0.001
          })
      }
      let comparison = try #require(FieldComparison(sides[0], sides[1]))
      let filling = 400
      let measures = try sides.map { side in
        let places = (0..<cells * filling).map { (Double($0) + 0.5) / Double(cells * filling) }
        return try PhaseSpaceMeasure(
          positions: [places], velocities: [],
          masses: places.indices.map { side.values[$0 / filling] },
          box: Domain([.circle(length: 1)]))
      }
      let points = try KineticMetric.standard(exponent: 2).distance(
        from: measures[0], to: measures[1], space: .position)
      let tolerance = 2 / (Double(cells * filling) * 12.0.squareRoot())
      #expect(abs(points.distance - comparison.distance) <= tolerance)
      // Lemma 3.6 itself.
      #expect(comparison.fieldDifference <= comparison.bound)
      let constant = comparison.logLipschitzConstant
      #expect(constant > 0 && constant <= 1 / log(8.0) * (1 + 1e-12))
    }
  }

  /// Half the circle against the other half, by hand.
  @Test func twoHalves() throws {
    let comparison = try #require(
      FieldComparison(try density([2, 0]), try density([0, 2])))
    // ε²E₁ rises with slope 1 from −¼ to ¼ and falls again; E₂ is its negative. ‖E₁−E₂‖² = 4·(¼)²/3.
    #expect(abs(comparison.fieldDifference - (4 * 0.0625 / 3).squareRoot()) < 1e-14)
    // Either quarter moves by ¼ across its end of the half.
    #expect(abs(comparison.distance - 0.25) < 1e-12)
    // Over a cell of length h the field changes by h·1 and the modulus is ½·log 8·‖ρ−1‖ = ½·log 8.
    #expect(abs(comparison.logLipschitzConstant - 1 / log(8.0)) < 1e-12)
  }
}
