import CharacteristicFlows
import Libc
import OptimalTransport
import PhaseSpace

/// How near a kinetic equation with a short mean free path is to its limit: both solved in one code on the same
/// steps, and their distances measured.
///
/// The suprema of the norm and of W₁ of the densities are over all steps, as they lie in the initial layer of the
/// length ε², between any samples. W_p of f is that of clouds of equal masses, exact with a proved bracket.
public struct LimitStudy: Sendable {
  /// The equation.
  public let equation: RelaxationEquation
  /// From what both solutions start.
  public let start: Start
  /// The sampled times after the start, ascending.
  public let times: [Double]
  /// λ, the weight of positions in the distances.
  public let positionWeight: Double
  /// How many positions a cloud has, and how many velocities at each.
  public let cloud: (positions: Int, velocities: Int)
  /// Whether the limit starts from ρ − ε∇·(j/ν).
  public let isCorrected: Bool
  /// The number of modes; `nil` for as many as are needed.
  public let modeCount: Int?
  /// The longest step; `nil` for the longest stable one.
  public let step: Double?

  /// From what both solutions start.
  public enum Start: Sendable {
    /// ρM on a circle, ρ at even places, and what f has beside it; `nil` for data that are well prepared. The time
    /// is 0.
    case density([Double], length: Double, perturbation: VelocityPerturbation?)
    /// f on a grid, or ρM with its density ρ, at its time.
    case grid(PhaseSpaceGrid, isWellPrepared: Bool)

    /// The time of the start.
    public var time: Double { if case .grid(let grid, _) = self { grid.time } else { 0 } }
  }

  /// A study from a density and what f has beside ρM.
  ///
  /// - Throws: `KineticModelError.badParameter` for times that do not ascend from 0, a weight that is not
  ///   positive, and a cloud of less than two places.
  public init(
    _ equation: RelaxationEquation, length: Double, density: [Double],
    perturbation: VelocityPerturbation? = nil, times: [Double], positionWeight: Double = 1,
    cloud: (positions: Int, velocities: Int) = (128, 16),
    isCorrected: Bool = false, modeCount: Int? = nil, step: Double? = nil
  ) throws(KineticModelError) {
    try self.init(
      equation, start: .density(density, length: length, perturbation: perturbation),
      times: times, positionWeight: positionWeight, cloud: cloud, isCorrected: isCorrected,
      modeCount: modeCount, step: step)
  }

  /// A study.
  ///
  /// - Throws: `KineticModelError.badParameter` for times that do not ascend from that of the start, a weight that
  ///   is not positive, and a cloud of less than two places.
  public init(
    _ equation: RelaxationEquation, start: Start, times: [Double], positionWeight: Double = 1,
    cloud: (positions: Int, velocities: Int) = (128, 16),
    isCorrected: Bool = false, modeCount: Int? = nil, step: Double? = nil
  ) throws(KineticModelError) {
    for (before, after) in zip([start.time] + times, times)
    where !(after > before && after.isFinite) {
      throw .badParameter(
        name: "time", value: after,
        requirement: "above \(before), from the start \(start.time) upwards")
    }
    guard !times.isEmpty else {
      throw .badParameter(name: "number of times", value: 0, requirement: "1 or more")
    }
    guard positionWeight > 0, positionWeight.isFinite else {
      throw .badParameter(
        name: "lambda", value: positionWeight, requirement: "positive and finite")
    }
    guard 2...4096 ~= cloud.positions, 1...1024 ~= cloud.velocities else {
      throw .badParameter(
        name: "cloud", value: Double(cloud.positions),
        requirement: "from 2 to 4096 positions and from 1 to 1024 velocities")
    }
    self.equation = equation
    self.start = start
    self.times = times
    self.positionWeight = positionWeight
    self.cloud = cloud
    self.isCorrected = isCorrected
    self.modeCount = modeCount
    self.step = step
  }

  /// The flow of a mean free path from the start.
  ///
  /// - Throws: `KineticModelError`.
  public func flow(epsilon: Double) throws(KineticModelError) -> ModeFlow {
    switch start {
    case .density(let density, let length, let perturbation):
      try ModeFlow(
        equation, epsilon: epsilon, length: length, density: density,
        perturbation: perturbation, modeCount: modeCount, step: step)
    case .grid(let grid, let isWellPrepared):
      try ModeFlow(
        equation, epsilon: epsilon, grid: grid, isWellPrepared: isWellPrepared,
        modeCount: modeCount, step: step)
    }
  }

  /// Follows a mean free path and the limit, and measures.
  ///
  /// - Throws: `KineticModelError`.
  /// - Complexity: the steps, and two transport problems of the size of the cloud for each sampled time.
  public func run(
    epsilon: Double, progress: ProgressHandler? = nil
  ) throws(KineticModelError) -> LimitReport {
    guard epsilon > 0 else {
      throw .badParameter(
        name: "epsilon", value: epsilon, requirement: "positive: 0 is the limit itself")
    }
    var run = try LimitRun(self, try flow(epsilon: epsilon))
    for (index, time) in times.enumerated() {
      try progress.follows(
        "epsilon \(epsilon)", time: time, fraction: Double(index) / Double(times.count))
      try run.advance(to: time)
      try run.sample(progress)
    }
    return run.report
  }
}
