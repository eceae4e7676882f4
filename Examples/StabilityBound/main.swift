import KineticTransport

// Two solutions with a cosine kernel on the unit circle, beside the bound of Theorem 2.1.
let box = try ProductDomain([.circle(length: 1)])
let field = try CosineField(curvature: 0.5, box: box)
let flows = try [1, 2].map { seed in
  try CharacteristicFlow(
    measure: SampleFamily.twoStream.sample(count: 300, seed: seed), field: field, step: 0.02)
}
let study = try StabilityStudy(
  flow: .optimal(first: flows[0], second: flows[1], exponent: 1),
  theorem: VlasovTheorem(curvature: 0.5), times: [0, 0.5, 1])
for row in try study.run().rows {
  let (sample, bound) = (row.sample, row.newBound ?? .infinity)
  print("t = \(sample.moment.time): W1 = \(sample.distance), at most \(bound)")
}
