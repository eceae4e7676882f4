/// A choice that a file leaves to whoever reads it: what the errors, notes and facts of readers point to.
public enum ReadingChoice: Sendable, Hashable, CustomStringConvertible {
  /// `ReadingOptions.species`, with one that the file has.
  case species(String)
  /// `ReadingOptions.iteration`, with a number, or what the file has in its place.
  case iteration(String)
  /// `ReadingOptions.includesLost`.
  case lostParticles
  /// `ReadingOptions.momentum`.
  case momentum
  /// `ReadingOptions.positionComponents` and `velocityComponents`.
  case components
  /// `ReadingOptions.drift`.
  case drift
  /// `ReadingOptions.reference`.
  case reference
  /// `ReadingOptions.gridPositionAxes`.
  case positionAxes
  /// `ReadingOptions.subcells`.
  case subcells
  /// A list of roles in `ReadingOptions.columns`.
  case columns
  /// `ReadingOptions.separator`.
  case separator
  /// `ReadingOptions.hasDecimalComma`.
  case decimalComma
  /// All columns as positions in `ReadingOptions.columns`.
  case points
  /// `ReadingOptions.datasets`.
  case datasets
  /// `Snapshot.box`.
  case box

  /// The property that makes the choice.
  public var description: String {
    switch self {
    case .species(let name): "ReadingOptions.species = \(name)"
    case .iteration(let number): "ReadingOptions.iteration = \(number)"
    case .lostParticles: "ReadingOptions.includesLost"
    case .momentum: "ReadingOptions.momentum"
    case .components: "ReadingOptions.positionComponents and velocityComponents"
    case .drift: "ReadingOptions.drift"
    case .reference: "ReadingOptions.reference"
    case .positionAxes: "ReadingOptions.gridPositionAxes"
    case .subcells: "ReadingOptions.subcells"
    case .columns: "ReadingOptions.columns"
    case .separator: "ReadingOptions.separator"
    case .decimalComma: "ReadingOptions.hasDecimalComma"
    case .points: "ReadingOptions.columns = .points"
    case .datasets: "ReadingOptions.datasets"
    case .box: "Snapshot.box"
    }
  }
}

/// What was assumed of a file or left out, in a sentence, and the choice that says otherwise.
public struct ReadingNote: Sendable, Hashable, CustomStringConvertible,
  ExpressibleByStringInterpolation
{
  /// The sentence; without its full stop where there is a choice.
  private let text: String
  /// What says otherwise; `nil` where nothing does.
  public let choice: ReadingChoice?

  /// A note from a full sentence.
  public init(stringLiteral sentence: String) { (text, choice) = (sentence, nil) }

  /// A note from a full sentence.
  public init(_ sentence: String) { (text, choice) = (sentence, nil) }

  /// A note from a sentence without its full stop, and what says otherwise.
  init(_ text: String, unless choice: ReadingChoice) { (self.text, self.choice) = (text, choice) }

  /// The sentence, with the property that says otherwise.
  public var description: String { sentence(naming: \.description) }

  /// The sentence, with a name for what says otherwise.
  public func sentence(naming name: (ReadingChoice) -> String) -> String {
    choice.map { "\(text) (\(name($0)) says otherwise)." } ?? text
  }
}
