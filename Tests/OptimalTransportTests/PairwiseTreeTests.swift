import TestSupport
import Testing

@testable import OptimalTransport

@Suite struct PairwiseTreeTests {
  private func tree() -> PairwiseTree<String> { PairwiseTree { $0 = "(\($0)\($1))" } }

  @Test(arguments: [(1, "0"), (2, "(01)"), (3, "((01)2)"), (6, "(((01)(23))(45))")])
  func neighboursAreJoined(count: Int, expected: String) {
    var tree = tree()
    for index in 0..<count { tree.add(.init(level: 0, index: index, value: "\(index)")) }
    #expect(tree.total() == expected)
  }

  /// Those who have some consecutive parts give what one gives who has all.
  @Test func consecutivePartsMakeTheSame() {
    for count in 1...20 {
      var whole = tree()
      for index in 0..<count { whole.add(.init(level: 0, index: index, value: "\(index % 10)")) }
      #expect(whole.nodes.count <= 5)
      let expected = whole.total()
      for ranks in 1...7 {
        var joined = tree()
        for rank in 0..<ranks {
          var own = tree()
          for index in count * rank / ranks..<count * (rank + 1) / ranks {
            own.add(.init(level: 0, index: index, value: "\(index % 10)"))
          }
          for node in own.nodes { joined.add(node) }
        }
        #expect(joined.total() == expected)
      }
    }
  }
}
