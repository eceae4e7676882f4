/// Loops whose items the processes of a group share out: each does some, and then all have what all have found.
///
/// Every item is computed by one process, and the rest by all of them from what was exchanged, so that results
/// have the same bits for any number of processes. That needs decisions which all take alike: whether to go on is
/// decided where something is exchanged and not in between (`SolverWatch.isShared`), and nothing else may depend on
/// the clock. Each message says by a checksum what it belongs to, so that processes with different problems
/// find out.
struct SharedLoops: Sendable {
  /// The processes.
  let group: any ProcessGroup

  /// Loops of this process alone.
  static let alone = SharedLoops(group: SingleProcess())

  /// Whether there is more than one process.
  var isShared: Bool { group.size > 1 }

  /// A share of so many nanoseconds is cut up, so that processes tell each other in time to stop.
  private static let pieceNanoseconds = 1e9

  // MARK: Loops

  /// An array whose elements are computed independently of each other, which the watch in force can stop.
  ///
  /// - Parameters:
  ///   - costPerItem: roughly how many nanoseconds one item takes.
  ///   - numbers: what the loop works on, the same in all processes.
  /// - Throws: `SolverError`: `cancelled` and `exchange`.
  func map<Element: BitwiseCopyable & Sendable>(
    count: Int, costPerItem: Double, of numbers: [Double],
    _ element: @Sendable (Int) -> Element
  ) throws(SolverError) -> [Element] {
    guard isShared else {
      return try Parallel.stoppableMap(count: count, costPerItem: costPerItem, element)
    }
    return try Array(unsafeUninitializedCapacity: count) {
      buffer, initialized throws(SolverError) in
      try forEachPiece(of: count, costPerItem: costPerItem, numbers, length: { $0.count }) {
        items throws(SolverError) in
        try Parallel.stoppableMap(count: items.count, costPerItem: costPerItem) { [items] place in
          element(items[place])
        }
      } take: { items, elements in
        for (item, element) in zip(items, elements) {
          buffer.initializeElement(at: item, to: element)
        }
      }
      initialized = count
    }
  }

  /// The same with items that have several elements each, of which all know how many.
  ///
  /// - Parameter length: how many elements an item has.
  func map<Element: BitwiseCopyable & Sendable>(
    count: Int, costPerItem: Double, of numbers: [Double], length: (Int) -> Int,
    _ elements: @Sendable (Int) -> [Element]
  ) throws(SolverError) -> [[Element]] {
    guard isShared else {
      return try Parallel.stoppableMap(count: count, costPerItem: costPerItem, elements)
    }
    var result = [[Element]](repeating: [], count: count)
    try forEachPiece(
      of: count, costPerItem: costPerItem, numbers, length: { $0.reduce(0) { $0 + length($1) } }
    ) { items throws(SolverError) in
      try Parallel.stoppableMap(count: items.count, costPerItem: costPerItem) { [items] place in
        elements(items[place])
      }.flatMap(\.self)
    } take: { items, elements in
      var start = 0
      for item in items {
        let end = min(start + length(item), elements.count)
        result[item] = Array(elements[start..<end])
        start = end
      }
    }
    return result
  }

  /// The elements of consecutive items, as many for each as it has.
  ///
  /// - Parameter elements: those of some of the items.
  func elements<Element: BitwiseCopyable>(
    of items: Range<Int>, _ numbers: [Double],
    _ elements: (Range<Int>) throws(SolverError) -> [[Element]]
  ) throws(SolverError) -> [[Element]] {
    guard isShared else { return try elements(items) }
    func own(_ rank: Int) -> Int { items.lowerBound + items.count * rank / group.size }
    var found: [[Element]] = []
    let checksum = MessageChecksum(numbers, items.lowerBound, items.count).value
    try exchange(checksum) { message throws(SolverError) in
      let parts = try elements(own(group.rank)..<own(group.rank + 1))
      message.append(parts.map { Int64($0.count) })
      message.append(parts.flatMap(\.self))
    } take: { rank, message in
      let lengths: [Int64] = message.read(own(rank + 1) - own(rank))
      for length in lengths { found.append(message.read(Int(length))) }
    }
    return found
  }

  /// What all processes compute alike, and which ends in all where it is stopped in one.
  func together<Result>(
    _ numbers: [Double], _ body: () throws(SolverError) -> Result
  ) throws(SolverError) -> Result {
    guard isShared else { return try body() }
    var result: Result?
    try exchange(MessageChecksum(numbers).value) { _ throws(SolverError) in
      result = try body()
    } take: { _, _ in
    }
    guard let result else { throw .cancelled(nil) }
    return result
  }

  // MARK: Decisions

  /// Whether something holds in any of the processes.
  func any(_ holds: Bool) throws(SolverError) -> Bool {
    guard isShared else { return holds }
    var result = false
    try exchange(MessageChecksum([]).value) { message throws(SolverError) in
      message.append([holds])
    } take: { _, message in
      let answer: [Bool] = message.read(1)
      result = result || answer == [true]
    }
    return result
  }

  /// Makes sure that all processes work on the same.
  ///
  /// - Throws: `SolverError.exchange` where they do not.
  func check(_ numbers: [Double]) throws(SolverError) {
    try together(numbers) { () throws(SolverError) in }
  }

  // MARK: Exchange

  /// The items of a process: every so manieth of a range.
  private struct Items: RandomAccessCollection, Sendable {
    let range: Range<Int>
    let rank: Int
    let size: Int
    var startIndex: Int { 0 }
    var endIndex: Int { Swift.max(0, (range.count - rank + size - 1) / size) }
    subscript(place: Int) -> Int { range.lowerBound + rank + place * size }
  }

  private func forEachPiece<Element: BitwiseCopyable>(
    of count: Int, costPerItem: Double, _ numbers: [Double],
    length: (Items) -> Int, _ elements: (Items) throws(SolverError) -> [Element],
    take: (Items, [Element]) -> Void
  ) throws(SolverError) {
    let share = Double(count) * costPerItem / Double(group.size)
    let pieces = max(1, min(count, Int(min(share / Self.pieceNanoseconds, 1e6))))
    let checksum = MessageChecksum(numbers, count, MemoryLayout<Element>.stride)
    for piece in 0..<pieces {
      let range = count * piece / pieces..<count * (piece + 1) / pieces
      func items(_ rank: Int) -> Items { Items(range: range, rank: rank, size: group.size) }
      try exchange(checksum.adding(piece).value) { message throws(SolverError) in
        message.append(try elements(items(group.rank)))
      } take: { rank, message in
        let items = items(rank)
        take(items, message.read(length(items)))
      }
    }
  }

  /// Does this process's part and hands over what all have written, in the order of their ranks.
  private func exchange(
    _ checksum: UInt64, _ write: (inout SharedMessage) throws(SolverError) -> Void,
    take: (Int, inout SharedMessage) -> Void
  ) throws(SolverError) {
    var own = SharedMessage(checksum: checksum)
    do throws(SolverError) {
      try SolverWatch.answering { () throws(SolverError) in try write(&own) }
    } catch {
      guard case .cancelled = error else { throw error }
      own = SharedMessage(checksum: checksum, isStopped: true)
    }
    if SolverWatch.wantsToStop { own = SharedMessage(checksum: checksum, isStopped: true) }
    var messages: [SharedMessage] = []
    do throws(ProcessGroupError) {
      for bytes in try group.gather(own.bytes) { messages.append(try SharedMessage(bytes)) }
      guard messages.count == group.size else {
        throw ProcessGroupError(
          "Of the \(group.size) processes of a group \(messages.count) have sent something.")
      }
    } catch {
      throw .exchange(error.description)
    }
    if let other = messages.firstIndex(where: { $0.checksum != messages[0].checksum }) {
      throw .exchange(
        "The processes 0 and \(other) of a group do not work on the same: their measures, metrics or "
          + "options differ, or their processors and libraries round differently.")
    }
    guard !messages.contains(where: \.isStopped) else { throw .cancelled(nil) }
    for rank in messages.indices { take(rank, &messages[rank]) }
    if let other = messages.firstIndex(where: { !$0.isReadThrough }) {
      throw .exchange("The process \(other) of a group has not sent what it should.")
    }
  }
}
