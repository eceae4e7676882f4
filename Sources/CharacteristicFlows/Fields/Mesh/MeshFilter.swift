import Libc

extension ParticleMeshField {
  /// What becomes of the waves that a mesh cannot show: the regularisation of the force.
  ///
  /// Let θ be a wavevector in units of the cells, |θₐ| ≤ π, and W(θ) the transform of the spline by
  /// which particles and mesh meet. The force of a mass is that of −ε²|k|²U_k = F(θ) for a factor F.
  public enum Filter: String, Sendable, CaseIterable {
    /// F = e^{−q}(1 + q + q²/2 + q³/6 + q⁴/24), q = 5|θ|²/2: a Gaussian of the width of √5 cells,
    /// corrected so that long waves are as good as untouched: 1 − F = q⁵/120 − …, which is 4·10⁻³ at ten
    /// cells a wave and 6·10⁻⁶ at twenty. The spline is divided out.
    ///
    /// The force between two particles tends to that of point charges: from about ten cells on, aliases
    /// are what is left, which fall at least like (h/r)² with the quadratic and (h/r)³ with the cubic
    /// spline; below six cells it is softened. At the edge of the mesh F is 4·10⁻⁷, which leaves no
    /// edge that would ring. Such kernels: J. T. Beale and A. Majda, J. Comput. Phys. 58 (1985),
    /// doi:10.1016/0021-9991(85)90176-7.
    case gaussian
    /// F = 1 for at most a third of the cells on each axis, and 0 beyond. The spline is divided out.
    ///
    /// Waves that are kept are exact but for aliases. A particle's own field rings, so the force
    /// between two of them does not converge: it belongs to smooth densities.
    case sharp
    /// F = W², as nothing is divided out: particles are clouds of the shape of the spline. The
    /// influence function is the one with the least error for such clouds, (8-22) of Hockney and
    /// Eastwood.
    ///
    /// It is the nearest to the true force at a few cells, but long waves are too weak by
    /// (degree + 1)|θ|²/12, and in three dimensions errors of a few per cent remain at all distances.
    case shape
  }
}

/// The tables of the modes of a mesh, in the order of FFTW's coefficients.
struct MeshModes {
  /// For each coefficient what multiplies the deposited mass to give the potential; 0 for modes that
  /// are left out.
  private(set) var influence: [Double] = []
  /// For each axis the wavenumber of each coefficient, 0 for the highest: its slope vanishes.
  private(set) var wavenumbers: [[Double]]

  private let degree: Int

  init(
    cells: [Int], box lengths: [Double], degree: Int, epsilon: Double,
    filter: ParticleMeshField.Filter
  ) {
    self.degree = degree
    wavenumbers = Array(repeating: [], count: cells.count)
    var sizes = cells
    sizes[cells.count - 1] = cells[cells.count - 1] / 2 + 1
    let axes = zip(zip(cells, sizes), lengths).map { size, length in
      (0..<size.1).map { Place(position: $0, cells: size.0, length: length, degree: degree) }
    }
    let count = sizes.reduce(1, *)
    influence.reserveCapacity(count)
    var own = axes.map { $0[0] }
    for index in 0..<count {
      var rest = index
      for axis in cells.indices.reversed() {
        own[axis] = axes[axis][rest % sizes[axis]]
        rest /= sizes[axis]
      }
      for axis in own.indices { wavenumbers[axis].append(own[axis].slope) }
      influence.append(index == 0 ? 0 : Self.factor(own, filter) / (epsilon * epsilon))
    }
  }

  /// A mode on one axis with its next alias, that of the same values on the mesh.
  private struct Place {
    /// θ and k.
    let angle: Double
    let wavenumber: Double
    /// W and its alias' k and W.
    let spline: Double
    let aliasWavenumber: Double
    let aliasSpline: Double
    let isKept: Bool
    let isHighest: Bool

    var slope: Double { isHighest ? 0 : wavenumber }

    init(position: Int, cells: Int, length: Double, degree: Int) {
      let mode = 2 * position > cells ? position - cells : position
      let alias = mode > 0 ? mode - cells : mode + cells
      func spline(_ mode: Int) -> Double {
        guard mode != 0 else { return 1 }
        let half = .pi * Double(mode) / Double(cells)
        return pow(sin(half) / half, Double(degree + 1))
      }
      angle = 2 * .pi * Double(mode) / Double(cells)
      wavenumber = 2 * .pi * Double(mode) / length
      self.spline = spline(mode)
      aliasWavenumber = 2 * .pi * Double(alias) / length
      aliasSpline = spline(alias)
      isKept = 3 * mode.magnitude <= cells
      isHighest = 2 * mode == cells
    }
  }

  /// What multiplies the deposited mass, times ε².
  private static func factor(_ own: [Place], _ filter: ParticleMeshField.Filter) -> Double {
    var (square, spline) = (0.0, 1.0)
    for place in own {
      square += place.wavenumber * place.wavenumber
      spline *= place.spline
    }
    switch filter {
    case .gaussian:
      let q = own.reduce(0) { $0 + 2.5 * $1.angle * $1.angle }
      let taper = exp(-q) * (1 + q * (1 + q / 2 * (1 + q / 3 * (1 + q / 4))))
      return taper / (square * spline * spline)
    case .sharp:
      return own.allSatisfy(\.isKept) ? 1 / (square * spline * spline) : 0
    case .shape:
      return optimum(own) / square
    }
  }

  /// Σ_n (k·k_n/|k_n|²)W(k_n)⁴ / (Σ_n W(k_n)²)² over the mode and the next aliases on each axis, behind
  /// which W⁴ is below 1e-5.
  private static func optimum(_ own: [Place]) -> Double {
    var (numerator, denominator) = (0.0, 1.0)
    for alias in 0..<1 << own.count {
      var (product, square, spline) = (0.0, 0.0, 1.0)
      for (axis, place) in own.enumerated() {
        let isAlias = alias >> axis & 1 == 1
        let wavenumber = isAlias ? place.aliasWavenumber : place.wavenumber
        product += place.wavenumber * wavenumber
        square += wavenumber * wavenumber
        spline *= isAlias ? place.aliasSpline : place.spline
      }
      numerator += product / square * spline * spline * spline * spline
    }
    for place in own {
      denominator *= place.spline * place.spline + place.aliasSpline * place.aliasSpline
    }
    return numerator / (denominator * denominator)
  }
}
