extension BasisArcs {
  /// Sends as much as possible along the cheapest arcs first, and the rest by the north-west rule.
  static func greedy(
    over arcs: CandidateArcs, supplies: [Int128], demands: [Int128]
  ) -> BasisArcs {
    var basis = BasisArcs(sourceCount: supplies.count, targetCount: demands.count)
    var (supplies, demands) = (supplies, demands)
    for arc in ascending(arcs.costs) {
      let (i, j) = (Int(arcs.sources[Int(arc)]), Int(arcs.targets[Int(arc)]))
      let moved = min(supplies[i], demands[j])
      guard moved > 0 else { continue }
      supplies[i] -= moved
      demands[j] -= moved
      basis.insert(i, j)
    }
    NorthWestRule.forEachPair(
      supplies.count, demands.count, supply: { supplies[$0] }, demand: { demands[$0] }
    ) { i, j, moved in
      if moved > 0 { basis.insert(i, j) }
    }
    basis.complete()
    return basis
  }

  /// The order of nonnegative numbers by size, to single precision; equal ones keep their order.
  ///
  /// - Complexity: O(numbers), a radix sort.
  private static func ascending(_ numbers: [Double]) -> [Int32] {
    let keys = numbers.map { Float($0).bitPattern }
    var order = (0..<Int32(numbers.count)).map { $0 }
    var sorted = order
    let digits = 11
    for shift in stride(from: 0, to: 32, by: digits) {
      let digit = { (index: Int32) in Int(keys[Int(index)] >> UInt32(shift)) & (1 << digits - 1) }
      var starts = [Int](repeating: 0, count: 1 << digits + 1)
      for index in order { starts[digit(index) + 1] += 1 }
      for value in 0..<1 << digits { starts[value + 1] += starts[value] }
      for index in order {
        let value = digit(index)
        sorted[starts[value]] = index
        starts[value] += 1
      }
      swap(&order, &sorted)
    }
    return order
  }
}
