import Libc

extension CostGeometry {
  /// The difference of two scaled coordinates on an axis, on a circle the shorter way.
  @inline(__always)
  func difference(_ first: Double, _ second: Double, _ axis: Int) -> Double {
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
    for (block, square) in zip(blocks, blockSquares) {
      var squares = 0.0
      for axis in block.axes {
        result[axis] = difference(y[axis], x[axis], axis)
        squares += result[axis] * result[axis]
      }
      let factor = slopeFactor(block, squares) + 2 * square
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
}
