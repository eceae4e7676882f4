import KineticTransport

// How far two beams come apart in free flow, as a figure.
let beams = try [1, 2].map { try SampleFamily.twoStream.sample(count: 300, seed: $0) }
var flows = try beams.map { try CharacteristicFlow(measure: $0, field: FreeField(), step: 0.1) }
var points: [SIMD2<Double>] = []
for time in [0.0, 0.25, 0.5, 0.75, 1] {
  for index in flows.indices { try flows[index].advance(to: time) }
  let distance = try KineticMetric.standard(exponent: 1).distance(
    from: flows[0].measure, to: flows[1].measure)
  points.append([time, distance.distance])
}
let chart = SeriesChart(
  title: "Two beams in free flow", horizontal: "t", vertical: "W1",
  series: [.init("distance", points: points)])
try Gnuplot().draw(chart, to: "beams.svg")
print("beams.svg shows \(points.count) distances")
