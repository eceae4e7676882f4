import Libc

/// Both inequalities of Lemma 3.6 for the densities of two histograms on the unit torus.
///
/// With −ε²ΔΨ_i = ρ_i − 1:
/// ε²‖∇Ψ₁ − ∇Ψ₂‖_{L²} ≤ max(‖ρ₁‖_∞, ‖ρ₂‖_∞)^{1/2}·W₂(ρ₁, ρ₂), and
/// ε²|∇Ψ_i(x) − ∇Ψ_i(y)| ≤ C|x−y|·log(4√d/|x−y|)·‖ρ_i − 1‖_∞. In dimension one every term is exact for
/// the piecewise constant densities: neither particles nor a mesh approximates it. In two and three
/// the fields are sums of Fourier modes (`CellDensityField`), and W₂ is that of the masses at the
/// centres of the cells, which carries over to the densities cell by cell and so bounds their W₂ from
/// above: by `distanceExcess` at most.
public struct FieldComparison: Sendable, Hashable {
  /// ε²‖∇Ψ₁ − ∇Ψ₂‖_{L²}, the left side of the first inequality.
  public let fieldDifference: Double
  /// W₂(ρ₁, ρ₂), or an upper bound of it.
  public let distance: Double
  /// By how much the distance may be larger than W₂(ρ₁, ρ₂); 0 in dimension one.
  public let distanceExcess: Double
  /// max(‖ρ₁‖_∞, ‖ρ₂‖_∞).
  public let largestDensity: Double
  /// The smallest C of the second inequality, over pairs of edges (in dimension one) or centres of
  /// cells and both densities; 0 for uniform densities.
  public let logLipschitzConstant: Double

  /// The right side of the first inequality.
  public var bound: Double { largestDensity.squareRoot() * distance }

  /// The comparison of two densities.
  ///
  /// - Throws: `StabilityError` for histograms of different cells or more than three axes, or when the
  ///   transport problem is not solved.
  /// - Complexity: O(cells²), and beyond dimension one a transport problem between as many points as
  ///   there are cells.
  public init(_ first: DensityHistogram, _ second: DensityHistogram) throws(StabilityError) {
    guard first.cells == second.cells, first.cells.count <= 3 else {
      throw .badParameter(
        name: "number of cells", value: Double(second.values.count),
        requirement: "the same for both densities, on at most three axes")
    }
    largestDensity = max(first.maximum, second.maximum)
    guard first.cells.count > 1 else {
      let densities = [CircleDensity(first), CircleDensity(second)]
      let fields = densities.map(\.field)
      let count = fields[0].count
      var squares = 0.0
      for cell in 0..<count {
        let next = (cell + 1) % count
        let (a, b) = (fields[0][cell] - fields[1][cell], fields[0][next] - fields[1][next])
        squares += (a * a + a * b + b * b) / 3 / Double(count)
      }
      fieldDifference = squares.squareRoot()
      distance = densities[0].wasserstein(to: densities[1])
      distanceExcess = 0
      logLipschitzConstant = zip(densities, fields).reduce(0) { largest, pair in
        max(largest, Self.logLipschitzConstant(pair.0, pair.1))
      }
      return
    }
    let torus = try TorusDensities(cells: first.cells)
    fieldDifference = torus.fieldDifference(first, second)
    distance = try torus.distance(first, second)
    distanceExcess = torus.distanceExcess
    logLipschitzConstant = max(
      torus.logLipschitzConstant(first), torus.logLipschitzConstant(second))
  }

  private static func logLipschitzConstant(_ density: CircleDensity, _ field: [Double]) -> Double {
    let contrast = density.values.reduce(0) { max($0, abs($1 - 1)) }
    // Below this the histogram is uniform but for rounding.
    guard contrast > 1e-12 else { return 0 }
    let count = field.count
    var largest = 0.0
    for step in stride(from: 1, through: count / 2, by: 1) {
      let length = Double(step) / Double(count)
      let modulus = length * log(4 / length) * contrast
      for cell in 0..<count {
        largest = max(largest, abs(field[(cell + step) % count] - field[cell]) / modulus)
      }
    }
    return largest
  }
}
