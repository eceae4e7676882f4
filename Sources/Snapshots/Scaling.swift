import OptimalTransport
import PhaseSpace

/// Factors that coordinates are multiplied by. A phase-space distance adds positions to velocities,
/// so that its value depends on them.
public struct Scaling: Sendable, Equatable, Codable {
  /// One factor for each position axis.
  public let positions: [Double]
  /// One factor for each velocity axis.
  public let velocities: [Double]

  /// The scaling by given factors.
  public init(positions: [Double], velocities: [Double]) {
    self.positions = positions
    self.velocities = velocities
  }

  /// Whether nothing is changed.
  public var isIdentity: Bool { (positions + velocities).allSatisfy { $0 == 1 } }

  /// This scaling followed by another.
  ///
  /// - Throws: `PhaseSpaceError.scalingMismatch` unless both are of as many axes.
  public func followed(by other: Scaling) throws(PhaseSpaceError) -> Scaling {
    try other.checkAxes(positions: positions.count, velocities: velocities.count)
    return Scaling(
      positions: zip(positions, other.positions).map { $0 * $1 },
      velocities: zip(velocities, other.velocities).map { $0 * $1 })
  }

  fileprivate func checkAxes(positions: Int, velocities: Int) throws(PhaseSpaceError) {
    guard self.positions.count == positions, self.velocities.count == velocities else {
      throw .scalingMismatch(
        factors: [self.positions.count, self.velocities.count], axes: [positions, velocities])
    }
  }
}

extension Snapshot {
  /// The snapshot in other units; the box goes with the positions, the time stays.
  ///
  /// - Throws: `PhaseSpaceError.scalingMismatch` unless there is one factor for each axis, and
  ///   `PhaseSpaceError` for a box of another number of axes, or one with a length that is not
  ///   positive and finite any more.
  /// - Complexity: O(n).
  public func scaled(by scaling: Scaling) throws(PhaseSpaceError) -> Snapshot {
    try scaling.checkAxes(positions: positions.count, velocities: velocities.count)
    guard !scaling.isIdentity else { return self }
    let factors = scaling.positions + scaling.velocities
    let count = count
    var store = ColumnStore(rows: count, columns: factors.count)
    for (index, column) in (positions + velocities).enumerated() {
      guard column.count == count else {
        throw .measure(.axisCountMismatch(axis: index, expected: count, found: column.count))
      }
      let factor = factors[index]
      store.fill(index) { rows, numbers in
        column.withNumbers { old in
          for (place, row) in rows.enumerated() { numbers[place] = old[row] * factor }
        }
      }
    }
    let columns = store.columns
    var copy = self
    copy.positions = Array(columns.prefix(positions.count))
    copy.velocities = Array(columns.dropFirst(positions.count))
    if let box {
      guard box.dimension == positions.count else {
        throw .boxMismatch(box: box.dimension, positions: positions.count)
      }
      do throws(ProductDomainError) {
        copy.box = try ProductDomain(
          zip(box.axes, scaling.positions).map { axis, factor in
            axis.isPeriodic ? .circle(length: axis.length * factor) : .line
          })
      } catch {
        throw .domain(error)
      }
    }
    return copy
  }

  /// Some of the particles, drawn without replacement, each as likely as any other; they keep their
  /// order and their masses. All of them where there are not more.
  ///
  /// - Complexity: O(n).
  public func subsample(_ size: Int, using generator: inout SeededGenerator) -> Snapshot {
    guard size < count else { return self }
    // Selection sampling: Knuth, The Art of Computer Programming 2, algorithm 3.4.2 S.
    var chosen: [Int] = []
    chosen.reserveCapacity(size)
    for index in 0..<count where chosen.count < size {
      let needed = Double(size - chosen.count) / Double(count - index)
      if generator.uniform() < needed { chosen.append(index) }
    }
    return selecting(chosen)
  }

  /// Two random halves of the particles; the second has one more where their number is odd.
  ///
  /// - Complexity: O(n).
  public func randomHalves(
    using generator: inout SeededGenerator
  ) -> (first: Snapshot, second: Snapshot) {
    var order = Array(0..<count)
    order.shuffle(using: &generator)
    return (selecting(order[..<(count / 2)].sorted()), selecting(order[(count / 2)...].sorted()))
  }

  private func selecting(_ indices: [Int]) -> Snapshot {
    var copy = self
    func chosen(_ column: CoordinateColumn) -> CoordinateColumn {
      CoordinateColumn(indices.map { column[$0] })
    }
    copy.positions = positions.map(chosen)
    copy.velocities = velocities.map(chosen)
    copy.weights = weights.map { column in indices.map { column[$0] } }
    copy.ids = ids.map { ids in indices.map { ids[$0] } }
    return copy
  }
}
