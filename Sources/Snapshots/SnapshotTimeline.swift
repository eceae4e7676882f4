/// Snapshots in the order of their physical times.
public struct SnapshotTimeline: Sendable {
  /// The snapshots.
  public let files: [SnapshotFile]
  /// Their times, each later than the one before.
  public let times: [Double]

  /// The snapshots of a run, in any order.
  ///
  /// - Throws: `TimelineError` unless each states a time of its own.
  /// - Complexity: O(k log k) for k snapshots.
  public init(_ files: [SnapshotFile]) throws(TimelineError) {
    var members: [(time: Double, file: SnapshotFile)] = []
    for file in files {
      guard let time = file.snapshot.time else { throw .noTime(path: file.path) }
      members.append((time, file))
    }
    members.sort { $0.time < $1.time }
    for (first, second) in zip(members, members.dropFirst()) where first.time == second.time {
      throw .sameTime(first: first.file.path, second: second.file.path, time: first.time)
    }
    self.files = members.map(\.file)
    times = members.map(\.time)
  }

  /// The time between the first and the last.
  public var span: Double { (times.last ?? 0) - (times.first ?? 0) }

  /// The snapshot nearest to a time, if it is near enough.
  public func index(at time: Double, within tolerance: Double) -> Int? {
    times.indices.min { abs(times[$0] - time) < abs(times[$1] - time) }
      .flatMap { abs(times[$0] - time) <= tolerance ? $0 : nil }
  }

  /// For each snapshot the one of the same time in another run, if there is one.
  ///
  /// - Parameters:
  ///   - other: the snapshots to pair with these.
  ///   - tolerance: how far two times may be apart, relative to the longer of both spans: codes add up
  ///     their steps, and write times with few digits.
  public func partners(in other: SnapshotTimeline, tolerance: Double = 1e-6) -> [Int?] {
    let distance = tolerance * max(span, other.span)
    return times.map { other.index(at: $0, within: distance) }
  }
}

/// Why snapshots have no order in time.
public enum TimelineError: Error, Hashable, Sendable, CustomStringConvertible {
  /// A snapshot states no time.
  case noTime(path: String)
  /// Two snapshots state the same one.
  case sameTime(first: String, second: String, time: Double)

  /// A full sentence.
  public var description: String {
    switch self {
    case .noTime(let path): "\(path) states no time; every snapshot of a series must."
    case .sameTime(let first, let second, let time):
      "\(first) and \(second) state the same time \(time); in a series each has its own."
    }
  }
}
