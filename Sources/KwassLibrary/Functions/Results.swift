public import CKwass
import OptimalTransport
import PhaseSpace

/// `kwass_result_summary` of the header.
@_cdecl("kwass_result_summary")
public func kwassResultSummary(
  _ result: OpaquePointer?, _ summary: UnsafeMutablePointer<kwass_summary>?, _ size: UInt64
) -> Int32 {
  reporting { () throws(Failure) in
    guard let summary else { throw .null("kwass_summary") }
    let own = MemoryLayout<kwass_summary>.size
    guard size == own else {
      throw .argument(
        "The size of the kwass_summary is \(size); it must be sizeof(kwass_summary) = \(own). A program "
          + "that was compiled with the header of a later version needs its library.")
    }
    UnsafeMutableRawPointer(summary).storeBytes(
      of: try Registry.object(result, ResultObject.self).summary, as: kwass_summary.self)
  }
}

/// A number of a result; NaN where the pointer is none.
private func numberOf(_ result: OpaquePointer?, _ property: (Outcome) -> Double) -> Double {
  var value = Double.nan
  _ = reporting { () throws(Failure) in
    value = property(try Registry.object(result, ResultObject.self).outcome)
  }
  return value
}

/// `kwass_result_distance` of the header.
@_cdecl("kwass_result_distance")
public func kwassResultDistance(_ result: OpaquePointer?) -> Double {
  numberOf(result) { $0.distance }
}

/// `kwass_result_lower` of the header.
@_cdecl("kwass_result_lower")
public func kwassResultLower(_ result: OpaquePointer?) -> Double {
  numberOf(result) { $0.distanceBounds.lower }
}

/// `kwass_result_upper` of the header.
@_cdecl("kwass_result_upper")
public func kwassResultUpper(_ result: OpaquePointer?) -> Double {
  numberOf(result) { $0.distanceBounds.upper }
}

/// `kwass_result_cost` of the header.
@_cdecl("kwass_result_cost")
public func kwassResultCost(_ result: OpaquePointer?) -> Double { numberOf(result) { $0.cost } }

/// `kwass_result_plan` of the header.
@_cdecl("kwass_result_plan")
public func kwassResultPlan(
  _ result: OpaquePointer?, _ sources: UnsafeMutablePointer<UnsafePointer<Int32>?>?,
  _ targets: UnsafeMutablePointer<UnsafePointer<Int32>?>?,
  _ masses: UnsafeMutablePointer<UnsafePointer<Double>?>?, _ count: UnsafeMutablePointer<Int64>?
) -> Int32 {
  reporting { () throws(Failure) in
    let plan = try Registry.object(result, ResultObject.self).plan()
    sources?.pointee = plan.sources
    targets?.pointee = plan.targets
    masses?.pointee = plan.masses
    count?.pointee = Int64(plan.count)
  }
}

/// Hands out two arrays, one for each measure.
private func handingOut(
  _ result: OpaquePointer?, _ source: UnsafeMutablePointer<UnsafePointer<Double>?>?,
  _ target: UnsafeMutablePointer<UnsafePointer<Double>?>?,
  kind: (TransportSide) -> ResultObject.Numbers, missing: String,
  _ property: (Outcome) -> Potentials?
) -> Int32 {
  reporting { () throws(Failure) in
    let result = try Registry.object(result, ResultObject.self)
    guard let pair = property(result.outcome) else {
      throw Failure(KWASS_ERROR_NOT_AVAILABLE, missing)
    }
    if let source { source.pointee = try result.numbers(kind(.source)) { pair.source } }
    if let target { target.pointee = try result.numbers(kind(.target)) { pair.target } }
  }
}

/// `kwass_result_potentials` of the header.
@_cdecl("kwass_result_potentials")
public func kwassResultPotentials(
  _ result: OpaquePointer?, _ source: UnsafeMutablePointer<UnsafePointer<Double>?>?,
  _ target: UnsafeMutablePointer<UnsafePointer<Double>?>?
) -> Int32 {
  handingOut(
    result, source, target, kind: ResultObject.Numbers.potential,
    missing: "The result has no potentials: the work ended early."
  ) { $0.potentials }
}

/// `kwass_result_marginals` of the header.
@_cdecl("kwass_result_marginals")
public func kwassResultMarginals(
  _ result: OpaquePointer?, _ source: UnsafeMutablePointer<UnsafePointer<Double>?>?,
  _ target: UnsafeMutablePointer<UnsafePointer<Double>?>?
) -> Int32 {
  handingOut(
    result, source, target, kind: ResultObject.Numbers.marginal,
    missing: "Only results of KWASS_UNBALANCED have marginals of their own."
  ) { $0.marginals }
}

/// `kwass_result_gradient` of the header.
@_cdecl("kwass_result_gradient")
public func kwassResultGradient(
  _ result: OpaquePointer?, _ side: Int32,
  _ positions: UnsafeMutablePointer<UnsafePointer<Double>?>?,
  _ velocities: UnsafeMutablePointer<UnsafePointer<Double>?>?,
  _ masses: UnsafeMutablePointer<UnsafePointer<Double>?>?
) -> Int32 {
  reporting { () throws(Failure) in
    let result = try Registry.object(result, ResultObject.self)
    let side = try constant(
      side, "side", [(KWASS_SOURCE, TransportSide.source), (KWASS_TARGET, .target)])
    guard let gradient = result.outcome.gradient else {
      throw Failure(
        KWASS_ERROR_NOT_AVAILABLE,
        "The result has no gradient; ask for it with KWASS_WANT_GRADIENT.")
    }
    let (slopes, measure) =
      side == .source ? (gradient.source, result.source) : (gradient.target, result.target)
    if let positions {
      positions.pointee = try result.numbers(.positionSlopes(side)) {
        pointByPoint(slopes.positions, count: measure.count)
      }
    }
    if let velocities {
      velocities.pointee =
        slopes.velocities.isEmpty
        ? nil
        : try result.numbers(.velocitySlopes(side)) {
          pointByPoint(slopes.velocities, count: measure.count)
        }
    }
    if let masses { masses.pointee = try result.numbers(.massSlopes(side)) { slopes.masses } }
  }
}

/// Numbers that stand axis by axis, in C layout.
private func pointByPoint(_ numbers: [Double], count: Int) -> [Double] {
  let dimension = numbers.count / count
  return (0..<count).flatMap { point in (0..<dimension).lazy.map { numbers[$0 * count + point] } }
}

/// `kwass_result_free` of the header.
@_cdecl("kwass_result_free")
public func kwassResultFree(_ result: OpaquePointer?) -> Int32 {
  reporting { () throws(Failure) in try Registry.free(result, ResultObject.self) }
}
