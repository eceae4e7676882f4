import KineticTransport

// Two particles each on a circle of length 1, at time 2. The distance that is shifted by the free flow
// compares where they came from, so that shearing alone does not drive two solutions apart.
let box = try ProductDomain([.circle(length: 1)])
let first = try PhaseSpaceMeasure(
  positions: [[0.1, 0.6]], velocities: [[0.5, -0.5]], box: box, time: 2)
let second = try PhaseSpaceMeasure(
  positions: [[0.3, 0.4]], velocities: [[0.6, -0.6]], box: box, time: 2)

let plain = try KineticMetric.standard(exponent: 2).distance(from: first, to: second)
let shifted = try KineticMetric.freeFlow(time: 2).distance(from: first, to: second)
print("W2 = \(plain.distance), proved within \(plain.distanceBounds.width)")
print("free-flow-shifted: \(shifted.distance), proved within \(shifted.distanceBounds.width)")
