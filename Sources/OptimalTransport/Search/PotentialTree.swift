import TransportKernels

/// A search tree over a cloud of points that carry potentials: finds the points y of smallest
/// c(x, y) − potential(y) without looking at all of them.
///
/// Each inner node has up to eight children, whose bounds are computed at once. A child knows the
/// box of its points and bounds their potentials from above by an affine function,
/// potential(y) ≤ v₀ + s·(y − y₀), y₀ the middle of the box. On the box c(x, y) − s·(y − y₀) is
/// bounded from below (`tk_box_bounds`), for one x or for all points of a leaf of another tree at
/// once. Potentials of optimal plans are nearly affine on small boxes with the slope of the cost at
/// the partner, so these bounds are sharp where it counts.
///
/// Every bound is lowered by what rounding could have added to it, so a point that is pruned has a
/// value not below the threshold.
final class PotentialTree: @unchecked Sendable {
  let cloud: PointCloud
  let geometry: CostGeometry
  let axisCount: Int
  /// The children of all inner nodes, `lanes` places for each.
  let children: [Child]
  /// The children that are leaves, in the order of their points.
  let leaves: [Int32]
  /// For each inner node, as the kernel wants it: greatest potential, v₀, then middle, half width and
  /// slope for each axis, `lanes` numbers each.
  let boxes: UnsafeMutablePointer<Double>
  let stride: Int
  /// The potential of each point.
  let potentials: UnsafeMutablePointer<Double>
  static let leafSize = Int(TK_LEAF_POINTS)
  static let lanes = Int(TK_BOX_LANES)

  /// Some consecutive points; an empty range where a node has fewer than eight children.
  struct Child {
    var low: Int32 = 0
    var high: Int32 = 0
    /// The inner node that holds the children of this one, 0 for a leaf.
    var node: Int32 = 0
  }

  /// A tree over a cloud whose points are in kd order.
  init(cloud: PointCloud, geometry: CostGeometry) {
    self.cloud = cloud
    self.geometry = geometry
    axisCount = geometry.axisCount
    stride = (2 + 3 * axisCount) * Self.lanes
    var children: [Child] = []
    Self.appendNode(0, cloud.count, &children)
    self.children = children
    leaves = children.indices.filter {
      children[$0].low < children[$0].high && children[$0].node == 0
    }
    .map { Int32($0) }.sorted { children[Int($0)].low < children[Int($1)].low }
    boxes = .allocate(capacity: children.count / Self.lanes * stride)
    boxes.initialize(repeating: 0, count: children.count / Self.lanes * stride)
    // Leaves are read in whole vectors.
    potentials = .allocate(capacity: cloud.count + Self.leafSize)
    potentials.initialize(repeating: 0, count: cloud.count + Self.leafSize)
    for (index, child) in children.enumerated() where child.low < child.high {
      for axis in 0..<axisCount {
        let values = cloud.coordinates + axis * cloud.count
        var (least, greatest) = (Double.infinity, -Double.infinity)
        for point in Int(child.low)..<Int(child.high) {
          least = min(least, values[point])
          greatest = max(greatest, values[point])
        }
        let middle = least / 2 + greatest / 2
        place(index, .middle(axis)).pointee = middle
        // Rounded outwards: every point lies within the half width of the middle.
        place(index, .half(axis)).pointee = max(greatest - middle, middle - least).nextUp
      }
    }
  }

  deinit {
    boxes.deallocate()
    potentials.deallocate()
  }

  enum Quantity {
    case greatest
    case intercept
    case middle(Int)
    case half(Int)
    case slope(Int)
  }

  /// Where a number that belongs to a child stands.
  @inline(__always)
  func place(_ child: Int, _ quantity: Quantity) -> UnsafeMutablePointer<Double> {
    let row =
      switch quantity {
      case .greatest: 0
      case .intercept: 1
      case .middle(let axis): 2 + 3 * axis
      case .half(let axis): 3 + 3 * axis
      case .slope(let axis): 4 + 3 * axis
      }
    let (node, lane) = child.quotientAndRemainder(dividingBy: Self.lanes)
    return boxes + node * stride + row * Self.lanes + lane
  }

  /// Appends an inner node for a range of points, and all below it.
  private static func appendNode(_ low: Int, _ high: Int, _ children: inout [Child]) {
    let start = children.count
    children += Array(repeating: Child(), count: lanes)
    var ranges = [(low, high)]
    // Only ranges that arise by halving are box-shaped clusters.
    while ranges.count < lanes, ranges.contains(where: { $0.1 - $0.0 > leafSize }) {
      ranges = ranges.flatMap { low, high in
        let middle = (low + high) / 2
        return high - low > leafSize ? [(low, middle), (middle, high)] : [(low, high)]
      }
    }
    for (lane, (low, high)) in ranges.enumerated() {
      var child = Child(low: Int32(low), high: Int32(high))
      if high - low > leafSize {
        child.node = Int32(children.count / lanes)
        appendNode(low, high, &children)
      }
      children[start + lane] = child
    }
  }

  /// Sets the potentials.
  ///
  /// - Parameters:
  ///   - values: one for each point.
  ///   - partners: for each point a point of the other cloud to which it is nearly tight; the slope
  ///     of the cost there is taken for the slope of the potential.
  func setPotentials(_ values: [Double], partners: [Int32], in other: PointCloud) {
    potentials.update(from: values, count: cloud.count)
    let count = cloud.count
    let slopes = UnsafeMutablePointer<Double>.allocate(capacity: count * axisCount)
    defer { slopes.deallocate() }
    nonisolated(unsafe) let allSlopes = slopes
    Parallel.forEachChunk(of: count, costPerItem: 30) { range in
      withUnsafeTemporaryAllocation(of: Double.self, capacity: 3 * axisCount) { scratch in
        guard let point = scratch.baseAddress else { return }
        let (partner, slope) = (point + axisCount, point + 2 * axisCount)
        for index in range {
          cloud.copyPoint(index, to: point)
          other.copyPoint(Int(partners[index]), to: partner)
          geometry.gradient(at: point, from: partner, into: slope)
          for axis in 0..<axisCount { allSlopes[axis * count + index] = slope[axis] }
        }
      }
    }
    Parallel.forEachChunk(of: children.count, costPerItem: 400) { range in
      for index in range where children[index].low < children[index].high {
        setAffineBound(index, allSlopes)
      }
    }
  }

  /// Sets the potentials where no partners are known: slopes are fitted to them in every box, axis
  /// by axis, each to what the axes before it leave.
  func setPotentials(_ values: [Double]) {
    potentials.update(from: values, count: cloud.count)
    Parallel.forEachChunk(of: children.count, costPerItem: 1000) { range in
      for index in range where children[index].low < children[index].high {
        fitSlopes(index)
        setIntercept(index)
      }
    }
  }

  private func fitSlopes(_ index: Int) {
    let (low, high) = (Int(children[index].low), Int(children[index].high))
    let mean = (low..<high).reduce(0) { $0 + potentials[$1] } / Double(high - low)
    var rest = (low..<high).map { potentials[$0] - mean }
    for axis in 0..<axisCount {
      let values = cloud.coordinates + axis * cloud.count
      let center = (low..<high).reduce(0) { $0 + values[$1] } / Double(high - low)
      var (product, square) = (0.0, 0.0)
      for point in low..<high {
        let distance = values[point] - center
        product += distance * rest[point - low]
        square += distance * distance
      }
      let slope = product / square
      place(index, .slope(axis)).pointee = slope.isFinite ? slope : 0
      guard slope.isFinite else { continue }
      for point in low..<high { rest[point - low] -= slope * (values[point] - center) }
    }
  }

  private func setAffineBound(_ index: Int, _ slopes: UnsafePointer<Double>) {
    let (low, high) = (Int(children[index].low), Int(children[index].high))
    let count = cloud.count
    for axis in 0..<axisCount {
      var sum = 0.0
      for point in low..<high { sum += slopes[axis * count + point] }
      place(index, .slope(axis)).pointee = sum / Double(high - low)
    }
    setIntercept(index)
  }

  /// The least intercept for the slopes, and the greatest potential.
  private func setIntercept(_ index: Int) {
    let (low, high) = (Int(children[index].low), Int(children[index].high))
    let count = cloud.count
    var (greatest, intercept) = (-Double.infinity, -Double.infinity)
    for point in low..<high {
      var value = potentials[point]
      greatest = max(greatest, value)
      for axis in 0..<axisCount {
        value -=
          place(index, .slope(axis)).pointee
          * (cloud.coordinates[axis * count + point] - place(index, .middle(axis)).pointee)
      }
      intercept = max(intercept, value)
    }
    place(index, .greatest).pointee = greatest
    place(index, .intercept).pointee = intercept
  }
}
