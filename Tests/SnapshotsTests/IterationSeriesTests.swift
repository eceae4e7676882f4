import Snapshots
import TestSupport
import Testing

/// Files that are opened once for all of their iterations.
@Suite struct IterationSeriesTests {
  @Test func readsWhatSingleReadingsDo() throws {
    var options = ReadingOptions()
    options.species = "electrons"
    let path = fixture("edpic.h5")
    let series = try IterationSeries(opening: path, options: options)
    #expect(series.iterations == [0, 100])
    #expect(try series.iterations == SnapshotFile.iterations(of: path))
    // In any order, and more than once.
    for iteration in [100, 0, 100] {
      options.iteration = iteration
      let single = try SnapshotFile.read(path, options: options)
      let member = try series.read(iteration)
      #expect(member.snapshot == single.snapshot && member.facts == single.facts)
      #expect(member.notes == single.notes && member.layout == single.layout)
    }
    #expect(throws: SnapshotError.self) { try series.read(50) }
  }

  @Test func tracksAreSeries() throws {
    let path = fixture("TrackParticles_eon.h5")
    let series = try IterationSeries(opening: path)
    #expect(series.iterations.count > 1)
    for iteration in series.iterations {
      var options = ReadingOptions()
      options.iteration = iteration
      #expect(
        try series.read(iteration).snapshot
          == SnapshotFile.read(path, options: options).snapshot)
    }
  }

  @Test(arguments: ["plain.npz", "arrays.h5", "none.h5"])
  func whatIsNoSeriesIsTold(name: String) throws {
    let error = #expect(throws: SnapshotError.self) { try IterationSeries(opening: fixture(name)) }
    let sentence = "\(error, default: "")"
    #expect(sentence.contains(name) && sentence.hasSuffix("."))
  }
}
