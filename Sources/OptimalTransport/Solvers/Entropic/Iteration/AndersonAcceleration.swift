/// Anderson's acceleration of a fixed-point iteration x ← T(x).
///
/// From the last few iterates it takes the combination whose residuals T(x) − x, combined in the
/// same way, are smallest in a weighted Euclidean norm. For a map whose linearisation is
/// self-adjoint in that norm, as Sinkhorn's is when the weights are the masses, this converges
/// about as conjugate gradients do: in the square root of the number of iterations.
/// Source: D. G. Anderson (1965), doi:10.1145/321296.321305; H. F. Walker and P. Ni (2011),
/// doi:10.1137/10078356X, whose differenced form this is.
struct AndersonAcceleration {
  private let depth: Int
  private let weights: [Double]
  private var previous: (image: [Double], residual: [Double])?
  private var imageSteps: [[Double]] = []
  private var residualSteps: [[Double]] = []
  private var products: [[Double]] = []

  /// An accelerator without memory.
  ///
  /// - Parameters:
  ///   - depth: how many steps are combined.
  ///   - weights: the weights of the norm, nonnegative.
  init(depth: Int, weights: [Double]) {
    self.depth = depth
    self.weights = weights
  }

  /// Forgets all steps.
  mutating func reset() {
    previous = nil
    imageSteps.removeAll()
    residualSteps.removeAll()
    products.removeAll()
  }

  /// The next iterate after x with T(x) = `image`; the image itself as long as nothing is
  /// remembered.
  ///
  /// - Complexity: O(depth · n).
  mutating func next(after x: [Double], image: [Double]) -> [Double] {
    let residual = zip(image, x).map { $0 - $1 }
    if let previous {
      remember(
        imageStep: zip(image, previous.image).map { $0 - $1 },
        residualStep: zip(residual, previous.residual).map { $0 - $1 })
    }
    previous = (image, residual)
    guard let coefficients = coefficients(of: residual) else { return image }
    var result = image
    for (step, coefficient) in zip(imageSteps, coefficients) where coefficient != 0 {
      for index in result.indices { result[index] -= coefficient * step[index] }
    }
    return result
  }

  private mutating func remember(imageStep: [Double], residualStep: [Double]) {
    if imageSteps.count == depth {
      imageSteps.removeFirst()
      residualSteps.removeFirst()
      products.removeFirst()
      for row in products.indices { products[row].removeFirst() }
    }
    imageSteps.append(imageStep)
    residualSteps.append(residualStep)
    let row = residualSteps.map { product($0, residualStep) }
    for index in products.indices { products[index].append(row[index]) }
    products.append(row)
  }

  /// The least-squares coefficients, by the normal equations with a relative shift of the diagonal:
  /// steps that are almost dependent are then shared and not played off against each other.
  private func coefficients(of residual: [Double]) -> [Double]? {
    let count = residualSteps.count
    guard count > 0 else { return nil }
    var matrix = products
    var right = residualSteps.map { product($0, residual) }
    // Each step is scaled to unit length first; lengths fall by orders of magnitude on the way.
    let lengths = (0..<count).map { matrix[$0][$0].squareRoot() }
    guard lengths.allSatisfy({ $0 > 0 && $0.isFinite }) else { return nil }
    for i in 0..<count {
      right[i] /= lengths[i]
      for j in 0..<count { matrix[i][j] /= lengths[i] * lengths[j] }
      matrix[i][i] += 1e-13
    }
    for k in 0..<count {
      guard matrix[k][k] > 0 else { return nil }
      for i in k + 1..<max(count, k + 1) {
        let factor = matrix[i][k] / matrix[k][k]
        for j in k..<count { matrix[i][j] -= factor * matrix[k][j] }
        right[i] -= factor * right[k]
      }
    }
    for k in stride(from: count - 1, through: 0, by: -1) {
      for j in k + 1..<max(count, k + 1) { right[k] -= matrix[k][j] * right[j] }
      right[k] /= matrix[k][k]
    }
    let coefficients = zip(right, lengths).map { $0 / $1 }
    return coefficients.allSatisfy(\.isFinite) ? coefficients : nil
  }

  private func product(_ first: [Double], _ second: [Double]) -> Double {
    var sum = 0.0
    for index in weights.indices { sum += weights[index] * first[index] * second[index] }
    return sum
  }
}
