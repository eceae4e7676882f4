/// The potentials of a spanning tree's nodes, kept so that the potentials of a whole subtree change
/// at once.
///
/// The Euler tour of the tree, as a sequence of directed edges, is cut into chunks of about √n
/// entries, linked in order; the potential of a node is its own number plus the offset of the chunk
/// in which the tour first enters it. A subtree is an interval of the tour, so adding to all of its
/// potentials touches its chunks only, and giving it another root is a rotation of the interval: a
/// pivot costs O(√n) instead of O(size of the subtree).
///
/// Every edge between a node and its parent owns a pair of entries 2k and 2k + 1, one for each
/// direction; `e ^ 1` is the way back. The root is entered by an entry of its own at the very start.
struct PotentialTour: ~Copyable {
  /// For each node the entry that enters it from its parent.
  let entrance: UnsafeMutablePointer<Int32>
  /// For each entry the node that it enters.
  let head: UnsafeMutablePointer<Int32>

  private let nodeCount: Int
  private let entryCount: Int
  private let capacity: Int
  private let chunkLimit: Int
  private let own: UnsafeMutablePointer<Double>
  private let nodeChunk: UnsafeMutablePointer<Int32>
  private let entryChunk: UnsafeMutablePointer<Int32>
  private let entries: UnsafeMutablePointer<Int32>
  private let length: UnsafeMutablePointer<Int32>
  private let next: UnsafeMutablePointer<Int32>
  private let previous: UnsafeMutablePointer<Int32>
  private let offset: UnsafeMutablePointer<Double>
  private let free: UnsafeMutablePointer<Int32>
  private let scratch: UnsafeMutablePointer<Int32>
  private var freeCount: Int
  private var first: Int32 = 0
  private let moveBuffer: UnsafeMutablePointer<Int32>

  /// The entry that enters the root.
  var rootEntrance: Int32 { Int32(entryCount - 1) }

  /// Room for a tree of at least two nodes; `assign` fills it.
  init(nodeCount: Int) {
    self.nodeCount = nodeCount
    entryCount = 2 * (nodeCount - 1) + 1
    var capacity = 64
    while capacity * capacity < entryCount && capacity < 2048 { capacity *= 2 }
    self.capacity = capacity
    chunkLimit = 8 * entryCount / capacity + 32
    entrance = .allocate(capacity: nodeCount)
    own = .allocate(capacity: nodeCount)
    nodeChunk = .allocate(capacity: nodeCount)
    head = .allocate(capacity: entryCount)
    entryChunk = .allocate(capacity: entryCount)
    scratch = .allocate(capacity: entryCount)
    entries = .allocate(capacity: chunkLimit * capacity)
    length = .allocate(capacity: chunkLimit)
    next = .allocate(capacity: chunkLimit)
    previous = .allocate(capacity: chunkLimit)
    offset = .allocate(capacity: chunkLimit)
    free = .allocate(capacity: chunkLimit)
    moveBuffer = .allocate(capacity: 2 * capacity)
    freeCount = 0
  }

  deinit {
    entrance.deallocate()
    own.deallocate()
    nodeChunk.deallocate()
    head.deallocate()
    entryChunk.deallocate()
    scratch.deallocate()
    entries.deallocate()
    length.deallocate()
    next.deallocate()
    previous.deallocate()
    offset.deallocate()
    free.deallocate()
    moveBuffer.deallocate()
  }

  // MARK: Reading

  /// The potential of a node.
  @inline(__always)
  func potential(_ node: Int) -> Double {
    own[node] + offset[Int(nodeChunk[node])]
  }

  /// Calls `body` with every node in the order in which the tour first enters it: parents before
  /// children.
  func forEachNode(_ body: (Int) -> Void) {
    var chunk = first
    while chunk >= 0 {
      let start = entries + Int(chunk) * capacity
      for position in 0..<Int(length[Int(chunk)]) {
        let entry = start[position]
        let node = head[Int(entry)]
        if entrance[Int(node)] == entry { body(Int(node)) }
      }
      chunk = next[Int(chunk)]
    }
  }

  // MARK: Building

  /// Sets the whole tour.
  ///
  /// - Parameter tour: all entries in order, the root's first. `entrance` and `head` must be set.
  mutating func assign(tour: UnsafePointer<Int32>) {
    freeCount = 0
    let fill = capacity / 2
    let used = (entryCount + fill - 1) / fill
    for chunk in stride(from: chunkLimit - 1, through: used, by: -1) {
      free[freeCount] = Int32(chunk)
      freeCount += 1
    }
    for chunk in 0..<used {
      let from = chunk * fill
      let count = min(fill, entryCount - from)
      length[chunk] = Int32(count)
      next[chunk] = chunk + 1 < used ? Int32(chunk + 1) : -1
      previous[chunk] = Int32(chunk - 1)
      offset[chunk] = 0
      let start = entries + chunk * capacity
      for position in 0..<count {
        let entry = tour[from + position]
        start[position] = entry
        entryChunk[Int(entry)] = Int32(chunk)
        let node = Int(head[Int(entry)])
        if entrance[node] == entry { nodeChunk[node] = Int32(chunk) }
      }
    }
    first = 0
  }

  /// Sets the potential of every node, each from that of its parent or, for the root, from nothing.
  mutating func setPotentials(_ potential: (Int) -> Double) {
    var chunk = first
    while chunk >= 0 {
      offset[Int(chunk)] = 0
      chunk = next[Int(chunk)]
    }
    forEachNode { own[$0] = potential($0) }
  }

  /// Lays the tour out afresh, all chunks half full.
  private mutating func compact() {
    var position = 0
    var chunk = first
    while chunk >= 0 {
      let count = Int(length[Int(chunk)])
      (scratch + position).update(from: entries + Int(chunk) * capacity, count: count)
      position += count
      chunk = next[Int(chunk)]
    }
    for node in 0..<nodeCount { own[node] += offset[Int(nodeChunk[node])] }
    assign(tour: scratch)
  }

  // MARK: Changing

  /// Makes `entry` the one that enters `node`; the tour must hold it already.
  @inline(__always)
  mutating func setEntrance(_ node: Int, _ entry: Int32) {
    let chunk = entryChunk[Int(entry)]
    own[node] += offset[Int(nodeChunk[node])] - offset[Int(chunk)]
    nodeChunk[node] = chunk
    entrance[node] = entry
  }

  /// Moves a subtree to another place of the tour and adds to its potentials (up to a common
  /// constant: where the subtree is the larger part, the rest is shifted the other way).
  ///
  /// - Parameters:
  ///   - old: the entry that entered the subtree from its former parent; its pair of entries is
  ///     used again for the new edge.
  ///   - rootEntry: the entry by which the subtree's new root was entered so far; equal to `old`
  ///     when its root stays.
  ///   - newRoot: the subtree's new root. All other nodes of the subtree have their new entrances.
  ///   - parent: the node outside the subtree below which it goes.
  ///   - size: the number of nodes of the subtree.
  ///   - shift: what is added to the subtree's potentials.
  mutating func move(
    old: Int32, rootEntry: Int32, newRoot: Int, under parent: Int, size: Int, shift: Double
  ) {
    // A pivot allocates at most six chunks.
    if freeCount < 8 { compact() }
    let rootPotential = potential(newRoot)
    if 2 * size <= capacity / 2 {
      moveSmall(
        old: old, rootEntry: rootEntry, newRoot: newRoot, under: parent, count: 2 * size,
        shift: shift, rootPotential: rootPotential)
    } else {
      moveLarge(
        old: old, rootEntry: rootEntry, newRoot: newRoot, under: parent, size: size,
        shift: shift, rootPotential: rootPotential)
    }
  }

  private mutating func moveSmall(
    old: Int32, rootEntry: Int32, newRoot: Int, under parent: Int, count: Int, shift: Double,
    rootPotential: Double
  ) {
    // The interval: old, inside, old ^ 1. The potentials are taken out of their chunks.
    var taken = 0
    var chunk = Int(entryChunk[Int(old)])
    var position = find(old, in: chunk)
    var split = 0
    while taken < count {
      let start = entries + chunk * capacity
      let available = Int(length[chunk])
      let size = min(count - taken, available - position)
      for k in 0..<size {
        let entry = start[position + k]
        moveBuffer[taken + k] = entry
        if entry == rootEntry { split = taken + k }
        let node = Int(head[Int(entry)])
        if entrance[node] == entry { own[node] += offset[chunk] + shift }
      }
      (start + position).update(from: start + position + size, count: available - position - size)
      length[chunk] = Int32(available - size)
      taken += size
      let following = Int(next[chunk])
      if available == size { unlink(chunk) }
      chunk = following
      position = 0
    }
    let newEntrance = old & ~1
    let newExit = newEntrance | 1
    head[Int(newEntrance)] = Int32(newRoot)
    head[Int(newExit)] = Int32(parent)
    entrance[newRoot] = newEntrance
    own[newRoot] = rootPotential + shift

    // The interval becomes: new entrance, what followed the new root's old entry, what came up to
    // it, new exit.
    let turned = moveBuffer + capacity
    turned[0] = newEntrance
    var filled = 1
    let inside = count - 2
    // moveBuffer[0] is `old`; inside occupies 1...inside. When the root stays, `split` is 0.
    let leadingCount = split
    (turned + filled).update(from: moveBuffer + 1 + leadingCount, count: inside - leadingCount)
    filled += inside - leadingCount
    (turned + filled).update(from: moveBuffer + 1, count: leadingCount)
    filled += leadingCount
    turned[filled] = newExit

    var destination = Int(entryChunk[Int(entrance[parent])])
    var place = find(entrance[parent], in: destination) + 1
    if Int(length[destination]) + count > capacity {
      let tail = self.split(destination, at: place)
      if place + count > capacity {
        if tail >= 0, Int(length[tail]) + count <= capacity {
          destination = tail
          place = 0
        } else {
          destination = insertChunk(after: destination)
          place = 0
        }
      }
    }
    let start = entries + destination * capacity
    let rest = Int(length[destination]) - place
    (start + place + count).update(from: start + place, count: rest)
    (start + place).update(from: turned, count: count)
    length[destination] += Int32(count)
    let there = offset[destination]
    for k in 0..<count {
      let entry = Int(turned[k])
      entryChunk[entry] = Int32(destination)
      let node = Int(head[entry])
      if entrance[node] == Int32(entry) {
        nodeChunk[node] = Int32(destination)
        own[node] -= there
      }
    }
  }

  private mutating func moveLarge(
    old: Int32, rootEntry: Int32, newRoot: Int, under parent: Int, size: Int, shift: Double,
    rootPotential: Double
  ) {
    // Cut the interval out; afterwards it consists of the chunks from `head` to `tail`.
    let before = cutAfter(old)
    let pastEnd = cutAfter(old ^ 1, keepingEntry: false)
    removeLast(of: before)
    var startChunk = Int(next[before])
    var endChunk = pastEnd
    let following = Int(next[pastEnd])
    if rootEntry != old {
      let turning = cutAfter(rootEntry)
      // `cutAfter` may have split the first or the last chunk of the interval.
      startChunk = Int(next[before])
      if turning == endChunk, Int(next[turning]) != following { endChunk = Int(next[turning]) }
      // Rotate: what follows the turning point comes first.
      if turning != endChunk {
        let newStart = Int(next[turning])
        link(endChunk, startChunk)
        next[turning] = -1
        previous[newStart] = -1
        startChunk = newStart
        endChunk = turning
      }
    }
    link(before, following)
    next[endChunk] = -1

    let moveRest = 2 * size > nodeCount
    var walk = moveRest ? Int(first) : startChunk
    let added = moveRest ? -shift : shift
    while walk >= 0 {
      offset[walk] += added
      walk = Int(next[walk])
    }
    let newRootPotential = moveRest ? rootPotential : rootPotential + shift

    var into = cutAfter(entrance[parent])
    let after = Int(next[into])
    if Int(length[into]) == capacity { into = insertChunk(after: into) }
    let newEntrance = old & ~1
    let newExit = newEntrance | 1
    head[Int(newEntrance)] = Int32(newRoot)
    head[Int(newExit)] = Int32(parent)
    append(newEntrance, to: into)
    entrance[newRoot] = newEntrance
    nodeChunk[newRoot] = Int32(into)
    own[newRoot] = newRootPotential - offset[into]
    link(into, startChunk)
    link(endChunk, after)
    if Int(length[endChunk]) == capacity {
      let extra = insertChunk(after: endChunk)
      append(newExit, to: extra)
    } else {
      append(newExit, to: endChunk)
    }
    mergeWithNext(endChunk)
    mergeWithNext(into)
    if length[before] == 0 { unlink(before) } else { mergeWithNext(before) }
  }

  // MARK: Chunks

  /// The position of an entry in its chunk.
  @inline(__always)
  private func find(_ entry: Int32, in chunk: Int) -> Int {
    let start = UnsafeRawPointer(entries + chunk * capacity)
    let wanted = SIMD8<Int32>(repeating: entry)
    var position = 0
    while true {
      let block = start.loadUnaligned(
        fromByteOffset: position * 4, as: SIMD8<Int32>.self)
      let matches = block .== wanted
      if any(matches) {
        for lane in 0..<8 where block[lane] == entry { return position + lane }
      }
      position += 8
    }
  }

  @inline(__always)
  private func link(_ chunk: Int, _ following: Int) {
    next[chunk] = Int32(following)
    if following >= 0 { previous[following] = Int32(chunk) }
  }

  private mutating func unlink(_ chunk: Int) {
    let (left, right) = (Int(previous[chunk]), Int(next[chunk]))
    if left >= 0 { next[left] = Int32(right) } else { first = Int32(right) }
    if right >= 0 { previous[right] = Int32(left) }
    length[chunk] = -1
    free[freeCount] = Int32(chunk)
    freeCount += 1
  }

  private mutating func insertChunk(after chunk: Int) -> Int {
    let new = newChunk(like: chunk)
    let following = Int(next[chunk])
    link(chunk, new)
    link(new, following)
    return new
  }

  private mutating func insertChunk(before chunk: Int) -> Int {
    let new = newChunk(like: chunk)
    let preceding = Int(previous[chunk])
    link(new, chunk)
    if preceding >= 0 {
      link(preceding, new)
    } else {
      previous[new] = -1
      first = Int32(new)
    }
    return new
  }

  private mutating func newChunk(like chunk: Int) -> Int {
    freeCount -= 1
    let new = Int(free[freeCount])
    length[new] = 0
    offset[new] = offset[chunk]
    return new
  }

  @inline(__always)
  private func append(_ entry: Int32, to chunk: Int) {
    entries[chunk * capacity + Int(length[chunk])] = entry
    length[chunk] += 1
    entryChunk[Int(entry)] = Int32(chunk)
  }

  @inline(__always)
  private func removeLast(of chunk: Int) {
    length[chunk] -= 1
  }

  /// Ends the chunk of an entry right after the entry (or, without the entry, in front of it) and
  /// returns the chunk that ends there.
  private mutating func cutAfter(_ entry: Int32, keepingEntry: Bool = true) -> Int {
    let chunk = Int(entryChunk[Int(entry)])
    let position = find(entry, in: chunk) + 1
    // The shorter part goes into a new chunk.
    var end = chunk
    if 2 * position < Int(length[chunk]) {
      end = splitFront(of: chunk, at: position)
    } else {
      _ = split(chunk, at: position)
    }
    if !keepingEntry { length[end] -= 1 }
    return end
  }

  /// Moves the entries of a chunk from a position on into a new chunk behind it; returns the new
  /// chunk, or −1 when there was nothing to move.
  private mutating func split(_ chunk: Int, at position: Int) -> Int {
    let count = Int(length[chunk]) - position
    guard count > 0 else { return -1 }
    let new = insertChunk(after: chunk)
    relocate(entries + chunk * capacity + position, count, to: new)
    length[chunk] = Int32(position)
    return new
  }

  /// Moves the entries of a chunk in front of a position into a new chunk before it, and returns that.
  private mutating func splitFront(of chunk: Int, at position: Int) -> Int {
    let new = insertChunk(before: chunk)
    let start = entries + chunk * capacity
    relocate(start, position, to: new)
    let rest = Int(length[chunk]) - position
    start.update(from: start + position, count: rest)
    length[chunk] = Int32(rest)
    return new
  }

  /// Puts entries into an empty chunk that has the offset of the one they come from.
  private func relocate(_ from: UnsafePointer<Int32>, _ count: Int, to chunk: Int) {
    let to = entries + chunk * capacity
    for k in 0..<count {
      let entry = from[k]
      to[k] = entry
      entryChunk[Int(entry)] = Int32(chunk)
      let node = Int(head[Int(entry)])
      if entrance[node] == entry { nodeChunk[node] = Int32(chunk) }
    }
    length[chunk] = Int32(count)
  }

  /// Joins a chunk with the next one when both fit well into one; does nothing for a chunk that was
  /// joined already.
  private mutating func mergeWithNext(_ chunk: Int) {
    guard length[chunk] >= 0 else { return }
    let following = Int(next[chunk])
    guard following >= 0 else { return }
    let (a, b) = (Int(length[chunk]), Int(length[following]))
    guard a + b <= capacity * 3 / 4 else { return }
    if b <= a {
      take(following, into: chunk, at: a)
      length[chunk] = Int32(a + b)
      unlink(following)
    } else {
      let start = entries + following * capacity
      (start + a).update(from: start, count: b)
      take(chunk, into: following, at: 0)
      length[following] = Int32(a + b)
      unlink(chunk)
    }
  }

  private func take(_ source: Int, into chunk: Int, at position: Int) {
    let (from, to) = (entries + source * capacity, entries + chunk * capacity + position)
    let difference = offset[source] - offset[chunk]
    for k in 0..<Int(length[source]) {
      let entry = from[k]
      to[k] = entry
      entryChunk[Int(entry)] = Int32(chunk)
      let node = Int(head[Int(entry)])
      if entrance[node] == entry {
        nodeChunk[node] = Int32(chunk)
        own[node] += difference
      }
    }
  }
}
