import Foundation
import KineticTransport

/// A random small problem made to break a solver: lattices, ties, duplicates, points on a line,
/// zero masses, masses and lengths of every size.
struct PathologicalProblem {
  let problem: TransportProblem
  /// What it is, so that a failure can be found again.
  let description: String

  /// The problem of an index; every kind comes up again and again.
  ///
  /// - Parameters:
  ///   - points: the numbers of points on either side.
  ///   - extremes: the powers of ten by which lengths, and apart from them masses, are scaled.
  init(
    _ generator: inout SeededGenerator, index: Int, points: ClosedRange<Int>,
    extremes: ClosedRange<Int>
  ) throws {
    func pick<Value>(_ values: [Value]) -> Value {
      values[Int(generator.next() % UInt64(values.count))]
    }
    func count() -> Int { points.lowerBound + Int(generator.next() % UInt64(points.count)) }
    let axes = 1 + index % 4
    let exponent = pick([1.0, 1, 2, 2, 3, 1.5])
    let layout = pick(["random", "lattice", "line", "duplicates", "one place"])
    let weighing = pick(["equal", "random", "tied", "zeros", "decades"])
    let decade = extremes.lowerBound + Int(generator.next() % UInt64(extremes.count))
    // A cost is a length to the power p; the largest must stay within a double's range.
    let scale = pow(10, Double(decade) / exponent.rounded(.up))
    let lengths = (0..<axes).map { _ in pick([1.0, 0.7, 3]) }
    let periodic = (0..<axes).map { _ in pick([false, false, true]) }

    func coordinates(_ count: Int) -> [[Double]] {
      var columns = (0..<axes).map { axis in
        (0..<count).map { _ in
          let place = layout == "lattice" ? Double(generator.next() % 4) / 4 : generator.uniform()
          return place * lengths[axis] * scale
        }
      }
      for point in 0..<count {
        let twin =
          switch layout {
          case "duplicates" where point > 0 && generator.next() % 2 == 0:
            Int(generator.next() % UInt64(point))
          case "one place": 0
          default: point
          }
        for axis in 0..<axes {
          columns[axis][point] =
            layout == "line" ? columns[0][point] * lengths[axis] / lengths[0] : columns[axis][twin]
        }
      }
      return columns
    }
    func masses(_ count: Int) -> [Double] {
      (0..<count).map { point in
        switch weighing {
        case "equal": 1
        case "random": generator.uniform() + 1e-3
        case "tied": Double(1 + generator.next() % 3)
        case "zeros": point > 0 && generator.next() % 3 == 0 ? 0 : generator.uniform() + 1e-3
        default: pow(10, Double(decade) * generator.uniform())
        }
      }
    }
    let sizes = (count(), count())
    let source = try DiscreteMeasure(axes: coordinates(sizes.0), masses: masses(sizes.0))
    // Now and then both sides hold the same points.
    let target =
      generator.next() % 8 == 0
      ? try DiscreteMeasure(
        coordinates: source.coordinates, dimension: axes, masses: masses(sizes.0))
      : try DiscreteMeasure(axes: coordinates(sizes.1), masses: masses(sizes.1))
    let split = axes / 2
    let isSplit = split > 0 && generator.next() % 2 == 0
    let blocks =
      isSplit
      ? [
        CostBlock(axes: 0..<split, weight: pick([1, 0.01, 25]), exponent: exponent),
        CostBlock(axes: split..<axes, exponent: exponent),
      ]
      : [CostBlock(axes: 0..<axes, exponent: exponent)]
    problem = try TransportProblem(
      from: source, to: target,
      domain: ProductDomain(
        (0..<axes).map { periodic[$0] ? .circle(length: lengths[$0] * scale) : .line }),
      cost: .blocks(blocks), exponent: exponent)
    description =
      "problem \(index): \(source.count) × \(target.count), \(axes) axes, p = \(exponent), "
      + "\(layout), masses \(weighing), 10^\(decade), \(isSplit ? "split" : "joint")"
  }
}
