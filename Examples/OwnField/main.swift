import KineticTransport

/// A spring that softens with time.
struct FadingSpring: ForceField {
  func accelerations(
    of particles: ParticleState, at time: Double, scratch: inout NoScratch,
    into accelerations: inout [Double]
  ) {
    for (index, x) in particles.positions.enumerated() { accelerations[index] = -x / (1 + time) }
  }
}

let flows = try [1, 2].map { seed in
  try CharacteristicFlow(
    measure: SampleFamily.gaussian.sample(count: 500, seed: seed), field: FadingSpring(),
    step: 0.05)
}
var coupled = try CoupledFlow.optimal(first: flows[0], second: flows[1], exponent: 1)
for time in [0.0, 1, 2, 3] {
  try coupled.advance(to: time)
  print("t = \(time): Q = \(coupled.freeFlowFunctional(elapsed: time))")
}
