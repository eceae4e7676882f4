import CharacteristicFlows
import Foundation
@testable import KineticModels
import TestSupport
import Testing

/// Kinetic equations beside their limits.
@Suite struct LimitStudyTests {
  /// BGK beside porous medium and fast diffusion: the suprema over all steps.
  @Test(arguments: [
    (0.05, -1.0, 0.0939694, 3.8757e-3), (0.05, 0.5, 0.0952542, 3.9975e-3),
    (0.05, 1, 0.0981561, 4.1951e-3), (0.02, -1, 0.0427289, 7.9355e-4),
    (0.02, 0, 0.0420498, 7.6161e-4), (0.02, 1, 0.0453585, 9.1249e-4),
  ])
  func suprema(epsilon: Double, exponent: Double, norm: Double, distance: Double) throws {
    let study = try LimitStudy(
      RelaxationEquation(.bgk(exponent: exponent)), length: 1, density: cosineWave(0.5, count: 32),
      times: [0.01, 0.04], cloud: (16, 4))
    let report = try study.run(epsilon: epsilon)
    #expect(isClose(report.largestNorm.value, norm, 1e-4))
    #expect(isClose(report.largestDensityDistance.value, distance, 1e-4))
    // Both lie in the layer, before any sample that one would choose.
    #expect(report.largestNorm.time < 10 * epsilon * epsilon)
    #expect(report.checks.allSatisfy { $0.holds })
    #expect(report.checks.filter { $0.isProved }.count == 3)
  }

  /// With data that are ill prepared ρ is of order 1, and of order 2 beside the limit from the corrected start.
  @Test func illPreparedData() throws {
    func run(_ epsilon: Double, isCorrected: Bool) throws -> LimitReport {
      let angles = (0..<32).map { 2 * Double.pi * Double($0) / 32 }
      return try LimitStudy(
        RelaxationEquation(.bgk(exponent: 0)), length: 1, density: cosineWave(0.5, count: 32),
        perturbation: VelocityPerturbation(amplitudes: angles.map { 0.3 * sin($0) }) { sin($0) },
        times: [0.03], cloud: (16, 4), isCorrected: isCorrected
      ).run(epsilon: epsilon)
    }
    let reports = try [0.02, 0.01].map { try run($0, isCorrected: false) }
    #expect(isClose(reports[0].end.densityFirst, 2.1806e-4, 1e-4))
    let corrected = try [0.02, 0.01].map { try run($0, isCorrected: true) }
    let order = try #require(
      LimitReport.order(corrected[0], corrected[1]) { $0.end.densityFirst })
    #expect(abs(order - 2) < 0.1)
    let uncorrected = try #require(
      LimitReport.order(reports[0], reports[1]) { $0.end.densityFirst })
    #expect(uncorrected < 1.5)
  }

  /// The orders 1 of f and 2 of ρ in the supremum.
  @Test(arguments: [-1.0, 1]) func orders(exponent: Double) throws {
    let study = try LimitStudy(
      RelaxationEquation(.bgk(exponent: exponent)), length: 1, density: cosineWave(0.3, count: 16),
      times: [0.02], cloud: (16, 4))
    let reports = try [0.01, 0.005].map { try study.run(epsilon: $0) }
    let norm = try #require(LimitReport.order(reports[0], reports[1]) { $0.largestNorm.value })
    let density = try #require(
      LimitReport.order(reports[0], reports[1]) { $0.largestDensityDistance.value })
    #expect(abs(norm - 1) < 0.1)
    #expect(abs(density - 2) < 0.1)
  }

  /// The dispersion relation of BGK, and the rate of a run.
  @Test func decayOfBGK() throws {
    let wavenumber = 2 * Double.pi
    func rate(_ epsilon: Double) -> Double? {
      DispersionRelation.bgk(epsilon: epsilon, wavenumber: wavenumber)
    }
    #expect(isClose(try #require(rate(0.12)), 30.3438907576, 1e-11))
    #expect(isClose(try #require(rate(0.01)), 39.3249609068, 1e-11))
    #expect(isClose(try #require(rate(0)), wavenumber * wavenumber, 1e-14))
    #expect(rate(0.2) == nil)
    let report = try LimitStudy(
      RelaxationEquation(.bgk(exponent: 0)), length: 1, density: cosineWave(0.5, count: 8),
      times: [0.02, 0.06], cloud: (16, 4)
    ).run(epsilon: 0.05)
    let measured = try #require(report.decayRate)
    #expect(isClose(measured, try #require(report.dispersionRate), 2e-6))
  }

  @Test(arguments: [
    (0.5, 1.0, 0.587007776), (0.5, 0.5, 0.703689774), (0.5, 0.2, 0.742502476),
    (0.5, 0.1, 0.748125039), (2.5, 0.5, -0.197040278), (0, 0.7, 1),
  ])
  func decayOfFokkerPlanck(strength: Double, epsilon: Double, expected: Double) throws {
    let rate = try #require(
      DispersionRelation.fokkerPlanck(epsilon: epsilon, wavenumber: 1, interaction: -strength))
    #expect(abs(rate - expected) < 1e-9)
  }

  /// W₁ to the uniform density is δL/π²; a narrow density that is moved is that far away; a median other than 0
  /// and a shift other than 0 are found.
  @Test func distancesOfDensities() throws {
    let length = 3.0
    let transport = try CircleTransport(count: 64, length: length)
    let uniform = Array(repeating: 1 / length, count: 64)
    let other = cosineWave(0.3, count: 64).map { $0 / length }
    #expect(
      isClose(transport.firstDistance(uniform, other), 0.3 * length / (.pi * .pi), 1e-5))
    func bump(_ shift: Int) -> [Double] {
      let values = (0..<64).map { exp(12 * cos(2 * .pi * Double($0 - shift) / 64)) }
      let mass = values.reduce(0, +) * length / 64
      return values.map { $0 / mass }
    }
    for shift in [3, -5] {
      let way = Double(abs(shift)) / 64 * length
      #expect(isClose(transport.firstDistance(bump(31), bump(31 + shift)), way, 1e-5))
      #expect(isClose(transport.secondDistance(bump(31), bump(31 + shift)), way, 5e-3))
      // Across the cut at 0.
      #expect(isClose(transport.firstDistance(bump(1), bump(1 + shift)), way, 1e-5))
      #expect(isClose(transport.secondDistance(bump(1), bump(1 + shift)), way, 5e-3))
    }
    // Small waves are apart by their difference in H⁻¹, with a flux through the cut for the second.
    let quarter = (0..<64).map { (1 + 1e-4 * sin(2 * .pi * Double($0) / 64)) / length }
    let small = cosineWave(1e-4, count: 64).map { $0 / length }
    let unit = 1e-4 * length / (2 * .pi)
    #expect(isClose(transport.secondDistance(uniform, small), unit / 2.0.squareRoot(), 1e-5))
    #expect(isClose(transport.secondDistance(quarter, small), unit, 1e-4))
  }

  /// A small wave u has the constant ‖u‖/√(1 + κ²/λ).
  @Test(arguments: [1.0, 7]) func leadingConstant(weight: Double) throws {
    let length = 2.5
    let flow = try ModeFlow(
      RelaxationEquation(.fokkerPlanck), epsilon: 0, length: length,
      density: cosineWave(1e-4, count: 32))
    let wavenumber = 2 * Double.pi / length
    let found = try flow.leadingConstant(positionWeight: weight)
    #expect(isClose(found.bound, 1e-4 * wavenumber / 2.0.squareRoot(), 1e-6))
    #expect(
      isClose(
        found.constant / found.bound, 1 / (1 + wavenumber * wavenumber / weight).squareRoot(),
        1e-6))
  }

  /// A swarm with W = v²/2 is Fokker's and Planck's equation: by another way to the modes, the same constant. Where W
  /// is another, what velocities alone would have to move is W₂ of f(x, ·) and M to first order.
  @Test func leadingConstantOfSwarms() throws {
    func flow(
      _ collision: RelaxationEquation.Collision, _ epsilon: Double
    ) throws -> ModeFlow {
      try ModeFlow(
        RelaxationEquation(collision, interaction: PeriodicPotential(cosines: [-0.5])),
        epsilon: epsilon, length: 3, density: cosineWave(0.5, count: 16))
    }
    let quadratic = RelaxationEquation.Collision.swarm(
      try VelocityPotential(polynomial: [0, 0.5]), temperature: 1)
    let (own, other) = (
      try flow(.fokkerPlanck, 0).leadingConstant(positionWeight: 2),
      try flow(quadratic, 0).leadingConstant(positionWeight: 2)
    )
    #expect(isClose(own.constant, other.constant, 1e-8))
    #expect(isClose(own.bound, other.bound, 1e-8))
    // Clouds show the bound: they are too coarse to move positions.
    let swarm = RelaxationEquation.Collision.swarm(
      try VelocityPotential(gamma: 1), temperature: 1)
    let study = try LimitStudy(
      RelaxationEquation(swarm), length: 2 * .pi, density: cosineWave(0.5, count: 16),
      times: [0.5], cloud: (96, 24))
    let row = try study.run(epsilon: 0.02).end
    #expect(row.leading < row.leadingBound && row.secondLower == nil)
    #expect(isClose(row.second.value, row.leadingBound, 0.05))
  }

  /// The free energy of the limit falls at the rate ‖u‖²_R, also under forces: u is its gradient.
  @Test func dissipation() throws {
    var flow = try ModeFlow(
      RelaxationEquation(
        .fokkerPlanck, external: PeriodicPotential(cosines: [0.3], sines: [0.2]),
        interaction: PeriodicPotential(cosines: [-0.8, 0.3])), epsilon: 0, length: 3,
      density: cosineWave(0.5, count: 32), step: 1e-4)
    try flow.advance(to: 0.05)
    var later = flow
    let found = try flow.leadingConstant(positionWeight: 1)
    let before = flow.freeEnergy
    try later.advance(to: 0.0502)
    let after = later.freeEnergy
    try flow.advance(to: 0.0501)
    let middle = try flow.leadingConstant(positionWeight: 1).bound
    #expect(found.bound > middle)
    #expect(isClose((before - after) / 0.0002, middle * middle, 1e-6))
  }

  /// The lower bound of W₂ by a potential, from f itself, comes as near to ε times the constant as ε is small, and
  /// clouds show no more than that velocities are moved.
  @Test func lowerBoundBesideTheConstant() throws {
    let study = try LimitStudy(
      RelaxationEquation(.fokkerPlanck), length: 2 * .pi, density: cosineWave(0.5, count: 16),
      times: [0.5], cloud: (96, 8))
    for (epsilon, tolerance) in [(0.1, 0.02), (0.05, 0.005)] {
      let report = try study.run(epsilon: epsilon)
      let row = report.end
      let (lower, leading) = (try #require(row.secondLower), row.leading)
      #expect(isClose(lower, leading, tolerance))
      #expect(row.densitySecond < lower)
      #expect(isClose(row.second.value, row.leadingBound, 0.05))
      #expect(row.second.bounds.lower <= row.second.value)
      #expect(row.second.bounds.upper >= row.second.value)
      #expect(report.checks.allSatisfy { $0.holds })
    }
  }

  /// The free energy of a swarm without force falls, and the limit is far off where ε² is not small.
  @Test func swarmsBesideTheirLimit() throws {
    let study = try LimitStudy(
      RelaxationEquation(.swarm(VelocityPotential(gamma: 1), temperature: 1)),
      length: 2 * .pi, density: cosineWave(0.3, count: 8), times: [0.5], cloud: (16, 4))
    let reports = try [0.05, 0.025].map { try study.run(epsilon: $0) }
    #expect(reports.allSatisfy { $0.checks.allSatisfy { $0.holds } })
    let norm = try #require(LimitReport.order(reports[0], reports[1]) { $0.end.norm })
    let density = try #require(
      LimitReport.order(reports[0], reports[1]) { $0.end.densityFirst })
    #expect(abs(norm - 1) < 0.1)
    #expect(abs(density - 2) < 0.1)
    #expect(try #require(reports[0].scaleRatio) < 0.1)
  }
}
