import KineticTransport

// A heavy flock and a light one on a torus: the model of Motsch and Tadmor lets the light one align
// within itself, undisturbed by the many agents far away.
let kernel = try CommunicationKernel.gaussian(width: 0.1)
var flow = try CharacteristicFlow(
  measure: TwoFlocks.measure,
  field: AlignmentField(.motschTadmor, kernel: kernel, strength: 2),
  integrator: .rungeKutta4, step: 0.02)
for time in [0.0, 1, 2] {
  try flow.advance(to: time)
  let velocities = (0..<2).map { flow.particles.velocity($0) }
  let spread = TwoFlocks.velocitySpread(velocities, TwoFlocks.heavyCount..<60)
  print("t = \(time): spread of the light flock \(spread)")
}
