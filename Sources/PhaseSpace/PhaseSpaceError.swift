import OptimalTransport

/// What can be wrong with a phase-space measure or with a pair of them.
public enum PhaseSpaceError: Error, Hashable, Sendable, CustomStringConvertible {
  /// A number of the measure is wrong.
  case measure(MeasureError)
  /// An axis of the box is wrong.
  case domain(DomainError)
  /// The box has another number of axes than the positions.
  case boxMismatch(box: Int, positions: Int)
  /// The time is infinite or not a number.
  case badTime(Double)

  /// A full sentence that says what was found and what would be right.
  public var description: String {
    switch self {
    case .measure(let error): error.description
    case .domain(let error): error.description
    case .boxMismatch(let box, let positions):
      "The box has \(box) axes but there are \(positions) position coordinates."
    case .badTime(let time): "The time is \(time); it must be finite."
    }
  }
}
