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

  let nodeCount: Int
  let entryCount: Int
  /// The most entries of a chunk.
  let capacity: Int
  /// The most chunks.
  let chunkLimit: Int
  /// For each node its potential less the offset of its chunk.
  let own: UnsafeMutablePointer<Double>
  /// For each node the chunk in which the tour first enters it.
  let nodeChunk: UnsafeMutablePointer<Int32>
  /// For each entry its chunk.
  let entryChunk: UnsafeMutablePointer<Int32>
  /// The entries of chunk k from `k * capacity` on.
  let entries: UnsafeMutablePointer<Int32>
  /// For each chunk the number of its entries; −1 for one that is free.
  let length: UnsafeMutablePointer<Int32>
  /// For each chunk the one behind it; −1 at the end.
  let next: UnsafeMutablePointer<Int32>
  /// For each chunk the one before it; −1 at the start.
  let previous: UnsafeMutablePointer<Int32>
  /// For each chunk what is added to the potentials of its nodes.
  let offset: UnsafeMutablePointer<Double>
  /// The first `freeCount` are the chunks that are not in use.
  let free: UnsafeMutablePointer<Int32>
  var freeCount: Int
  var first: Int32 = 0
  /// Room for two chunks.
  let moveBuffer: UnsafeMutablePointer<Int32>

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
  mutating func compact() {
    let whole = UnsafeMutablePointer<Int32>.allocate(capacity: entryCount)
    defer { whole.deallocate() }
    var position = 0
    var chunk = first
    while chunk >= 0 {
      let count = Int(length[Int(chunk)])
      (whole + position).update(from: entries + Int(chunk) * capacity, count: count)
      position += count
      chunk = next[Int(chunk)]
    }
    for node in 0..<nodeCount { own[node] += offset[Int(nodeChunk[node])] }
    assign(tour: whole)
  }
}
