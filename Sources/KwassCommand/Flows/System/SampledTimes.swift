import KineticTransport

/// The times at which a command looks at a flow, counted before any work.
enum SampledTimes {
  /// No command looks more often: each time is a snapshot or a line.
  static let limit = 1e6

  /// The multiples of a time after a start, and the end. They do not depend on where a run was
  /// stopped, so neither do the steps between them.
  ///
  /// - Parameter every: `nil` for the end alone.
  /// - Throws: `CommandFailure` for too many of them.
  static func multiples(
    of every: Double?, after start: Double, until end: Double
  ) throws(CommandFailure) -> [Double] {
    guard start < end else { return [] }
    guard let every else { return [end] }
    try check(every, from: start, until: end)
    // Three times .1 is the number .3, and not one that rounding has put beside it: a decimal
    // fraction is a whole number over a power of ten.
    let scales = sequence(first: 1.0) { $0 < 1e12 ? $0 * 10 : nil }
    let decimal = scales.first { every * $0 < 1e12 && (every * $0).rounded() / $0 == every }
    let scale = decimal ?? 1
    let unit = decimal == nil ? every : (every * scale).rounded()
    func time(_ multiple: Double) -> Double { multiple * unit / scale }
    var times: [Double] = []
    var multiple = (start / every).rounded(.down) - 1
    while time(multiple) <= start { multiple += 1 }
    // A multiple that misses the end by rounding is the end.
    while time(multiple) < end - 1e-9 * every {
      times.append(time(multiple))
      multiple += 1
    }
    return times + [end]
  }

  /// A start, the times from there on in equal steps, and the end.
  ///
  /// - Throws: `CommandFailure` for too many of them.
  static func steps(
    of every: Double, from start: Double, until end: Double
  ) throws(CommandFailure) -> [Double] {
    try check(every, from: start, until: end)
    var times = [start]
    // A time that misses the end by rounding is the end.
    while start + Double(times.count) * every < end - 1e-9 * every {
      times.append(start + Double(times.count) * every)
    }
    return times + [end]
  }

  private static func check(
    _ every: Double, from start: Double, until end: Double
  ) throws(CommandFailure) {
    // Halves, so that no difference of times overflows.
    let count = ((end / 2 - start / 2) / every * 2).rounded(.up)
    guard count <= limit else {
      throw CommandFailure(
        .usage,
        "--every \(every) asks for \(plain(count)) times from \(start) to \(end); \(plain(limit)) are "
          + "the limit.")
    }
    // Multiples of less than a few roundings would fall on one another.
    let rounding = max(start.magnitude, end.magnitude).ulp
    guard every > 4 * rounding else {
      throw CommandFailure(
        .usage,
        "--every \(every) is too short for times from \(start) to \(end), which are only stored to "
          + "\(rounding).")
    }
  }
}
