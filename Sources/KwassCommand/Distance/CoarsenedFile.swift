import KineticTransport

/// The particles of a file, merged into each of some numbers of cells, or each by itself where there are not more than
/// cells. Each rank goes through its share of the pieces, and what it finds does not depend on how many ranks there are.
struct CoarsenedFile {
  /// For each number of cells the merged particles.
  private(set) var clouds: [CoarseCloud] = []
  /// The number of particles.
  let size: Int
  /// Their mass as given.
  let rawMass: Double
  /// What a user should know, in sentences.
  let notes: [String]

  /// - Parameters:
  ///   - sample: an empty sample, for the cells.
  ///   - levels: the numbers of cells.
  init(
    _ reader: PieceReader, _ sample: CoarseningSample, _ levels: [Int], _ ranks: RankExchange
  ) throws(CommandFailure) {
    let run = SharedPieces(reader: reader, ranks: ranks)
    let drawn = try run.draw(into: sample)
    (size, rawMass, notes) = (drawn.sample.particleCount, drawn.rawMass, drawn.notes)
    let coarse = levels.filter { $0 < size }
    if let most = coarse.last {
      let measure = try run.merged(drawn, cells: most)
      var merged: [CoarseCloud] = []
      for level in coarse {
        merged.append(
          try coarsening(reader.path) { () throws(CoarseningError) in
            try measure.cloud(cells: level)
          })
      }
      clouds = merged.contains { $0.loss == nil } ? try run.measured(merged, drawn) : merged
    }
    guard coarse.count < levels.count else { return }
    let measure = try run.merged(drawn, cells: size)
    let exact = try coarsening(reader.path) { () throws(CoarseningError) in try measure.cloud() }
    clouds += levels.dropFirst(coarse.count).map { _ in exact }
  }
}

/// Goes through the pieces of a file together with other ranks.
private struct SharedPieces {
  let reader: PieceReader
  let ranks: RankExchange

  /// What the first look at all particles has found.
  struct Drawn {
    let sample: CoarseningSample
    let rawMass: Double
    let notes: [String]
    let pieceCount: Int
  }

  private var rank: Int { ranks.group.rank }
  private var rankCount: Int { ranks.group.size }

  // MARK: The sample

  /// Draws particles. Of how many pieces there are some files do not say, so that the ranks take them in turn.
  func draw(into empty: CoarseningSample) throws(CommandFailure) -> Drawn {
    var sample = empty
    var masses: [PieceMass] = []
    let (rank, count) = (rank, rankCount)
    let found = try ranks.together { () throws(CommandFailure) in
      try reader.forEach(
        "drawing particles of \(reader.path)", where: { $0 % count == rank }
      ) { chunk, number throws(CoarseningError) in
        try sample.add(chunk, from: number * PieceReader.size)
        if let given = chunk.masses { masses.append(PieceMass(number, CompensatedSum(given))) }
      }
    }
    let counts = try ranks.exchanged(found.pieceCount)
    if let other = counts.firstIndex(where: { $0 != counts[0] }) {
      throw CommandFailure(
        .badData,
        "Rank 0 and rank \(other) do not see the same: \(reader.path) has more particles for one of them."
      )
    }
    let total = try ranks.exchanged(sample.particleCount).reduce(0, +)
    guard total > 0 else {
      throw CommandFailure(.badData, "\(reader.path): found no particles, expected at least one.")
    }
    var mass = CompensatedSum()
    for piece in try ranks.exchanged(masses).joined().sorted(by: { $0.number < $1.number }) {
      for term in piece.terms { mass.add(term) }
    }
    var tally = WrappingTally()
    for other in try ranks.exchanged(found.tally) { tally.add(other) }
    return Drawn(
      sample: try joined(sample, total),
      rawMass: found.file.snapshot.weights == nil ? 1 : mass.value,
      notes: found.file.notes.map(\.sentence) + found.loader.wrappingNotes(tally),
      pieceCount: found.pieceCount)
  }

  /// The mass of a piece, as terms that add up to it.
  private struct PieceMass: Codable {
    let number: Int
    let terms: [Double]

    init(_ number: Int, _ sum: CompensatedSum) {
      (self.number, terms) = (number, [sum.value, sum.residue])
    }
  }

  private func joined(
    _ sample: CoarseningSample, _ total: Int
  ) throws(CommandFailure) -> CoarseningSample {
    if ranks.isAlone { return sample }
    var numbers: [[Double]] = []
    for isComplete in [false, true] {
      numbers = try ranks.exchanged(
        numbers: sample.numbers(ofTotal: total, isComplete: isComplete))
      if sample.isEnough(numbers.reduce(0) { $0 + $1.count }, ofTotal: total) { break }
    }
    return sample.joined(numbers, total: total)
  }

  // MARK: The cells

  /// Merges particles. A rank has consecutive units of pieces, whose sums are joined as in a binary tree.
  func merged(_ drawn: Drawn, cells: Int) throws(CommandFailure) -> CoarsenedMeasure {
    let empty = CoarsenedMeasure(
      try coarsening { () throws(CoarseningError) in try drawn.sample.cells(cells) })
    let units = CoarseningUnits(pieceCount: drawn.pieceCount, empty)
    let own = units.range(rank, of: rankCount)
    var failure: CoarseningError?
    var tree = PairwiseTree<CoarsenedMeasure> { measure, later in
      do throws(CoarseningError) { try measure.join(later) } catch { failure = failure ?? error }
    }
    try ranks.together { () throws(CommandFailure) in
      guard !own.isEmpty else { return }
      let pieces = units.pieces(of: own)
      var (unit, measure) = (own.lowerBound, empty)
      _ = try reader.forEach(
        "merging particles of \(reader.path)", where: pieces.contains, last: pieces.upperBound - 1
      ) { chunk, number throws(CoarseningError) in
        while units.unit(of: number) > unit {
          tree.add(.init(level: 0, index: unit, value: measure))
          (unit, measure) = (unit + 1, empty)
        }
        try measure.add(chunk)
      }
      while unit < own.upperBound {
        tree.add(.init(level: 0, index: unit, value: measure))
        (unit, measure) = (unit + 1, empty)
      }
      if let failure { throw CommandFailure(failure, reader.path) }
    }
    let measure = try joined(tree, empty)
    guard measure.particleCount == drawn.sample.particleCount else {
      throw CommandFailure(
        CoarseningError.differentParticles(
          expected: drawn.sample.particleCount, found: measure.particleCount), reader.path)
    }
    return measure
  }

  /// So many numbers are exchanged at a time.
  private static let exchangedCount = 1 << 22

  /// The measure of all particles from those of the ranks.
  private func joined(
    _ tree: PairwiseTree<CoarsenedMeasure>, _ empty: CoarsenedMeasure
  ) throws(CommandFailure) -> CoarsenedMeasure {
    if ranks.isAlone { return tree.total() ?? empty }
    let nodes = tree.nodes
    let places = try ranks.exchanged(nodes.map { [$0.level, $0.index] })
    var whole = empty
    let summaries = try ranks.exchanged(numbers: nodes.flatMap(\.value.summary))
    let length = empty.summary.count
    for numbers in summaries {
      for start in stride(from: 0, to: numbers.count, by: length) {
        whole.joinSummary(Array(numbers[start..<start + length]))
      }
    }
    for (block, sums) in empty.sumBlocks.enumerated() {
      let nodeCount = max(1, places.reduce(0) { $0 + $1.count })
      let most = max(2, Self.exchangedCount / nodeCount / 2 * 2)
      for start in stride(from: 0, to: sums.count, by: most) {
        let range = start..<min(start + most, sums.count)
        let numbers = try ranks.exchanged(
          numbers: nodes.flatMap { $0.value.sumBlocks[block][range] })
        var part = PairwiseTree<[Double]> { CoarsenedMeasure.add($1, to: &$0) }
        for (numbers, places) in zip(numbers, places) {
          for (index, place) in places.enumerated() {
            let first = index * range.count
            part.add(
              .init(
                level: place[0], index: place[1], value: Array(numbers[first..<first + range.count])
              ))
          }
        }
        guard let total = part.total() else { continue }
        whole.replaceSums(ofBlock: block, from: start, with: total)
      }
    }
    for numbers in try ranks.exchanged(numbers: nodes.flatMap(\.value.particles)) {
      whole.takeParticles(numbers)
    }
    return whole
  }

  // MARK: What merging loses

  /// The merged particles with what merging loses, from another look at all particles.
  func measured(_ clouds: [CoarseCloud], _ drawn: Drawn) throws(CommandFailure) -> [CoarseCloud] {
    let empty = try coarsening { () throws(CoarseningError) in try CoarseningLoss(of: clouds) }
    let pieces = drawn.pieceCount * rank / rankCount..<drawn.pieceCount * (rank + 1) / rankCount
    let length = empty.numbers.count
    var own: [Double] = []
    try ranks.together { () throws(CommandFailure) in
      guard !pieces.isEmpty else { return }
      _ = try reader.forEach(
        "measuring what merging loses in \(reader.path)", where: pieces.contains,
        last: pieces.upperBound - 1
      ) { chunk, _ throws(CoarseningError) in
        var loss = empty
        try loss.add(chunk)
        own += loss.numbers
      }
    }
    var whole = empty
    for numbers in try ranks.exchanged(numbers: own) {
      for start in stride(from: 0, to: numbers.count, by: length) {
        whole.add(Array(numbers[start..<start + length]))
      }
    }
    return try coarsening { () throws(CoarseningError) in try whole.clouds() }
  }
}

/// The pieces of a file whose sums begin anew: that depends on the file and on the cells, and not on the ranks.
private struct CoarseningUnits {
  /// The pieces of a unit, a power of two.
  private var size = 1
  private let pieceCount: Int

  /// So many bytes may the sums take that wait to be joined, unless one unit has all pieces.
  private static let largestMemory = 1 << 27

  init(pieceCount: Int, _ measure: CoarsenedMeasure) {
    self.pieceCount = pieceCount
    let numbers = measure.sumBlocks.reduce(0) { $0 + $1.count }
    // Beginning anew and joining should take little beside the particles.
    while size * PieceReader.size < numbers / 4 { size *= 2 }
    while count > 1, (levels + 2) * numbers * MemoryLayout<Double>.size > Self.largestMemory {
      size *= 2
    }
  }

  private var count: Int { (pieceCount + size - 1) / size }
  private var levels: Int { Int.bitWidth - count.leadingZeroBitCount }

  /// The units of a rank.
  func range(_ rank: Int, of ranks: Int) -> Range<Int> {
    count * rank / ranks..<count * (rank + 1) / ranks
  }

  func unit(of piece: Int) -> Int { piece / size }

  func pieces(of units: Range<Int>) -> Range<Int> {
    units.lowerBound * size..<min(units.upperBound * size, pieceCount)
  }
}
