import OptimalTransport

/// A random problem on which all exact solvers must agree, and what it is.
public struct AgreementProblem: Sendable {
  /// The ground costs of the kinetic metrics, of points of a position space or a phase space.
  public enum Form: String, CaseIterable, Sendable {
    /// |x − y|^p.
    case position
    /// (|x − y|² + |v − w|²)^{p/2}.
    case joint
    /// |x − y|^p + |v − w|^p.
    case split
    /// λ|x − y|^p + |v − w|^p.
    case anisotropic
    /// The split form of x + σv, which leaves the box of a periodic domain.
    case sheared
    /// (a|x − y|² + 2b(x − y)·(v − w) + c|v − w|²)^{p/2}.
    case twisted
  }

  /// Which position axes are circles of length 1; velocities lie on lines.
  public enum Periodicity: String, CaseIterable, Sendable {
    /// None of them.
    case free
    /// The first.
    case mixed
    /// All of them.
    case periodic
  }

  /// The problem.
  public let problem: TransportProblem
  /// Where it stands in its series, and everything that was chosen for it.
  public let description: String
}

extension SeededGenerator {
  /// One of some elements.
  public mutating func pick<Element>(_ elements: [Element]) -> Element {
    elements[Int(next() % UInt64(elements.count))]
  }

  /// The next problem of a series that runs through 1 to 3 space dimensions, the exponents 1 to 3
  /// and all families of masses, and draws the form of the cost, the periodic axes, whether points
  /// lie on a coarse lattice and whether the measures share points and repeat them.
  ///
  /// - Parameters:
  ///   - index: where the problem stands in the series.
  ///   - counts: how many points a measure may have.
  public mutating func agreementProblem(
    _ index: Int, counts: ClosedRange<Int>
  ) throws -> AgreementProblem {
    let dimension = 1 + index % 3
    let exponent = Double(1 + index / 3 % 3)
    let family = MassFamily.allCases[index / 9 % 4]
    // Positions thrice, so that enough problems have a single axis.
    let form = pick([.position, .position] + AgreementProblem.Form.allCases)
    let periodicity = pick(AgreementProblem.Periodicity.allCases)
    let isLattice = pick([true, false, false, false])
    let sharesPoints = pick([true, false, false, false])
    let axisCount = form == .position ? dimension : 2 * dimension
    let (source, target) = try measurePair(
      counts: counts, dimension: axisCount, masses: family, lattice: isLattice,
      sharingPoints: sharesPoints)
    let (shear, scales, blocks) = geometry(form, dimension, exponent)

    func transformed(_ measure: DiscreteMeasure) throws -> DiscreteMeasure {
      let axes = (0..<axisCount).map { axis in
        measure.axis(axis).indices.map { index -> Double in
          let x = measure.coordinates[index]
          guard axisCount > dimension else { return x }
          return axis < dimension
            ? scales.x * (x + shear * measure.coordinates[index + dimension * measure.count])
            : scales.v * x
        }
      }
      return try DiscreteMeasure(axes: axes, masses: measure.masses)
    }
    let circles = [.free: 0, .mixed: 1, .periodic: dimension][periodicity] ?? 0
    let domain = try ProductDomain(
      (0..<axisCount).map { $0 < circles ? .circle(length: scales.x) : .line })
    return try AgreementProblem(
      problem: TransportProblem(
        from: transformed(source), to: transformed(target), domain: domain, cost: .blocks(blocks),
        exponent: exponent),
      description: "problem \(index): \(source.count) × \(target.count), d = \(dimension), "
        + "p = \(exponent), \(form.rawValue), \(periodicity.rawValue), masses \(family)"
        + (isLattice ? ", lattice" : "") + (sharesPoints ? ", shared points" : ""))
  }

  /// Two measures; when they share points, the points of half the source appear twice in the source
  /// and once in the target.
  private mutating func measurePair(
    counts: ClosedRange<Int>, dimension: Int, masses family: MassFamily, lattice: Bool,
    sharingPoints: Bool
  ) throws -> (source: DiscreteMeasure, target: DiscreteMeasure) {
    let (n, m) = (pick(Array(counts)), pick(Array(counts)))
    guard sharingPoints, n > 1, m > 1 else {
      return (
        try measure(count: n, dimension: dimension, masses: family, lattice: lattice),
        try measure(count: m, dimension: dimension, masses: family, lattice: lattice)
      )
    }
    let shared = min(n, m) / 2
    func points(_ count: Int) throws -> [[Double]] {
      guard count > 0 else { return [] }
      let measure = try self.measure(
        count: count, dimension: dimension, masses: .equal, lattice: lattice)
      return (0..<count).map { measure.point($0) }
    }
    let common = try points(shared)
    return (
      try DiscreteMeasure(
        points: common + common + points(n - 2 * shared), masses: masses(family, count: n)),
      try DiscreteMeasure(points: common + points(m - shared), masses: masses(family, count: m))
    )
  }

  /// The shear of positions, the factors of positions and velocities, and the cost after both.
  private mutating func geometry(
    _ form: AgreementProblem.Form, _ dimension: Int, _ exponent: Double
  ) -> (shear: Double, scales: (x: Double, v: Double), blocks: [CostBlock]) {
    func split(weight: Double) -> [CostBlock] {
      [
        CostBlock(axes: 0..<dimension, weight: weight, exponent: exponent),
        CostBlock(axes: dimension..<2 * dimension, exponent: exponent),
      ]
    }
    let joint = [CostBlock(axes: 0..<2 * dimension, exponent: exponent)]
    switch form {
    case .position:
      return (0, (1, 1), [CostBlock(axes: 0..<dimension, exponent: exponent)])
    case .joint:
      return (0, (1, 1), joint)
    case .split:
      return (0, (1, 1), split(weight: 1))
    case .anisotropic:
      return (0, (1, 1), split(weight: pick([0.05, 3, 100])))
    case .sheared:
      return (pick([-3, -0.5, 2]), (1, 1), split(weight: 1))
    case .twisted:
      let (a, b, c) = (2.0, -0.6, 0.5)
      return (b / a, (a.squareRoot(), (c - b * b / a).squareRoot()), joint)
    }
  }
}
