import OptimalTransport

/// Points of the open unit cube: random ones, or the even ones of a quiet start.
///
/// The even points are the Hammersley set: the first coordinate of point i of N is (i + ½)/N, the
/// others are the radical inverses of i + 1 in the bases 2, 3, 5, …, shifted by seeded random
/// numbers and wrapped, so that a seed still gives a sample of its own. Source: J. M. Hammersley,
/// "Monte Carlo methods for solving multivariable problems" (1960), doi:10.1111/j.1749-6632.1960.tb42846.x.
struct UnitCubePoints {
  private let count: Int
  private let isQuiet: Bool
  private var generator: SeededGenerator
  private let shifts: [Double]

  private static let primes = [2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37, 41, 43, 47, 53]

  /// The largest dimension of the cube.
  static let largestDimension = primes.count + 1

  init(count: Int, dimension: Int, seed: UInt64, isQuiet: Bool) {
    self.count = count
    self.isQuiet = isQuiet
    generator = SeededGenerator(seed: seed)
    var generator = generator
    shifts = (0..<dimension).map { _ in isQuiet ? generator.uniform() : 0 }
  }

  /// The point of an index; to be called with indices in order.
  mutating func point(_ index: Int) -> [Double] {
    shifts.indices.map { axis in
      let value: Double
      if !isQuiet {
        value = generator.uniform()
      } else if axis == 0 {
        value = (Double(index) + 0.5) / Double(count)
      } else {
        let sum = Self.radicalInverse(index + 1, base: Self.primes[axis - 1]) + shifts[axis]
        value = sum < 1 ? sum : sum - 1
      }
      // The faces of the cube are left out: quantile functions are infinite there.
      return min(max(value, 0x1p-54), 1 - 0x1p-53)
    }
  }

  /// The digits of a number in a base, mirrored at the point.
  private static func radicalInverse(_ number: Int, base: Int) -> Double {
    var (rest, value, scale) = (number, 0.0, 1 / Double(base))
    while rest > 0 {
      value += Double(rest % base) * scale
      rest /= base
      scale /= Double(base)
    }
    return value
  }
}
