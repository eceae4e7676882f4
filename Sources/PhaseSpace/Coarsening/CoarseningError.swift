import OptimalTransport

/// Why particles cannot be coarsened, or coarsened measures not be compared.
public enum CoarseningError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The number of cells, or of particles to draw, is below 1.
  case badCount(of: String, Int)
  /// The triangle inequality, on which the bracket rests, does not hold.
  case nonlinear
  /// A grid has too many cells.
  case tooManyCells(most: Int)
  /// A chunk has other numbers of coordinates than those before; positions first, then velocities.
  case dimensionMismatch(expected: [Int], found: [Int])
  /// Some chunks have masses and some have none.
  case mixedMasses
  /// There are no particles, or none with mass.
  case noMass
  /// Coordinates or masses are so large or small that their squares are no numbers.
  case outOfRange(String, Double)
  /// The two measures were coarsened for different metrics, boxes or spaces.
  case differentMetrics
  /// What the particles lose was not measured, which takes a second look at them for p ≠ 2.
  case lossNotMeasured
  /// The particles of a second look are not those of the first.
  case differentParticles(expected: Int, found: Int)
  /// The metric does not fit the particles, or the cells could not be compared.
  case metric(KineticMetricError)
  /// The cells are no measure.
  case measure(PhaseSpaceError)

  /// A full sentence that says what was found and what was expected.
  public var description: String {
    switch self {
    case .badCount(let name, let count):
      "The number of \(name) is \(count); it must be at least 1."
    case .nonlinear:
      "A nonlinear distance does not satisfy the triangle inequality, so that nothing is proved of it "
        + "from coarsened measures; use a linear metric."
    case .tooManyCells(let most):
      "The grid has more than \(most) cells in all, the product of those on each axis; take fewer of them, or "
        + "cells that follow the particles."
    case .dimensionMismatch(let expected, let found):
      "Found particles of \(found[0]) position and \(found[1]) velocity coordinates, expected "
        + "\(expected[0]) and \(expected[1]) as before."
    case .mixedMasses:
      "Some chunks of particles have masses and some have none; all must have them or none."
    case .noMass:
      "There are no particles with mass; at least one is needed."
    case .outOfRange(let name, let value):
      "The largest \(name) is \(value); coarsening needs one between 2^-120 and 2^120; scale the data."
    case .differentMetrics:
      "The two measures were coarsened for different metrics, boxes or coordinates; they must be the same."
    case .lossNotMeasured:
      "What coarsening loses was not measured; for an exponent p other than 2 this takes a second look at "
        + "the particles."
    case .differentParticles(let expected, let found):
      "The first look at the particles found \(expected) and the second \(found); they must be the same."
    case .metric(let error): error.description
    case .measure(let error): error.description
    }
  }
}
