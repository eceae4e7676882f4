import Libc

/// Quadrature on [−1, 1] at the points of Gauss and Legendre or of Lobatto, with what is needed to
/// integrate and differentiate the polynomial through the values there.
struct GaussRule {
  /// The points, ascending.
  let nodes: [Double]
  /// The weights, with sum 2.
  let weights: [Double]

  /// The rule of Gauss and Legendre, exact for polynomials of degree 2·count − 1.
  static func legendre(_ count: Int) -> GaussRule {
    var (nodes, weights) = ([Double](), [Double]())
    for index in 0..<count {
      var x = -cos(.pi * (Double(index) + 0.75) / (Double(count) + 0.5))
      for _ in 0..<8 {
        let p = legendrePolynomials(x, count)
        let slope = Double(count) * (x * p[count] - p[count - 1]) / (x * x - 1)
        x -= p[count] / slope
      }
      let p = legendrePolynomials(x, count)
      let slope = Double(count) * (x * p[count] - p[count - 1]) / (x * x - 1)
      nodes.append(x)
      weights.append(2 / ((1 - x * x) * slope * slope))
    }
    return GaussRule(nodes: nodes, weights: weights)
  }

  /// The rule of Gauss and Lobatto, which has the ends among its points and is exact for polynomials
  /// of degree 2·degree − 1.
  static func lobatto(degree: Int) -> GaussRule {
    var nodes: [Double] = []
    for index in 0...degree {
      var x = -cos(.pi * Double(index) / Double(degree))
      if 0 < index, index < degree {
        // The zeros of P′, by Newton's method with Legendre's equation for P″.
        for _ in 0..<16 {
          let p = legendrePolynomials(x, degree)
          let slope = Double(degree) * (x * p[degree] - p[degree - 1]) / (x * x - 1)
          let curvature =
            (2 * x * slope - Double(degree * (degree + 1)) * p[degree]) / (1 - x * x)
          x -= slope / curvature
        }
      }
      nodes.append(x)
    }
    let weights = nodes.map { x in
      let p = legendrePolynomials(x, degree)[degree]
      return 2 / (Double(degree * (degree + 1)) * p * p)
    }
    return GaussRule(nodes: nodes, weights: weights)
  }

  /// The matrix that takes values at the nodes to the integrals from −1 to each of them.
  ///
  /// - Precondition: the rule is one of Gauss and Legendre.
  var integration: [[Double]] {
    let count = nodes.count
    let polynomials = nodes.map { Self.legendrePolynomials($0, count) }
    return nodes.indices.map { i in
      nodes.indices.map { j in
        // Each value by its Legendre coefficients, (2k+1)∫P_k = P_{k+1} − P_{k−1}.
        var sum = nodes[i] + 1
        for k in 1..<count {
          sum += polynomials[j][k] * (polynomials[i][k + 1] - polynomials[i][k - 1])
        }
        return weights[j] / 2 * sum
      }
    }
  }

  /// The matrix that takes values at the nodes to the slopes there.
  var differentiation: [[Double]] {
    let factors = nodes.indices.map { i in
      nodes.indices.reduce(1) { $1 == i ? $0 : $0 * (nodes[i] - nodes[$1]) }
    }
    return nodes.indices.map { i in
      var row = nodes.indices.map { j in
        i == j ? 0 : factors[i] / (factors[j] * (nodes[i] - nodes[j]))
      }
      row[i] = -row.reduce(0, +)
      return row
    }
  }

  /// P_0 … P_degree at a place.
  private static func legendrePolynomials(_ x: Double, _ degree: Int) -> [Double] {
    var values = [1, x]
    for k in 1..<max(degree, 1) {
      values.append((Double(2 * k + 1) * x * values[k] - Double(k) * values[k - 1]) / Double(k + 1))
    }
    return values
  }
}
