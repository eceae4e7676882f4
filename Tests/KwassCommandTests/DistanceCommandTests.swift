import KineticTransport
import KwassCommand
import Libc
import TestSupport
import Testing

@Suite struct DistanceCommandTests {
  private let directory: TemporaryDirectory
  init() throws { directory = try TemporaryDirectory() }

  private func json(_ arguments: [String]) throws -> ParsedJSON {
    let console = TestConsole()
    let status = Kwass.run(arguments: ["distance"] + arguments + ["--json"], console: console)
    #expect(status == .success && console.report.isEmpty, "\(console.report)")
    return try ParsedJSON(console.output)
  }

  private func json(_ arguments: String...) throws -> ParsedJSON { try json(arguments) }

  // MARK: Metrics

  /// Two single particles, x − y = −0.3 and v − w = 0.4: every metric is its own formula.
  @Test(
    arguments: [
      ([], 0.25, 2), (["--p", "1"], 0.7, 1), (["--p=3"], 0.027 + 0.064, 3),
      (["--cost", "joint", "--p=1"], 0.5, 1), (["--lambda", "25"], 25 * 0.09 + 0.16, 2),
      (["--lambda=4", "--cost=joint", "--p=1"], (4 * 0.09 + 0.16).squareRoot(), 1),
      (["--twist", "2,.9,1"], 2 * 0.09 - 2 * 0.9 * 0.12 + 0.16, 2),
      (["--twist=2,-.9,1", "--p", "1"], (2 * 0.09 + 2 * 0.9 * 0.12 + 0.16).squareRoot(), 1),
      (["--free-flow", "0.5"], 0.25 + 0.16, 2), (["--free-flow=-.5", "--p=1"], 0.1 + 0.4, 1),
      (["--free-flow=.5", "--lambda=4"], 4 * 0.25 + 0.16, 2),
      (["--free-flow=.5", "--twist=2,.9,1"], 2 * 0.25 - 2 * 0.9 * 0.2 + 0.16, 2),
      // s = A/(ε² s) + B.
      (["--phi=power:1", "--epsilon=.5"], 0.08 + (0.08 * 0.08 + 4 * 0.09).squareRoot(), 2),
      (["--space", "position"], 0.09, 2), (["--space", "velocity", "--p=1"], 0.4, 1),
      (["--box", "0.4"], 0.01 + 0.16, 2), (["--box=.25", "--p=1"], 0.05 + 0.4, 1),
    ] as [([String], Double, Double)])
  func everyMetricIsWhatItSays(options: [String], cost: Double, p: Double) throws {
    let a = try directory.write("x1,v1\n0.1,0.6\n", to: "a.csv")
    let b = try directory.write("x1,v1\n0.4,0.2\n", to: "b.csv")
    let result = try json([a, b, "--verify"] + options)
    #expect(abs(result["cost"].number - cost) <= 1e-14 * cost)
    #expect(result["p"].number == p)
    let distance = result["distance"].number
    #expect(abs(power(distance, p) - cost) <= 1e-14 * cost)
    #expect(result["lower"].number <= distance && distance <= result["upper"].number)
    #expect(result["upper"].number - result["lower"].number <= 1e-12 * distance)
  }

  @Test func logarithmsAreWhatTheySay() throws {
    let a = try directory.write("x1,v1\n0.1,0.3\n", to: "a.csv")
    let b = try directory.write("x1,v1\n0.11,0.2\n", to: "b.csv")
    for (phi, epsilon) in [("log", 0.5), ("log-extended", 0.5), ("log-extended", 0.01)] {
      let result = try json(a, b, "--phi", phi, "--epsilon", "\(epsilon)")
      let s = result["cost"].number
      let factor = (s <= exp(-1) ? -log(s) : exp(-1) / s) / (epsilon * epsilon)
      #expect(abs(s - (factor * 0.0001 + 0.01)) <= 1e-14 * s)
      let point = result["fixedPoint"]
      #expect(point["residual"].number <= 1e-12 * s)
    }
  }

  /// Reference: mathematics, line: {0, 1} with [3, 1] against {0} has W₁ = .25.
  @Test func everyMethodAgrees() throws {
    let a = try directory.write("x1,weight\n0,3\n1,1\n", to: "a.csv")
    let b = try directory.write("x1\n0\n", to: "b.csv")
    for method in ["auto", "line", "network", "glpk"] {
      let result = try json(a, b, "--p=1", "--method", method)
      #expect(abs(result["distance"].number - 0.25) <= 1e-15)
      #expect(result["rawMasses"].numbers == [4, 1])
    }
    let circle = try json(a, b, "--p=1", "--method=circle", "--box=1.2")
    #expect(abs(circle["distance"].number - 0.05) <= 1e-15)
    let sinkhorn = try json(a, b, "--p=1", "--method=sinkhorn", "--regularization=.01")
    // The stated cost is the upper end of a bracket that counts every rounding.
    #expect(abs(sinkhorn["distance"].number - 0.25) <= 1e-11)
    #expect(sinkhorn["method"].string == "sinkhorn")
  }

  /// Independently computed with another library on an explicit cost matrix; see the data's README.
  @Test(
    .enabled(
      if: hasSharedData("beam-screen-0.npz", "beam-screen-1.npz", "astra_particles.h5"),
      "needs ../shared/data"),
    arguments: [
      (["--p", "1"], 1.2707366377696852), (["--p", "2"], 1.325167917537357),
      (["--p", "3"], 1.3667974103171916), (["--cost", "joint", "--p", "1"], 1.2345380651653126),
      (["--lambda", "25"], 5.727356144210725), (["--free-flow", ".5"], 1.3253244835018267),
      (["--twist", "2,.9,1", "--p", "1"], 1.7321127023195015),
      (["--phi", "log-extended", "--epsilon", "1"], 0.8967847044230126),
    ])
  func realBeams(options: [String], distance: Double) throws {
    let (a, b) = (sharedData("beam-screen-0.npz"), sharedData("beam-screen-1.npz"))
    let result = try json([a, b] + options)
    #expect(abs(result["distance"].number - distance) <= 1e-10 * distance)
    #expect(result["upper"].number - result["lower"].number <= 1e-12 * distance)
    #expect(result["sizes"].numbers == [998, 998])

    // Straight from the file from which those were made, with its own size of eV/c.
    let file = sharedData("astra_particles.h5")
    let reading = [
      "--positions", "x,y", "--velocities", "x,y", "--momentum", "momentum", "--lost", "keep",
      "--scale", "x=1000,v=\(1 / 5.344285948647848e-25)",
    ]
    let direct = try json(["\(file)#0", "\(file)#1"] + reading + options)
    #expect(abs(direct["distance"].number - distance) <= 1e-10 * distance)
    #expect(direct["scales"]["position"].numbers == [1000, 1000])
    #expect(direct["coordinates"]["v"].elements.map(\.string) == ["momenta x, y in kg m/s"])
  }

  // MARK: Outputs

  private func samples(_ count: Int) throws -> (String, String) {
    let paths = (directory["a.npz"], directory["b.csv"])
    for (path, seed) in [(paths.0, "1"), (paths.1, "2")] {
      let outcome = kwass(
        "sample", "two-stream", "--count", "\(count)", "--seed", seed, "--length", "0.5", "-o", path
      )
      #expect(outcome.status == .success, "\(outcome.report)")
    }
    return paths
  }

  @Test func textNamesEverythingThatMatters() throws {
    let (a, b) = try samples(60)
    let outcome = kwass("distance", a, b, "--verify", "--max", "1000")
    #expect(outcome.status == .success && outcome.report.isEmpty)
    let json = try json(a, b)
    let lines = outcome.output.split(separator: "\n").map(String.init)
    func line(_ name: String) -> String? {
      lines.first { $0.hasPrefix(name) }.map { String($0.dropFirst(12)) }
    }
    #expect(line("distance") == "\(json["distance"].number)")
    #expect(
      line("bracket")?.hasPrefix("[\(json["lower"].number), \(json["upper"].number)]")
        == true)
    #expect(line("cost")?.hasPrefix("\(json["cost"].number) = W^2, in [") == true)
    #expect(line("metric") == "split, p = 2")
    #expect(line("method")?.hasPrefix("network simplex (exact for any cost") == true)
    #expect(line("sizes") == "60 and 60 particles in 1 position and 1 velocity coordinates")
    #expect(line("raw masses") == "1.0 and 1.0, each normalised to 1")
    #expect(line("times") == "0.0 and 0.0" && line("box") == "0.5")
    #expect(line("verified")?.hasPrefix("yes: ") == true)
    #expect(line("note") == nil)
  }

  @Test func plansAndPotentialsProveTheDistance() throws {
    let (a, b) = try samples(40)
    let result = try json(
      a, b, "--plan", directory["plan.csv"], "--potentials", directory["potentials.csv"])
    let cost = result["cost"].number
    let (source, target) = try (SnapshotFile.read(a).measure(), SnapshotFile.read(b).measure())
    let axis = CoordinateAxis.circle(length: 0.5)
    func pairCost(_ i: Int, _ j: Int) -> Double {
      let (x, y) = (source.particles.point(i), target.particles.point(j))
      let dx = axis.difference(x[0], y[0])
      return dx * dx + (x[1] - y[1]) * (x[1] - y[1])
    }
    let plan = try rows("plan.csv", "i,j,mass")
    let total = plan.reduce(0.0) { sum, row in
      sum + (Double(row[2]) ?? .nan) * pairCost(Int(row[0]) ?? -1, Int(row[1]) ?? -1)
    }
    #expect(abs(total - cost) <= 1e-13 * cost)
    let potentials = try rows("potentials.csv", "potential,point,value")
    let f = potentials.filter { $0[0] == "f" }.compactMap { Double($0[2]) }
    let g = potentials.filter { $0[0] == "g" }.compactMap { Double($0[2]) }
    #expect(f.count == 40 && g.count == 40)
    #expect(abs((f + g).reduce(0, +) / 40 - cost) <= 1e-12)
    for i in 0..<40 {
      for j in 0..<40 where f[i] + g[j] > pairCost(i, j) + 1e-13 { Issue.record("(\(i), \(j))") }
    }
  }

  private func rows(_ name: String, _ header: String) throws -> [[String]] {
    let text = String(decoding: try bytes(ofFile: directory[name]), as: UTF8.self)
    let lines = text.split(separator: "\n")
    #expect(lines.first.map(String.init) == header)
    return lines.dropFirst().map { $0.split(separator: ",").map(String.init) }
  }

  @Test func maximumIsAGate() throws {
    let a = try directory.write("x1,v1\n0,0\n", to: "a.csv")
    let b = try directory.write("x1,v1\n3,4\n", to: "b.csv")
    let above = kwass("distance", a, b, "--max", "4.5")
    #expect(above.status == .exceeded && above.output.hasPrefix("distance"))
    #expect(above.report == "kwass: The distance 5.0 exceeds --max 4.5.\n")
    // What equals the limit cannot be proved to be within it.
    let equal = kwass("distance", a, b, "--max", "5")
    #expect(equal.status == .undecided)
    #expect(
      equal.report.hasPrefix("kwass: Whether the distance exceeds --max 5 is not decided: it"))
    #expect(kwass("distance", a, b, "--max", "5.000000000001").status == .success)
    #expect(kwass("distance", a, a, "--max", "0").status == .success)
    let json = kwass("distance", a, b, "--max", "0", "--json")
    #expect(json.status == .exceeded && json.output.contains("\"exceeded\": true"))
  }

  // MARK: Boxes, times, masses

  private func notes(_ first: String, _ second: String, _ options: String...) throws -> [String] {
    let a = try directory.write(first, to: "a.csv")
    let b = try directory.write(second, to: "b.csv")
    let console = TestConsole()
    let status = Kwass.run(arguments: ["distance", a, b] + options, console: console)
    #expect(status == .success, "\(console.report)")
    return console.output.replacing("\(directory.path)/", with: "").split(separator: "\n")
      .filter { $0.hasPrefix("note") }.map { String($0.dropFirst(4).drop { $0 == " " }) }
  }

  @Test func disagreementIsTold() throws {
    #expect(
      try notes("# box=1\nx1,v1\n1,1\n", "# box=2\nx1,v1\n1,1\n", "--box", "2")
        == ["a.csv: The file states the box 1.0; --box 2.0 overrides it."])
    #expect(
      try notes("x1,v1\n1,1\n", "x1,v1\n1,1\n")
        == ["The files state no box; space is taken as free (--box says otherwise)."])
    #expect(try notes("# box=free\nx1,v1\n1,1\n", "x1,v1\n1,1\n") == [])
    #expect(
      try notes("# box=1 time=1\nx1,v1\n1,1\n", "# box=1 time=2\nx1,v1\n1,1\n")
        == ["The snapshots are of different times, 1.0 and 2.0."])
    #expect(
      try notes("# box=1\nx1,v1,weight\n1,1,3\n", "# box=1\nx1,v1\n1,1\n")
        == ["The raw masses differ, 3.0 and 1.0; both are normalised to 1."])
    #expect(
      try notes("# box=1\nx1\n1\n", "# box=1\nx1\n1\n")
        == ["The snapshots have no velocities; positions are compared."])
    // Only velocities are compared, so that boxes play no part.
    #expect(
      try notes("# box=1\nx1,v1\n1,1\n", "# box=2\nx1,v1\n1,1\n", "--space", "velocity") == [])
  }

  @Test func boxesAreNeverGuessed() throws {
    let a = try directory.write("# box=1\nx1,v1\n1,1\n", to: "a.csv")
    let b = try directory.write("x1,v1\n1,1\n", to: "b.csv")
    let c = try directory.write("# box=2\nx1,v1\n1,1\n", to: "c.csv")
    let unstated = kwass("distance", a, b)
    #expect(unstated.status == .badData)
    #expect(
      unstated.report.replacing("\(directory.path)/", with: "")
        == "kwass: a.csv states the box 1.0 and b.csv states no box; state the right one (--box).\n"
    )
    #expect(kwass("distance", a, c).status == .badData)
    let wrong = kwass("distance", a, b, "--box", "1,1")
    #expect(wrong.status == .usage)
    #expect(
      wrong.report
        == "kwass: The option --box has 2 axes, but \(a) has 1 position coordinate.\n")
  }

  @Test func positionsOfFilesWithAndWithoutVelocitiesCompare() throws {
    let a = try directory.write("x1,v1\n1,5\n", to: "a.csv")
    let b = try directory.write("x1\n3\n", to: "b.csv")
    #expect(kwass("distance", a, b).status == .badData)
    #expect(try json(a, b, "--space", "position")["distance"].number == 2)
    #expect(kwass("distance", b, b, "--space", "velocity").status == .badData)
    #expect(kwass("distance", b, b, "--free-flow", "1").status == .badData)
  }
}
