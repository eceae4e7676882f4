/// What was found of consecutive parts of something, put together in an order that depends on nothing but the number of
/// parts: neighbours are joined in pairs, the pairs in pairs, and so on, as in a binary tree.
///
/// Whoever has some consecutive parts can join them as far as the tree goes, with as many values left as the tree has
/// levels; several who have done so get the bits that one gets who has all parts.
package struct PairwiseTree<Value> {
  /// A value that stands for the parts `index << level ..< (index + 1) << level`, as far as there are so many.
  package struct Node {
    package let level: Int
    package let index: Int
    package var value: Value

    package init(level: Int, index: Int, value: Value) {
      (self.level, self.index, self.value) = (level, index, value)
    }

    fileprivate func isLeft(of other: Node) -> Bool {
      level == other.level && index.isMultiple(of: 2) && other.index == index + 1
    }
  }

  /// The values that could not be joined yet, in the order of their parts.
  package private(set) var nodes: [Node] = []
  /// Joins a value to the one before it.
  private let join: (inout Value, Value) -> Void

  /// No parts.
  package init(_ join: @escaping (inout Value, Value) -> Void) { self.join = join }

  /// Adds what was found of the next part, or of several that were joined already.
  package mutating func add(_ node: Node) {
    nodes.append(node)
    while nodes.count > 1, nodes[nodes.count - 2].isLeft(of: nodes[nodes.count - 1]) { joinLast() }
  }

  /// The value of all parts, from the first to the last that there is; `nil` where there is none.
  package consuming func total() -> Value? {
    while nodes.count > 1 {
      let last = nodes.removeLast()
      // The right neighbour is missing on some levels.
      nodes.append(Node(level: last.level + 1, index: last.index / 2, value: last.value))
      while nodes.count > 1, nodes[nodes.count - 2].isLeft(of: nodes[nodes.count - 1]) {
        joinLast()
      }
    }
    return nodes.first?.value
  }

  private mutating func joinLast() {
    let right = nodes.removeLast()
    // Taken out, so that its value is changed where it is.
    var left = nodes.removeLast()
    join(&left.value, right.value)
    nodes.append(Node(level: left.level + 1, index: left.index / 2, value: left.value))
  }
}
