/// An orthonormal modal basis of the discontinuous Galerkin method on the cell [−1, 1]^n: products of
/// normalised Legendre polynomials, in Gkeyll's order.
///
/// The serendipity space of order p is spanned by the monomials of superlinear degree at most p
/// (Arnold and Awanou, doi:10.1007/s10208-011-9087-3). It holds with a monomial all its divisors, so
/// that Legendre products with the same degrees span it as well.
struct ModalBasis {
  /// For each function its degree on each axis.
  let degrees: [[Int]]

  /// The serendipity basis of an order; `nil` where Gkeyll's order of functions is not known here:
  /// it is for order 1 on any number of axes and for order 2 on one or two.
  init?(serendipityOrder order: Int, dimension: Int) {
    switch (order, dimension) {
    case (1, 1...6):
      // By number of factors, and then by axes.
      degrees = (0..<1 << dimension).map { bits in
        (0..<dimension).map { bits >> $0 & 1 }
      }.sorted { first, second in
        let (left, right) = (first.reduce(0, +), second.reduce(0, +))
        return left == right ? second.lexicographicallyPrecedes(first) : left < right
      }
    case (2, 1): degrees = [[0], [1], [2]]
    case (2, 2):
      degrees = [[0, 0], [1, 0], [0, 1], [1, 1], [2, 0], [0, 2], [2, 1], [1, 2]]
    default: return nil
    }
  }

  /// The number of functions of a basis that Gkeyll writes; `nil` for one that is not known here.
  static func count(named name: String, order: Int, dimension: Int) -> Int? {
    switch name {
    case "serendipity":
      guard 0...3 ~= order, 1...6 ~= dimension else { return nil }
      let counts = [
        [1, 1, 1, 1, 1, 1], [2, 4, 8, 16, 32, 64], [3, 8, 20, 48, 112, 256],
        [4, 12, 32, 80, 192, 448],
      ]
      return counts[order][dimension - 1]
    case "tensor":
      guard 0...4 ~= order, 1...6 ~= dimension else { return nil }
      return (0..<dimension).reduce(1) { product, _ in product * (order + 1) }
    default: return nil
    }
  }

  /// For each part of a cell that is divided evenly on each axis, the last axis fastest, the mean of
  /// each function over it.
  func means(subcells: Int) -> [[Double]] {
    let dimension = degrees[0].count
    let parts = (0..<dimension).reduce(1) { product, _ in product * subcells }
    let table = (0...2).map { degree in
      (0..<subcells).map { Self.mean(degree: degree, part: $0, of: subcells) }
    }
    return (0..<parts).map { part in
      var index = [Int](repeating: 0, count: dimension)
      var rest = part
      for axis in (0..<dimension).reversed() {
        index[axis] = rest % subcells
        rest /= subcells
      }
      return degrees.map { degrees in
        zip(degrees, index).reduce(1) { product, pair in product * table[pair.0][pair.1] }
      }
    }
  }

  /// The mean of a normalised Legendre polynomial, of degree at most 2, over one of even parts of
  /// [−1, 1].
  private static func mean(degree: Int, part: Int, of parts: Int) -> Double {
    let lower = -1 + 2 * Double(part) / Double(parts)
    let upper = -1 + 2 * Double(part + 1) / Double(parts)
    switch degree {
    case 0: return 0.5.squareRoot()
    case 1: return 1.5.squareRoot() * (lower + upper) / 2
    default:
      let square = (lower * lower + lower * upper + upper * upper) / 3
      return 2.5.squareRoot() * (3 * square - 1) / 2
    }
  }
}
