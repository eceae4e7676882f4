import TestSupport
import Testing

@testable import OptimalTransport

@Suite struct DenseAssignmentTests {
  /// Convex costs on a line: in order is best, and the joined tree shows it.
  @Test(arguments: [1, 2, 7, 8, 9, 31, 128])
  func sortsOnALine(count: Int) {
    var generator = SeededGenerator(seed: UInt64(count))
    let x = (0..<count).map { _ in generator.uniform() }
    let y = (0..<count).map { _ in generator.uniform() }
    let costs = x.flatMap { x in y.map { (x - $0) * (x - $0) } }
    let assignment = DenseAssignment(count: count, costs: costs)
    let (first, second) = (
      x.indices.sorted { x[$0] < x[$1] }, y.indices.sorted { y[$0] < y[$1] }
    )
    #expect(zip(first, second).allSatisfy { assignment.targetOfSource[$0] == $1 })
    expectTree(assignment, count)
  }

  /// Sums of costs leave the range of doubles: any assignment will do, and there is one.
  @Test(arguments: [2, 9, 30])
  func assignsBeyondTheRange(count: Int) {
    var generator = SeededGenerator(seed: 4)
    for _ in 0..<20 {
      let costs = (0..<count * count).map { _ in
        generator.uniform() * Double.greatestFiniteMagnitude
      }
      expectTree(DenseAssignment(count: count, costs: costs), count)
    }
  }

  /// Each target once, and pairs that join all of them.
  private func expectTree(_ assignment: DenseAssignment, _ count: Int) {
    #expect(assignment.targetOfSource.sorted() == Array(0..<count))
    var joined: Set<Int> = [assignment.targetOfSource[0]]
    for pair in assignment.joiningPairs {
      #expect(joined.contains(assignment.targetOfSource[pair.source]))
      #expect(joined.insert(pair.target).inserted)
    }
    #expect(joined.count == count)
  }
}
