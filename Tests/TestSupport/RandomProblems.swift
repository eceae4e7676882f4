import OptimalTransport

/// How the masses of a random measure are drawn.
public enum MassFamily: CaseIterable, Sendable {
  /// All the same.
  case equal
  /// Independent and uniform on (0, 1).
  case random
  /// Small integers, so that many partial sums coincide.
  case tied
  /// Some of them zero.
  case withZeros
}

extension SeededGenerator {
  /// Random masses of a family, with at least one of them positive.
  public mutating func masses(_ family: MassFamily, count: Int) -> [Double] {
    switch family {
    case .equal: Array(repeating: 1, count: count)
    case .random: (0..<count).map { _ in uniform() + 1e-3 }
    case .tied: (0..<count).map { _ in Double(1 + next() % 3) }
    case .withZeros: (0..<count).map { $0 > 0 && next() % 3 == 0 ? 0 : uniform() + 1e-3 }
    }
  }

  /// A random measure in [0, 1)^d; with `lattice`, on a coarse lattice, so that points coincide.
  public mutating func measure(
    count: Int, dimension: Int, masses family: MassFamily, lattice: Bool = false
  ) throws -> DiscreteMeasure {
    let axes = (0..<dimension).map { _ in
      (0..<count).map { _ in lattice ? Double(next() % 5) / 5 : uniform() }
    }
    return try DiscreteMeasure(axes: axes, masses: masses(family, count: count))
  }
}
