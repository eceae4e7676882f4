import CKwass
import PhaseSpace
import Testing

/// The library as a C program calls it, for tests.
enum LibraryCalls {
  /// A measure, made from arrays in C layout.
  static func measure(
    _ measure: PhaseSpaceMeasure, sourceLocation: SourceLocation = #_sourceLocation
  ) throws -> OpaquePointer {
    let (d, e, n) = (measure.positionDimension, measure.velocityDimension, measure.count)
    let positions = (0..<n).flatMap { i in (0..<d).map { measure.position($0)[i] } }
    let velocities = (0..<n).flatMap { i in (0..<e).map { measure.velocity($0)[i] } }
    let box = measure.box.axes.map { $0.isPeriodic ? $0.length : 0 }
    var result: OpaquePointer?
    try measure.masses.withUnsafeBytes { masses in
      try positions.withUnsafeBytes { positions in
        try velocities.withUnsafeBytes { velocities in
          try box.withUnsafeBufferPointer { box in
            var particles = kwass_particles()
            kwass_particles_init(&particles, UInt64(MemoryLayout<kwass_particles>.size))
            particles.count = Int64(n)
            particles.positions.data = positions.baseAddress
            particles.positions.dimension = Int32(d)
            particles.velocities.data = velocities.baseAddress
            particles.velocities.dimension = Int32(e)
            particles.weights.data = masses.baseAddress
            particles.weights.dimension = 1
            particles.box = box.baseAddress
            try expectOK(
              kwass_measure_from_particles(&particles, &result), sourceLocation: sourceLocation)
          }
        }
      }
    }
    return try #require(result, sourceLocation: sourceLocation)
  }

  /// Fails with the library's sentence unless a call succeeded.
  static func expectOK(
    _ status: Int32, sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    try #require(
      status == Int32(KWASS_OK), "\(lastMessage)", sourceLocation: sourceLocation)
  }

  static var lastMessage: String { kwass_last_message().map { String(cString: $0) } ?? "" }

  static func metric(_ change: (inout kwass_metric) -> Void = { _ in }) -> kwass_metric {
    var metric = kwass_metric()
    kwass_metric_init(&metric, UInt64(MemoryLayout<kwass_metric>.size))
    change(&metric)
    return metric
  }

  static func options(_ change: (inout kwass_options) -> Void = { _ in }) -> kwass_options {
    var options = kwass_options()
    kwass_options_init(&options, UInt64(MemoryLayout<kwass_options>.size))
    change(&options)
    return options
  }

  static func summary(_ result: OpaquePointer?) throws -> kwass_summary {
    var summary = kwass_summary()
    try expectOK(
      kwass_result_summary(result, &summary, UInt64(MemoryLayout<kwass_summary>.size)))
    return summary
  }

  /// The summary of a distance, and what else is wanted of the result before it is freed.
  static func distance<Value>(
    _ source: PhaseSpaceMeasure, _ target: PhaseSpaceMeasure, metric: kwass_metric = metric(),
    options: kwass_options = options(), _ body: (OpaquePointer?, kwass_summary) throws -> Value
  ) throws -> Value {
    let (mu, nu) = (try measure(source), try measure(target))
    defer {
      kwass_measure_free(mu)
      kwass_measure_free(nu)
    }
    var (metric, options) = (metric, options)
    var result: OpaquePointer?
    try expectOK(kwass_distance(mu, nu, &metric, &options, &result))
    defer { kwass_result_free(result) }
    return try body(result, summary(result))
  }
}
