extension PotentialTour {
  /// The position of an entry in its chunk.
  @inline(__always)
  func find(_ entry: Int32, in chunk: Int) -> Int {
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
  func link(_ chunk: Int, _ following: Int) {
    next[chunk] = Int32(following)
    if following >= 0 { previous[following] = Int32(chunk) }
  }

  mutating func unlink(_ chunk: Int) {
    let (left, right) = (Int(previous[chunk]), Int(next[chunk]))
    if left >= 0 { next[left] = Int32(right) } else { first = Int32(right) }
    if right >= 0 { previous[right] = Int32(left) }
    length[chunk] = -1
    free[freeCount] = Int32(chunk)
    freeCount += 1
  }

  mutating func insertChunk(after chunk: Int) -> Int {
    let new = newChunk(like: chunk)
    let following = Int(next[chunk])
    link(chunk, new)
    link(new, following)
    return new
  }

  mutating func insertChunk(before chunk: Int) -> Int {
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

  mutating func newChunk(like chunk: Int) -> Int {
    freeCount -= 1
    let new = Int(free[freeCount])
    length[new] = 0
    offset[new] = offset[chunk]
    return new
  }

  @inline(__always)
  func append(_ entry: Int32, to chunk: Int) {
    entries[chunk * capacity + Int(length[chunk])] = entry
    length[chunk] += 1
    entryChunk[Int(entry)] = Int32(chunk)
  }

  @inline(__always)
  func removeLast(of chunk: Int) {
    length[chunk] -= 1
  }

  /// Ends the chunk of an entry right after the entry (or, without the entry, in front of it) and
  /// returns the chunk that ends there.
  mutating func cutAfter(_ entry: Int32, keepingEntry: Bool = true) -> Int {
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
  mutating func split(_ chunk: Int, at position: Int) -> Int {
    let count = Int(length[chunk]) - position
    guard count > 0 else { return -1 }
    let new = insertChunk(after: chunk)
    relocate(entries + chunk * capacity + position, count, to: new)
    length[chunk] = Int32(position)
    return new
  }

  /// Moves the entries of a chunk in front of a position into a new chunk before it, and returns that.
  mutating func splitFront(of chunk: Int, at position: Int) -> Int {
    let new = insertChunk(before: chunk)
    let start = entries + chunk * capacity
    relocate(start, position, to: new)
    let rest = Int(length[chunk]) - position
    start.update(from: start + position, count: rest)
    length[chunk] = Int32(rest)
    return new
  }

  /// Puts entries into an empty chunk that has the offset of the one they come from.
  func relocate(_ from: UnsafePointer<Int32>, _ count: Int, to chunk: Int) {
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
  mutating func mergeWithNext(_ chunk: Int) {
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

  func take(_ source: Int, into chunk: Int, at position: Int) {
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
