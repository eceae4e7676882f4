import Foundation
import KineticTransport

/// The families of random problems.
enum Family: String, Codable {
  /// Two uniform clouds in the same unit cube: displacements are small.
  case uniform
  /// A normal cloud against a mixture of three: displacements are large.
  case mixture
  /// Two counter-streaming beams against the same plasma later: thin structures, two scales.
  case twoStream = "two-stream"
  /// Broad beams against broader ones that are faster by 0.3: large displacements, with the split
  /// cost many of them equally good.
  case streams
  /// Two standard normal clouds, the second moved by 1 on each axis.
  case normal

  /// The families of the exact solver's suites.
  static let allCases: [Family] = [.uniform, .mixture, .twoStream]

  /// The points of both sides, axis by axis: positions first, then velocities.
  func points(
    count: Int, axes: Int, _ generator: inout SeededGenerator
  ) -> (source: [[Double]], target: [[Double]]) {
    switch self {
    case .uniform:
      return (
        Self.columns(count, axes) { generator.uniform() },
        Self.columns(count, axes) { generator.uniform() }
      )
    case .mixture:
      let source = Self.columns(count, axes) { generator.normal() }
      var target = Self.columns(count, axes) { 0.4 * generator.normal() }
      // Centres on the axes, some spreads away from the source and from each other.
      let centres = (0..<3).map { k in
        (0..<axes).map { axis in 4 * cos(2.1 * Double(k) + 1.3 * Double(axis)) }
      }
      for point in 0..<count {
        let centre = centres[Int(generator.next() % 3)]
        for axis in 0..<axes { target[axis][point] += centre[axis] }
      }
      return (source, target)
    case .normal:
      return (
        Self.columns(count, axes) { generator.normal() },
        Self.columns(count, axes) { 1 + generator.normal() }
      )
    case .streams:
      return (
        Self.broadBeams(count, axes, width: 0.25, shift: 0, &generator),
        Self.broadBeams(count, axes, width: 0.35, shift: 0.3, &generator)
      )
    case .twoStream:
      return (
        Self.beams(count, axes, amplitude: 0.05, phase: 0, &generator),
        Self.beams(count, axes, amplitude: 0.1, phase: 0.7, &generator)
      )
    }
  }

  private static func columns(
    _ count: Int, _ axes: Int, _ number: () -> Double
  ) -> [[Double]] {
    (0..<axes).map { _ in (0..<count).map { _ in number() } }
  }

  /// Positions in the unit cube; velocities normal around ±0.8 on the first axis and around 0 on the
  /// others, the first one shifted.
  private static func broadBeams(
    _ count: Int, _ axes: Int, width: Double, shift: Double, _ generator: inout SeededGenerator
  ) -> [[Double]] {
    var columns = [[Double]](repeating: [], count: axes)
    for _ in 0..<count {
      for axis in 0..<axes / 2 {
        columns[axis].append(generator.uniform())
        let beam = axis == 0 ? (generator.next() % 2 == 0 ? 0.8 : -0.8) + shift : 0
        columns[axes / 2 + axis].append(beam + width * generator.normal())
      }
    }
    return columns
  }

  /// Positions in the unit cube with a wave on the first axis; velocities in two beams on the first
  /// axis, whose speed follows the wave.
  private static func beams(
    _ count: Int, _ axes: Int, amplitude: Double, phase: Double,
    _ generator: inout SeededGenerator
  ) -> [[Double]] {
    var columns = [[Double]](repeating: [], count: axes)
    for _ in 0..<count {
      for axis in 0..<axes / 2 {
        let place = generator.uniform()
        let wave = axis == 0 ? amplitude * sin(2 * .pi * place + phase) : 0
        let beam = axis == 0 ? (generator.next() % 2 == 0 ? 1.0 : -1.0) : 0
        columns[axis].append((place + wave / 3).truncatingRemainder(dividingBy: 1))
        columns[axes / 2 + axis].append(beam * (1 + wave) + 0.15 * generator.normal())
      }
    }
    return columns
  }
}

extension SeededGenerator {
  /// A standard normal number (Box and Muller).
  mutating func normal() -> Double {
    (-2 * log(1 - uniform())).squareRoot() * cos(2 * .pi * uniform())
  }
}
