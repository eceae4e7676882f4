import CKwass
import KwassLibrary
import Libc
import OptimalTransport
import PhaseSpace
import Testing

/// What C programs get is what the Swift library computes, to the last bit.
@Suite struct LibraryDistanceTests {
  private let source: PhaseSpaceMeasure
  private let target: PhaseSpaceMeasure

  init() throws {
    func sample(_ seed: UInt64, _ shift: Double) throws -> PhaseSpaceMeasure {
      var generator = SeededGenerator(seed: seed)
      let n = 40
      func axis() -> [Double] { (0..<n).map { _ in generator.uniform() + shift } }
      return try PhaseSpaceMeasure(
        positions: [axis(), axis()], velocities: [axis(), axis()],
        masses: (0..<n).map { 1 + Double($0 % 3) },
        box: ProductDomain([.circle(length: 1.5), .line]))
    }
    (source, target) = (try sample(1, 0), try sample(2, 0.2))
  }

  /// Metrics of the header beside the same of the library.
  private static func metrics() throws -> [(kwass_metric, KineticMetric)] {
    var pairs: [(kwass_metric, KineticMetric)] = []
    for exponent in [1, 1.5, 2, 3] {
      for form in [KineticMetric.Form.split, .joint] {
        pairs.append(
          (
            LibraryCalls.metric {
              $0.exponent = exponent
              $0.form = Int32(form == .split ? KWASS_SPLIT : KWASS_JOINT)
              $0.position_weight = 3
              $0.shear = 0.25
            },
            try KineticMetric(
              exponent: exponent, form: form, positionWeight: 3, shear: 0.25)
          ))
      }
    }
    var twisted = LibraryCalls.metric()
    kwass_metric_set_twisted(&twisted, 2, 0.5, 1, 2)
    pairs.append((twisted, try .twisted(a: 2, b: 0.5, c: 1)))
    var anisotropic = LibraryCalls.metric()
    kwass_metric_set_anisotropic(&anisotropic, 25, 1)
    pairs.append((anisotropic, try .anisotropic(positionWeight: 25, exponent: 1)))
    var freeFlow = LibraryCalls.metric()
    kwass_metric_set_free_flow(&freeFlow, 0.75, 2)
    pairs.append((freeFlow, try .freeFlow(time: 0.75)))
    let nonlinear: [(Int, Nonlinearity)] = [
      (KWASS_EXTENDED_LOGARITHMIC, try .extendedLogarithmic(epsilon: 2, convention: .halved)),
      (KWASS_POWER, try .power(0.5, epsilon: 2, convention: .halved)),
    ]
    for (constant, nonlinearity) in nonlinear {
      pairs.append(
        (
          LibraryCalls.metric {
            $0.nonlinearity = Int32(constant)
            $0.convention = Int32(KWASS_HALVED)
            $0.epsilon = 2
            $0.power = 0.5
          }, try KineticMetric(nonlinearity: nonlinearity)
        ))
    }
    return pairs
  }

  @Test func everyMetricGivesTheSameBits() throws {
    for (metric, own) in try Self.metrics() {
      let expected = try own.distance(from: source, to: target)
      try LibraryCalls.distance(source, target, metric: metric) { result, summary in
        #expect(summary.distance == expected.distance, "\(own.summary)")
        #expect(summary.lower == expected.distanceBounds.lower)
        #expect(summary.upper == expected.distanceBounds.upper)
        #expect(summary.cost == expected.cost)
        #expect(String(cString: summary.metric) == own.summary)
        #expect(kwass_result_distance(result) == expected.distance)
        var (sources, targets) = (UnsafePointer<Int32>?.none, UnsafePointer<Int32>?.none)
        var masses: UnsafePointer<Double>?
        var count: Int64 = 0
        try LibraryCalls.expectOK(
          kwass_result_plan(result, &sources, &targets, &masses, &count))
        let plan = expected.solution.plan
        #expect(Array(UnsafeBufferPointer(start: sources, count: Int(count))) == plan.sources)
        #expect(Array(UnsafeBufferPointer(start: targets, count: Int(count))) == plan.targets)
        #expect(Array(UnsafeBufferPointer(start: masses, count: Int(count))) == plan.masses)
      }
    }
  }

  @Test func spacesAndMethodsGiveTheSameBits() throws {
    let metric = try KineticMetric()
    for (constant, space) in [
      (KWASS_SPACE_POSITION, ComparedSpace.position), (KWASS_SPACE_VELOCITY, .velocity),
    ] {
      let expected = try metric.distance(from: source, to: target, space: space).distance
      let found = try LibraryCalls.distance(
        source, target, metric: LibraryCalls.metric { $0.space = Int32(constant) }
      ) { $1.distance }
      #expect(found == expected)
    }
    let entropic = try metric.entropicDistance(
      from: source, to: target, solver: SinkhornSolver(regularization: 0.05),
      measuresDivergence: true)
    try LibraryCalls.distance(
      source, target,
      options: LibraryCalls.options {
        $0.method = Int32(KWASS_SINKHORN)
        $0.regularization_kind = Int32(KWASS_REGULARIZATION_ABSOLUTE)
        $0.regularization = 0.05
        $0.wants = UInt32(KWASS_WANT_DIVERGENCE | KWASS_WANT_PLAN)
      }
    ) { result, summary in
      #expect(summary.upper == entropic.distanceBounds.upper)
      #expect(summary.lower == entropic.distanceBounds.lower)
      #expect(summary.entropic_cost == entropic.solution.entropicCost)
      #expect(summary.divergence == entropic.divergence?.value)
      #expect(summary.plan_count > 0)
      // The plan has the marginals of the measures, which its entries sum up to.
      var (sources, masses) = (UnsafePointer<Int32>?.none, UnsafePointer<Double>?.none)
      try LibraryCalls.expectOK(kwass_result_plan(result, &sources, nil, &masses, nil))
      var sums = [Double](repeating: 0, count: source.count)
      for entry in 0..<Int(summary.plan_count) {
        sums[Int(try #require(sources)[entry])] += try #require(masses)[entry]
      }
      #expect(zip(sums, source.masses).allSatisfy { abs($0 - $1) < 1e-14 })
    }
    // The masses that are handed over sum to 1, and unbalanced transport takes them as they are.
    func handedOver(_ measure: PhaseSpaceMeasure) throws -> PhaseSpaceMeasure {
      try PhaseSpaceMeasure(
        positions: (0..<2).map { measure.position($0) },
        velocities: (0..<2).map { measure.velocity($0) }, masses: measure.masses,
        box: measure.box)
    }
    let unbalanced = try metric.unbalancedCost(
      from: handedOver(source), to: handedOver(target),
      solver: UnbalancedSinkhornSolver(
        regularization: 0.05, relaxation: .kullbackLeibler(strength: 2)))
    try LibraryCalls.distance(
      source, target,
      options: LibraryCalls.options {
        $0.method = Int32(KWASS_UNBALANCED)
        $0.regularization_kind = Int32(KWASS_REGULARIZATION_ABSOLUTE)
        $0.regularization = 0.05
        $0.strength = 2
      }
    ) { _, summary in
      #expect(summary.cost_lower == unbalanced.costBounds.lower)
      #expect(summary.cost == unbalanced.costBounds.upper)
      #expect(summary.moved_mass == unbalanced.solution.movedMass)
    }
  }

  /// The derivative in each coordinate and mass is that of differences.
  @Test func gradientsAreThoseOfDifferences() throws {
    let metrics: [(kwass_metric, Double)] = [
      (LibraryCalls.metric(), 1e-6),
      (LibraryCalls.metric { ($0.exponent, $0.shear) = (1.5, 0.3) }, 1e-5),
      (LibraryCalls.metric { ($0.exponent, $0.form) = (3, Int32(KWASS_JOINT)) }, 1e-5),
      (
        LibraryCalls.metric {
          $0.nonlinearity = Int32(KWASS_EXTENDED_LOGARITHMIC)
          $0.epsilon = 2
        }, 1e-5
      ),
    ]
    let entropic = LibraryCalls.options {
      $0.method = Int32(KWASS_SINKHORN)
      $0.regularization_kind = Int32(KWASS_REGULARIZATION_ABSOLUTE)
      $0.regularization = 0.2
      $0.marginal_tolerance = 1e-11
      $0.maximum_iterations = 100_000
    }
    for (metric, tolerance) in metrics {
      for options in metric.nonlinearity == 0
        ? [LibraryCalls.options(), entropic] : [LibraryCalls.options()]
      {
        try checkGradient(metric, options, tolerance)
      }
    }
  }

  private func checkGradient(
    _ metric: kwass_metric, _ options: kwass_options, _ tolerance: Double
  ) throws {
    var wanting = options
    wanting.wants = UInt32(KWASS_WANT_GRADIENT)
    let isEntropic = options.method == Int32(KWASS_SINKHORN)
    let (slopeX, slopeV) = try LibraryCalls.distance(
      source, target, metric: metric, options: wanting
    ) { result, _ in
      var (x, v) = (UnsafePointer<Double>?.none, UnsafePointer<Double>?.none)
      try LibraryCalls.expectOK(
        kwass_result_gradient(result, Int32(KWASS_SOURCE), &x, &v, nil))
      // Coordinate 1 of particle 3, in C layout.
      return (try #require(x)[2 * 3 + 1], try #require(v)[2 * 3 + 1])
    }
    let step = 1e-5
    func cost(_ isVelocity: Bool, _ step: Double) throws -> Double {
      var positions = (0..<2).map { source.position($0) }
      var velocities = (0..<2).map { source.velocity($0) }
      if isVelocity { velocities[1][3] += step } else { positions[1][3] += step }
      let moved = try PhaseSpaceMeasure(
        positions: positions, velocities: velocities, masses: source.masses, box: source.box)
      return try LibraryCalls.distance(moved, target, metric: metric, options: options) {
        isEntropic ? $1.dual_cost : $1.cost
      }
    }
    for (isVelocity, slope) in [(false, slopeX), (true, slopeV)] {
      let difference = (try cost(isVelocity, step) - cost(isVelocity, -step)) / (2 * step)
      #expect(abs(slope - difference) < tolerance, "\(isVelocity) \(slope) \(difference)")
    }
  }

  /// A grid is the measure of its nodes, and Sinkhorn's iteration goes axis by axis on it.
  @Test func gridsAreMeasuresOfTheirNodes() throws {
    let (x, v) = ([0.0, 0.4, 1.1, 1.3], [-1.0, 0, 2])
    func measures(_ shift: Int) throws -> (OpaquePointer, PhaseSpaceMeasure) {
      let masses = (0..<12).map { Float(1 + ($0 * 5 + shift) % 7) }
      var grid = kwass_grid()
      kwass_grid_init(&grid, UInt64(MemoryLayout<kwass_grid>.size))
      grid.position_axes = 1
      grid.velocity_axes = 1
      grid.type = Int32(KWASS_FLOAT)
      var result: OpaquePointer?
      try x.withUnsafeBufferPointer { x in
        try v.withUnsafeBufferPointer { v in
          try [x.baseAddress, v.baseAddress].withUnsafeBufferPointer { nodes in
            try [Int64(4), 3].withUnsafeBufferPointer { counts in
              // By column: positions run fastest.
              try [Int64(4), 16].withUnsafeBufferPointer { strides in
                try masses.withUnsafeBytes { masses in
                  grid.nodes = nodes.baseAddress
                  grid.counts = counts.baseAddress
                  grid.masses = masses.baseAddress
                  grid.mass_strides = strides.baseAddress
                  try LibraryCalls.expectOK(kwass_measure_from_grid(&grid, &result))
                }
              }
            }
          }
        }
      }
      let places = (0..<12).map { ($0 % 4, $0 / 4) }
      return (
        try #require(result),
        try PhaseSpaceMeasure(
          positions: [places.map { x[$0.0] }], velocities: [places.map { v[$0.1] }],
          masses: masses.map(Double.init))
      )
    }
    let ((mu, source), (nu, target)) = (try measures(0), try measures(3))
    for method in [KWASS_AUTOMATIC, KWASS_SINKHORN] {
      var options = LibraryCalls.options { $0.method = Int32(method) }
      var result: OpaquePointer?
      try LibraryCalls.expectOK(kwass_distance(mu, nu, nil, &options, &result))
      let expected = try KineticMetric().distance(from: source, to: target)
      let summary = try LibraryCalls.summary(result)
      #expect(summary.lower <= expected.distance && expected.distance <= summary.upper)
      #expect(summary.upper - summary.lower < (method == KWASS_AUTOMATIC ? 1e-13 : 0.02))
      kwass_result_free(result)
    }
    kwass_measure_free(mu)
    kwass_measure_free(nu)
  }

  /// The same numbers in any layout make the same measure.
  @Test func layoutsAgree() throws {
    let values: [Float] = [1, 2, 3, 4, 5, 6]
    // Three points (1, 2), (3, 4), (5, 6): by row, by column, and backwards in a padded record.
    let byRow = values
    let byColumn: [Float] = [1, 3, 5, 2, 4, 6]
    let records: [Float] = [5, 6, 0, 3, 4, 0, 1, 2, 0]
    let layouts: [(numbers: [Float], point: Int64, axis: Int64, first: Int)] = [
      (byRow, 0, 0, 0), (byRow, 8, 4, 0), (byColumn, 4, 12, 0), (records, -12, 4, 6),
    ]
    let other = try PhaseSpaceMeasure(positions: [[0, 1, 2], [7, 1, 0]], velocities: [])
    let nu = try LibraryCalls.measure(other)
    var distances: [Double] = []
    for layout in layouts {
      var (mu, result) = (OpaquePointer?.none, OpaquePointer?.none)
      try layout.numbers.withUnsafeBytes { bytes in
        var particles = kwass_particles()
        kwass_particles_init(&particles, UInt64(MemoryLayout<kwass_particles>.size))
        particles.count = 3
        particles.positions = kwass_array(
          data: bytes.baseAddress?.advanced(by: 4 * layout.first), point_stride: layout.point,
          axis_stride: layout.axis, type: Int32(KWASS_FLOAT), dimension: 2)
        try LibraryCalls.expectOK(kwass_measure_from_particles(&particles, &mu))
      }
      try LibraryCalls.expectOK(kwass_distance(mu, nu, nil, nil, &result))
      distances.append(kwass_result_distance(result))
      kwass_result_free(result)
      kwass_measure_free(mu)
    }
    let expected = try KineticMetric().distance(
      from: PhaseSpaceMeasure(positions: [[1, 3, 5], [2, 4, 6]], velocities: []), to: other,
      space: .position
    ).distance
    #expect(distances.allSatisfy { $0 == expected })
    kwass_measure_free(nu)
  }

  /// A solver that goes on from its last solution answers as one that does not.
  @Test func seriesAreAsExactAsSingleCalls() throws {
    var solver: OpaquePointer?
    try LibraryCalls.expectOK(kwass_solver_create(nil, nil, &solver))
    let nu = try LibraryCalls.measure(target)
    for step in 0..<4 {
      let moved = try PhaseSpaceMeasure(
        positions: [source.position(0).map { $0 + 0.01 * Double(step) }, source.position(1)],
        velocities: (0..<2).map { source.velocity($0) }, masses: source.masses, box: source.box)
      let mu = try LibraryCalls.measure(moved)
      var result: OpaquePointer?
      try LibraryCalls.expectOK(kwass_solver_distance(solver, mu, nu, &result))
      let summary = try LibraryCalls.summary(result)
      let expected = try KineticMetric().distance(from: moved, to: target)
      #expect(abs(summary.cost - expected.cost) < 1e-14)
      #expect(summary.is_warm == (step > 0 ? 1 : 0))
      kwass_result_free(result)
      kwass_measure_free(mu)
    }
    kwass_measure_free(nu)
    kwass_solver_free(solver)
  }

  /// Many threads at once, each with its own message.
  @Test func threadsDoNotDisturbEachOther() async throws {
    let expected = try KineticMetric().distance(from: source, to: target).distance
    let (mu, nu) = (try LibraryCalls.measure(source), try LibraryCalls.measure(target))
    let addresses = (UInt(bitPattern: mu), UInt(bitPattern: nu))
    let found = await withTaskGroup(of: Double.self) { group in
      for index in 0..<16 {
        group.addTask {
          var result: OpaquePointer?
          if index % 4 == 3 {
            // Refused, with a sentence of this thread.
            kwass_distance(nil, nil, nil, nil, &result)
            return LibraryCalls.lastMessage.contains("kwass_measure") ? expected : .nan
          }
          kwass_distance(
            OpaquePointer(bitPattern: addresses.0), OpaquePointer(bitPattern: addresses.1), nil,
            nil, &result)
          defer { kwass_result_free(result) }
          return kwass_result_distance(result)
        }
      }
      return await group.reduce(into: []) { $0.append($1) }
    }
    #expect(found.count == 16 && found.allSatisfy { $0 == expected })
    kwass_measure_free(mu)
    kwass_measure_free(nu)
  }
}
