/// The product of lines and circles on which measures live, one axis for each coordinate.
public struct ProductDomain: Sendable, Hashable {
  /// The axes, in the order of the coordinates.
  public let axes: [CoordinateAxis]

  /// A domain with the given axes.
  ///
  /// - Throws: `ProductDomainError` when there is no axis, or a circle's length is not positive and finite.
  public init(_ axes: [CoordinateAxis]) throws(ProductDomainError) {
    guard !axes.isEmpty else { throw .noAxes }
    for (index, axis) in axes.enumerated() {
      if case .circle(let length) = axis, !(length > 0 && length.isFinite) {
        throw .badLength(axis: index, length: length)
      }
    }
    self.axes = axes
  }

  /// A domain whose axes are already known to be right.
  init(uncheckedAxes axes: [CoordinateAxis]) { self.axes = axes }

  /// A Euclidean space: `dimension` lines (at least one).
  public static func euclidean(dimension: Int) throws(ProductDomainError) -> ProductDomain {
    try ProductDomain(Array(repeating: .line, count: max(0, dimension)))
  }

  /// The number of axes.
  public var dimension: Int { axes.count }
}

/// What can be wrong with a domain.
public enum ProductDomainError: Error, Hashable, Sendable, CustomStringConvertible {
  /// There is no axis at all.
  case noAxes
  /// The circle on this axis has an impossible length.
  case badLength(axis: Int, length: Double)

  /// A full sentence.
  public var description: String {
    switch self {
    case .noAxes:
      "A domain needs at least one axis."
    case .badLength(let axis, let length):
      "Axis \(axis + 1) is a circle of length \(length); a length must be positive and finite."
    }
  }
}
