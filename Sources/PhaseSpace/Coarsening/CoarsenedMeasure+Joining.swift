import OptimalTransport

/// Measures of consecutive particles, which several processes have gone through, become one.
extension CoarsenedMeasure {
  /// Joins the particles of a measure of the same cells that come behind these.
  ///
  /// - Throws: `CoarseningError.mixedMasses`; the measure is then as it was.
  /// - Complexity: O(cells).
  package mutating func join(_ later: CoarsenedMeasure) throws(CoarseningError) {
    guard later.particleCount > 0 else { return }
    guard hasMasses ?? later.hasMasses == later.hasMasses else { throw .mixedMasses }
    joinSummary(later.summary)
    for block in sumBlocks.indices { add(later.sumBlocks[block], toBlock: block) }
    for axis in singles.columns.indices { singles.columns[axis] += later.singles.columns[axis] }
    singles.masses += later.singles.masses
  }

  // MARK: Numbers, to be sent

  /// What does not belong to single cells: numbers that are added, and others of which the largest counts.
  package var summary: [Double] {
    [Double(particleCount), hasMasses.map { $0 ? 1 : 0 } ?? -1, largestMass, -smallestMass]
      + largest
      + largestGiven.positions + largestGiven.velocities
  }

  /// Joins a summary of other particles of the same cells.
  package mutating func joinSummary(_ other: [Double]) {
    guard other.count == summary.count, other[0] > 0 else { return }
    particleCount += Int(other[0])
    if other[1] >= 0 { hasMasses = other[1] > 0 }
    largestMass = max(largestMass, other[2])
    smallestMass = min(smallestMass, -other[3])
    var rest = other.dropFirst(4)
    func join(_ values: inout [Double]) {
      for index in values.indices { values[index] = max(values[index], rest.removeFirst()) }
    }
    join(&largest)
    join(&largestGiven.positions)
    join(&largestGiven.velocities)
  }

  /// The sums of the cells, and those of the intervals on each axis: sums with what was rounded away from each.
  package var sumBlocks: [[Double]] { [sums.sums] + marginals.map(\.sums) }

  /// Puts other sums in the place of some of a block.
  package mutating func replaceSums(ofBlock block: Int, from start: Int, with values: [Double]) {
    let range = start..<start + values.count
    if block == 0 {
      sums.sums.replaceSubrange(range, with: values)
    } else {
      marginals[block - 1].sums.replaceSubrange(range, with: values)
    }
  }

  /// Adds sums to others of the same places, as joining does.
  package static func add(_ others: [Double], to sums: inout [Double]) {
    CellSums.add(others, to: &sums)
  }

  private mutating func add(_ others: [Double], toBlock block: Int) {
    if block == 0 {
      CellSums.add(others, to: &sums.sums)
    } else {
      CellSums.add(others, to: &marginals[block - 1].sums)
    }
  }

  /// The particles, where each is a cell, with their masses, particle by particle.
  package var particles: [Double] {
    let hasMasses = !singles.masses.isEmpty
    var numbers: [Double] = []
    numbers.reserveCapacity((singles.columns.count + 1) * particleCount)
    for index in 0..<(singles.columns.first?.count ?? 0) {
      for column in singles.columns { numbers.append(column[index]) }
      if hasMasses { numbers.append(singles.masses[index]) }
    }
    return numbers
  }

  /// Takes particles, where each is a cell, as `particles` gives them.
  package mutating func takeParticles(_ numbers: [Double]) {
    let haveMasses = hasMasses ?? false
    let stride = singles.columns.count + (haveMasses ? 1 : 0)
    for start in Swift.stride(from: 0, to: numbers.count - stride + 1, by: stride) {
      for axis in singles.columns.indices { singles.columns[axis].append(numbers[start + axis]) }
      if haveMasses { singles.masses.append(numbers[start + stride - 1]) }
    }
  }
}
