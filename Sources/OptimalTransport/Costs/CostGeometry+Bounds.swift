#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

extension CostGeometry {
  /// The difference of two coordinates on an axis, on a circle the shorter way.
  @inline(__always)
  private func difference(_ first: Double, _ second: Double, _ axis: Int) -> Double {
    let length = kernel.pointee.axis_lengths[axis]
    let plain = first - second
    if plain > length / 2 { return plain - length }
    if plain < -length / 2 { return plain + length }
    return plain
  }

  /// The gradient of y ↦ c(x, y); at a kink some subgradient.
  func gradient(
    at y: UnsafePointer<Double>, from x: UnsafePointer<Double>,
    into result: UnsafeMutablePointer<Double>
  ) {
    for block in blocks {
      var squares = 0.0
      for axis in block.axes {
        result[axis] = difference(y[axis], x[axis], axis)
        squares += result[axis] * result[axis]
      }
      let factor = slopeFactor(block, squares)
      for axis in block.axes { result[axis] *= factor }
    }
  }

  /// weight · p · ‖d‖^{p−2}, and 0 where that is not defined.
  @inline(__always)
  private func slopeFactor(_ block: CostBlock, _ squares: Double) -> Double {
    if block.exponent == 2 { return 2 * block.weight }
    guard squares > 0 else { return 0 }
    if block.exponent == 1 { return block.weight / squares.squareRoot() }
    return block.weight * block.exponent * pow(squares, 0.5 * block.exponent - 1)
  }

  @inline(__always)
  private func power(_ squares: Double, _ exponent: Double) -> Double {
    if exponent == 2 { return squares }
    if exponent == 1 { return squares.squareRoot() }
    return pow(squares, 0.5 * exponent)
  }

  /// A lower bound, over the box |y − middle| ≤ half, of c(x, y) − φ(y) for every function φ with
  /// φ ≤ greatest and φ(y) ≤ intercept + slope·(y − middle); lowered by what rounding may add.
  ///
  /// On each block the smallest of cost − slope·(y − middle) is bounded in one of three ways. With
  /// exponent 2 the axes separate and each minimum is known. A convex cost lies above its tangent
  /// at the middle. And the cost is at least that of the nearest point of the box, the slope at most
  /// its value at a corner. On a circle the cost is convex on the box only when the box does not
  /// reach the antipode of x; otherwise the third way is taken.
  @inline(__always)
  func lowerBound(
    _ x: UnsafePointer<Double>, middle: UnsafePointer<Double>, half: UnsafePointer<Double>,
    slope: UnsafePointer<Double>, greatest: Double, intercept: Double
  ) -> Double {
    let cost = kernel.pointee
    var (affine, constant, size) = (0.0, 0.0, 0.0)
    var axis = 0
    for block in 0..<Int(cost.block_count) {
      let (weight, exponent) = (cost.block_weights[block], cost.block_exponents[block])
      let end = Int(cost.block_ends[block])
      let first = axis
      var nearest = 0.0
      if exponent == 2 {
        var sum = 0.0
        while axis < end {
          let (h, s) = (half[axis], slope[axis])
          let d = difference(middle[axis], x[axis], axis)
          let gap = max(abs(d) - h, 0)
          nearest += gap * gap
          if abs(d) + h > cost.axis_lengths[axis] / 2 {
            sum += weight * gap * gap - abs(s) * h
          } else {
            let t = min(max(s / max(2 * weight, .leastNormalMagnitude) - d, -h), h)
            sum += weight * (d + t) * (d + t) - s * t
          }
          size += weight * (abs(d) + h) * (abs(d) + h) + abs(s) * h
          axis += 1
        }
        affine += sum
        constant += weight * nearest
      } else {
        var (squares, farthest, corner) = (0.0, 0.0, 0.0)
        var isConvex = true
        while axis < end {
          let h = half[axis]
          let d = difference(middle[axis], x[axis], axis)
          let gap = max(abs(d) - h, 0)
          nearest += gap * gap
          squares += d * d
          farthest += (abs(d) + h) * (abs(d) + h)
          corner += abs(slope[axis]) * h
          if abs(d) + h > cost.axis_lengths[axis] / 2 { isConvex = false }
          axis += 1
        }
        let least = weight * power(nearest, exponent)
        var best = least - corner
        if isConvex {
          let blockCost = CostBlock(axes: first..<end, weight: weight, exponent: exponent)
          let factor = slopeFactor(blockCost, squares)
          var tangent = weight * power(squares, exponent)
          for k in first..<end {
            tangent -= abs(factor * difference(middle[k], x[k], k) - slope[k]) * half[k]
          }
          best = max(best, tangent)
        }
        affine += best
        constant += least
        size += weight * power(farthest, exponent) * max(1, exponent) + corner
      }
    }
    let rounding =
      Double(4 * (axis + 16)) * Double.ulpOfOne * (size + abs(intercept) + abs(greatest))
    return max(affine - intercept, constant - greatest) - rounding
  }
}
