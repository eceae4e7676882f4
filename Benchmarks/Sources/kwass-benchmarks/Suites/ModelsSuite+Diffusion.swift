import Foundation
import KineticTransport

extension ModelsSuite {
  /// Particles without inertia in the potential −cos x, ∂tρ = ∂ₓ²ρ + ∂ₓ(ρ sin x): `ModeFlow` with ε = 0 beside fplanck,
  /// both from 1 + .5cos x to t = 1. Errors are those to the series of cosines, which neither of them uses, as part of
  /// the largest density; times are the shortest of three.
  static func measureFokkerPlanckPeer(
    _ isQuick: Bool, _ peer: ModelPeer, _ report: inout Report
  ) throws {
    let cells = isQuick ? [32, 64] : [32, 64, 128, 256, 512, 1024]
    let other = try peer.fokkerPlanck(amplitude: 1, wave: 0.5, until: 1, cells: cells)
    func exact(_ x: Double) -> Double {
      other.cosines.enumerated().reduce(0) { $0 + $1.element * cos(Double($1.offset) * x) }
    }
    func error(_ values: [Double], _ place: (Int) -> Double) -> Double {
      values.indices.reduce(0) { max($0, abs(values[$1] - exact(place($1)))) } / exact(0)
    }
    let table = Table(
      "Diffusion in the potential −cos x to t = 1, ε = 0",
      ["solver", "positions", "largest error", "processor s"])
    for count in [16, 24, 32, 64] {
      let runs = try (0..<3).map { _ in
        try Timing.processorSeconds {
          var flow = try ModeFlow(
            RelaxationEquation(.fokkerPlanck, external: PeriodicPotential(cosines: [-1])),
            epsilon: 0, length: 2 * .pi, density: start(0.5, count: count))
          try flow.advance(to: 1)
          return flow.density
        }
      }
      let timing = runs.map(\.seconds).min() ?? .nan
      let off = error(runs[0].result) { 2 * .pi * Double($0) / Double(count) }
      report.figures["diffusion, \(count) positions: error"] = off
      report.figures["diffusion, \(count) positions: seconds"] = timing
      report.require(off < 1e-6, "diffusion, \(count) positions: off by \(off)")
      table.row(["kwass", "\(count)", off.short, timing.short])
    }
    var errors: [Double] = []
    for (index, count) in cells.enumerated() {
      let off = error(other.densities[index]) {
        (Double($0) - Double(count - 1) / 2) * 2 * .pi / Double(count)
      }
      errors.append(off)
      report.figures["diffusion, fplanck, \(count) cells: error"] = off
      report.figures["diffusion, fplanck, \(count) cells: seconds"] = other.seconds[index]
      table.row([other.version, "\(count)", off.short, other.seconds[index].short])
    }
    for (coarse, fine) in zip(errors, errors.dropFirst()) {
      report.require(fine < 0.6 * coarse, "fplanck does not tend to the same density: \(errors)")
    }
  }
}
