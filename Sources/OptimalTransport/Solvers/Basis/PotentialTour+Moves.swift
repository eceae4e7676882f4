extension PotentialTour {
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
    let turn = takeOut(old, count: count, turningAt: rootEntry, shift: shift)
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
    let inside = count - 2
    // moveBuffer[0] is `old`; inside occupies 1...inside. When the root stays, `turn` is 0.
    (turned + 1).update(from: moveBuffer + 1 + turn, count: inside - turn)
    (turned + 1 + inside - turn).update(from: moveBuffer + 1, count: turn)
    turned[count - 1] = newExit
    let (chunk, place) = makeRoom(for: count, behind: entrance[parent])
    insert(turned, count, into: chunk, at: place)
  }

  /// Takes entries out of their chunks into the buffer, and the potentials of the nodes that they enter out
  /// of their chunks' offsets.
  ///
  /// - Returns: the position in the buffer of the entry at which the interval is turned.
  @inline(__always)
  private mutating func takeOut(
    _ old: Int32, count: Int, turningAt rootEntry: Int32, shift: Double
  ) -> Int {
    var taken = 0
    var chunk = Int(entryChunk[Int(old)])
    var position = find(old, in: chunk)
    var turn = 0
    while taken < count {
      let start = entries + chunk * capacity
      let available = Int(length[chunk])
      let size = min(count - taken, available - position)
      for k in 0..<size {
        let entry = start[position + k]
        moveBuffer[taken + k] = entry
        if entry == rootEntry { turn = taken + k }
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
    return turn
  }

  /// A chunk and a place in it, right behind an entry, where so many entries fit in.
  @inline(__always)
  private mutating func makeRoom(for count: Int, behind entry: Int32) -> (chunk: Int, place: Int) {
    let chunk = Int(entryChunk[Int(entry)])
    let place = find(entry, in: chunk) + 1
    guard Int(length[chunk]) + count > capacity else { return (chunk, place) }
    let tail = split(chunk, at: place)
    if place + count <= capacity { return (chunk, place) }
    if tail >= 0, Int(length[tail]) + count <= capacity { return (tail, 0) }
    return (insertChunk(after: chunk), 0)
  }

  /// Puts entries into a chunk that has room for them; the potentials of the nodes that they enter are taken
  /// to its offset.
  @inline(__always)
  private func insert(
    _ new: UnsafePointer<Int32>, _ count: Int, into chunk: Int, at place: Int
  ) {
    let start = entries + chunk * capacity
    let rest = Int(length[chunk]) - place
    (start + place + count).update(from: start + place, count: rest)
    (start + place).update(from: new, count: count)
    length[chunk] += Int32(count)
    let there = offset[chunk]
    for k in 0..<count {
      let entry = Int(new[k])
      entryChunk[entry] = Int32(chunk)
      let node = Int(head[entry])
      if entrance[node] == Int32(entry) {
        nodeChunk[node] = Int32(chunk)
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
}
