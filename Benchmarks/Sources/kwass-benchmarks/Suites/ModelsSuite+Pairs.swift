import Foundation
import KineticTransport

extension ModelsSuite {
  /// Sums over all pairs on one core, beside those of forces.
  static func measurePairs(_ isQuick: Bool, _ report: inout Report) throws {
    let count = isQuick ? 2_000 : 10_000
    let table = Table(
      "Sums over all pairs of \(count), ns of a processor for each, best of five",
      ["kernel", "d = 1", "d = 2", "d = 3"])
    func row(
      _ name: String, _ family: SampleFamily, _ field: (Int) throws -> any ForceField
    ) throws {
      let times = try (1...3).map { dimension -> Double in
        let sample = try family.sample(count: count, dimension: dimension, seed: 1)
        let particles = try ParticleState(sample)
        let nanoseconds =
          try time(field(dimension), particles).seconds * 1e9 / (Double(count) * Double(count))
        report.figures["\(name), d = \(dimension): ns per pair"] = nanoseconds
        return nanoseconds
      }
      table.row([name] + times.map(\.short))
    }
    func agents(_ kernel: CommunicationKernel) throws -> any ForceField {
      try AlignmentField(.cuckerSmale, kernel: kernel)
    }
    try row("force: Coulomb", .gaussian) {
      try RadialField(.coulomb(charge: 1, softening: 0.1), dimension: $0)
    }
    try row("force: Gaussian", .gaussian) {
      try RadialField(.gaussian(amplitude: 1, width: 0.5), dimension: $0)
    }
    try row("agents: constant", .maxwellian) { _ in try agents(.constant) }
    try row("agents: Gaussian", .maxwellian) { _ in try agents(.gaussian(width: 0.2)) }
    for exponent in [1, 40, 0.3] {
      try row("agents: power \(exponent.short)", .maxwellian) { _ in
        try agents(.power(exponent: exponent))
      }
    }
  }

  /// The processor time of one evaluation on one core, the best of five.
  private static func time<Field: ForceField>(
    _ field: Field, _ particles: ParticleState
  ) -> (seconds: Double, accelerations: [Double]) {
    var scratch = Field.Scratch()
    var found = [Double](repeating: 0, count: particles.positions.count)
    let seconds = ThreadLimit.with(1) {
      (0..<5).map { _ in
        Timing.processorSeconds {
          field.accelerations(of: particles, at: 0, scratch: &scratch, into: &found)
        }.seconds
      }
    }
    return (seconds.min() ?? .nan, found)
  }

  /// Cucker's and Smale's right-hand side beside plain numpy.
  static func measurePeer(
    _ isQuick: Bool, _ peer: ModelPeer, _ report: inout Report
  ) throws {
    let count = isQuick ? 500 : 3_000
    let table = Table(
      "Cucker–Smale in the plane, \(count) agents, ns of a processor for each pair",
      ["kernel", "kwass", "numpy", "times", "largest difference", "peer"])
    let sample = try SampleFamily.maxwellian.sample(count: count, dimension: 2, seed: 1)
    let particles = try ParticleState(sample)
    let path = FileManager.default.temporaryDirectory
      .appendingPathComponent("kwass-benchmarks-\(UUID().uuidString).npz").path
    defer { unlink(path) }
    try SnapshotFile.write(
      Snapshot(
        positions: (0..<2).map { particles.position($0) },
        velocities: (0..<2).map { particles.velocity($0) }, box: sample.box), to: path)
    for exponent in [1.0, 40] {
      let field = try AlignmentField(.cuckerSmale, kernel: .power(exponent: exponent))
      let unit = 1e9 / (Double(count) * Double(count))
      let (seconds, found) = time(field, particles)
      let own = seconds * unit
      let answer = try peer.cuckerSmale(path, exponent: exponent, repetitions: 5)
      let others = (answer.seconds.min() ?? .nan) * unit
      let size = found.reduce(0) { max($0, abs($1)) }
      let difference =
        zip(found, answer.accelerations).reduce(0) { max($0, abs($1.0 - $1.1)) } / size
      report.require(
        answer.accelerations.count == found.count && difference < 1e-12,
        "Cucker–Smale, power \(exponent): off numpy's by \(difference)")
      report.figures["Cucker–Smale, power \(exponent): ns per pair"] = own
      report.figures["Cucker–Smale, power \(exponent): numpy's ns per pair"] = others
      table.row([
        "power \(exponent.short)", own.short, others.short, (others / own).short, difference.short,
        answer.version,
      ])
    }
  }
}
