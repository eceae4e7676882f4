import OptimalTransport

/// What can be wrong with a phase-space measure or with a pair of them.
public enum PhaseSpaceError: Error, Hashable, Sendable, CustomStringConvertible {
  /// A number of the measure is wrong.
  case measure(MeasureError)
  /// A coordinate is infinite or not a number; particles count from 0 here and from 1 in the
  /// sentence, axes from 1 in the name: x1, x2, …, v1, v2, ….
  case badCoordinate(name: String, particle: Int, value: Double)
  /// An axis of the box is wrong.
  case domain(ProductDomainError)
  /// The box has another number of axes than the positions.
  case boxMismatch(box: Int, positions: Int)
  /// A scaling has more or fewer factors than there are axes; positions first, then velocities.
  case scalingMismatch(factors: [Int], axes: [Int])
  /// The time is infinite or not a number.
  case badTime(Double)

  /// A full sentence that says what was found and what was expected.
  public var description: String {
    switch self {
    case .measure(let error): error.description
    case .badCoordinate(let name, let particle, let value):
      "The coordinate \(name) of particle \(particle + 1) is \(value); it must be finite."
    case .domain(let error): error.description
    case .boxMismatch(let box, let positions):
      "The box has \(box) axes but there are \(positions) position coordinates."
    case .scalingMismatch(let factors, let axes):
      "There are \(factors[0]) factors for \(axes[0]) position axes and \(factors[1]) for \(axes[1]) "
        + "velocity axes; there must be one for each."
    case .badTime(let time): "The time is \(time); it must be finite."
    }
  }
}
