import Figures
import Testing

@Suite struct DendrogramTests {
  /// 0 and 2 are 1 apart, 1 and 3 are 2 apart, and both pairs 10, 11, 12 and 13 of each other.
  private let table: [[Double]] = [
    [0, 10, 1, 11], [10, 0, 12, 2], [1, 12, 0, 13], [11, 2, 13, 0],
  ]

  @Test func theNearestAreJoinedFirst() {
    let tree = Dendrogram(table)
    #expect(tree.merges.map(\.groups) == [[0, 2], [1, 3], [4, 5]])
    #expect(tree.merges.map(\.height) == [1, 2, 11.5])
    #expect(tree.order == [0, 2, 1, 3])
    #expect(Dendrogram([[0]]).order == [0] && Dendrogram([[0]]).merges.isEmpty)
  }

  /// The mean is one of members, not of means: 0 and 1 with 2, and then all three with 3.
  @Test func groupsCountByTheirMembers() {
    let tree = Dendrogram([[0, 1, 4, 9], [1, 0, 4, 9], [4, 4, 0, 12], [9, 9, 12, 0]])
    #expect(tree.merges.map(\.height) == [1, 4, 10])
  }

  @Test func treesAreDrawn() throws {
    let figure = DendrogramFigure(
      title: "t", names: ["a", "b'", "c", "d"], tree: Dendrogram(table), label: "W")
    // The two brackets, and the one between the middles of them.
    #expect(
      figure.commands.contains("0.0 0.0\n1.0 0.0\n1.0 1.0\n0.0 1.0\n")
        && figure.commands.contains("0.0 2.0\n2.0 2.0\n2.0 3.0\n0.0 3.0\n")
        && figure.commands.contains("1.0 0.5\n11.5 0.5\n11.5 2.5\n2.0 2.5\n"))
    let text = String(decoding: try Gnuplot().draw(figure, as: .svg), as: UTF8.self)
    for name in ["a", "b’", "c", "d"] { #expect(text.contains(">\(name)<")) }
    #expect(try !Gnuplot().sketch(figure).isEmpty)
  }
}
