/// What a user may not have meant about two snapshots that are compared.
enum PairNote: Equatable, Codable {
  /// Neither has velocities.
  case noVelocities
  /// Neither states a box.
  case noBox
  /// They are of different times.
  case times(Double, Double)
  /// They have different raw masses.
  case masses(Double, Double)
  /// One part of the cost is so small beside the other that it plays none.
  case imbalance(CostPart, ratio: Double)

  /// A part of a cost.
  enum CostPart: String, Codable { case position, velocity }

  /// It in a sentence.
  var sentence: String {
    switch self {
    case .noVelocities: "The snapshots have no velocities; positions are compared."
    case .noBox: "The files state no box; space is taken as free (--box says otherwise)."
    case .times(let first, let second):
      "The snapshots are of different times, \(first) and \(second)."
    case .masses(let first, let second):
      "The raw masses differ, \(first) and \(second); both are normalised to 1."
    case .imbalance(let part, let ratio):
      "The \(part.rawValue) part of the cost is \(rough(ratio)) of the other part and plays no part in "
        + "the distance; choose units with --scale or --normalize, or a weight with --lambda."
    }
  }

  /// Whether it is about times, which differ in a series.
  var isOfTimes: Bool { if case .times = self { true } else { false } }

  private var hasNumbers: Bool { self != .noVelocities && self != .noBox }

  private var kind: Int {
    switch self {
    case .noVelocities: 0
    case .noBox: 1
    case .times: 2
    case .masses: 3
    case .imbalance(.position, _): 4
    case .imbalance(.velocity, _): 5
    }
  }

  /// The notes of several pairs, each kind once, with the number of pairs that it is true of.
  static func sentences(_ notes: [[PairNote]]) -> [String] {
    var found: [(first: PairNote, count: Int)] = []
    for note in notes.joined() {
      if let place = found.firstIndex(where: { $0.first.kind == note.kind }) {
        found[place].count += 1
      } else {
        found.append((note, 1))
      }
    }
    let pairs = notes.count
    return found.map { first, count in
      guard pairs > 1 else { return first.sentence }
      let numbers = count > 1 && first.hasNumbers ? "; the numbers are those of the first" : ""
      return "\(first.sentence) (In \(count) of \(pairs) pairs\(numbers).)"
    }
  }
}
