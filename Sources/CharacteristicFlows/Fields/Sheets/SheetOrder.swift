import OptimalTransport

/// A particle as the one-dimensional field sees it.
struct Sheet: Sendable {
  /// The position on the circle in units of its length, in [0, 1).
  var place: Double
  /// The number of the particle.
  var index: Int32
}

/// Sorts particles on a circle by their places, ties by their numbers, in nearly linear time.
///
/// The circle is cut into buckets of about 2,048 particles: one pass scatters the particles into
/// them, and each bucket, which fits a processor's nearest memory, is then sorted by itself with as
/// many cells as it has particles. The order does not depend on the number of processors.
struct SheetOrder: Sendable {
  /// The particles in order, once `sort` has run.
  private(set) var sheets: [Sheet] = []
  /// Where each bucket begins in `sheets`, and one past the last.
  private(set) var starts: [Int] = []

  private var scattered: [Sheet] = []

  /// The number of buckets, a power of two.
  var bucketCount: Int { starts.count - 1 }

  private static let chunkCount = 16
  /// Cells with more particles than this are sorted by comparison before the last pass.
  private static let crowd = 24

  /// Sorts particles by their positions modulo the length.
  ///
  /// - Complexity: O(n) for densities that vary moderately, O(n log n) at worst.
  mutating func sort(_ positions: [Double], length: Double) {
    let count = positions.count
    if sheets.count != count {
      sheets = Array(repeating: Sheet(place: 0, index: 0), count: count)
      scattered = sheets
    }
    var buckets = 1
    while buckets * 2048 < count, buckets < 4096 { buckets *= 2 }
    positions.withUnsafeBufferPointer { positions in
      scatter(positions, 1 / length, buckets)
    }
    sortBuckets()
  }

  // MARK: Into the buckets

  private mutating func scatter(
    _ positions: UnsafeBufferPointer<Double>, _ perLength: Double, _ buckets: Int
  ) {
    let (count, chunks) = (positions.count, Self.chunkCount)
    var offsets = [Int32](repeating: 0, count: chunks * buckets)
    nonisolated(unsafe) let positions = positions
    let scale = Double(buckets)
    offsets.withUnsafeMutableBufferPointer { buffer in
      nonisolated(unsafe) let offsets = buffer
      Parallel.forEachChunk(of: chunks, costPerItem: 3 * Double(count / chunks)) { range in
        for chunk in range {
          let own = UnsafeMutableBufferPointer(
            rebasing: offsets[chunk * buckets..<(chunk + 1) * buckets])
          for i in count * chunk / chunks..<count * (chunk + 1) / chunks {
            own[Int(truncatingIfNeeded: Int32(fraction(positions[i] * perLength) * scale))] += 1
          }
        }
      }
    }
    starts = []
    var total: Int32 = 0
    for bucket in 0..<buckets {
      starts.append(Int(total))
      for chunk in 0..<chunks {
        let size = offsets[chunk * buckets + bucket]
        offsets[chunk * buckets + bucket] = total
        total += size
      }
    }
    starts.append(count)
    offsets.withUnsafeMutableBufferPointer { offsetBuffer in
      scattered.withUnsafeMutableBufferPointer { sheetBuffer in
        nonisolated(unsafe) let (offsets, sheets) = (offsetBuffer, sheetBuffer)
        Parallel.forEachChunk(of: chunks, costPerItem: 5 * Double(count / chunks)) { range in
          for chunk in range {
            let own = UnsafeMutableBufferPointer(
              rebasing: offsets[chunk * buckets..<(chunk + 1) * buckets])
            for i in count * chunk / chunks..<count * (chunk + 1) / chunks {
              let place = fraction(positions[i] * perLength)
              let bucket = Int(truncatingIfNeeded: Int32(place * scale))
              sheets[Int(own[bucket])] = Sheet(
                place: place, index: Int32(truncatingIfNeeded: i))
              own[bucket] &+= 1
            }
          }
        }
      }
    }
  }

  // MARK: Within the buckets

  private mutating func sortBuckets() {
    let (starts, buckets, crowd) = (self.starts, bucketCount, Self.crowd)
    scattered.withUnsafeBufferPointer { sourceBuffer in
      sheets.withUnsafeMutableBufferPointer { targetBuffer in
        nonisolated(unsafe) let (source, target) = (sourceBuffer, targetBuffer)
        let cost = 10 * Double(source.count / buckets)
        Parallel.forEachChunk(of: buckets, costPerItem: cost) { range in
          for bucket in range {
            let own = starts[bucket]..<starts[bucket + 1]
            sortBucket(
              UnsafeBufferPointer(rebasing: source[own]),
              into: UnsafeMutableBufferPointer(rebasing: target[own]),
              scale: Double(buckets), offset: Double(bucket), crowd: crowd)
          }
        }
      }
    }
  }
}

/// x − ⌊x⌋, in [0, 1).
@inline(__always)
private func fraction(_ x: Double) -> Double {
  // Rounds to the nearest whole number; without a library call, and right below 2^51.
  var whole = (x + 0x1.8p52) - 0x1.8p52
  if x.magnitude >= 0x1p51 { whole = x.rounded(.down) }
  let rest = x - whole
  let shifted = rest < 0 ? rest + 1 : rest
  // A tiny negative rest plus 1 rounds to 1, which is the origin; what is no number goes there too.
  return shifted < 1 ? shifted : 0
}

/// A counting sort by as many cells as there are sheets, and a pass of insertion.
private func sortBucket(
  _ source: UnsafeBufferPointer<Sheet>, into target: UnsafeMutableBufferPointer<Sheet>,
  scale: Double, offset: Double, crowd: Int
) {
  let count = source.count
  guard count > 1 else {
    if count == 1 { target[0] = source[0] }
    return
  }
  withUnsafeTemporaryAllocation(of: Int32.self, capacity: count + 1) { ends in
    ends.initialize(repeating: 0)
    let cells = Double(count)
    // The scale is a power of two and the difference exact, so cells follow the order of places.
    func cell(_ sheet: Sheet) -> Int {
      Int(truncatingIfNeeded: Int32((sheet.place * scale - offset) * cells))
    }
    for sheet in source { ends[cell(sheet)] &+= 1 }
    var (total, isCrowded) = (Int32(0), false)
    for index in 0...count {
      let size = ends[index]
      if Int(size) > crowd { isCrowded = true }
      ends[index] = total
      total &+= size
    }
    for sheet in source {
      let cell = cell(sheet)
      target[Int(ends[cell])] = sheet
      ends[cell] &+= 1
    }
    if isCrowded {
      var start = 0
      for index in 0...count {
        let end = Int(ends[index])
        if end - start > crowd {
          var crowded = UnsafeMutableBufferPointer(rebasing: target[start..<end])
          crowded.sort { ($0.place, $0.index) < ($1.place, $1.index) }
        }
        start = end
      }
    }
    for index in 1..<count {
      let sheet = target[index]
      var slot = index
      while slot > 0, target[slot - 1].place > sheet.place {
        target[slot] = target[slot - 1]
        slot -= 1
      }
      target[slot] = sheet
    }
  }
}
