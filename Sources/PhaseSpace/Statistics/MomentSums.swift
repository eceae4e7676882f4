import OptimalTransport

/// Sums over particles from which mass, means and covariances follow: of masses, of coordinates and of products
/// of two of them, each counted from a reference near the mean, so that little cancels.
///
/// Every sum carries what was rounded away from it along. Particles are summed in eight lanes by their numbers,
/// so that the sums depend on the particles and their order alone.
struct MomentSums: Sendable {
  /// What coordinates are counted from, in the unit of each axis.
  private var references: [Double]
  /// For each axis the exponent of a power of two above all of its coordinates.
  private var units: [Int?]
  /// The exponent of a power of two above all masses.
  private var massUnit: Int?
  private var masses = LaneSum()
  private var first: [LaneSum]
  /// For each axis the products with itself and with each later one.
  private var second: [[LaneSum]]
  private var isEmpty = true

  private var dimension: Int { references.count }

  init(dimension: Int) {
    references = Array(repeating: 0, count: dimension)
    units = Array(repeating: nil, count: dimension)
    first = Array(repeating: LaneSum(), count: dimension)
    second = (0..<dimension).map { Array(repeating: LaneSum(), count: dimension - $0) }
  }

  /// Adds a block of particles. All blocks but the last one have as many, a multiple of the lanes.
  mutating func add(_ columns: [ArraySlice<Double>], _ given: ArraySlice<Double>?) {
    let count = columns.first?.count ?? 0
    let padded = (count + Lanes.scalarCount - 1) & ~(Lanes.scalarCount - 1)
    let weights = scaledMasses(given, count: count, padded: padded)
    widenUnits(columns)
    if isEmpty { setReferences(columns, weights) }
    isEmpty = false
    let differences = differences(columns, padded: padded)
    sum(weights, differences, padded: padded)
  }

  // MARK: Units

  /// The masses in their unit, 1 where none are given, and 0 behind the last one.
  private mutating func scaledMasses(
    _ given: ArraySlice<Double>?, count: Int, padded: Int
  ) -> [Double] {
    var weights = [Double](repeating: 0, count: padded)
    guard let given else {
      for index in 0..<count { weights[index] = 1 }
      return weights
    }
    if let exponent = Self.exponent(above: given.reduce(0, max)), exponent > massUnit ?? .min {
      let shift = (massUnit ?? exponent) - exponent
      masses.scale(by: shift)
      for axis in 0..<dimension {
        first[axis].scale(by: shift)
        for place in second[axis].indices { second[axis][place].scale(by: shift) }
      }
      massUnit = exponent
    }
    guard let massUnit else { return weights }
    for (index, mass) in given.enumerated() { weights[index] = mass.scaled(by: -massUnit) }
    return weights
  }

  /// Makes units that hold the coordinates of a block; powers of two change no digit of what was summed.
  private mutating func widenUnits(_ columns: [ArraySlice<Double>]) {
    var shifts = [Int](repeating: 0, count: dimension)
    for axis in 0..<dimension {
      let largest = columns[axis].reduce(0) { max($0, $1.magnitude) }
      guard let exponent = Self.exponent(above: largest), exponent > units[axis] ?? .min else {
        continue
      }
      shifts[axis] = (units[axis] ?? exponent) - exponent
      units[axis] = exponent
    }
    for axis in 0..<dimension {
      references[axis] = references[axis].scaled(by: shifts[axis])
      first[axis].scale(by: shifts[axis])
      for place in second[axis].indices {
        second[axis][place].scale(by: shifts[axis] + shifts[axis + place])
      }
    }
  }

  /// Numbers are below a quarter of this power of two.
  private static func exponent(above largest: Double) -> Int? {
    largest > 0 ? Int(largest.exponent) + 3 : nil
  }

  // MARK: Sums

  /// Takes the mean of the first particles, or of those without masses, for what coordinates are counted from.
  private mutating func setReferences(_ columns: [ArraySlice<Double>], _ weights: [Double]) {
    let hasMass = weights.contains { $0 > 0 }
    for axis in 0..<dimension {
      guard let unit = units[axis] else { continue }
      // What has no mass beside others with some may be anywhere.
      let counted = zip(columns[axis], weights).lazy.filter { !hasMass || $1 > 0 }
        .map { (value: $0.scaled(by: -unit), weight: hasMass ? $1 : 1) }
      var (sum, total) = (CompensatedSum(), CompensatedSum())
      for (value, weight) in counted {
        sum.add(value * weight)
        total.add(weight)
      }
      let mean = sum.value / total.value
      // Of few digits, such that most differences are exact and the others are not all rounded the same way.
      let widest = counted.reduce(0) { max($0, abs($1.value - mean)) }
      let step = widest > 0 ? 1.0.scaled(by: Int(widest.exponent) - 20) : 0
      references[axis] = step > 0 ? (mean / step).rounded() * step : mean
    }
  }

  /// The coordinates from their references, axis by axis, with 0 behind the last one.
  private func differences(_ columns: [ArraySlice<Double>], padded: Int) -> [Double] {
    var differences = [Double](repeating: 0, count: dimension * padded)
    let (references, units) = (references, units)
    differences.withUnsafeMutableBufferPointer { differences in
      nonisolated(unsafe) let differences = differences
      Parallel.forEachChunk(of: dimension, costPerItem: Double(padded)) { axes in
        for axis in axes {
          guard let unit = units[axis] else { continue }
          // Small numbers take a factor that is no number itself.
          let factor = -1022...1023 ~= -unit ? 1.0.scaled(by: -unit) : nil
          let reference = references[axis]
          let start = axis * padded
          for (index, value) in columns[axis].enumerated() {
            differences[start + index] =
              (factor.map { value * $0 } ?? value.scaled(by: -unit)) - reference
          }
        }
      }
    }
    return differences
  }

  private mutating func sum(_ weights: [Double], _ differences: [Double], padded: Int) {
    let dimension = dimension
    weights.withUnsafeBytes { weights in
      for start in stride(from: 0, to: padded, by: Lanes.scalarCount) {
        masses.add(weights.loadUnaligned(fromByteOffset: start * 8, as: Lanes.self))
      }
      nonisolated(unsafe) let weights = weights
      differences.withUnsafeBytes { differences in
        nonisolated(unsafe) let differences = differences
        first.withUnsafeMutableBufferPointer { first in
          nonisolated(unsafe) let first = first
          second.withUnsafeMutableBufferPointer { second in
            nonisolated(unsafe) let second = second
            Parallel.forEachChunk(of: dimension, costPerItem: 8 * Double(padded)) { axes in
              for axis in axes {
                Self.add(weights, differences, axis, padded, &first[axis], &second[axis])
              }
            }
          }
        }
      }
    }
  }

  private static func add(
    _ weights: UnsafeRawBufferPointer, _ differences: UnsafeRawBufferPointer, _ axis: Int,
    _ padded: Int, _ first: inout LaneSum, _ second: inout [LaneSum]
  ) {
    for place in second.indices {
      var (sum, products) = (first, second[place])
      for start in stride(from: 0, to: padded, by: Lanes.scalarCount) {
        func lanes(_ axis: Int) -> Lanes {
          differences.loadUnaligned(fromByteOffset: (axis * padded + start) * 8, as: Lanes.self)
        }
        let weighted =
          weights.loadUnaligned(fromByteOffset: start * 8, as: Lanes.self) * lanes(axis)
        if place == 0 { sum.add(weighted) }
        products.add(weighted * lanes(axis + place))
      }
      (first, second[place]) = (sum, products)
    }
  }

  // MARK: Results

  /// The mean on an axis; not a number without any mass.
  func mean(_ axis: Int) -> Double {
    (references[axis] + first[axis].value / masses.value).scaled(by: units[axis] ?? 0)
  }

  /// The root of the mean square of the differences from the mean.
  func deviation(_ axis: Int) -> Double {
    scaledCovariance(axis, axis).squareRoot().scaled(by: units[axis] ?? 0)
  }

  /// The mean product of the differences from the means on two axes.
  func covariance(_ one: Int, _ other: Int) -> Double {
    let (low, high) = (min(one, other), max(one, other))
    return scaledCovariance(low, high).scaled(by: (units[low] ?? 0) + (units[high] ?? 0))
  }

  private func scaledCovariance(_ low: Int, _ high: Int) -> Double {
    let total = masses.value
    let means = (first[low].value / total, first[high].value / total)
    let covariance = second[low][high - low].value / total - means.0 * means.1
    // Rounding may leave less than nothing of a square.
    return low == high ? max(0, covariance) : covariance
  }
}

private typealias Lanes = SIMD8<Double>

/// Eight compensated sums.
private struct LaneSum: Sendable {
  private var high = Lanes.zero
  private var low = Lanes.zero

  /// Adds a term to each, by the exact sum of two numbers.
  ///
  /// Source: D. E. Knuth, The Art of Computer Programming 2, section 4.2.2, theorem B.
  @inline(__always)
  mutating func add(_ term: Lanes) {
    let sum = high + term
    let part = sum - high
    low += (high - (sum - part)) + (term - part)
    high = sum
  }

  mutating func scale(by exponent: Int) {
    guard exponent != 0 else { return }
    for lane in 0..<Lanes.scalarCount {
      high[lane] = high[lane].scaled(by: exponent)
      low[lane] = low[lane].scaled(by: exponent)
    }
  }

  /// The sum of all lanes.
  var value: Double {
    var sum = CompensatedSum()
    for lane in 0..<Lanes.scalarCount { sum.add(high[lane]) }
    for lane in 0..<Lanes.scalarCount { sum.add(low[lane]) }
    return sum.value
  }
}
