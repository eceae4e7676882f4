import KineticTransport

extension ReadingChoice {
  /// The option that makes the choice.
  var option: String {
    switch self {
    case .species(let name): "--species \(name)"
    case .iteration(let number): "FILE#\(number)"
    case .lostParticles: "--lost keep"
    case .momentum: "--momentum"
    case .components: "--positions and --velocities"
    case .drift: "--drift"
    case .reference: "--reference"
    case .positionAxes: "--position-axes"
    case .subcells: "--subcells"
    case .columns: "--columns"
    case .points: "--points"
    case .separator: "--separator"
    case .decimalComma: "--decimal comma"
    case .datasets: "--dataset"
    case .box: "--box"
    }
  }
}

extension ReadingNote {
  /// The sentence, with the option that says otherwise.
  var sentence: String { sentence(naming: \.option) }
}

extension SnapshotFact {
  /// The phrase, with the options that say otherwise.
  var phrase: String { phrase(naming: \.option) }
}
