import Libc

/// How OT_ε(μ, ν) changes with the measures: the derivatives of the least entropic cost.
public struct EntropicGradient: Sendable {
  /// ∂OT_ε/∂x: coordinate k of source point i at `k * count + i`, in units of cost per coordinate.
  public let sourcePoints: [Double]
  /// ∂OT_ε/∂y: coordinate k of target point j at `k * count + j`.
  public let targetPoints: [Double]
  /// ∂OT_ε/∂a: f, shifted so that Σ a_i f_i = 0. For a change δa with Σ δa_i = 0 the cost changes
  /// by Σ f_i δa_i.
  public let sourceMasses: [Double]
  /// ∂OT_ε/∂b: g, shifted so that Σ b_j g_j = 0.
  public let targetMasses: [Double]
}

extension EntropicSolution {
  /// Where the plan sends each source point on average: x_i + Σ_j π_ij (y_j − x_i) / Σ_j π_ij.
  ///
  /// Differences on a circle are the shorter way round, and the result is wrapped into it. A point
  /// without mass is sent where it would go if it had some. As ε → 0 this tends to the optimal map,
  /// where there is one. Source: A.-A. Pooladian and J. Niles-Weed, "Entropic estimation of optimal
  /// transport maps" (2021), arXiv:2109.12004.
  ///
  /// - Returns: coordinate k of the image of point i at `k * count + i`.
  /// - Throws: `SolverError.cancelled`, within the work of a solver that is stopped.
  /// - Complexity: O(nm) time, O(n + m) memory.
  public func barycentricProjection() throws(SolverError) -> [Double] {
    let (source, target, axes) = (problem.source, problem.target, problem.domain.axes)
    let (n, m, dimension) = (source.count, target.count, source.dimension)
    let sums = try point.kernel.reduce(
      .source, offsets: point.iteration.offsets(.target, point.kernel),
      shifts: point.iteration.rowShifts(point.kernel),
      initial: [Double](repeating: 0, count: dimension + 1)
    ) { sums, index, range, terms in
      for (term, other) in range.enumerated() where terms[term] > 0 {
        let weight = terms[term]
        sums[dimension] += weight
        for axis in 0..<dimension {
          sums[axis] +=
            weight
            * axes[axis].difference(
              target.coordinates[axis * m + other], source.coordinates[axis * n + index])
        }
      }
    }
    return (0..<dimension).flatMap { axis in
      (0..<n).map { index in
        let mass = sums[index][dimension]
        let mean = mass > 0 ? sums[index][axis] / mass : 0
        return axes[axis].wrapped(source.coordinates[axis * n + index] + mean)
      }
    }
  }

  /// The derivatives of OT_ε with respect to the points and masses of both measures.
  ///
  /// By the envelope theorem the plan and the potentials do not change to first order: the
  /// derivative in x_i is Σ_j π_ij ∂c(x_i, y_j)/∂x_i. Where a norm with exponent 1 is not
  /// differentiable, 0 is taken for its derivative.
  ///
  /// - Throws: `SolverError.unsuitable` for a matrix or function cost, which does not say how the
  ///   cost changes with the points.
  /// - Complexity: O(nm) time, O(n + m) memory.
  public func gradient() throws(SolverError) -> EntropicGradient {
    guard case .blocks(let blocks) = problem.cost else {
      throw .unsuitable(
        solver: "sinkhorn",
        reason: "gradients need a cost that depends on the points; give it as blocks of axes.")
    }
    func centered(_ potential: [Double], _ masses: [Double]) -> [Double] {
      let mean = CompensatedSum(zip(potential, masses).map { $0 * $1 }).value
      return potential.map { $0 - mean }
    }
    let potentials = potentials
    return try EntropicGradient(
      sourcePoints: pointGradient(.source, blocks), targetPoints: pointGradient(.target, blocks),
      sourceMasses: centered(potentials.source, problem.source.masses),
      targetMasses: centered(potentials.target, problem.target.masses))
  }

  private func pointGradient(_ side: TransportSide, _ blocks: [CostBlock])
    throws(SolverError) -> [Double]
  {
    let (here, there) =
      side == .source ? (problem.source, problem.target) : (problem.target, problem.source)
    let (axes, n, m) = (problem.domain.axes, here.count, there.count)
    let kernel = point.kernel
    let rows = try kernel.reduce(
      side, offsets: point.iteration.offsets(side.opposite, kernel),
      shifts: point.iteration.potential(side).map { $0 * kernel.scale },
      initial: [Double](repeating: 0, count: here.dimension)
    ) { sums, index, range, terms in
      for block in blocks {
        for (term, other) in range.enumerated() where terms[term] > 0 {
          var square = 0.0
          for axis in block.axes {
            let difference = axes[axis].difference(
              here.coordinates[axis * n + index], there.coordinates[axis * m + other])
            square += difference * difference
          }
          guard square > 0 else { continue }
          let power = block.exponent == 2 ? 1 : pow(square, block.exponent / 2 - 1)
          let factor = terms[term] * block.weight * block.exponent * power
          for axis in block.axes {
            sums[axis] +=
              factor
              * axes[axis].difference(
                here.coordinates[axis * n + index], there.coordinates[axis * m + other])
          }
        }
      }
    }
    return (0..<here.dimension).flatMap { axis in
      (0..<n).map { here.masses[$0] * rows[$0][axis] }
    }
  }
}
