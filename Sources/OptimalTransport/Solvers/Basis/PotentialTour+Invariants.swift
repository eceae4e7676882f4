extension PotentialTour {
  /// What is wrong with the tour of a tree; `nil` where it is the Euler tour that it should be.
  ///
  /// For tests: nothing else calls it.
  ///
  /// - Parameter parent: the parent of each node, −1 at the root, which is node 0.
  /// - Complexity: O(nodes + chunks).
  func violation(parent: UnsafePointer<Int32>) -> String? {
    var isUsed = [Bool](repeating: false, count: chunkLimit)
    var isFound = [Bool](repeating: false, count: entryCount)
    var path: [Int32] = []
    var (chunk, before) = (first, Int32(-1))
    while chunk >= 0 {
      let index = Int(chunk)
      guard index < chunkLimit, !isUsed[index] else { return "chunk \(index) stands twice" }
      isUsed[index] = true
      guard previous[index] == before else { return "chunk \(index) has a wrong link back" }
      guard (0...capacity).contains(Int(length[index])) else {
        return "chunk \(index) has \(length[index]) entries"
      }
      for position in 0..<Int(length[index]) {
        let entry = entries[index * capacity + position]
        guard (0..<Int32(entryCount)).contains(entry), !isFound[Int(entry)] else {
          return "entry \(entry) stands twice"
        }
        isFound[Int(entry)] = true
        guard entryChunk[Int(entry)] == chunk else {
          return "entry \(entry) does not know its chunk"
        }
        if let fault = step(entry, &path, parent) { return fault }
      }
      (before, chunk) = (chunk, next[index])
    }
    guard isFound.allSatisfy(\.self) else { return "entries are missing" }
    guard path == [0] else { return "the tour does not end at the root" }
    var freed = isUsed
    for index in free[0..<freeCount] {
      guard !freed[Int(index)] else { return "chunk \(index) is free and in use" }
      freed[Int(index)] = true
    }
    return freed.allSatisfy(\.self) ? nil : "a chunk is neither free nor in use"
  }

  /// Follows an entry down to a child or back up to a parent.
  private func step(
    _ entry: Int32, _ path: inout [Int32], _ parent: UnsafePointer<Int32>
  ) -> String? {
    let node = head[Int(entry)]
    guard (0..<Int32(nodeCount)).contains(node) else { return "entry \(entry) enters no node" }
    if entrance[Int(node)] == entry {
      guard parent[Int(node)] == path.last ?? -1 else {
        return "node \(node) is entered from \(path.last ?? -1), and its parent is another"
      }
      guard nodeChunk[Int(node)] == entryChunk[Int(entry)] else {
        return "node \(node) does not know its chunk"
      }
      path.append(node)
      return nil
    }
    guard let left = path.popLast(), entrance[Int(left)] ^ 1 == entry, path.last == node else {
      return "entry \(entry) leads back to \(node) from elsewhere"
    }
    return nil
  }
}

extension UnsafeMutablePointer {
  /// Some of the elements behind the pointer.
  fileprivate subscript(range: Range<Int>) -> UnsafeBufferPointer<Pointee> {
    UnsafeBufferPointer(start: self + range.lowerBound, count: range.count)
  }
}
