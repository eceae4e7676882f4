/// A spanning tree cut into connected blocks of about the same size.
///
/// With the flow on the arcs between blocks as given, each block is a transport problem of its own, for
/// which it is a feasible basis; what improves it improves the whole. The blocks depend on the tree alone.
struct TreeBlocks {
  /// For each node its block.
  let blocks: [Int32]
  /// For each node its place among the members of its block.
  let places: [Int32]
  /// For each node whether the arc above it lies between two blocks; true at the root.
  let isTop: [Bool]
  /// The nodes of block k are `members[starts[k]..<starts[k + 1]]`: its sources and then its targets, each in
  /// order.
  private let members: [Int32]
  private let starts: [Int]

  /// The number of blocks.
  var count: Int { starts.count - 1 }

  /// The blocks of a tree.
  ///
  /// - Parameter size: every block but that of the root has at least so many nodes, and hardly more than
  ///   twice as many where no node has many neighbors.
  /// - Complexity: O(nodes).
  init(of tree: borrowing SpanningTree, size: Int) {
    let (nodeCount, parent) = (tree.nodeCount, tree.parent)
    var order: [Int32] = []
    order.reserveCapacity(nodeCount)
    tree.forEachNodeInOrder { order.append(Int32($0)) }

    var isTop = [Bool](repeating: false, count: nodeCount)
    var weights = [Int32](repeating: 1, count: nodeCount)
    for node in order.reversed().lazy.map({ Int($0) }) {
      let above = Int(parent[node])
      if above < 0 || weights[node] >= size {
        isTop[node] = true
      } else {
        weights[above] += weights[node]
      }
    }
    var blocks = [Int32](repeating: 0, count: nodeCount)
    var starts = [0]
    for node in order.lazy.map({ Int($0) }) {
      if isTop[node] {
        blocks[node] = Int32(starts.count - 1)
        starts.append(starts[starts.count - 1] + Int(weights[node]))
      } else {
        blocks[node] = blocks[Int(parent[node])]
      }
    }
    var cursors = starts
    var members = [Int32](repeating: 0, count: nodeCount)
    var places = [Int32](repeating: 0, count: nodeCount)
    for node in 0..<nodeCount {
      let block = Int(blocks[node])
      members[cursors[block]] = Int32(node)
      places[node] = Int32(cursors[block] - starts[block])
      cursors[block] += 1
    }
    self.blocks = blocks
    self.places = places
    self.isTop = isTop
    self.members = members
    self.starts = starts
  }

  /// The nodes of a block: its sources and then its targets, each in order.
  func members(of block: Int) -> ArraySlice<Int32> { members[starts[block]..<starts[block + 1]] }
}
