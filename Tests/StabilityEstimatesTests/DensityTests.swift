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
      box: ProductDomain([.circle(length: 1)]))
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
      box: ProductDomain([.circle(length: 3), .circle(length: 2)]))
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
      let comparison = try FieldComparison(sides[0], sides[1])
      let filling = 400
      let measures = try sides.map { side in
        let places = (0..<cells * filling).map { (Double($0) + 0.5) / Double(cells * filling) }
        return try PhaseSpaceMeasure(
          positions: [places], velocities: [],
          masses: places.indices.map { side.values[$0 / filling] },
          box: ProductDomain([.circle(length: 1)]))
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
    let comparison = try FieldComparison(
      try density([2, 0]), try density([0, 2]))
    // ε²E₁ rises with slope 1 from −¼ to ¼ and falls again; E₂ is its negative. ‖E₁−E₂‖² = 4·(¼)²/3.
    #expect(abs(comparison.fieldDifference - (4 * 0.0625 / 3).squareRoot()) < 1e-14)
    // Either quarter moves by ¼ across its end of the half.
    #expect(abs(comparison.distance - 0.25) < 1e-12)
    // Over a cell of length h the field changes by h·1 and the modulus is ½·log 8·‖ρ−1‖ = ½·log 8.
    #expect(abs(comparison.logLipschitzConstant - 1 / log(8.0)) < 1e-12)
  }

  // MARK: Two and three dimensions

  /// A density of given values on equal cells of a torus.
  private func density(_ values: [Double], cells: [Int]) throws -> DensityHistogram {
    let places = values.indices.map { index -> [Double] in
      var (rest, place) = (index, [Double](repeating: 0, count: cells.count))
      for axis in cells.indices.reversed() {
        place[axis] = (Double(rest % cells[axis]) + 0.5) / Double(cells[axis])
        rest /= cells[axis]
      }
      return place
    }
    let measure = try PhaseSpaceMeasure(
      positions: cells.indices.map { axis in places.map { $0[axis] } },
      velocities: cells.map { _ in places.map { _ in 0 } }, masses: values,
      box: ProductDomain(cells.map { _ in .circle(length: 1) }))
    return try DensityHistogram(ParticleState(measure), cells: cells)
  }

  /// Densities that do not depend on all axes but one: field and constant are those of dimension one,
  /// the latter with log(4√d/|x−y|) and at centres; the distance is at most that much larger.
  @Test(arguments: [[6, 4], [4, 6], [6, 2, 2], [2, 2, 6], [5, 3]], [0, 1, 2])
  func oneAxisAlone(_ cells: [Int], _ axis: Int) throws {
    guard axis < cells.count else { return }
    var generator = SeededGenerator(seed: 3)
    let count = cells[axis]
    let lines = (0..<2).map { _ in (0..<count).map { _ in 0.2 + generator.uniform() } }
    let flat = try lines.map { try density($0) }
    let stride = cells[(axis + 1)...].reduce(1, *)
    let full = try lines.map { line in
      try density(
        (0..<cells.reduce(1, *)).map { line[$0 / stride % count] }, cells: cells)
    }
    let exact = try FieldComparison(flat[0], flat[1])
    let found = try FieldComparison(full[0], full[1])
    // What the aliases leave out: half of 1/(5·8³), or of 1/(5·2³).
    let error = cells.count < 3 ? 2e-4 : 0.0125
    #expect(abs(found.fieldDifference / exact.fieldDifference - 1) < error)
    #expect(found.distance >= exact.distance * (1 - 1e-12))
    #expect(found.distance <= exact.distance + found.distanceExcess)
    #expect(abs(found.largestDensity / exact.largestDensity - 1) < 1e-12)
    #expect(found.fieldDifference <= found.bound)
    // At the centres of two cells the field vanishes.
    #expect(count == 2 || found.logLipschitzConstant > 0.1 * exact.logLipschitzConstant)
    #expect(found.logLipschitzConstant < exact.logLipschitzConstant)
  }

  /// A field that depends on both axes, against its Fourier series over the modes of one cell more
  /// finely divided: the cells of a coarse density are also those of a finer one.
  @Test func refinedCellsAreTheSameDensity() throws {
    var generator = SeededGenerator(seed: 9)
    func refined(_ values: [Double], _ factor: Int) -> [Double] {
      (0..<16 * factor * factor).map { index in
        values[index / (4 * factor) / factor * 4 + index % (4 * factor) / factor]
      }
    }
    let pair = (0..<2).map { _ in (0..<16).map { _ in generator.uniform() } }
    let found = try [1, 2, 6].map { factor in
      try FieldComparison(
        try density(refined(pair[0], factor), cells: [4 * factor, 4 * factor]),
        try density(refined(pair[1], factor), cells: [4 * factor, 4 * factor]))
    }
    for comparison in found {
      #expect(abs(comparison.fieldDifference / found[2].fieldDifference - 1) < 2e-4)
      #expect(comparison.fieldDifference <= comparison.bound)
      // The brackets of W₂ of the same densities meet.
      #expect(comparison.distance - comparison.distanceExcess <= found[2].distance)
      #expect(comparison.distance >= found[2].distance - found[2].distanceExcess)
    }
    let same = try FieldComparison(
      try density(pair[0], cells: [4, 4]), try density(pair[0], cells: [4, 4]))
    #expect(same.fieldDifference == 0 && same.distance == 0)
    #expect(throws: StabilityError.self) {
      try FieldComparison(
        try density(pair[0], cells: [4, 4]), try density(pair[0], cells: [2, 8]))
    }
  }
}
