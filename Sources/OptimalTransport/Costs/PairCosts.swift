import TransportKernels

/// The costs of all pairs of a problem, computed when asked for, in the problem's own unit.
///
/// The unit is 2^`unitExponent`, chosen so that the largest cost lies between about ½ and 1: what a
/// solver computes with never overflows or underflows, whatever the scale of the data. Scaling is
/// by powers of two and changes no digit.
package struct PairCosts: Sendable {
  /// The number of source points.
  package let sourceCount: Int
  /// The number of target points.
  package let targetCount: Int
  /// A cost c in the caller's unit is c·2^−unitExponent here.
  package let unitExponent: Int
  /// Where costs come from.
  package let form: Form

  /// Where costs come from.
  package enum Form: Sendable {
    /// Block costs of scaled coordinates.
    case geometric(CostGeometry)
    /// A row-major matrix in the caller's unit.
    case matrix([Double])
    /// A function of the two indices, in the caller's unit.
    case function(@Sendable (Int, Int) -> Double)
  }

  /// A bound for the relative error of a computed cost, in units of 2^-53.
  package let roundingUnits: Double

  init(
    source: DiscreteMeasure, target: DiscreteMeasure, domain: ProductDomain, cost: GroundCost
  ) throws(ProblemError) {
    sourceCount = source.count
    targetCount = target.count
    switch cost {
    case .blocks(let blocks):
      let geometry = try CostGeometry(
        source: source, target: target, domain: domain, blocks: blocks)
      form = .geometric(geometry)
      unitExponent = geometry.unitExponent
      roundingUnits = geometry.roundingUnits
    case .matrix(let entries):
      guard entries.count == source.count * target.count else {
        throw .matrixSizeMismatch(expected: source.count * target.count, found: entries.count)
      }
      var largest = 0.0
      for (index, entry) in entries.enumerated() {
        try Self.check(entry, index / target.count, index % target.count)
        largest = max(largest, entry)
      }
      form = .matrix(entries)
      unitExponent = try Self.unitExponent(largest: largest)
      roundingUnits = 0
    case .function(let function):
      var largest = 0.0
      for i in 0..<source.count {
        for j in 0..<target.count {
          let value = function(i, j)
          try Self.check(value, i, j)
          largest = max(largest, value)
        }
      }
      form = .function(function)
      unitExponent = try Self.unitExponent(largest: largest)
      roundingUnits = 0
    }
  }

  private static func check(_ value: Double, _ i: Int, _ j: Int) throws(ProblemError) {
    guard value >= 0, value.isFinite else {
      throw .badCost(source: i, target: j, value: value)
    }
  }

  private static func unitExponent(largest: Double) throws(ProblemError) -> Int {
    guard largest > 0 else { return 0 }
    let exponent = Int(largest.exponent) + 1
    guard exponent.magnitude <= 1000 else {
      throw .costOutOfRange(binaryExponent: Double(exponent))
    }
    return exponent
  }

  /// The geometry of a block cost; `nil` for matrices and functions.
  package var geometry: CostGeometry? {
    if case .geometric(let geometry) = form { geometry } else { nil }
  }

  /// The cost of one pair.
  package func cost(_ source: Int, _ target: Int) -> Double {
    switch form {
    case .geometric(let geometry):
      geometry.cost(source, target)
    case .matrix(let entries):
      entries[source * targetCount + target].scaled(by: -unitExponent)
    case .function(let function):
      function(source, target).scaled(by: -unitExponent)
    }
  }

  /// Writes the costs of moving one source point to a range of targets.
  package func row(
    _ source: Int, _ targets: Range<Int>, into costs: UnsafeMutablePointer<Double>
  ) {
    if case .geometric(let geometry) = form {
      geometry.row(source, targets, into: costs)
    } else {
      for target in targets { costs[target - targets.lowerBound] = cost(source, target) }
    }
  }

  /// Writes the costs of moving a range of source points to one target.
  package func column(
    _ target: Int, _ sources: Range<Int>, into costs: UnsafeMutablePointer<Double>
  ) {
    if case .geometric(let geometry) = form {
      geometry.column(target, sources, into: costs)
    } else {
      for source in sources { costs[source - sources.lowerBound] = cost(source, target) }
    }
  }

  /// The smallest of cost − offsets[target] over all targets of one source point, and where.
  package func rowMinimum(
    _ source: Int, offsets: UnsafePointer<Double>
  ) -> (value: Double, target: Int) {
    if case .geometric(let geometry) = form {
      return geometry.rowMinimum(source, offsets: offsets)
    }
    var best = (value: Double.infinity, target: 0)
    for target in 0..<targetCount {
      let value = cost(source, target) - offsets[target]
      if value < best.value { best = (value, target) }
    }
    return best
  }

  /// The smallest of cost − offsets[source] over all sources of one target point, and where.
  package func columnMinimum(
    _ target: Int, offsets: UnsafePointer<Double>
  ) -> (value: Double, source: Int) {
    if case .geometric(let geometry) = form {
      return geometry.columnMinimum(target, offsets: offsets)
    }
    var best = (value: Double.infinity, source: 0)
    for source in 0..<sourceCount {
      let value = cost(source, target) - offsets[source]
      if value < best.value { best = (value, source) }
    }
    return best
  }
}
