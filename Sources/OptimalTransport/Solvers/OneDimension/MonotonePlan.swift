extension TransportPlan {
  /// The monotone plan: the north-west rule on two sorted sequences, quantile by quantile.
  ///
  /// All arithmetic is with integers, so no mass is left over. A point whose whole mass goes one way
  /// moves its own mass to the last bit; a mass too small for the integers does so too, to where
  /// the other sequence stands at that quantile.
  ///
  /// - Parameters:
  ///   - firstSource: the source at which the sequence of sources starts; it goes on from the last
  ///     source to the first.
  ///   - firstTarget: the same for the targets.
  /// - Complexity: O(n + m).
  init(
    merging sources: SortedPoints, from firstSource: Int = 0, with targets: SortedPoints,
    from firstTarget: Int = 0
  ) {
    let capacity = sources.count + targets.count
    var rows: [Int32] = []
    var columns: [Int32] = []
    var entries: [Double] = []
    rows.reserveCapacity(capacity)
    columns.reserveCapacity(capacity)
    entries.reserveCapacity(capacity)

    var (i, j) = (-1, -1)
    func move(_ mass: Double) {
      guard mass > 0 else { return }
      rows.append(sources.indices[i])
      columns.append(targets.indices[j])
      entries.append(mass)
    }
    func source(_ position: Int) -> Int { (firstSource + position) % sources.count }
    func target(_ position: Int) -> Int { (firstTarget + position) % targets.count }
    NorthWestRule.forEachPair(
      sources.count, targets.count, supply: { sources.amounts[source($0)] },
      demand: { targets.amounts[target($0)] }
    ) { row, column, moved in
      let former = (i, j)
      (i, j) = (source(row), target(column))
      if i != former.0, sources.amounts[i] == 0 { move(sources.masses[i]) }
      if j != former.1, targets.amounts[j] == 0 { move(targets.masses[j]) }
      guard moved > 0 else { return }
      if moved == sources.amounts[i] {
        move(sources.masses[i])
      } else if moved == targets.amounts[j] {
        move(targets.masses[j])
      } else {
        move(IntegerMasses.mass(moved))
      }
    }
    self.init(sources: rows, targets: columns, masses: entries)
  }
}
