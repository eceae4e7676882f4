public import CKwass
import PhaseSpace

/// `kwass_metric_init` of the header.
@_cdecl("kwass_metric_init")
public func kwassMetricInit(_ metric: UnsafeMutablePointer<kwass_metric>?, _ size: UInt64) -> Int32
{
  reporting { () throws(Failure) in try kwass_metric.initialize(metric, size: size) }
}

/// `kwass_group_init` of the header.
@_cdecl("kwass_group_init")
public func kwassGroupInit(_ group: UnsafeMutablePointer<kwass_group>?, _ size: UInt64) -> Int32 {
  reporting { () throws(Failure) in try kwass_group.initialize(group, size: size) }
}

/// `kwass_options_init` of the header.
@_cdecl("kwass_options_init")
public func kwassOptionsInit(_ options: UnsafeMutablePointer<kwass_options>?, _ size: UInt64)
  -> Int32
{
  reporting { () throws(Failure) in try kwass_options.initialize(options, size: size) }
}

/// Takes exponent, form, weights and shear from a metric of the library.
private func changing(
  _ metric: UnsafeMutablePointer<kwass_metric>?,
  _ make: () throws(KineticMetricError) -> KineticMetric
) -> Int32 {
  reporting { () throws(Failure) in
    guard let metric else { throw .null("kwass_metric") }
    var choice = try kwass_metric.read(UnsafePointer(metric))
    let made: KineticMetric
    do throws(KineticMetricError) {
      made = try make()
    } catch {
      throw Failure(error)
    }
    choice.exponent = made.exponent
    choice.form = Int32(made.form == .split ? KWASS_SPLIT : KWASS_JOINT)
    choice.position_weight = made.positionWeight
    choice.velocity_weight = made.velocityWeight
    choice.shear = made.shear
    choice.store(in: metric)
  }
}

/// `kwass_metric_set_anisotropic` of the header.
@_cdecl("kwass_metric_set_anisotropic")
public func kwassMetricSetAnisotropic(
  _ metric: UnsafeMutablePointer<kwass_metric>?, _ weight: Double, _ exponent: Double
) -> Int32 {
  changing(metric) { () throws(KineticMetricError) in
    try .anisotropic(positionWeight: weight, exponent: exponent)
  }
}

/// `kwass_metric_set_twisted` of the header.
@_cdecl("kwass_metric_set_twisted")
public func kwassMetricSetTwisted(
  _ metric: UnsafeMutablePointer<kwass_metric>?, _ a: Double, _ b: Double, _ c: Double,
  _ exponent: Double
) -> Int32 {
  changing(metric) { () throws(KineticMetricError) in
    try .twisted(a: a, b: b, c: c, exponent: exponent)
  }
}

/// `kwass_metric_set_free_flow` of the header.
@_cdecl("kwass_metric_set_free_flow")
public func kwassMetricSetFreeFlow(
  _ metric: UnsafeMutablePointer<kwass_metric>?, _ time: Double, _ exponent: Double
) -> Int32 {
  changing(metric) { () throws(KineticMetricError) in
    try .freeFlow(time: time, exponent: exponent)
  }
}
