import Foundation
import KineticTransport

extension ModelsSuite {
  /// What stays as it is in one dimension.
  static func checkInvariants(_ report: inout Report) throws {
    let table = Table("Invariants of Cucker's and Smale's model", ["what", "off by"])
    func row(_ name: String, _ error: Double, _ tolerance: Double) {
      report.require(error < tolerance, "\(name): off by \(error)")
      report.figures["invariants, \(name)"] = error
      table.row([name, error.short])
    }
    let kernel = try CommunicationKernel.power(exponent: 1)
    func pair(_ velocity: Double, to time: Double, step: Double) throws -> (x: Double, v: Double) {
      var flow = try CharacteristicFlow(
        measure: PhaseSpaceMeasure(positions: [[0, 1]], velocities: [[0, velocity]]),
        field: AlignmentField(.cuckerSmale, kernel: kernel), integrator: .rungeKutta4, step: step)
      try flow.advance(to: time)
      let (x, v) = (flow.particles.positions, flow.particles.velocities)
      return (x[1] - x[0], v[1] - v[0])
    }
    let end = try pair(0.5, to: 2, step: 0.01)
    row("two agents: Δv + arctan Δx", abs(end.v + atan(end.x) - 0.5 - .pi / 4), 1e-10)
    row(
      "two agents: the known state at t = 2",
      max(abs(end.x - 1.69217463), abs(end.v - 0.24834447)), 1e-8)
    let escaped = try pair(1, to: 2000, step: 0.01)
    row(
      "two agents that escape: their last velocity",
      abs(escaped.v + atan(escaped.x) - .pi / 2 - 0.2146018366), 1e-9)
    let sample = try SampleFamily.gaussian.sample(count: 400, dimension: 1, seed: 3)
    var flow = try CharacteristicFlow(
      measure: sample, field: AlignmentField(.cuckerSmale, kernel: kernel, strength: 0.8),
      integrator: .rungeKutta4, step: 0.01)
    func invariants(_ particles: ParticleState) -> [Double] {
      particles.positions.indices.map { i in
        particles.velocities[i]
          + 0.8
          * zip(particles.masses, particles.positions).reduce(0) {
            $0 + $1.0 * atan(particles.positions[i] - $1.1)
          }
      }
    }
    let before = invariants(flow.particles)
    try flow.advance(to: 3)
    row(
      "400 agents: v_i + λΣm_jΦ(x_i − x_j)",
      zip(before, invariants(flow.particles)).reduce(0) { max($0, abs($1.0 - $1.1)) }, 1e-10)
  }

  /// How errors at t = 1 fall when steps are halved.
  static func measureOrders(_ report: inout Report) throws {
    let table = Table(
      "Runge–Kutta 4 with alignment: W₂ to 1,024 steps",
      ["model", "32 steps", "64", "128", "orders"])
    let length = 2.0
    let box = try ProductDomain([.circle(length: length), .circle(length: length)])
    var generator = SeededGenerator(seed: 5)
    func column(_ from: Double) -> [Double] { (0..<40).map { _ in from + generator.uniform() } }
    let (x, masses) = ([column(0.5), column(0.5)], column(0.5))
    // Nobody turns round, so that the differences of the backward map lean to one side.
    let v = [column(0.2), column(0.2)]
    func start(_ dimension: Int, _ box: ProductDomain?) throws -> PhaseSpaceMeasure {
      try PhaseSpaceMeasure(
        positions: Array(x.prefix(dimension)), velocities: Array(v.prefix(dimension)),
        masses: masses, box: box, time: 0)
    }
    let (free, torus) = (try start(2, nil), try start(2, box))
    let flat = try start(1, ProductDomain([.circle(length: length)]))
    // Smooth also where the nearest image changes, or below the rounding there.
    let smooth = CommunicationKernel.own(name: "exp cos") {
      exp(2 * cos(2 * .pi * $0 / length) - 2)
    }
    let narrow = try CommunicationKernel.gaussian(width: 0.12)
    let kernel = try CommunicationKernel.gaussian(width: 0.4)
    let fields: [(String, PhaseSpaceMeasure, any RelaxationField)] = [
      ("Cucker–Smale", free, try AlignmentField(.cuckerSmale, kernel: kernel, strength: 3)),
      ("Motsch–Tadmor", free, try AlignmentField(.motschTadmor, kernel: kernel, strength: 3)),
      (
        "averaged twice", torus,
        try OvermollifiedField(narrow, box: box, cells: [48, 48], strength: 3)
      ),
    ]
    var starts: [(String, (Int) throws -> AgentFlow)] = fields.map { name, measure, field in
      (
        name,
        { steps in
          .fixed(
            try CharacteristicFlow(
              measure: measure, field: field, integrator: .rungeKutta4, step: 1 / Double(steps)))
        }
      )
    }
    starts.append(
      (
        "w-model, d = 1",
        { steps in
          .adaptive(
            try AdaptiveFlow(
              measure: flat,
              model: .weight(name: "wave") { 2 + sin(2 * .pi * $0[0] / length) }, kernel: smooth,
              strength: 3, cells: [48], step: 1 / Double(steps)))
        }
      ))
    for (name, start) in starts {
      let states = try [32, 64, 128, 1024].map { steps in
        var flow = try start(steps)
        try flow.advance(to: 1)
        return flow.particles
      }
      let errors = try states.dropLast().map { try $0.pairedDistance(to: states[3]) }
      let orders = zip(errors, errors.dropFirst()).map { log2($0 / $1) }
      report.require(orders.allSatisfy { abs($0 - 4) < 0.3 }, "\(name): orders \(orders)")
      report.figures["order, \(name)"] = orders.last
      table.row(
        [name] + errors.map(\.short) + [orders.map(\.short).joined(separator: ", ")])
    }
  }
}
