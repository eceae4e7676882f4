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

    var (i, j) = (firstSource, firstTarget)
    func move(_ mass: Double) {
      guard mass > 0 else { return }
      rows.append(sources.indices[i])
      columns.append(targets.indices[j])
      entries.append(mass)
    }
    var (leaving, arriving) = (sources.amounts[i], targets.amounts[j])
    if leaving == 0 { move(sources.masses[i]) }
    if arriving == 0 { move(targets.masses[j]) }
    var (sourcesLeft, targetsLeft) = (sources.count - 1, targets.count - 1)
    while true {
      let moved = min(leaving, arriving)
      if moved > 0 {
        if moved == sources.amounts[i] {
          move(sources.masses[i])
        } else if moved == targets.amounts[j] {
          move(targets.masses[j])
        } else {
          move(IntegerMasses.mass(moved))
        }
      }
      leaving -= moved
      arriving -= moved
      if leaving == 0, sourcesLeft > 0 {
        sourcesLeft -= 1
        i = i + 1 == sources.count ? 0 : i + 1
        leaving = sources.amounts[i]
        if leaving == 0 { move(sources.masses[i]) }
      } else if targetsLeft > 0 {
        targetsLeft -= 1
        j = j + 1 == targets.count ? 0 : j + 1
        arriving = targets.amounts[j]
        if arriving == 0 { move(targets.masses[j]) }
      } else {
        break
      }
    }
    self.init(sources: rows, targets: columns, masses: entries)
  }
}
