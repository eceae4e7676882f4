import Libc
import OptimalTransport

/// The Schrödinger operator H = −√M⁻¹ C(√M ·) in one dimension as H = BᵀB, Bψ = √(θM)·(ψ/√M)′, on a
/// uniform grid with a node at v = 0.
///
/// B is bidiagonal with entries ±√θ/h·exp(−(W(edge) − W(node))/2θ), so that the singular values of B,
/// whose squares are the eigenvalues of H, follow from its entries to full relative accuracy even
/// where they are 10⁻³⁰: an eigenvalue solver for H itself returns noise below 10⁻¹⁶‖H‖.
struct BidiagonalOperator {
  /// h.
  let step: Double
  /// The velocities of the nodes.
  var velocities: [Double] { nodeExponents.indices.map { Double(first + $0) * step } }
  private let temperature: Double
  /// The velocity of the first node, in steps.
  private let first: Int
  /// The entries of each row: at the node left and right of the edge.
  private let left: [Double]
  private let right: [Double]
  /// W at the nodes and at the edges, less its minimum, over θ.
  private let nodeExponents: [Double]
  private let exponents: [Double]

  /// The operator with at least so many cells.
  init(
    _ potential: VelocityPotential, temperature: Double, window: VelocityWindow, cells: Int
  ) {
    let step = (window.range.upperBound - window.range.lowerBound) / Double(cells)
    let first = Int((window.range.lowerBound / step).rounded(.down))
    let last = Int((window.range.upperBound / step).rounded(.up))
    let nodes = (first...last).map { potential(Double($0) * step) }
    let edges = (first..<last).map { potential((Double($0) + 0.5) * step) }
    let factor = temperature.squareRoot() / step
    left = edges.indices.map { -factor * exp((nodes[$0] - edges[$0]) / (2 * temperature)) }
    right = edges.indices.map { factor * exp((nodes[$0 + 1] - edges[$0]) / (2 * temperature)) }
    nodeExponents = nodes.map { ($0 - window.minimum) / temperature }
    exponents = edges.map { ($0 - window.minimum) / temperature }
    (self.step, self.temperature, self.first) = (step, temperature, first)
  }

  /// λ₁ … λ_count.
  ///
  /// The value at the last node is taken for 0, which makes B square and λ₀, else exactly 0, the
  /// smallest of all; what that changes is below e^{−45} of λ₁.
  ///
  /// - Throws: `KineticModelError.noConvergence`.
  /// - Complexity: O(cells²).
  func eigenvalues(_ count: Int) throws(KineticModelError) -> [Double] {
    let values = try LAPACK.singularValues(
      diagonal: left, offDiagonal: Array(right.dropLast()))
    return values[1...count].map { $0 * $0 }
  }

  /// The eigenvectors y_n of BBᵀ, which belong to the edges: Bψ_n = √λ_n·y_n.
  ///
  /// BBᵀ has the eigenvalues of H but 0, so that its lowest one has no neighbour to be mixed with.
  ///
  /// - Throws: `KineticModelError.noConvergence`.
  /// - Complexity: O(cells·count).
  func edgeModes(_ count: Int) throws(KineticModelError) -> [[Double]] {
    let diagonal = left.indices.map { left[$0] * left[$0] + right[$0] * right[$0] }
    let offDiagonal = left.indices.dropLast().map { right[$0] * left[$0 + 1] }
    return try LAPACK.lowestEigenpairs(
      diagonal: diagonal, offDiagonal: offDiagonal, count: count
    ).vectors
  }

  /// ⟨v, p_n⟩²_M = θ/λ_n·⟨√M, y_n⟩² of a mode.
  func squaredMoment(of mode: [Double], eigenvalue: Double) -> Double {
    let (mass, overlap) = (
      CompensatedSum(exponents.map { exp(-$0) }).value,
      CompensatedSum(zip(exponents, mode).map { exp(-$0 / 2) * $1 }).value
    )
    return temperature / eigenvalue * overlap * overlap / mass
  }

  /// √M at the nodes, of norm 1: the mode of λ₀ = 0.
  var groundState: [Double] {
    let mass = CompensatedSum(nodeExponents.map { exp(-$0) }).value * step
    return nodeExponents.map { exp(-$0 / 2) / mass.squareRoot() }
  }

  /// ψ_n = p_n√M at the nodes, of norm 1 and positive at the greatest velocities.
  ///
  /// ψ_n = Bᵀy_n/√λ_n, which cancels where λ_n is small; there p_n is summed from its slope
  /// √(λ_n/θ)·y_n/√M, which is a sum of terms of one sign for the first mode.
  func eigenfunction(_ mode: [Double], eigenvalue: Double) -> [Double] {
    let scale = 1 / step.squareRoot()
    var values = [Double](repeating: 0, count: mode.count + 1)
    if eigenvalue > 1e-3 {
      for (edge, y) in mode.enumerated() {
        values[edge] += left[edge] * y * scale / eigenvalue.squareRoot()
        values[edge + 1] += right[edge] * y * scale / eigenvalue.squareRoot()
      }
    } else {
      let ground = groundState
      // In the outer tails y and √M both vanish, and their quotient is noise.
      let first = exponents.firstIndex { $0 < 40 } ?? 0
      let last = exponents.lastIndex { $0 < 40 } ?? 0
      let factor = (eigenvalue / temperature).squareRoot() * scale * step
      var p = [0.0]
      for (edge, y) in mode.enumerated() {
        // √M at the edge, by that at the node and the entry of B.
        let root = ground[edge] * -left[edge] * step / temperature.squareRoot()
        p.append(p[edge] + (first...last ~= edge ? factor * y / root : 0))
      }
      let mean = CompensatedSum(zip(p, ground).map { $0 * $1 * $1 }).value * step
      values = zip(p, ground).map { ($0 - mean) * $1 }
    }
    // The last value that is not in the tail.
    let largest = values.reduce(0) { max($0, $1.magnitude) }
    let last = values.last { $0.magnitude > 1e-3 * largest } ?? 0
    return last < 0 ? values.map { -$0 } : values
  }
}

extension VelocityModes {
  /// The modes in one dimension: grids of 400, 800, … cells, extrapolated in h². With 3200 cells it is
  /// usually enough; where two steps of the extrapolation differ by more than 1e-14, 6400 are taken.
  ///
  /// - Throws: `KineticModelError.noConvergence`.
  init(
    line potential: VelocityPotential, temperature: Double, window: VelocityWindow, count: Int
  ) throws(KineticModelError) {
    var (values, moments) = ([[Double]](), [[Double]]())
    var extrapolated: [Extrapolation] = []
    for level in 0..<5 {
      if level > 3, extrapolated.allSatisfy({ $0.error <= 1e-14 * $0.value }) { break }
      let bidiagonal = BidiagonalOperator(
        potential, temperature: temperature, window: window, cells: 400 << level)
      let eigenvalues = try bidiagonal.eigenvalues(count)
      values.append(eigenvalues)
      let squares = zip(try bidiagonal.edgeModes(count), eigenvalues).map { mode, eigenvalue in
        bidiagonal.squaredMoment(of: mode, eigenvalue: eigenvalue)
      }
      moments.append(Self.gathered(squares, eigenvalues))
      extrapolated = (0..<count).map { index in Extrapolation(values.map { $0[index] }) }
    }
    eigenvalues = extrapolated.map(\.value)
    eigenvalueErrors = extrapolated.map(\.error)
    squaredMoments = (0..<count).map { index in Extrapolation(moments.map { $0[index] }).value }
  }

  /// The squared moments where eigenvalues that are the same but for 1e-6 have one basis: the velocity's
  /// part among their modes is the first of them, and the others are orthogonal to the velocity. Any
  /// other basis would depend on the grid by chance.
  private static func gathered(_ squares: [Double], _ eigenvalues: [Double]) -> [Double] {
    var result = squares
    var first = 0
    for index in squares.indices.dropFirst() {
      if eigenvalues[index] - eigenvalues[index - 1] > 1e-6 * eigenvalues[index] {
        first = index
      } else {
        result[first] += result[index]
        result[index] = 0
      }
    }
    return result
  }
}

/// The limit of values at the steps h, h/2, h/4 … whose error is a series in h².
struct Extrapolation {
  /// What the sequence tends to.
  let value: Double
  /// How far it is from the next best one.
  let error: Double

  /// The diagonal of Richardson's table, up to where it no longer comes closer.
  ///
  /// - Precondition: at least one value.
  init(_ values: [Double]) {
    var row = values
    var (best, least) = (values[values.count - 1], Double.infinity)
    var power = 1.0
    while row.count > 1 {
      power *= 4
      let next = row.indices.dropFirst().map { row[$0] + (row[$0] - row[$0 - 1]) / (power - 1) }
      let change = (next[next.count - 1] - row[row.count - 1]).magnitude
      if change < least { (best, least) = (next[next.count - 1], change) }
      row = next
    }
    // The values themselves are rounded.
    (value, error) = (best, max(least, 1e-14 * best.magnitude))
  }
}
