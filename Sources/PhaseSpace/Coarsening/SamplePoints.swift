import OptimalTransport

/// The particles of a sample, which cuts put in order: those of each cell stand together.
struct SamplePoints {
  private var points: [Double]
  private let stride: Int
  private let scales: [Double]
  private let exponent: Double

  /// A cell with what its particles say of it.
  struct Cell {
    let range: Range<Int>
    let mean: [Double]
    /// The axis on which the particles differ most.
    let widestAxis: Int
    /// About the cost of moving the particles to their mean.
    let spread: Double
  }

  init(_ points: [Double], _ coordinates: MetricCoordinates) {
    self.points = points
    stride = coordinates.dimension + 1
    scales = coordinates.scales
    exponent = coordinates.metric.exponent
  }

  var count: Int { points.count / stride }

  /// The cell of some particles.
  func cell(_ range: Range<Int>) -> Cell {
    let dimension = stride - 1
    let first = range.lowerBound * stride
    var mass = 0.0
    var sums = [Double](repeating: 0, count: dimension)
    var squares = [Double](repeating: 0, count: dimension)
    points.withUnsafeBufferPointer { points in
      for start in Swift.stride(from: first, to: range.upperBound * stride, by: stride) {
        let weight = points[start + dimension]
        mass += weight
        for axis in 0..<dimension {
          let difference = points[start + axis] - points[first + axis]
          sums[axis] += weight * difference
          squares[axis] += weight * difference * difference
        }
      }
    }
    var mean = Array(points[first..<first + dimension])
    guard mass > 0 else { return Cell(range: range, mean: mean, widestAxis: 0, spread: 0) }
    var (widest, largest, total) = (0, 0.0, 0.0)
    for axis in 0..<dimension where squares[axis] > 0 {
      let shift = sums[axis] / mass
      mean[axis] += shift
      let variance = max(0, squares[axis] / mass - shift * shift) * scales[axis] * scales[axis]
      total += variance
      if variance > largest { (widest, largest) = (axis, variance) }
    }
    return Cell(
      range: range, mean: mean, widestAxis: widest, spread: mass * total.power(exponent / 2))
  }

  /// Cuts a cell at its mean.
  ///
  /// - Returns: the threshold, and the first particle that does not lie below it.
  /// - Precondition: the particles differ on the widest axis of the cell.
  mutating func cut(_ cell: Cell) -> (threshold: Double, middle: Int) {
    let axis = cell.widestAxis
    let middle = partition(cell.range, axis, cell.mean[axis])
    if middle > cell.range.lowerBound, middle < cell.range.upperBound {
      return (cell.mean[axis], middle)
    }
    // The mean of neighbouring numbers is rounded to one of them.
    let greatest = cell.range.reduce(-Double.infinity) { max($0, points[$1 * stride + axis]) }
    return (greatest, partition(cell.range, axis, greatest))
  }

  private mutating func partition(_ range: Range<Int>, _ axis: Int, _ threshold: Double) -> Int {
    var middle = range.lowerBound
    points.withUnsafeMutableBufferPointer { points in
      for index in range where points[index * stride + axis] < threshold {
        if index != middle {
          for offset in 0..<stride {
            points.swapAt(index * stride + offset, middle * stride + offset)
          }
        }
        middle += 1
      }
    }
    return middle
  }
}

/// Cells by their spread, the widest first; of equal ones the smallest number.
struct WidestCells {
  private var heap: [(cell: Int, spread: Double)] = []

  /// Adds a cell, unless its particles are all at one place.
  mutating func add(_ cell: Int, _ spread: Double) {
    guard spread > 0, spread.isFinite else { return }
    heap.append((cell, spread))
    var index = heap.count - 1
    while index > 0, precedes(index, (index - 1) / 2) {
      heap.swapAt(index, (index - 1) / 2)
      index = (index - 1) / 2
    }
  }

  /// Takes the widest cell out; `nil` where there is none.
  mutating func removeWidest() -> Int? {
    guard let widest = heap.first else { return nil }
    let last = heap.removeLast()
    guard !heap.isEmpty else { return widest.cell }
    heap[0] = last
    var index = 0
    while true {
      var best = index
      for child in [2 * index + 1, 2 * index + 2] where child < heap.count && precedes(child, best)
      {
        best = child
      }
      guard best != index else { return widest.cell }
      heap.swapAt(index, best)
      index = best
    }
  }

  private func precedes(_ first: Int, _ second: Int) -> Bool {
    let (one, other) = (heap[first], heap[second])
    return one.spread > other.spread || (one.spread == other.spread && one.cell < other.cell)
  }
}
