import Foundation
import KineticTransport

/// One problem of the suites, small enough to be handed to a child process.
struct BenchmarkCase: Codable {
  /// What the points are.
  enum Points: Codable {
    /// n random points on either side, with random masses.
    case cloud(Family, count: Int)
    /// A grid of side × side cells on the unit square, on both sides.
    case grid(side: Int, isSmooth: Bool)
  }

  /// Which cost, on which domain.
  enum Metric: String, Codable {
    /// The Euclidean norm of all coordinates to the power p, in free space.
    case plain
    /// The same with all positions on circles of length 1.
    case periodic
    /// The norms of positions, on circles of length 1, and of velocities, each to the power p, added.
    case split
    /// a = 2, b = 0.9, c = 1, positions on circles.
    case twisted
    /// Split, freed from the free flow over t = 0.5, positions on circles.
    case freeFlow = "free-flow"
  }

  var points: Points
  var axes = 2
  var exponent = 2.0
  var metric = Metric.plain
  var seed: UInt64 = 1
  var repetitions = 1
  /// The relative width of the distance's bracket at which the solver may stop.
  var tolerance = 0.0
  /// Whether the solution is checked by the sweep over all pairs, after the time was taken.
  var verifies = false

  /// The problem.
  func problem() throws -> TransportProblem {
    let (source, target) = try measures()
    return try kineticMetric().problem(from: source, to: target)
  }

  private func kineticMetric() throws -> KineticMetric {
    switch metric {
    case .plain, .periodic: try .standard(exponent: exponent, form: .joint)
    case .split: try .standard(exponent: exponent, form: .split)
    case .twisted: try .twisted(a: 2, b: 0.9, c: 1, exponent: exponent)
    case .freeFlow: try .freeFlow(time: 0.5, exponent: exponent)
    }
  }

  /// Both sides as phase-space measures: the first half of the axes are positions.
  private func measures() throws -> (PhaseSpaceMeasure, PhaseSpaceMeasure) {
    let sides = try snapshots()
    return (try sides.source.measure(), try sides.target.measure())
  }

  /// Both sides as snapshots, which other programs can read.
  func snapshots() throws -> (source: Snapshot, target: Snapshot) {
    var generator = SeededGenerator(seed: seed)
    let box =
      try metric == .plain
      ? nil : ProductDomain(Array(repeating: .circle(length: 1), count: axes / 2))
    func snapshot(_ columns: [[Double]], _ weights: [Double]) -> Snapshot {
      Snapshot(
        positions: Array(columns.prefix(axes / 2)), velocities: Array(columns.dropFirst(axes / 2)),
        weights: weights, box: box)
    }
    switch points {
    case .cloud(let family, let count):
      let sides = family.points(count: count, axes: axes, &generator)
      func masses() -> [Double] { (0..<count).map { _ in generator.uniform() + 1e-3 } }
      return (snapshot(sides.source, masses()), snapshot(sides.target, masses()))
    case .grid(let side, let isSmooth):
      let centres = (0..<side).map { (Double($0) + 0.5) / Double(side) }
      let columns = [
        centres.flatMap { Array(repeating: $0, count: side) },
        Array((0..<side).map { _ in centres }.joined()),
      ]
      func masses(_ bumps: [(Double, Double, Double)]) -> [Double] {
        zip(columns[0], columns[1]).map { x, y in
          guard isSmooth else { return generator.uniform() + 1e-3 }
          return bumps.reduce(0.05) { sum, bump in
            let (dx, dy) = (x - bump.0, y - bump.1)
            return sum + exp(-(dx * dx + dy * dy) / (2 * bump.2 * bump.2))
          }
        }
      }
      return (
        snapshot(columns, masses([(0.3, 0.3, 0.12), (0.7, 0.6, 0.08)])),
        snapshot(columns, masses([(0.6, 0.3, 0.1), (0.25, 0.75, 0.15)]))
      )
    }
  }

  /// The number of points on either side.
  var count: Int {
    switch points {
    case .cloud(_, let count): count
    case .grid(let side, _): side * side
    }
  }

  /// A phrase for the first column of a table.
  var name: String {
    let points =
      switch points {
      case .cloud(let family, _): family.rawValue
      case .grid(let side, let isSmooth): "\(side)² \(isSmooth ? "smooth" : "random")"
      }
    return metric == .plain ? points : "\(points), \(metric.rawValue)"
  }

  /// This case with other settings.
  func with(_ change: (inout BenchmarkCase) -> Void) -> BenchmarkCase {
    var copy = self
    change(&copy)
    return copy
  }
}
