/// The entries of an entropic plan that matter, row by row.
struct SparseCoupling: Sendable {
  /// Row i has the entries `starts[i]..<starts[i + 1]`.
  private(set) var starts: [Int] = [0]
  /// For each entry its target point.
  private(set) var targets: [Int32] = []
  /// For each entry its mass π_ij.
  private(set) var masses: [Double] = []

  /// The number of entries.
  var count: Int { masses.count }

  /// The entries of at least `threshold` · a_i b_j; those left out sum to `threshold` at most.
  ///
  /// `nil` when there are more than `limit`.
  ///
  /// - Complexity: one sweep over all pairs, memory for the entries.
  init?(
    _ iteration: SinkhornIteration, _ kernel: any GibbsKernel, threshold: Double, limit: Int
  ) throws(SolverError) {
    let sourceMasses = iteration.masses(.source)
    let thresholds = iteration.masses(.target).map { $0 * threshold }
    let offsets = iteration.offsets(.target, kernel)
    // A row without mass has no entries.
    let shifts = zip(sourceMasses, iteration.rowShifts(kernel)).map { mass, shift in
      mass > 0 ? shift : -.infinity
    }
    func rows(_ positions: Range<Int>) throws(SolverError) -> [[KernelEntry]] {
      try kernel.entries(at: positions, offsets: offsets, shifts: shifts, limits: thresholds)
    }
    let order = kernel.spatialOrder(.source)
    // A few rows tell whether there is any hope.
    let step = max(1, order.count / 32)
    var samples: [[KernelEntry]] = []
    for row in stride(from: 0, to: order.count, by: step) { samples += try rows(row..<row + 1) }
    let expected = samples.reduce(0) { $0 + $1.count } * order.count / samples.count
    guard expected / 2 <= limit else { return nil }
    // So many rows at a time that the limit is noticed before they take more than some 16 MB.
    let perRow = max(1, 2 * expected / order.count)
    let batch = min(max(order.count / 4, 256), max(8, (1 << 20) / perRow))
    var entries = [[KernelEntry]](repeating: [], count: order.count)
    var count = 0
    for start in stride(from: 0, to: order.count, by: batch) {
      let positions = start..<min(start + batch, order.count)
      let found = try kernel.loops.elements(of: positions, shifts) { part throws(SolverError) in
        try rows(part)
      }
      for (position, row) in zip(positions, found) {
        entries[order[position]] = row
        count += row.count
      }
      guard count <= limit else { return nil }
    }
    targets.reserveCapacity(count)
    masses.reserveCapacity(count)
    for (mass, row) in zip(sourceMasses, entries) {
      targets.append(contentsOf: row.lazy.map(\.target))
      masses.append(contentsOf: row.lazy.map { $0.term * mass })
      starts.append(masses.count)
    }
  }

  /// The entries as a plan, each row in the order of its targets.
  var plan: TransportPlan {
    var (sources, targets): ([Int32], [Int32]) = ([], [])
    var masses: [Double] = []
    sources.reserveCapacity(count)
    targets.reserveCapacity(count)
    masses.reserveCapacity(count)
    for row in 0..<rows {
      for entry in (starts[row]..<starts[row + 1]).sorted(by: {
        self.targets[$0] < self.targets[$1]
      }) {
        sources.append(Int32(row))
        targets.append(self.targets[entry])
        masses.append(self.masses[entry])
      }
    }
    return TransportPlan(sources: sources, targets: targets, masses: masses)
  }

  // MARK: Linear algebra

  /// π v, for a vector over the targets.
  func times(_ vector: [Double]) -> [Double] {
    withUnsafeEntries(vector) { entries in
      Parallel.map(count: rows, costPerItem: 2 * Double(count) / Double(rows)) { row in
        var sum = 0.0
        for entry in entries.of(row) {
          sum += entries.masses[entry] * entries.vector[Int(entries.targets[entry])]
        }
        return sum
      }
    }
  }

  /// πᵀ v, for a vector over the sources; the result has `count` elements.
  func transposedTimes(_ vector: [Double], count size: Int) -> [Double] {
    // A fixed number of parts, so that the result does not depend on the number of processors.
    let parts = 4
    let sums = withUnsafeEntries(vector) { entries in
      Parallel.map(count: parts, costPerItem: 2 * Double(count) / Double(parts)) { part in
        [Double](unsafeUninitializedCapacity: size) { sums, initialized in
          sums.initialize(repeating: 0)
          initialized = size
          for row in rows * part / parts..<rows * (part + 1) / parts {
            let value = entries.vector[row]
            for entry in entries.of(row) {
              sums[Int(entries.targets[entry])] += entries.masses[entry] * value
            }
          }
        }
      }
    }
    return (0..<size).map { index in sums.reduce(0) { $0 + $1[index] } }
  }

  private var rows: Int { starts.count - 1 }

  /// The entries and a vector that they multiply, without checks of bounds.
  private struct Entries: @unchecked Sendable {
    let starts: UnsafeBufferPointer<Int>
    let targets: UnsafeBufferPointer<Int32>
    let masses: UnsafeBufferPointer<Double>
    let vector: UnsafeBufferPointer<Double>

    func of(_ row: Int) -> Range<Int> { starts[row]..<starts[row + 1] }
  }

  private func withUnsafeEntries<Result>(
    _ vector: [Double], _ body: (Entries) -> Result
  ) -> Result {
    starts.withUnsafeBufferPointer { starts in
      targets.withUnsafeBufferPointer { targets in
        masses.withUnsafeBufferPointer { masses in
          vector.withUnsafeBufferPointer {
            body(Entries(starts: starts, targets: targets, masses: masses, vector: $0))
          }
        }
      }
    }
  }
}
