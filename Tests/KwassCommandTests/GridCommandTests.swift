import KineticTransport
import TestSupport
import Testing

@testable import KwassCommand

/// Both representations on the command line: `kwass evolve --representation` and `kwass convert --grid`.
@Suite struct GridCommandTests {
  private let directory: TemporaryDirectory
  init() throws { directory = try TemporaryDirectory() }

  private func sample(count: Int = 100_000) -> String {
    let path = directory["wave.npz"]
    _ = kwass(
      "sample", "density-wave", "--count=\(count)", "--seed=1", "--quiet-start",
      "--amplitude=.05", "--length=12.566370614359172", "-o", path)
    return path
  }

  /// The potential energies of the printed rows.
  private func potentials(_ outcome: Outcome) -> [Double] {
    outcome.output.split(separator: "\n").compactMap { line in
      let words = line.split(separator: " ")
      return words.firstIndex(of: "potential").flatMap { Double(words[$0 + 1]) }
    }
  }

  /// Landau damping, k = ½, from the particles and from the grid that they are spread over: the field
  /// energy goes like e^{2γt}·cos²(ωt + φ), γ = −.153359, ω = 1.41566. The noise of the particles and
  /// the other modes of the first moments set the tolerance.
  @Test func bothShowLandauDamping() throws {
    let start = sample()
    func evolve(_ more: String...) -> [Double] {
      let console = TestConsole()
      let status = Kwass.run(
        arguments: [
          "evolve", start, "--system=vlasov-poisson", "--epsilon=1", "--until=9", "--every=.05",
          "-o", directory["end.npz"],
        ] + more, console: console)
      #expect(status == .success, "\(console.report)")
      return potentials(
        Outcome(status: status, output: console.output, report: console.report))
    }
    let runs = [evolve(), evolve("--representation=grid", "--grid=32,192", "--velocities=-8:8")]
    for energies in runs {
      #expect(energies.count == 181)
      // Maxima behind the start, half a period apart.
      let peaks = energies.indices.dropFirst().dropLast().filter {
        energies[$0] > energies[$0 - 1] && energies[$0] >= energies[$0 + 1]
      }
      try #require(peaks.count >= 3)
      let (first, last) = (peaks[0], peaks[2])
      let time = 0.05 * Double(last - first)
      let rate = logarithm(energies[last] / energies[first]) / (2 * time)
      #expect(abs(rate / -0.153359 - 1) < 0.06, "\(rate)")
      #expect(abs(2 * 3.14159265 / time / 1.41566 - 1) < 0.03, "\(time)")
    }
    let largest = runs[0].max() ?? 0
    #expect(zip(runs[0], runs[1]).allSatisfy { abs($0 - $1) < 0.03 * largest })
  }

  @Test func particlesToAGridAndBack() throws {
    let (start, grid, back) = (sample(), directory["grid.npz"], directory["back.npz"])
    let made = kwass("convert", start, grid, "--grid=32,128", "--velocities=-9:9")
    #expect(
      made.status == .success
        && made.output.contains("32 positions and 128 velocities from -9.0 to 9.0, integral 1"))
    let density = try #require(try SnapshotFile.read(grid).density)
    #expect(density.velocityRange == -9...9 && density.values.count == 128)
    #expect(density.time == 0 && density.box?.axes[0].length == 12.566370614359172)
    #expect(density.positions.count == 32 && density.positions[0] == 0)
    #expect(kwass("convert", grid, back).status == .success)
    let (a, b) = (
      try SnapshotFile.read(start).measure(), try SnapshotFile.read(back).measure()
    )
    func mean(_ measure: PhaseSpaceMeasure, _ f: (Double, Double) -> Double) -> Double {
      zip(zip(measure.position(0), measure.velocity(0)), measure.masses)
        .reduce(0) { $0 + f($1.0.0, $1.0.1) * $1.1 }
    }
    #expect(abs(mean(a) { _, v in v } - mean(b) { _, v in v }) < 1e-12)
    // A cubic spline of width h adds h²/3 to the second moment.
    let spread = mean(b) { _, v in v * v } - mean(a) { _, v in v * v }
    let step = 18.0 / 128
    #expect(abs(spread / (step * step / 3) - 1) < 1e-6, "\(spread)")
    // The density wave is that of the particles but for the spline's transform.
    let (waveA, waveB) = (
      mean(a) { x, _ in cosine(x / 2) }, mean(b) { x, _ in cosine(x / 2) }
    )
    #expect(abs(waveB / waveA - 1) < 0.01 && waveA > 0.02)
  }

  /// A grid whose nodes another program wrote: its own origin stays, free transport shifts its rows.
  @Test func aGridOfAnotherProgram() throws {
    let path = directory["other.npz"]
    func wave(_ x: Double, _ row: Int) -> Double {
      (2 + cosine(3.14159265358979 * x)) * Double(1 + row)
    }
    let places = (0..<8).map { 0.25 * Double($0) }
    var density = DensityGrid(
      positions: places.map { $0 + 0.125 }, velocities: (0..<8).map { -1.75 + 0.5 * Double($0) },
      values: (0..<8).map { row in places.map { 3 * wave($0, row) } },
      box: try ProductDomain([.circle(length: 2)]), time: 1)
    try density.write(to: path)
    let end = directory["end.npz"]
    let run = kwass(
      "evolve", path, "--system=free", "--representation=grid", "--until=2", "-o", end)
    #expect(run.status == .success, "\(run.report)")
    let found = try #require(try SnapshotFile.read(end).density)
    #expect(found.positions == density.positions && found.time == 2)
    let total: Double = density.values.joined().reduce(0, +) / 8
    for (row, values) in found.values.enumerated() {
      for (place, value) in zip(places, values) {
        let exact = 3 * wave(place - density.velocities[row], row) / total
        #expect(abs(value - exact) < 1e-12)
      }
    }
    // Without a box there is no circle; a box that does not fit is told.
    density.box = nil
    try density.write(to: path)
    for (options, words) in [
      ([], "the grid needs a periodic box"), (["--box=3"], "make a box of 2.0, and it is 3.0"),
    ] {
      let console = TestConsole()
      let status = Kwass.run(
        arguments: [
          "evolve", path, "--system=free", "--representation=grid", "--until=2", "-o", end,
        ] + options, console: console)
      #expect(status == .badData && console.report.contains(words), "\(console.report)")
    }
    density.positions[3] += 0.01
    try density.write(to: path)
    let uneven = kwass(
      "evolve", path, "--system=free", "--representation=grid", "--until=2", "--box=2", "-o", end)
    #expect(uneven.status == .badData && uneven.report.contains("in equal steps"))
  }

  @Test func whatDoesNotFitIsTold() throws {
    let start = sample(count: 500)
    let cases: [([String], ExitCode, String)] = [
      ([], .usage, "holds particles; say with --grid N,M"),
      (["--grid=9,8"], .badData, "an even number of points on each axis"),
      (
        ["--grid=8,8", "--velocities=-1:1"], .badData,
        "from the slowest particle's to the fastest's"
      ),
      (["--grid=8,64", "--mesh=8"], .usage, "the grid representation knows"),
      (["--grid=8,64", "--integrator=rungeKutta4"], .badData, "a splitting"),
    ]
    for (options, status, words) in cases {
      let console = TestConsole()
      let found = Kwass.run(
        arguments: [
          "evolve", start, "--system=vlasov-poisson", "--epsilon=1", "--representation=grid",
          "--until=1", "-o", directory["out.npz"],
        ] + options, console: console)
      #expect(
        found == status && console.report.lowercased().contains(words.lowercased()),
        "\(console.report)")
    }
    #expect(!directory.names.contains("out.npz"))
    #expect(kwass("convert", start, directory["g.csv"], "--grid=8,64").status == .usage)
  }
}
