import OptimalTransport

/// Which of several things are near each other: a tree that joins the two nearest groups again and again. The
/// distance of two groups is the mean distance of their members (average linkage).
///
/// Source: R. R. Sokal and C. D. Michener, "A statistical method for evaluating systematic relationships" (1958).
public struct Dendrogram: Sendable, Hashable {
  /// Two groups that become one.
  public struct Merge: Sendable, Hashable {
    /// The groups: a number below that of the things is a single one of them, and the number of the things plus
    /// k is what the k-th merge has made, from 0.
    public let groups: [Int]
    /// The mean distance of their members.
    public let height: Double
  }

  /// The merges in their order, one fewer than there are things.
  public let merges: [Merge]
  /// The things in an order in which no lines of the tree cross.
  public let order: [Int]

  /// The tree of a table of distances.
  ///
  /// - Parameter distances: a symmetric table, at least one row.
  /// - Precondition: it is square.
  /// - Complexity: O(n³).
  public init(_ distances: [[Double]]) {
    precondition(
      !distances.isEmpty && distances.allSatisfy { $0.count == distances.count },
      "a table has a row and a column for each thing")
    var groups = distances.indices.map { (number: $0, members: [$0]) }
    var merges: [Merge] = []
    func distance(_ first: [Int], _ second: [Int]) -> Double {
      let sum = CompensatedSum(first.flatMap { row in second.map { distances[row][$0] } })
      return sum.value / Double(first.count * second.count)
    }
    var table = distances
    while groups.count > 1 {
      var nearest = (first: 0, second: 1)
      for second in groups.indices {
        for first in 0..<second where table[first][second] < table[nearest.first][nearest.second] {
          nearest = (first, second)
        }
      }
      let (first, second) = nearest
      merges.append(
        Merge(groups: [groups[first].number, groups[second].number], height: table[first][second]))
      groups[first] = (
        distances.count + merges.count - 1, groups[first].members + groups[second].members
      )
      groups.remove(at: second)
      table.remove(at: second)
      for row in table.indices { table[row].remove(at: second) }
      for other in groups.indices where other != first {
        let mean = distance(groups[first].members, groups[other].members)
        (table[first][other], table[other][first]) = (mean, mean)
      }
    }
    self.merges = merges
    order = groups[0].members
  }
}

/// A dendrogram with the names of its leaves.
public struct DendrogramFigure: Figure {
  /// What stands above it.
  public var title: String
  /// The names of the things.
  public var names: [String]
  /// The tree.
  public var tree: Dendrogram
  /// What the distances are, with their unit.
  public var label: String

  /// A drawing of a tree.
  ///
  /// - Precondition: there is a name for each leaf.
  public init(title: String, names: [String], tree: Dendrogram, label: String) {
    precondition(names.count == tree.order.count, "a tree has a name for each leaf")
    (self.title, self.names, self.tree, self.label) = (title, names, tree, label)
  }

  /// As high as its names need.
  public var size: SIMD2<Double> { [900, 150 + 24 * Double(max(4, names.count))] }

  /// The commands of gnuplot.
  public var commands: String {
    var places = [Int: SIMD2<Double>]()
    for (place, leaf) in tree.order.enumerated() { places[leaf] = [0, Double(place)] }
    var lines = ["$tree << EOD"]
    for (index, merge) in tree.merges.enumerated() {
      let ends = merge.groups.compactMap { places[$0] }
      guard ends.count == 2 else { continue }
      lines += [
        "\(ends[0].x) \(ends[0].y)", "\(merge.height) \(ends[0].y)",
        "\(merge.height) \(ends[1].y)", "\(ends[1].x) \(ends[1].y)", "",
      ]
      places[names.count + index] = [merge.height, (ends[0].y + ends[1].y) / 2]
    }
    lines.append("EOD")
    let tics = tree.order.enumerated().map { "\(Script.quoted(names[$1])) \($0)" }
    let largest = tree.merges.map(\.height).filter(\.isFinite).max() ?? 0
    lines += [
      "set encoding utf8", "set title \(Script.quoted(title)) noenhanced", "unset key",
      "set xlabel \(Script.quoted(label)) noenhanced", "set border 1",
      "set xrange [0:\(largest > 0 ? 1.04 * largest : 1)]",
      "set yrange [\(Double(names.count) - 0.5):-0.5]", "set xtics nomirror out",
      "set ytics nomirror scale 0 noenhanced (\(tics.joined(separator: ", ")))",
      "plot $tree using 1:2 with lines linewidth 2 linecolor rgb '\(Script.lineColors[0])'",
    ]
    return lines.joined(separator: "\n") + "\n"
  }
}
