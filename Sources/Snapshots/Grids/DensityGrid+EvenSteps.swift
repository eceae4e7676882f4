import OptimalTransport

extension DensityGrid {
  /// The grid of a density whose nodes lie in equal steps, on a circle of positions.
  public struct EvenGrid: Sendable, Hashable {
    /// The length of the circle, of which the positions are equal parts.
    public let length: Double
    /// The velocities between which the grid lies, half a step beyond its nodes.
    public let velocityRange: ClosedRange<Double>
  }

  /// The grid, as methods on grids need it.
  ///
  /// - Parameter box: the box to use instead of the grid's own.
  /// - Throws: `DensityGridError` where the nodes do not lie in equal steps, there is no period, or the
  ///   positions and velocities do not fill the box and the stated range.
  /// - Complexity: O(nodes).
  public func evenGrid(box: ProductDomain? = nil) throws(DensityGridError) -> EvenGrid {
    let positionStep = try step(of: positions, "positions")
    guard case .circle(let length)? = (box ?? self.box)?.axes.first else { throw .noPeriod }
    let covered = positionStep * Double(positions.count)
    guard abs(length / covered - 1) < 1e-9 else {
      throw .periodMismatch(count: positions.count, step: positionStep, length: length)
    }
    let half = try step(of: velocities, "velocities") / 2
    let (low, high) = (velocities[0] - half, velocities[velocities.count - 1] + half)
    let range = velocityRange ?? low...high
    guard abs(range.lowerBound - low) <= 1e-6 * half, abs(range.upperBound - high) <= 1e-6 * half
    else { throw .rangeMismatch }
    return EvenGrid(length: length, velocityRange: range)
  }

  private func step(of nodes: [Double], _ name: String) throws(DensityGridError) -> Double {
    guard nodes.count > 1 else { throw .unevenSteps(of: name) }
    let step = (nodes[nodes.count - 1] - nodes[0]) / Double(nodes.count - 1)
    let isEven = nodes.enumerated().allSatisfy {
      abs($1 - nodes[0] - Double($0) * step) <= 1e-9 * step * Double(nodes.count)
    }
    guard isEven else { throw .unevenSteps(of: name) }
    return step
  }
}

/// Why a density stands on no even grid.
public enum DensityGridError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The nodes of an axis do not lie in equal steps.
  case unevenSteps(of: String)
  /// The position axis has no period.
  case noPeriod
  /// The positions do not make up the period.
  case periodMismatch(count: Int, step: Double, length: Double)
  /// The stated range of velocities does not end half a step beyond the nodes.
  case rangeMismatch

  /// A full sentence.
  public var description: String { sentence(naming: \.description) }

  /// A full sentence, with names for the choices that it points to.
  public func sentence(naming name: (ReadingChoice) -> String) -> String {
    switch self {
    case .unevenSteps(let name):
      "the \(name) of the grid must lie in equal steps, and they do not."
    case .noPeriod: "the grid needs a periodic box; state its length (\(name(.box)))."
    case .periodMismatch(let count, let step, let length):
      "the \(count) positions in steps of \(step) make a box of \(step * Double(count)), and it is "
        + "\(length); the last node must not repeat the first."
    case .rangeMismatch:
      "velocity_range does not end half a step beyond the velocities of the grid."
    }
  }
}
