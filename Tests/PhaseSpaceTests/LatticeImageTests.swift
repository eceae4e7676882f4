import OptimalTransport
import TestSupport
import Testing

@testable import PhaseSpace

/// Twisted and free-flow costs on mixed boxes against a brute-force minimum over lattice images.
@Suite struct LatticeImageTests {
  @Test(arguments: [1, 2, 3], [1.0, 2, 3])
  func agreesWithTheSmallestImage(dimension: Int, p: Double) throws {
    var generator = SeededGenerator(seed: UInt64(dimension) * 10 + UInt64(p))
    for round in 0..<60 {
      let lengths = (0..<dimension).map { _ in 0.5 + generator.uniform() }
      let axes = lengths.enumerated().map { index, length in
        (index + round) % 3 == 2 ? CoordinateAxis.line : CoordinateAxis.circle(length: length)
      }
      let box = try ProductDomain(axes)
      func particle() throws -> PhaseSpaceMeasure {
        try PhaseSpaceMeasure(
          positions: lengths.map { [4 * generator.uniform() * $0 - $0] },
          velocities: lengths.map { _ in [3 * generator.uniform() - 1.5] }, box: box)
      }
      let (first, second) = (try particle(), try particle())
      let (a, b, c) = (1 + generator.uniform(), generator.uniform() - 0.5, 1 + generator.uniform())
      let twisted = try KineticMetric.twisted(a: a, b: b, c: c, exponent: p)
      let t = 2 * generator.uniform() - 1
      let free = try KineticMetric.freeFlow(time: t, exponent: p)
      let expected = smallest(first, second, axes) { x, v in
        let form = dot(x, x) * a + 2 * b * dot(x, v) + c * dot(v, v)
        return power(form.squareRoot(), p)
      }
      let expectedFree = smallest(first, second, axes) { x, v in
        let flown = zip(x, v).map { $0 - t * $1 }
        return power(dot(flown, flown).squareRoot(), p) + power(dot(v, v).squareRoot(), p)
      }
      let twistedCost = try twisted.distance(from: first, to: second).cost
      let freeCost = try free.distance(from: first, to: second).cost
      #expect(abs(twistedCost - expected) <= 1e-12 * expected)
      #expect(abs(freeCost - expectedFree) <= 1e-12 * expectedFree)
    }
  }

  /// The least of a form over the images of x − y within eleven lengths on each periodic axis.
  private func smallest(
    _ first: PhaseSpaceMeasure, _ second: PhaseSpaceMeasure, _ axes: [CoordinateAxis],
    _ form: ([Double], [Double]) -> Double
  ) -> Double {
    let v = axes.indices.map { first.velocity($0).reduce(0, +) - second.velocity($0).reduce(0, +) }
    var best = Double.infinity
    func search(_ x: [Double]) {
      let k = x.count
      guard k < axes.count else {
        best = min(best, form(x, v))
        return
      }
      let plain = first.position(k).reduce(0, +) - second.position(k).reduce(0, +)
      guard case .circle(let length) = axes[k] else { return search(x + [plain]) }
      for image in -11...11 { search(x + [plain + Double(image) * length]) }
    }
    search([])
    return best
  }

  private func dot(_ a: [Double], _ b: [Double]) -> Double {
    zip(a, b).reduce(0) { $0 + $1.0 * $1.1 }
  }
}
