import KineticTransport

// The iterations of an openPMD file, which is opened once, and how far each is from the first.
var options = ReadingOptions()
options.species = "electrons"
let series = try IterationSeries(opening: CommandLine.arguments[1], options: options)
let start = try series.read(series.iterations[0]).measure()
for iteration in series.iterations {
  let file = try series.read(iteration)
  let distance = try KineticMetric.standard(exponent: 2).distance(from: start, to: file.measure())
  print("iteration \(iteration) of \(file.snapshot.count) particles: W2 = \(distance.distance)")
}
