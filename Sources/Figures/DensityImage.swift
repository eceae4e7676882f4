import OptimalTransport

/// A density over two coordinates, by its means over cells.
public struct DensityImage: Sendable, Hashable {
  /// The cells from left to right.
  public let horizontal: CellAxis
  /// The cells from the bottom to the top.
  public let vertical: CellAxis
  /// The density in each cell, row by row from the bottom.
  public let values: [Double]

  /// The density of masses at points; what lies beyond the axes is left out.
  ///
  /// - Parameters:
  ///   - x: the horizontal coordinates.
  ///   - y: the vertical ones, as many.
  ///   - masses: one for each point.
  ///   - horizontal: the cells from left to right.
  ///   - vertical: the cells from the bottom to the top.
  /// - Returns: `nil` where a density is no number, since a cell is too small.
  /// - Complexity: O(n).
  public init?(
    x: [Double], y: [Double], masses: [Double], horizontal: CellAxis, vertical: CellAxis
  ) {
    (self.horizontal, self.vertical) = (horizontal, vertical)
    var sums = [CompensatedSum](
      repeating: CompensatedSum(), count: horizontal.count * vertical.count)
    for index in x.indices {
      guard let column = horizontal.cell(of: x[index]), let row = vertical.cell(of: y[index])
      else { continue }
      sums[row * horizontal.count + column].add(masses[index])
    }
    values = sums.map { $0.value / horizontal.width / vertical.width }
    guard values.allSatisfy(\.isFinite) else { return nil }
  }

  private init(_ values: [Double], like other: DensityImage) {
    (horizontal, vertical) = (other.horizontal, other.vertical)
    self.values = values
  }

  /// This density minus another one on the same cells.
  ///
  /// - Precondition: the axes are the same.
  public func subtracting(_ other: DensityImage) -> DensityImage {
    precondition(horizontal == other.horizontal && vertical == other.vertical)
    return DensityImage(zip(values, other.values).map { $0 - $1 }, like: self)
  }

  /// The number of cells on an axis with which a sample shows its density and not its noise: 2n^{1/3} of n
  /// particles of equal mass, between 12 and 256. Masses that differ count as (Σm)²/Σm² equal ones (L. Kish,
  /// 1965).
  ///
  /// - Parameter samples: the masses of each sample that is shown; the smallest one decides.
  public static func cellCount(forMasses samples: [[Double]]) -> Int {
    let effective = samples.map { masses -> Double in
      let sum = CompensatedSum(masses).value
      let squares = CompensatedSum(masses.map { $0 * $0 }).value
      return squares > 0 ? sum * sum / squares : 1
    }
    let count = 2 * (effective.min() ?? 1).root(3)
    return Int(min(256, max(12, count)))
  }
}
