/// A truncated Newton step for the dual of an entropic problem.
///
/// With g the soft transform of f, the dual is a concave function of f alone. Its gradient is a − r
/// (r the plan's row sums) and its Hessian −(1/ε)(diag(r) − π diag(1/b) πᵀ), a graph Laplacian. The
/// step solves the Newton equations by conjugate gradients, scaled by the diagonal, with the
/// entries of the plan that matter stored: where the plan is sparse, one such iteration costs far
/// less than a sweep over all pairs. A multiple of the diagonal is added, because clusters of points
/// that hardly exchange mass make the equations nearly singular. Sources: C. Brauer, C. Clason,
/// D. Lorenz and B. Wirth, "A Sinkhorn–Newton method for entropic optimal transport" (2017),
/// arXiv:1710.06635; Z. Tang and Y. Qiu, "Safe and sparse Newton method for entropic-regularized
/// optimal transport" (2024).
struct NewtonStep {
  /// The change of f, in units of ε.
  let change: [Double]

  private let coupling: SparseCoupling
  private let inverseRoots: [Double]
  private let inverseColumns: [Double]

  /// The step for a gradient.
  ///
  /// - Parameters:
  ///   - coupling: the plan, whose own row and column sums stand in for r and b.
  ///   - gradient: a − r.
  ///   - columns: the number of target points.
  ///   - shift: the multiple of the diagonal that is added.
  ///   - tolerance: the residual at which conjugate gradients stop, relative to the gradient.
  init(
    _ coupling: SparseCoupling, gradient: [Double], columns: Int, shift: Double, tolerance: Double
  ) throws(SolverError) {
    self.coupling = coupling
    let rowSums = coupling.times(Array(repeating: 1, count: columns))
    let columnSums = coupling.transposedTimes(
      Array(repeating: 1, count: gradient.count), count: columns)
    // Rows without entries stay where they are.
    inverseRoots = rowSums.map { $0 > 0 ? 1 / $0.squareRoot() : 0 }
    inverseColumns = columnSums.map { $0 > 0 ? 1 / $0 : 0 }
    let right = zip(gradient, inverseRoots).map { $0 * $1 }
    let solution = try Self.conjugateGradients(
      right, tolerance: tolerance,
      operator: { [coupling, inverseRoots, inverseColumns] x in
        let transposed = coupling.transposedTimes(
          zip(x, inverseRoots).map { $0 * $1 }, count: columns)
        let product = coupling.times(zip(transposed, inverseColumns).map { $0 * $1 })
        // The identity part where there are rows.
        return x.indices.map {
          inverseRoots[$0] > 0 ? (1 + shift) * x[$0] - inverseRoots[$0] * product[$0] : 0
        }
      })
    change = zip(solution, inverseRoots).map { $0 * $1 }
  }

  /// An approximate solution of A x = b for a positive semidefinite A.
  private static func conjugateGradients(
    _ right: [Double], tolerance: Double, operator apply: ([Double]) -> [Double]
  ) throws(SolverError) -> [Double] {
    func dot(_ x: [Double], _ y: [Double]) -> Double {
      var sum = 0.0
      for index in x.indices { sum += x[index] * y[index] }
      return sum
    }
    var x = [Double](repeating: 0, count: right.count)
    var residual = right
    var direction = right
    var square = dot(residual, residual)
    let goal = square * tolerance * tolerance
    for _ in 0..<min(2 * right.count + 10, 500) where square > goal {
      try SolverWatch.check()
      let image = apply(direction)
      let curvature = dot(direction, image)
      // Along the null space, or by rounding: nothing more to be had.
      guard curvature > 1e-15 * dot(direction, direction) else { break }
      let length = square / curvature
      for index in x.indices {
        x[index] += length * direction[index]
        residual[index] -= length * image[index]
      }
      let next = dot(residual, residual)
      let ratio = next / square
      square = next
      for index in x.indices { direction[index] = residual[index] + ratio * direction[index] }
    }
    return x
  }
}
