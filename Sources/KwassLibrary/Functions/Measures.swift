public import CKwass
import PhaseSpace

/// `kwass_particles_init` of the header.
@_cdecl("kwass_particles_init")
public func kwassParticlesInit(_ particles: UnsafeMutablePointer<kwass_particles>?, _ size: UInt64)
  -> Int32
{
  reporting { () throws(Failure) in try kwass_particles.initialize(particles, size: size) }
}

/// `kwass_grid_init` of the header.
@_cdecl("kwass_grid_init")
public func kwassGridInit(_ grid: UnsafeMutablePointer<kwass_grid>?, _ size: UInt64) -> Int32 {
  reporting { () throws(Failure) in try kwass_grid.initialize(grid, size: size) }
}

/// Makes a measure and hands it out; `*result` is NULL where that fails.
private func making(
  _ result: UnsafeMutablePointer<OpaquePointer?>?, _ make: () throws(Failure) -> PhaseSpaceMeasure
) -> Int32 {
  reporting { () throws(Failure) in
    guard let result else { throw .null("measure") }
    result.pointee = nil
    result.pointee = Registry.keep(MeasureObject(try make()))
  }
}

/// `kwass_measure_from_particles` of the header.
@_cdecl("kwass_measure_from_particles")
public func kwassMeasureFromParticles(
  _ particles: UnsafePointer<kwass_particles>?, _ measure: UnsafeMutablePointer<OpaquePointer?>?
) -> Int32 {
  making(measure) { () throws(Failure) in
    guard let particles else { throw .null("kwass_particles") }
    return try PhaseSpaceMeasure(kwass_particles.read(particles))
  }
}

/// `kwass_measure_from_points` of the header.
@_cdecl("kwass_measure_from_points")
public func kwassMeasureFromPoints(
  _ points: UnsafePointer<Double>?, _ count: Int64, _ dimension: Int32,
  _ weights: UnsafePointer<Double>?, _ measure: UnsafeMutablePointer<OpaquePointer?>?
) -> Int32 {
  making(measure) { () throws(Failure) in
    var particles = kwass_particles.defaults
    particles.count = count
    particles.positions.data = UnsafeRawPointer(points)
    particles.positions.dimension = dimension
    if let weights {
      particles.weights.data = UnsafeRawPointer(weights)
      particles.weights.dimension = 1
    }
    return try PhaseSpaceMeasure(particles)
  }
}

/// `kwass_measure_from_grid` of the header.
@_cdecl("kwass_measure_from_grid")
public func kwassMeasureFromGrid(
  _ grid: UnsafePointer<kwass_grid>?, _ measure: UnsafeMutablePointer<OpaquePointer?>?
) -> Int32 {
  making(measure) { () throws(Failure) in
    guard let grid else { throw .null("kwass_grid") }
    return try PhaseSpaceMeasure(kwass_grid.read(grid))
  }
}

/// `kwass_measure_shape` of the header.
@_cdecl("kwass_measure_shape")
public func kwassMeasureShape(
  _ measure: OpaquePointer?, _ count: UnsafeMutablePointer<Int64>?,
  _ positionAxes: UnsafeMutablePointer<Int32>?, _ velocityAxes: UnsafeMutablePointer<Int32>?,
  _ totalMass: UnsafeMutablePointer<Double>?
) -> Int32 {
  reporting { () throws(Failure) in
    let measure = try Registry.object(measure, MeasureObject.self).measure
    count?.pointee = Int64(measure.count)
    positionAxes?.pointee = Int32(measure.positionDimension)
    velocityAxes?.pointee = Int32(measure.velocityDimension)
    totalMass?.pointee = measure.rawMass
  }
}

/// `kwass_measure_free` of the header.
@_cdecl("kwass_measure_free")
public func kwassMeasureFree(_ measure: OpaquePointer?) -> Int32 {
  reporting { () throws(Failure) in try Registry.free(measure, MeasureObject.self) }
}
