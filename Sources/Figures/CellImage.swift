import OptimalTransport

/// Numbers over two coordinates, one for each cell of a rectangle: a density, or the means of what points carry.
public struct CellImage: Sendable, Hashable {
  /// The cells from left to right.
  public let horizontal: CellAxis
  /// The cells from the bottom to the top.
  public let vertical: CellAxis
  /// The number of each cell, row by row from the bottom; `nil` for a cell that has none.
  public let values: [Double?]

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
    let sums = Self.sums(of: masses, x, y, horizontal, vertical)
    let values = sums.map { $0.value / horizontal.width / vertical.width }
    guard values.allSatisfy(\.isFinite) else { return nil }
    self.init(values, horizontal, vertical)
  }

  /// The means of numbers at points, by mass; a cell without mass has none.
  ///
  /// - Parameters:
  ///   - numbers: one for each point.
  ///   - x: the horizontal coordinates.
  ///   - y: the vertical ones, as many.
  ///   - masses: one for each point.
  ///   - horizontal: the cells from left to right.
  ///   - vertical: the cells from the bottom to the top.
  /// - Returns: `nil` where a mean is beyond all numbers.
  /// - Complexity: O(n).
  public init?(
    meansOf numbers: [Double], x: [Double], y: [Double], masses: [Double], horizontal: CellAxis,
    vertical: CellAxis
  ) {
    let totals = Self.sums(of: masses, x, y, horizontal, vertical)
    let sums = Self.sums(of: zip(masses, numbers).map(*), x, y, horizontal, vertical)
    let values = zip(sums, totals).map { $1.value > 0 ? $0.value / $1.value : nil }
    guard values.allSatisfy({ $0?.isFinite ?? true }) else { return nil }
    self.init(values, horizontal, vertical)
  }

  private init(_ values: [Double?], _ horizontal: CellAxis, _ vertical: CellAxis) {
    (self.values, self.horizontal, self.vertical) = (values, horizontal, vertical)
  }

  /// The sum of what lies in each cell.
  private static func sums(
    of numbers: [Double], _ x: [Double], _ y: [Double], _ horizontal: CellAxis, _ vertical: CellAxis
  ) -> [CompensatedSum] {
    var sums = [CompensatedSum](
      repeating: CompensatedSum(), count: horizontal.count * vertical.count)
    for index in x.indices {
      guard let column = horizontal.cell(of: x[index]), let row = vertical.cell(of: y[index])
      else { continue }
      sums[row * horizontal.count + column].add(numbers[index])
    }
    return sums
  }

  /// This image minus another one on the same cells; a cell has a number where it has one in both.
  ///
  /// - Precondition: the axes are the same.
  public func subtracting(_ other: CellImage) -> CellImage {
    precondition(horizontal == other.horizontal && vertical == other.vertical)
    let differences = zip(values, other.values).map { first, second in
      first.flatMap { first in second.map { first - $0 } }
    }
    return CellImage(differences, horizontal, vertical)
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
