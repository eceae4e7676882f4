import KineticTransport
import TestSupport
import Testing

@testable import KwassCommand

@Suite struct SeriesAndTableTests {
  private let directory: TemporaryDirectory
  init() throws { directory = try TemporaryDirectory() }

  /// Two particles that fly with the speeds 1 and 3 for a time, in any order.
  private func flight(_ name: String, time: Double, shift: Double = 0) throws {
    let rows = ["\(time + shift),1", "\(10 + 3 * time + shift),3"]
    let order = time == 1 ? rows.reversed() : rows
    try directory.write("# time=\(time)\nx1,v1\n\(order.joined(separator: "\n"))\n", to: name)
  }

  private func makeSeries() throws {
    try flight("run_10.csv", time: 2)
    try flight("run_9.csv", time: 1)
    try flight("run_0.csv", time: 0)
    try directory.write("not a snapshot", to: "notes.txt")
  }

  private func rows(_ outcome: Outcome) -> [[String]] {
    outcome.output.split(separator: "\n").filter { !$0.hasPrefix("#") }.dropFirst()
      .map { $0.split(separator: ",").map(String.init) }
  }

  // MARK: Series

  /// W_2² = ((1·t)² + (3·t)²)/2 = 5 t².
  @Test(arguments: [("initial", [0, 1, 2.0]), ("previous", [1, 1.0])])
  func seriesFollowsTime(against: String, factors: [Double]) throws {
    try makeSeries()
    for operand in [directory.path, directory["run_%T.csv"], directory["run_*.csv"]] {
      let outcome = kwass("series", operand, "--against", against)
      #expect(outcome.status == .success, "\(outcome.report)")
      let found = rows(outcome).compactMap { Double($0[1]) }
      #expect(found.count == factors.count)
      for (distance, factor) in zip(found, factors) {
        #expect(abs(distance - factor * 5.0.squareRoot()) < 1e-12)
      }
      #expect(rows(outcome).compactMap { Double($0[0]) } == [0, 1, 2].suffix(factors.count))
    }
  }

  @Test func seriesAreMatchedByTime() throws {
    try makeSeries()
    let other = try TemporaryDirectory()
    for (name, time) in [("z.csv", 0.0), ("y.csv", 1 + 1e-9), ("x.csv", 7)] {
      let text = "# time=\(time)\nx1,v1\n\(time + 0.5),1\n\(10 + 3 * time + 0.5),3\n"
      try other.write(text, to: name)
    }
    let outcome = kwass("series", directory.path, "--against", other.path, "--json")
    let series = try ParsedJSON(outcome.output)["series"].elements
    #expect(series.count == 2)
    for row in series { #expect(abs(row["distance"].number - 0.5) < 1e-8) }
    #expect(outcome.output.contains("run_10.csv at the time 2.0 has no partner and is left out."))
  }

  @Test func iterationsOfAFileAreASeries() throws {
    let outcome = kwass("series", fixture("edpic.h5"), "--species", "ions", "--positions", "z")
    #expect(outcome.status == .success, "\(outcome.report)")
    // All ions move by 100 µm along z, and keep their velocities.
    let found = rows(outcome).compactMap { Double($0[1]) }
    #expect(found.count == 2 && found[0] == 0 && abs(found[1] - 1e-4) < 1e-15)
  }

  @Test func seriesWithoutTimesAreRefused() throws {
    try directory.write("x1\n1\n", to: "a.csv")
    try flight("b.csv", time: 0)
    #expect(kwass("series", directory.path).report.contains("a.csv states no time;"))
    try flight("a.csv", time: 0)
    let outcome = kwass("series", directory.path)
    #expect(outcome.status == .badData && outcome.report.contains("state the same time 0.0"))
    #expect(kwass("series", directory["c*.csv"]).status == .missingInput)
  }

  // MARK: Matrix

  @Test func matrixHasEveryPair() throws {
    try makeSeries()
    let outcome = kwass("matrix", directory.path, "--heat-map", directory["map.svg"])
    #expect(outcome.status == .success, "\(outcome.report)")
    let table = rows(outcome).map { $0.dropFirst().compactMap(Double.init) }
    for (row, first) in [0.0, 1, 2].enumerated() {
      for (column, second) in [0.0, 1, 2].enumerated() {
        #expect(abs(table[row][column] - abs(first - second) * 5.0.squareRoot()) < 1e-12)
        #expect(table[row][column] == table[column][row])
      }
    }
    let drawing = String(decoding: try bytes(ofFile: directory["map.svg"]), as: UTF8.self)
    for name in ["run_0.csv", "run_9.csv", "run_10.csv"] { #expect(drawing.contains(">\(name)<")) }
    #expect(kwass("matrix", directory["run_0.csv"]).status == .usage)
  }

  @Test func pairsHaveTheirBrackets() throws {
    try makeSeries()
    let pairs = kwass(
      "matrix", directory.path, "--pairs", "--dendrogram", directory["tree.svg"])
    #expect(pairs.output.contains("\nfirst,second,distance,lower,upper\n"), "\(pairs.report)")
    let found = rows(pairs)
    #expect(
      found.map { $0[0] + " " + $0[1] } == [
        "\(directory["run_0.csv"]) \(directory["run_9.csv"])",
        "\(directory["run_0.csv"]) \(directory["run_10.csv"])",
        "\(directory["run_9.csv"]) \(directory["run_10.csv"])",
      ])
    for row in found {
      let numbers = row.dropFirst(2).compactMap(Double.init)
      #expect(numbers.count == 3 && numbers[1] <= numbers[0] && numbers[0] <= numbers[2])
    }
    let json = try ParsedJSON(kwass("matrix", directory.path, "--json").output)
    for (row, column) in [(0, 1), (2, 0)] {
      let (lower, upper) = (
        json["lower"].elements[row].numbers[column], json["upper"].elements[row].numbers[column]
      )
      let distance = json["distances"].elements[row].numbers[column]
      #expect(lower <= distance && distance <= upper && lower > 0.99 * distance)
    }
    let tree = String(decoding: try bytes(ofFile: directory["tree.svg"]), as: UTF8.self)
    for name in ["run_0.csv", "run_9.csv", "run_10.csv"] { #expect(tree.contains(">\(name)<")) }
    #expect(kwass("matrix", directory.path, "--pairs", "--json").status == .usage)
  }

  // MARK: Compare

  @Test func compareJudgesByTheTolerance() throws {
    let (a, b) = (directory["a.npz"], directory["b.npz"])
    for (path, speed) in [(a, "2"), (b, "2.4")] {
      _ = kwass(
        "sample", "two-stream", "--count", "200", "--seed", "1", "--beam-speed", speed, "-o", path)
    }
    // The same particles in another order.
    let snapshot = try SnapshotFile.read(a).snapshot
    let reversed = Snapshot(
      positions: snapshot.positions.map { $0.reversed() },
      velocities: snapshot.velocities.map { $0.reversed() }, box: snapshot.box,
      time: snapshot.time)
    try SnapshotFile.write(reversed, to: directory["c.npz"])

    let good = kwass("compare", a, directory["c.npz"], "--tolerance", "1e-9", "--json")
    #expect(good.status == .success, "\(good.report)")
    let parsed = try ParsedJSON(good.output)
    #expect(parsed["files"].elements[0]["distance"].number < 1e-12)
    let floor = parsed["noiseFloor"].number
    #expect(floor > 0.01 && floor < 1)
    #expect(parsed["noiseFloorSplits"].numbers.count == 5)
    let again = kwass("compare", a, directory["c.npz"], "--tolerance", "1e-9", "--json")
    #expect(again.output == good.output)

    let bad = kwass("compare", a, b, directory["c.npz"], "--tolerance", "0.1")
    #expect(bad.status == .exceeded)
    #expect(bad.report == "kwass: 1 distance exceeds --tolerance 0.1.\n")
    #expect(bad.output.contains("exceeds the tolerance"))
    #expect(kwass("compare", a, b).status == .usage)
  }

  // MARK: Convert, scales, subsamples

  @Test func convertScalesAndChooses() throws {
    let path = directory["a.npz"]
    let outcome = kwass(
      "convert", "\(fixture("edpic.h5"))#100", path, "--species", "electrons", "--scale", "x=um,v=c"
    )
    #expect(outcome.status == .success, "\(outcome.report)")
    let snapshot = try SnapshotFile.read(path).snapshot
    #expect(abs(snapshot.positions[0][3] - 1.875) < 1e-15)
    #expect(abs(snapshot.velocities[0][0] - 0.6) < 1e-15)
    #expect(abs((snapshot.box?.axes[0].length ?? 0) - 2) < 1e-15)
    #expect(
      outcome.output.contains("positions multiplied by 1000000.0, velocities multiplied by 3.33"))
  }

  @Test func normalizationHoldsForBoth() throws {
    let a = try directory.write("x1,v1\n0,1\n4,3\n", to: "a.csv")
    let b = try directory.write("x1,v1\n1,1\n5,3\n", to: "b.csv")
    // The positions of a have the standard deviation 2 and the velocities 1.
    let outcome = kwass("distance", a, b, "--normalize", "std", "--json")
    #expect(try ParsedJSON(outcome.output)["distance"].number == 0.5)
    let debye = kwass(
      "distance", a, b, "--normalize", "debye", "--plasma-frequency", "4", "--json")
    #expect(try ParsedJSON(debye.output)["distance"].number == 4)
    #expect(kwass("distance", a, b, "--normalize", "box").status == .badData)
    #expect(kwass("distance", a, b, "--normalize", "debye").status == .usage)
    #expect(kwass("distance", a, b, "--scale", "x=2,v=parsec").status == .usage)
  }

  @Test func subsamplesTellTheirError() throws {
    let (a, b) = (directory["a.npz"], directory["b.npz"])
    _ = kwass("sample", "gaussian", "--count", "2000", "--seed", "1", "-o", a)
    _ = kwass(
      "sample", "gaussian", "--count", "2000", "--seed", "2", "--velocity-shift", "3", "-o", b)
    let outcome = kwass("distance", a, b, "--subsample", "300", "--seed", "4", "--json")
    let parsed = try ParsedJSON(outcome.output)
    let draws = parsed["draws"].numbers
    #expect(draws.count == 5 && Set(draws).count == 5)
    #expect(parsed["sizes"].numbers == [300, 300])
    for draw in draws { #expect(abs(draw - 3) < 0.5) }
    #expect(kwass("distance", a, b, "--subsample", "300").status == .usage)
    // Deviations whose squares are no numbers any more.
    let far = kwass(
      "distance", a, b, "--subsample", "50", "--seed", "4", "--p", "1", "--scale", "x=1e200,v=1e200"
    )
    let deviation = try #require(far.output.firstMatch(of: #/standard deviation ([^;]*);/#))
    #expect((Double(deviation.1) ?? 0) > 1e198 && (Double(deviation.1) ?? 0) < 1e200)
  }

  // MARK: Real files

  /// What POT's network simplex finds on an explicit cost matrix.
  @Test(
    .enabled(if: hasSharedData("astra_particles.h5"), "needs ../shared/data"),
    arguments: [
      (["--p", "1"], 1.2707366377696852), (["--p", "2"], 1.325167917537357),
      (["--p", "3"], 1.3667974103171916), (["--p", "1", "--cost", "joint"], 1.2345380651653126),
      (["--lambda", "25"], 5.727356144210725), (["--free-flow", "0.5"], 1.3253244835018267),
      (["--twist", "2,.9,1", "--p", "1"], 1.7321127023195015),
      (["--phi", "log-extended"], 0.8967847044230126),
    ])
  func distancesStraightFromABeam(options: [String], expected: Double) throws {
    let path = sharedData("astra_particles.h5")
    let console = TestConsole()
    let status = Kwass.run(
      arguments: [
        "distance", "\(path)#0", "\(path)#1", "--positions", "x,y", "--velocities", "x,y",
        "--lost", "keep", "--momentum", "momentum",
        "--scale", "x=mm,v=\(1 / 5.344285948647848e-25)", "--json",
      ] + options, console: console)
    #expect(status == .success, "\(console.report)")
    let distance = try ParsedJSON(console.output)["distance"].number
    #expect(abs(distance - expected) < 1e-12)
  }
}
