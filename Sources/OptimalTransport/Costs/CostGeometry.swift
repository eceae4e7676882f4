import Libc
import TransportKernels

/// The points and the block cost of a problem as the kernels take them: coordinates wrapped into
/// their circles, scaled block by block to a diameter near 1, axes that no block covers left out.
///
/// A reference, so that the pointers which the kernels follow stay where they are; immutable.
package final class CostGeometry: Sendable {
  /// The number of axes that the cost depends on (at least 1; a single axis of zeros when the
  /// cost depends on none).
  package let axisCount: Int
  /// The number of source points.
  package let sourceCount: Int
  /// The number of target points.
  package let targetCount: Int
  /// Scaled source coordinates: axis k of point i at `k * sourceCount + i`.
  nonisolated(unsafe) package let sources: UnsafePointer<Double>
  /// Scaled target coordinates: axis k of point j at `k * targetCount + j`.
  nonisolated(unsafe) package let targets: UnsafePointer<Double>
  /// The cost in the form of the kernels.
  nonisolated(unsafe) package let kernel: UnsafePointer<tk_block_cost>
  /// A cost c in the caller's unit is c·2^−unitExponent here.
  package let unitExponent: Int
  /// A bound for the relative error of a computed cost, in units of 2^-53.
  package let roundingUnits: Double
  /// A bound for the absolute error that underflow adds to that.
  package let underflow: Double
  /// The blocks in scaled units, their axes counted among `axisCount`.
  package let blocks: [CostBlock]
  /// The length of each axis in scaled units, infinite for a line.
  package let lengths: [Double]
  /// For each block what is added to its cost for each unit of the squared norm of the difference; 0
  /// but for regularized costs.
  let blockSquares: [Double]

  /// Whose coordinates these are, when they are not its own.
  private let original: CostGeometry?
  nonisolated(unsafe) private let storage: UnsafeMutablePointer<Double>
  nonisolated(unsafe) private let blockEnds: UnsafeMutablePointer<Int32>
  nonisolated(unsafe) private let kernelStorage: UnsafeMutablePointer<tk_block_cost>

  init(
    source: DiscreteMeasure, target: DiscreteMeasure, domain: ProductDomain, blocks: [CostBlock]
  ) throws(ProblemError) {
    try Self.check(blocks, dimension: source.dimension)
    let kept = blocks.filter { $0.weight > 0 }
    let axes = kept.flatMap { Array($0.axes) }
    let (n, m, k) = (source.count, target.count, max(axes.count, 1))
    let scales = kept.map { block in
      Self.scale(of: block, source: source, target: target, domain: domain)
    }
    let unit = try Self.unitExponent(of: kept, scales: scales)

    var scaledBlocks: [CostBlock] = []
    var start = 0
    for (block, scale) in zip(kept, scales) {
      scaledBlocks.append(
        CostBlock(
          axes: start..<start + block.axes.count,
          weight: Self.weight(of: block, scaledBy: scale.exponent, unit: unit),
          exponent: block.exponent))
      start += block.axes.count
    }
    if scaledBlocks.isEmpty {
      scaledBlocks = [CostBlock(axes: 0..<1, weight: 0, exponent: 2)]
    }

    let blockCount = scaledBlocks.count
    let capacity = (n + m) * k + k + 3 * blockCount
    storage = .allocate(capacity: capacity)
    storage.initialize(repeating: 0, count: capacity)
    blockEnds = .allocate(capacity: blockCount)
    kernelStorage = .allocate(capacity: 1)
    let (targetStart, lengthStart) = (storage + n * k, storage + (n + m) * k)
    let (weightStart, exponentStart) = (lengthStart + k, lengthStart + k + blockCount)
    lengthStart.update(repeating: .infinity, count: k)

    var position = 0
    for (block, scale) in zip(kept, scales) {
      for axis in block.axes {
        let kind = domain.axes[axis]
        let length = kind.length.scaled(by: -scale.exponent)
        lengthStart[position] = length
        Self.copy(source.axis(axis), kind, -scale.exponent, to: storage + position * n)
        Self.copy(target.axis(axis), kind, -scale.exponent, to: targetStart + position * m)
        position += 1
      }
    }
    for (index, block) in scaledBlocks.enumerated() {
      blockEnds[index] = Int32(block.axes.upperBound)
      weightStart[index] = block.weight
      exponentStart[index] = block.exponent
    }
    kernelStorage.initialize(
      to: tk_block_cost(
        axis_count: Int32(k), block_count: Int32(blockCount), axis_lengths: lengthStart,
        block_ends: blockEnds, block_weights: weightStart, block_exponents: exponentStart,
        block_squares: exponentStart + blockCount))

    axisCount = k
    sourceCount = n
    targetCount = m
    sources = UnsafePointer(storage)
    targets = UnsafePointer(targetStart)
    kernel = UnsafePointer(kernelStorage)
    unitExponent = unit
    self.blocks = scaledBlocks
    lengths = Array(UnsafeBufferPointer(start: lengthStart, count: k))
    roundingUnits = Self.roundingUnits(of: scaledBlocks)
    underflow = Self.underflow(
      of: scaledBlocks, [(storage, n), (targetStart, m), (lengthStart, 1)])
    blockSquares = Array(repeating: 0, count: blockCount)
    original = nil
  }

  /// The same points with a strictly convex cost: to each block of exponent 1, weight · ‖d‖,
  /// ε · (weight · ‖d‖)² is added.
  init(_ geometry: CostGeometry, regularizedBy epsilon: Double) {
    original = geometry
    axisCount = geometry.axisCount
    sourceCount = geometry.sourceCount
    targetCount = geometry.targetCount
    sources = geometry.sources
    targets = geometry.targets
    unitExponent = geometry.unitExponent
    roundingUnits = geometry.roundingUnits
    underflow = geometry.underflow
    blocks = geometry.blocks
    lengths = geometry.lengths
    blockSquares = geometry.blocks.map {
      $0.exponent == 1 ? epsilon * $0.weight * $0.weight : 0
    }
    storage = .allocate(capacity: blockSquares.count)
    storage.update(from: blockSquares, count: blockSquares.count)
    blockEnds = .allocate(capacity: 1)
    kernelStorage = .allocate(capacity: 1)
    kernelStorage.initialize(to: geometry.kernel.pointee)
    kernelStorage.pointee.block_squares = UnsafePointer(storage)
    kernel = UnsafePointer(kernelStorage)
  }

  deinit {
    storage.deallocate()
    blockEnds.deallocate()
    kernelStorage.deallocate()
  }

  /// Whether the cost is linear along rays, so that many plans are equally good or nearly so.
  var isLinearAlongRays: Bool { blocks.contains { $0.exponent == 1 && $0.weight > 0 } }

  // MARK: Costs

  /// The cost of one pair.
  package func cost(_ source: Int, _ target: Int) -> Double {
    tk_pair_cost(kernel, sources + source, sourceCount, targets + target, targetCount)
  }

  /// Writes the costs of moving one source point to a range of targets.
  package func row(
    _ source: Int, _ range: Range<Int>, into costs: UnsafeMutablePointer<Double>
  ) {
    withPoint(sources + source, stride: sourceCount) { point in
      tk_costs(kernel, point, targets + range.lowerBound, targetCount, range.count, costs)
    }
  }

  /// Writes the costs of moving a range of source points to one target.
  package func column(
    _ target: Int, _ range: Range<Int>, into costs: UnsafeMutablePointer<Double>
  ) {
    withPoint(targets + target, stride: targetCount) { point in
      tk_costs(kernel, point, sources + range.lowerBound, sourceCount, range.count, costs)
    }
  }

  /// The smallest of cost − offsets[target] over all targets of one source point, and where.
  package func rowMinimum(
    _ source: Int, offsets: UnsafePointer<Double>
  ) -> (value: Double, target: Int) {
    withPoint(sources + source, stride: sourceCount) { point in
      var index = 0
      let value = tk_minimum_reduced_cost(
        kernel, point, targets, targetCount, targetCount, offsets, &index)
      return (value, index)
    }
  }

  /// The smallest of cost − offsets[source] over all sources of one target point, and where.
  package func columnMinimum(
    _ target: Int, offsets: UnsafePointer<Double>
  ) -> (value: Double, source: Int) {
    withPoint(targets + target, stride: targetCount) { point in
      var index = 0
      let value = tk_minimum_reduced_cost(
        kernel, point, sources, sourceCount, sourceCount, offsets, &index)
      return (value, index)
    }
  }

  @inline(__always)
  private func withPoint<Result>(
    _ first: UnsafePointer<Double>, stride: Int, _ body: (UnsafePointer<Double>) -> Result
  ) -> Result {
    withUnsafeTemporaryAllocation(of: Double.self, capacity: axisCount) { point in
      for axis in 0..<axisCount { point[axis] = first[axis * stride] }
      return body(UnsafePointer(point.baseAddress ?? storage))
    }
  }

  /// For each axis, what an extent counts beside extents on other axes: (weight)^(1/exponent).
  package var axisScales: [Double] {
    blocks.flatMap { block in
      Array(repeating: block.weight.root(block.exponent), count: block.axes.count)
    }
  }

  // MARK: Scaling

  private static func check(_ blocks: [CostBlock], dimension: Int) throws(ProblemError) {
    var end = 0
    for (index, block) in blocks.enumerated() {
      guard !block.axes.isEmpty, block.axes.lowerBound >= end, block.axes.upperBound <= dimension
      else { throw .badBlockAxes(block: index, axes: block.axes, dimension: dimension) }
      guard block.weight >= 0, block.weight.isFinite else {
        throw .badBlockWeight(block: index, weight: block.weight)
      }
      guard block.exponent >= 1, block.exponent.isFinite else {
        throw .badBlockExponent(block: index, exponent: block.exponent)
      }
      end = block.axes.upperBound
    }
  }

  /// The binary exponent by which a block's coordinates are divided, and the logarithm to base 2
  /// of the block's largest possible norm after that; −∞ when all points agree on the block.
  private static func scale(
    of block: CostBlock, source: DiscreteMeasure, target: DiscreteMeasure, domain: ProductDomain
  ) -> (exponent: Int, logDiameter: Double) {
    // Halved, so that the extent of coordinates near the largest double does not overflow.
    let halfExtents = block.axes.map { axis -> Double in
      if case .circle(let length) = domain.axes[axis] { return length / 4 }
      var (low, high) = (Double.infinity, -Double.infinity)
      for value in source.axis(axis) { (low, high) = (min(low, value), max(high, value)) }
      for value in target.axis(axis) { (low, high) = (min(low, value), max(high, value)) }
      return high / 2 - low / 2
    }
    guard let largest = halfExtents.max(), largest > 0 else { return (0, -.infinity) }
    let exponent = Int(largest.exponent) + 1
    let squares = halfExtents.map { extent in
      let scaled = 2 * extent.scaled(by: -exponent)
      return scaled * scaled
    }
    return (exponent, 0.5 * log2(squares.reduce(0, +)))
  }

  /// The least K with Σ weight · diameter^exponent ≤ 2^K, computed with logarithms.
  private static func unitExponent(
    of blocks: [CostBlock], scales: [(exponent: Int, logDiameter: Double)]
  ) throws(ProblemError) -> Int {
    let logarithms = zip(blocks, scales).map { block, scale in
      log2(block.weight) + block.exponent * (scale.logDiameter + Double(scale.exponent))
    }
    guard let largest = logarithms.max(), largest > -.infinity else { return 0 }
    let logSum = largest + log2(logarithms.reduce(0) { $0 + exp2($1 - largest) })
    guard logSum.magnitude <= 1000 else { throw .costOutOfRange(binaryExponent: logSum) }
    return Int(logSum.rounded(.up))
  }

  /// weight · 2^(scale · exponent − unit), right to a few roundings.
  private static func weight(of block: CostBlock, scaledBy scale: Int, unit: Int) -> Double {
    let power = Double(scale) * block.exponent
    let whole = power.rounded(.down)
    // What the product rounded away would be amplified by the power of two.
    let rest = (-power).addingProduct(Double(scale), block.exponent)
    // Beyond ±5000 the block is nothing, or everything, beside the others.
    let clamped = Int(min(max(whole - Double(unit), -5000), 5000))
    return (block.weight * exp2((power - whole) + rest)).scaled(by: clamped)
  }

  private static func copy(
    _ values: [Double], _ axis: CoordinateAxis, _ exponent: Int,
    to destination: UnsafeMutablePointer<Double>
  ) {
    var next = destination
    for value in values {
      next.pointee = axis.centered(value).scaled(by: exponent)
      next += 1
    }
  }
}
