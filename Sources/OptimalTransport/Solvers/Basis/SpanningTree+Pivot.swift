extension SpanningTree {
  /// Brings an arc into the basis.
  ///
  /// - Parameters:
  ///   - source: the node where the arc begins.
  ///   - target: the node where it ends.
  ///   - cost: its cost.
  ///   - reducedCost: cost − potential(source) + potential(target), negative.
  mutating func pivot(source: Int, target: Int, cost: Double, reducedCost: Double) {
    pivotCount += 1
    pivotsSinceRefresh += 1
    shiftsSinceRefresh += abs(reducedCost)
    // Walk up from both ends; the smaller subtree cannot be an ancestor of the other.
    var (i, j) = (source, target)
    // The cycle runs join → source, new arc, target → join. Of several blocking arcs the last one
    // in this direction leaves: that keeps the tree strongly feasible.
    var (leastBySource, leastByTarget) = (Int128.max, Int128.max)
    var (leavingBySource, leavingByTarget) = (-1, -1)
    while i != j {
      if size[i] <= size[j] {
        if i < sourceCount, flow[i] < leastBySource {
          leastBySource = flow[i]
          leavingBySource = i
        }
        i = Int(parent[i])
      } else {
        if j >= sourceCount, flow[j] <= leastByTarget {
          leastByTarget = flow[j]
          leavingByTarget = j
        }
        j = Int(parent[j])
      }
    }
    let leavesOnTargetSide = leastByTarget <= leastBySource
    let (inner, outer) = leavesOnTargetSide ? (target, source) : (source, target)
    reattach(
      leaving: leavesOnTargetSide ? leavingByTarget : leavingBySource, inner: inner, outer: outer,
      join: i, flow: leavesOnTargetSide ? leastByTarget : leastBySource, cost: cost,
      shift: leavesOnTargetSide ? -reducedCost : reducedCost)
  }

  /// Sends flow around the cycle, cuts the arc above `leaving` and hangs what was below it, with `inner` as its
  /// new top, under `outer`.
  private mutating func reattach(
    leaving: Int, inner: Int, outer: Int, join: Int, flow newFlow: Int128, cost newCost: Double,
    shift: Double
  ) {
    let moved = size[leaving]
    let oldEntrance = tour.entrance[leaving]
    let innerEntrance = tour.entrance[inner]

    // From either end of the new arc up to the join, the first arc loses flow, the next one gains it, and so on.
    var change = -newFlow
    var node = outer
    while node != join {
      flow[node] += change
      size[node] += moved
      change = -change
      node = Int(parent[node])
    }

    // Reverse the path from the new top to the old one.
    change = -newFlow
    node = inner
    var above = Int(parent[inner])
    var (pathFlow, pathCost) = (flow[inner] + change, arcCost[inner])
    var entrance = innerEntrance
    var below = size[inner]
    var previous = outer
    var (previousFlow, previousCost) = (newFlow, newCost)
    while true {
      parent[node] = Int32(previous)
      flow[node] = previousFlow
      arcCost[node] = previousCost
      change = -change
      if node == leaving { break }
      let next = above
      above = Int(parent[next])
      let nextEntrance = tour.entrance[next]
      let nextBelow = size[next]
      (previousFlow, previousCost) = (pathFlow, pathCost)
      (pathFlow, pathCost) = (flow[next] + change, arcCost[next])
      tour.setEntrance(next, entrance ^ 1)
      size[next] = moved - below
      entrance = nextEntrance
      below = nextBelow
      previous = node
      node = next
    }

    node = above
    while node != join {
      flow[node] += change
      size[node] -= moved
      change = -change
      node = Int(parent[node])
    }
    size[inner] = moved
    tour.move(
      old: oldEntrance, rootEntry: innerEntrance, newRoot: inner, under: outer,
      size: Int(moved), shift: shift)
  }
}
