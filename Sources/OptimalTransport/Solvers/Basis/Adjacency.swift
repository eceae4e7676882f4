/// The arcs at each node of a bipartite graph.
struct Adjacency {
  /// The arcs at node k are `arcs[starts[k]..<starts[k + 1]]`.
  let starts: [Int32]
  let arcs: [Int32]

  /// The adjacency of arcs between sources 0..<sourceCount and targets, counted from 0.
  init(sources: [Int32], targets: [Int32], sourceCount: Int, nodeCount: Int) {
    var starts = [Int32](repeating: 0, count: nodeCount + 1)
    for source in sources { starts[Int(source) + 1] += 1 }
    for target in targets { starts[sourceCount + Int(target) + 1] += 1 }
    for node in 0..<nodeCount { starts[node + 1] += starts[node] }
    var arcs = [Int32](repeating: 0, count: 2 * sources.count)
    var cursor = starts
    for arc in sources.indices {
      let (i, j) = (Int(sources[arc]), sourceCount + Int(targets[arc]))
      arcs[Int(cursor[i])] = Int32(arc)
      cursor[i] += 1
      arcs[Int(cursor[j])] = Int32(arc)
      cursor[j] += 1
    }
    self.starts = starts
    self.arcs = arcs
  }
}
