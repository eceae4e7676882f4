import CharacteristicFlows
import OptimalTransport

/// The points of a torus at which a smooth function is known: its derivatives there, and its values
/// between them.
struct PeriodicLattice: Sendable {
  /// The box: circles.
  let box: ProductDomain
  /// The number of points on each axis.
  let cells: [Int]
  /// Their distance on each axis.
  let steps: [Double]
  /// The distance of neighbours on each axis in an array, the last axis running fastest.
  private let strides: [Int]

  /// The points of a box of circles.
  ///
  /// - Precondition: periodic axes, each with at least six points.
  init(box: ProductDomain, cells: [Int]) {
    self.box = box
    self.cells = cells
    steps = zip(box.axes, cells).map { $0.length / Double($1) }
    strides = cells.indices.map { cells[($0 + 1)...].reduce(1, *) }
  }

  /// The points of a box of which a field needs a lattice.
  ///
  /// - Throws: `FlowError.badBox` unless there are one to three axes, all periodic, each with six to 32768
  ///   points, and at most 2²⁴ points in all.
  init(box: ProductDomain, cells: [Int], for field: String) throws(FlowError) {
    guard 1...3 ~= box.dimension, box.axes.allSatisfy(\.isPeriodic) else {
      throw .badBox(field: field, requirement: "one to three axes, all periodic")
    }
    guard cells.count == box.dimension, cells.allSatisfy({ 6...1 << 15 ~= $0 }),
      cells.reduce(1, *) <= 1 << 24
    else {
      throw .badBox(
        field: field,
        requirement: "a lattice of 6 to 32768 points for each axis, and at most 16777216 in all")
    }
    self.init(box: box, cells: cells)
  }

  /// The number of points.
  var count: Int { cells.reduce(1, *) }

  /// Coordinate k of point i at `places[k * count + i]`.
  var places: [Double] {
    cells.indices.flatMap { axis in
      (0..<count).map { Double($0 / strides[axis] % cells[axis]) * steps[axis] }
    }
  }

  /// −Σ uₖ∂ₖg by differences of order 5 that lean to where the velocity comes from, which damps what
  /// the lattice cannot show.
  ///
  /// - Parameter velocities: component k at point i at `velocities[k * count + i]`.
  func advection(of values: ArraySlice<Double>, by velocities: [Double]) -> [Double] {
    var result = [Double](repeating: 0, count: count)
    for axis in cells.indices {
      // The six points from three behind to two ahead.
      let weights = [2.0, -15, 60, -20, -30, 3].map { $0 / (60 * steps[axis]) }
      forEachLine(axis) { line, place in
        for index in 0..<cells[axis] {
          let velocity = velocities[axis * count + place(index)]
          let ahead = velocity < 0 ? -1 : 1
          var slope = 0.0
          for offset in 0..<6 {
            slope +=
              weights[offset] * values[values.startIndex + place(index + ahead * (offset - 3))]
          }
          result[place(index)] += velocity.magnitude * slope
        }
      }
    }
    return result
  }

  /// ∂g on an axis by central differences of order 6.
  func derivative(of values: ArraySlice<Double>, _ axis: Int) -> [Double] {
    var result = [Double](repeating: 0, count: count)
    let weights = [45.0, -9, 1].map { $0 / (60 * steps[axis]) }
    forEachLine(axis) { line, place in
      for index in 0..<cells[axis] {
        var slope = 0.0
        for distance in 1...3 {
          slope +=
            weights[distance - 1]
            * (values[values.startIndex + place(index + distance)]
              - values[values.startIndex + place(index - distance)])
        }
        result[place(index)] = slope
      }
    }
    return result
  }

  /// Calls the body for each line along an axis, with a function from points of the line, periodically,
  /// to their indices.
  private func forEachLine(_ axis: Int, _ body: (_ line: Int, _ place: (Int) -> Int) -> Void) {
    let (n, stride) = (cells[axis], strides[axis])
    for line in 0..<count / n {
      let start = line / stride * stride * n + line % stride
      body(line) { start + ($0 + 8 * n) % n * stride }
    }
  }

  /// Functions between the points, by the polynomials of degree 5 through the six nearest on each axis.
  ///
  /// - Parameters:
  ///   - functions: one after the other, `count` values each.
  ///   - places: coordinate k of place i at `places[k * n + i]`.
  /// - Returns: function f at place i at `f * n + i`.
  /// - Complexity: O(6^dimension) for each place and function.
  func values(_ functions: [Double], at places: [Double]) -> [Double] {
    let dimension = cells.count
    let n = places.count / dimension
    let functionCount = functions.count / count
    var result = [Double](repeating: 0, count: functionCount * n)
    for i in 0..<n {
      // Points and weights of the stencil, one axis after the other.
      var stencil = [(index: 0, weight: 1.0)]
      for axis in 0..<dimension {
        let turned = box.axes[axis].wrapped(places[axis * n + i]) / steps[axis]
        let below = turned.rounded(.down)
        let weights = Self.weights(turned - below)
        stencil = stencil.flatMap { point in
          (0..<6).map { offset in
            let cell = (Int(below) + offset - 2 + cells[axis]) % cells[axis]
            return (point.index + cell * strides[axis], point.weight * weights[offset])
          }
        }
      }
      for function in 0..<functionCount {
        var sum = 0.0
        for point in stencil { sum += point.weight * functions[function * count + point.index] }
        result[function * n + i] = sum
      }
    }
    return result
  }

  /// The weights of six points, from two before to three after, at a place between the third and the
  /// fourth.
  static func weights(_ part: Double) -> [Double] {
    (-2...3).map { own in
      (-2...3).reduce(1) { product, other in
        other == own ? product : product * (part - Double(other)) / Double(own - other)
      }
    }
  }
}
