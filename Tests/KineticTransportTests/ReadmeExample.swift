import KineticTransport

/// How far two runs on the unit circle have come apart at a time, freed from the free flow.
func separation(
  of first: (x: [Double], v: [Double]), and second: (x: [Double], v: [Double]), at time: Double
) throws -> KineticDistance {
  let box = try ProductDomain([.circle(length: 1)])
  let states = try [first, second].map { run in
    try PhaseSpaceMeasure(positions: [run.x], velocities: [run.v], box: box, time: time)
  }
  return try KineticMetric.freeFlow(time: time).distance(from: states[0], to: states[1])
}
