import OptimalTransport

/// A density on a rectangular grid of cells, positions before velocities.
struct CellGrid {
  /// The cells of one axis.
  struct GridAxis: Equatable {
    let centers: [Double]
    let widths: [Double]

    /// Cells of equal width between two ends.
    init(from lower: Double, to upper: Double, count: Int) {
      let width = (upper - lower) / Double(count)
      centers = (0..<count).map { lower + (Double($0) + 0.5) * width }
      widths = Array(repeating: width, count: count)
    }

    /// The cells around nodes: each reaches half way to its neighbours, and the first and the last
    /// reach outwards as far as inwards.
    ///
    /// - Precondition: at least two nodes, which increase.
    init(nodes: [Double]) {
      centers = nodes
      widths = nodes.indices.map { node in
        let (before, after) = (max(0, node - 1), min(nodes.count - 1, node + 1))
        let gap = nodes[after] - nodes[before]
        return after - before == 2 ? gap / 2 : gap
      }
    }

    /// The nodes of a periodic axis, the last of which repeats the first and is left out. The first
    /// cell reaches through the end.
    init(periodicNodes nodes: [Double]) {
      let gaps = zip(nodes, nodes.dropFirst()).map { $1 - $0 }
      centers = Array(nodes.dropLast())
      widths = gaps.indices.map { (gaps[($0 + gaps.count - 1) % gaps.count] + gaps[$0]) / 2 }
    }
  }

  /// The axes; the last one varies fastest in `values`.
  let axes: [GridAxis]
  /// The density in each cell.
  let values: [Double]
  /// How many of the axes are positions.
  let positionDimension: Int

  /// What became of the cells.
  struct Remainder: Equatable {
    /// The integral over all cells, negative ones included.
    let integral: Double
    /// Cells without mass, which were left out.
    let emptyCells: Int
    /// Cells with negative mass, which were left out.
    let negativeCells: Int
    /// The sum of the masses of the latter, not positive.
    let negativeMass: Double
  }

  /// The measure of the cells: one particle at the centre of each cell of positive mass.
  ///
  /// Rule for negative cells: they are left out and nothing else is changed, so that the total mass
  /// grows by what they lacked.
  ///
  /// - Complexity: O(cells).
  func particles() -> (Snapshot, Remainder) {
    var integral = CompensatedSum()
    var negative = CompensatedSum()
    var (emptyCells, negativeCells) = (0, 0)
    var coordinates = [[Double]](repeating: [], count: axes.count)
    var masses: [Double] = []
    var index = [Int](repeating: 0, count: axes.count)
    for value in values {
      var mass = value
      for axis in axes.indices { mass *= axes[axis].widths[index[axis]] }
      integral.add(mass)
      if mass > 0 {
        masses.append(mass)
        for axis in axes.indices { coordinates[axis].append(axes[axis].centers[index[axis]]) }
      } else if mass < 0 {
        negative.add(mass)
        negativeCells += 1
      } else {
        emptyCells += 1
      }
      for axis in axes.indices.reversed() {
        index[axis] += 1
        if index[axis] < axes[axis].centers.count { break }
        index[axis] = 0
      }
    }
    let snapshot = Snapshot(
      positions: Array(coordinates[..<positionDimension]),
      velocities: Array(coordinates[positionDimension...]), weights: masses)
    let remainder = Remainder(
      integral: integral.value, emptyCells: emptyCells, negativeCells: negativeCells,
      negativeMass: negative.value)
    return (snapshot, remainder)
  }
}

extension CellGrid.Remainder {
  /// What a user should know, in sentences.
  var notes: [ReadingNote] {
    var notes: [ReadingNote] = []
    if negativeCells > 0 {
      notes.append(
        ReadingNote(
          "\(counted(negativeCells, "cell has", "cells have")) negative mass, \(negativeMass) in all "
            + "(\(-negativeMass / abs(integral)) of the integral); they are left out."))
    }
    if emptyCells > 0 {
      notes.append("\(counted(emptyCells, "cell is", "cells are")) empty and left out.")
    }
    return notes + [SnapshotFile.cloudNote]
  }
}
