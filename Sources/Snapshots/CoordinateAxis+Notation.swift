import OptimalTransport

extension CoordinateAxis {
  /// An axis from its notation in text: a positive length, or `free`; `nil` for anything else.
  package init?(notation: some StringProtocol) {
    if notation == "free" {
      self = .line
    } else if let length = Double(notation), length > 0, length.isFinite {
      self = .circle(length: length)
    } else {
      return nil
    }
  }

  /// The notation in text: the length of a circle, or `free`.
  package var notation: String {
    switch self {
    case .line: "free"
    case .circle(let length): length.description
    }
  }
}

extension ProductDomain {
  /// The notation of a box in text: its axes with commas between.
  package var notation: String { axes.map(\.notation).joined(separator: ",") }
}
