import Libc
import OptimalTransport

/// The collision operator on functions g(|v|)·v/|v| in two or three dimensions, where the velocity
/// lives: spectral elements of degree 16 in r = |v|.
///
/// −Cg = λg is the stationarity of ∫θ(g′² + (d−1)g²/r²)M r^{d−1}dr over ∫g²M r^{d−1}dr. Integrals are
/// taken at the points of Gauss and Lobatto that carry the unknowns, so that the mass is diagonal.
struct RadialOperator {
  private let temperature: Double
  private let dimension: Int
  /// |v| at the unknowns, and the weights of integrals over M r^{d−1}.
  private let radii: [Double]
  private let weights: [Double]
  /// The elements: their first unknown (−1 for r = 0, where g vanishes), half of their width.
  private let elements: [(first: Int, half: Double)]
  /// Quadrature weight times M r^{d−1} at the points of each element.
  private let elementWeights: [[Double]]
  private let rule = GaussRule.lobatto(degree: degree)

  private static let degree = 16
  private static let elementCount = 32

  /// The operator on a window of |v|.
  init(
    _ potential: VelocityPotential, temperature: Double, window: VelocityWindow, dimension: Int
  ) {
    self.temperature = temperature
    self.dimension = dimension
    let (low, high) = (window.range.lowerBound, window.range.upperBound)
    let half = (high - low) / Double(2 * Self.elementCount)
    // g vanishes at r = 0; where the window begins elsewhere, nothing flows through its end.
    let offset = low == 0 ? -1 : 0
    elements = (0..<Self.elementCount).map { (offset + Self.degree * $0, half) }
    let count = offset + Self.degree * Self.elementCount + 1
    var (radii, weights) = (
      Array(repeating: 0.0, count: count), Array(repeating: 0.0, count: count)
    )
    var all: [[Double]] = []
    for (index, element) in elements.enumerated() {
      let middle = low + Double(2 * index + 1) * half
      var own: [Double] = []
      for (point, node) in rule.nodes.enumerated() {
        let r = middle + half * node
        let weight =
          half * rule.weights[point] * pow(r, Double(dimension - 1))
          * exp((window.minimum - potential(r)) / temperature)
        own.append(weight)
        guard element.first + point >= 0 else { continue }
        radii[element.first + point] = r
        weights[element.first + point] += weight
      }
      all.append(own)
    }
    (self.radii, self.weights, elementWeights) = (radii, weights, all)
  }

  /// ⟨|v|²⟩/d.
  var variance: Double {
    moment { $0 * $0 } / (moment { _ in 1 } * Double(dimension))
  }

  /// −⟨r g⟩/d with Cg = r·M: the diffusion coefficient.
  ///
  /// - Throws: `KineticModelError.noConvergence`.
  func diffusion() throws(KineticModelError) -> Double {
    // Scaled by the square roots of the masses, the matrix has no range of e^{−W/θ} any more.
    let roots = weights.map { $0.squareRoot() }
    let right = zip(roots, radii).map { $0 * $1 }
    let solution = try LAPACK.solve(stiffness.scaled(by: roots.map { 1 / $0 }), right)
    // ⟨rg⟩²/E(g) is greatest, and D·d, at the solution: its error is the square of that of g.
    let overlap = CompensatedSum(zip(solution, right).map { $0 * $1 }).value
    return overlap * overlap
      / (energy(zip(solution, roots).map { $0 / $1 }) * moment { _ in 1 } * Double(dimension))
  }

  /// The modes of the lowest eigenvalues, in increasing order.
  ///
  /// - Throws: `KineticModelError.noConvergence`.
  func modes(_ count: Int) throws(KineticModelError) -> VelocityModes {
    let roots = weights.map { $0.squareRoot() }
    let found = try LAPACK.lowestEigenpairs(
      stiffness.scaled(by: roots.map { 1 / $0 }), count: count)
    let total = moment { _ in 1 }
    var modes = VelocityModes(eigenvalues: [], eigenvalueErrors: [], squaredMoments: [])
    for (value, vector) in zip(found.values, found.vectors) {
      // The quotient of energy and mass is a sum of positive terms and off by the square of the
      // vector's error, so it is better than the eigenvalue that came with the vector.
      let quotient = energy(zip(vector, roots).map { $0 / $1 })
      let overlap = CompensatedSum(
        vector.indices.map { vector[$0] * roots[$0] * radii[$0] }
      ).value
      modes.eigenvalues.append(quotient)
      modes.eigenvalueErrors.append((quotient - value).magnitude)
      modes.squaredMoments.append(overlap * overlap / (total * Double(dimension)))
    }
    return modes
  }

  // MARK: The form

  private func moment(_ function: (Double) -> Double) -> Double {
    // At r = 0, which is no unknown, r^{d−1} is 0.
    CompensatedSum(zip(weights, radii).map { $0 * function($1) }).value
  }

  /// θ(d−1)/r²·M r^{d−1} summed into the diagonal, and θg′²M r^{d−1} from each element.
  private var stiffness: SymmetricBand {
    var matrix = SymmetricBand(count: radii.count, width: Self.degree)
    let slopes = rule.differentiation
    for (element, weights) in zip(elements, elementWeights) {
      let factor = temperature / (element.half * element.half)
      for i in rule.nodes.indices where element.first + i >= 0 {
        for j in i..<rule.nodes.count {
          var sum = 0.0
          for point in rule.nodes.indices {
            sum += weights[point] * slopes[point][i] * slopes[point][j]
          }
          matrix[element.first + i, element.first + j] += factor * sum
        }
      }
    }
    for index in radii.indices { matrix[index, index] += angular(index) }
    return matrix
  }

  private func angular(_ index: Int) -> Double {
    temperature * Double(dimension - 1) * weights[index] / (radii[index] * radii[index])
  }

  /// E(g) = ∫θ(g′² + (d−1)g²/r²)M r^{d−1}dr, a sum of positive terms.
  private func energy(_ function: [Double]) -> Double {
    var sum = CompensatedSum()
    let slopes = rule.differentiation
    for (element, weights) in zip(elements, elementWeights) {
      let values = rule.nodes.indices.map {
        element.first + $0 < 0 ? 0 : function[element.first + $0]
      }
      // A constant has no slope; without it, less is lost to rounding.
      let own = values.map { $0 - values[Self.degree / 2] }
      for point in rule.nodes.indices {
        let slope = zip(slopes[point], own).reduce(0) { $0 + $1.0 * $1.1 } / element.half
        sum.add(temperature * weights[point] * slope * slope)
      }
    }
    for index in function.indices { sum.add(angular(index) * function[index] * function[index]) }
    return sum.value
  }
}
