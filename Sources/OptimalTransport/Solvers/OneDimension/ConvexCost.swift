import Libc

/// The cost of a one-dimensional problem, h(x − y) = weight · |x − y|^exponent, on a line or on the
/// line that covers a circle, on which a point has an image on every turn.
///
/// For differences of at most half a circle it has the bits of the kernel's cost.
struct ConvexCost {
  /// The factor.
  let weight: Double
  /// The power of the distance, at least 1.
  let exponent: Double
  /// The length of the circle; infinite for a line.
  let length: Double

  /// h(x − (y + turns · length)), right to a few roundings.
  ///
  /// On a circle x and y lie in [0, length). One turn is written so that only numbers of the same
  /// sign are added, for the difference may be much smaller than the coordinates.
  @inline(__always)
  func callAsFunction(_ x: Double, _ y: Double, turns: Int = 0) -> Double {
    switch turns {
    case 0: value(x - y)
    case 1: value((length - x) + y)
    case -1: value((length - y) + x)
    default: value(x - y - Double(turns) * length)
    }
  }

  @inline(__always)
  private func value(_ difference: Double) -> Double {
    let square = difference * difference
    switch exponent {
    case 1: return weight * square.squareRoot()
    case 2: return weight * square
    case 3: return weight * (square * square.squareRoot())
    case 4: return weight * (square * square)
    default: return weight * pow(square, 0.5 * exponent)
    }
  }
}
