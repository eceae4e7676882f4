public import CKwass
import OptimalTransport
import PhaseSpace

/// Measures and hands the result out.
///
/// - Returns: the status: that of an early end comes with a result.
private func measuring(
  _ source: OpaquePointer?, _ target: OpaquePointer?,
  _ choice: () throws(Failure) -> MetricChoice, _ options: OptionsChoice,
  from previous: inout TransportSolution?,
  _ result: UnsafeMutablePointer<OpaquePointer?>
) throws(Failure) {
  let stopwatch = Stopwatch()
  let measurement = try options.group.together(options.setting) { () throws(Failure) in
    try options.checkGroup()
    let measurement = Measurement(
      source: try Registry.object(source, MeasureObject.self).measure,
      target: try Registry.object(target, MeasureObject.self).measure, choice: try choice(),
      options: options, watch: Watch(options))
    try measurement.requireMemory()
    return measurement
  }
  let (outcome, failure) = try measurement.run(from: &previous)
  result.pointee = Registry.keep(
    ResultObject(
      outcome, metric: measurement.choice.metric, from: measurement.source, to: measurement.target,
      seconds: stopwatch.seconds))
  if let failure { throw failure }
}

/// `kwass_distance` of the header.
@_cdecl("kwass_distance")
public func kwassDistance(
  _ source: OpaquePointer?, _ target: OpaquePointer?, _ metric: UnsafePointer<kwass_metric>?,
  _ options: UnsafePointer<kwass_options>?, _ result: UnsafeMutablePointer<OpaquePointer?>?
) -> Int32 {
  reporting { () throws(Failure) in
    guard let result else { throw .null("result") }
    result.pointee = nil
    var nothing: TransportSolution?
    try measuring(
      source, target, { () throws(Failure) in try MetricChoice(metric) }, OptionsChoice(options),
      from: &nothing, result)
  }
}

/// `kwass_bounds` of the header.
@_cdecl("kwass_bounds")
public func kwassBounds(
  _ source: OpaquePointer?, _ target: OpaquePointer?, _ metric: UnsafePointer<kwass_metric>?,
  _ options: UnsafePointer<kwass_options>?, _ lower: UnsafeMutablePointer<Double>?,
  _ upper: UnsafeMutablePointer<Double>?
) -> Int32 {
  reporting { () throws(Failure) in
    guard let lower else { throw .null("lower") }
    guard let upper else { throw .null("upper") }
    let source = try Registry.object(source, MeasureObject.self).measure
    let target = try Registry.object(target, MeasureObject.self).measure
    let choice = try MetricChoice(metric)
    let options = try OptionsChoice(options)
    let points = Double(source.count) + Double(target.count)
    try Memory.require(600 * points, for: "a bracket of \(Int(points)) points")
    let bracket: PartialBracket?
    do throws(KineticMetricError) {
      bracket = try ThreadLimit.with(options.threads ?? ThreadLimit.current) {
        () throws(KineticMetricError) in
        try choice.metric.quickBracket(
          from: source, to: target, space: choice.space(of: source))
      }
    } catch {
      throw Failure(error)
    }
    guard let bracket else {
      throw Failure(
        KWASS_ERROR_NOT_AVAILABLE,
        choice.metric.nonlinearity == nil
          ? "The ends of the bracket leave the range of double precision; scale the data."
          : "A nonlinear distance has no bracket without solving.")
    }
    let found = bracket.costBounds.root(choice.metric.exponent)
    (lower.pointee, upper.pointee) = (found.lower, found.upper)
  }
}

/// `kwass_matrix` of the header.
@_cdecl("kwass_matrix")
public func kwassMatrix(
  _ measures: UnsafePointer<OpaquePointer?>?, _ count: Int64,
  _ metric: UnsafePointer<kwass_metric>?, _ options: UnsafePointer<kwass_options>?,
  _ distances: UnsafeMutablePointer<Double>?, _ lower: UnsafeMutablePointer<Double>?,
  _ upper: UnsafeMutablePointer<Double>?
) -> Int32 {
  reporting { () throws(Failure) in
    guard let measures else { throw .null("measures") }
    guard let distances else { throw .null("distance") }
    guard 1...1 << 20 ~= count else {
      throw .argument("The count of measures is \(count); it must be from 1 to \(1 << 20).")
    }
    let options = try OptionsChoice(options)
    let setting = "\(options.setting) \(count)"
    let (choice, list) = try options.group.together(setting) { () throws(Failure) in
      let choice = try MetricChoice(metric)
      guard !options.wantsPlan, !options.wantsGradient, !options.wantsDivergence else {
        throw .argument("A matrix consists of distances and brackets; the field wants must be 0.")
      }
      var list: [PhaseSpaceMeasure] = []
      for index in 0..<Int(count) {
        list.append(try Registry.object(measures[index], MeasureObject.self).measure)
      }
      return (choice, list)
    }
    let sums = list.map { "\($0.count) \($0.particles.coordinates.reduce(0, +))" }
    try options.group.together("\(sums)") { () throws(Failure) in }
    try DistanceMatrix(measures: list, choice: choice, options: options).fill {
      row, column, entry in
      for place in [row * list.count + column, column * list.count + row] {
        distances[place] = entry.distance
        lower?[place] = entry.bounds.lower
        upper?[place] = entry.bounds.upper
      }
    }
  }
}

/// `kwass_solver_create` of the header.
@_cdecl("kwass_solver_create")
public func kwassSolverCreate(
  _ metric: UnsafePointer<kwass_metric>?, _ options: UnsafePointer<kwass_options>?,
  _ solver: UnsafeMutablePointer<OpaquePointer?>?
) -> Int32 {
  reporting { () throws(Failure) in
    guard let solver else { throw .null("solver") }
    solver.pointee = nil
    solver.pointee = Registry.keep(
      SolverObject(try MetricChoice(metric), try OptionsChoice(options)))
  }
}

/// `kwass_solver_distance` of the header.
@_cdecl("kwass_solver_distance")
public func kwassSolverDistance(
  _ solver: OpaquePointer?, _ source: OpaquePointer?, _ target: OpaquePointer?,
  _ result: UnsafeMutablePointer<OpaquePointer?>?
) -> Int32 {
  reporting { () throws(Failure) in
    guard let result else { throw .null("result") }
    result.pointee = nil
    let solver = try Registry.object(solver, SolverObject.self)
    try solver.exclusively { previous throws(Failure) in
      try measuring(
        source, target, { solver.choice }, solver.options, from: &previous, result)
    }
  }
}

/// `kwass_solver_reset` of the header.
@_cdecl("kwass_solver_reset")
public func kwassSolverReset(_ solver: OpaquePointer?) -> Int32 {
  reporting { () throws(Failure) in
    try Registry.object(solver, SolverObject.self).exclusively { previous throws(Failure) in
      previous = nil
    }
  }
}

/// `kwass_solver_free` of the header.
@_cdecl("kwass_solver_free")
public func kwassSolverFree(_ solver: OpaquePointer?) -> Int32 {
  reporting { () throws(Failure) in try Registry.free(solver, SolverObject.self) }
}
