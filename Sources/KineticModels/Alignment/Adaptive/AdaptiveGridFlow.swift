import CharacteristicFlows
import Libc
import OptimalTransport

/// A density on an (x, v) grid in one dimension whose strength of alignment is carried along by what is heard:
/// the kinetic s- and w-model, ∂tf + v∂xf + λ∂ᵥ(s(u_F − v)f) = 0.
///
/// Strang's splitting: a drift by Fourier interpolation, and a kick in which v ↦ e^{−r}v + b at each place,
/// with r = λ∫s and the pull b followed by Runge–Kutta steps together with the strength's backward map. What
/// the kick takes from between the velocities of the grid is interpolated by polynomials of degree 5, so
/// that mass is kept as well as the grid shows f, and no better. Source: R. Shvydkoy and T. Teolis (2024),
/// (13) and (16); the sign on the right of (13) is misprinted.
public struct AdaptiveGridFlow: Sendable {
  /// The density f(x, v) at `time`, with ∫f = 1.
  public private(set) var grid: PhaseSpaceGrid
  /// φ.
  public let kernel: CommunicationKernel
  /// How the strength starts, and what is carried.
  public let model: AdaptiveStrength
  /// λ.
  public let strength: Double
  /// No step is longer, in the unit of `time`.
  public let step: Double

  private let alongPositions: LineTransform
  private let box: ProductDomain
  private var map: BackwardMap
  private let initial: InitialStrength

  /// Beyond this error of the mass, the grid no longer shows the density.
  private static let massTolerance = 1e-4

  /// A flow that starts from a density.
  ///
  /// - Parameters:
  ///   - grid: the density at the start.
  ///   - model: the s-model or the w-model.
  ///   - kernel: φ, how communication falls with distance.
  ///   - strength: λ, positive.
  ///   - step: no step will be longer.
  /// - Throws: `KineticModelError`.
  /// - Complexity: O(grid + positions²).
  public init(
    grid: PhaseSpaceGrid, model: AdaptiveStrength, kernel: CommunicationKernel,
    strength: Double = 1,
    step: Double
  ) throws(KineticModelError) {
    guard strength > 0, strength.isFinite else {
      throw .badParameter(name: "strength", value: strength, requirement: "positive and finite")
    }
    guard step > 0, step.isFinite else { throw .flow(.badStep(step)) }
    do throws(FlowError) {
      try FourierLibrary.require(for: "flow of a density on a grid")
    } catch {
      throw .flow(error)
    }
    let n = grid.positionCount
    guard n >= 6 else { throw .flow(.badGrid("at least six positions")) }
    guard
      let rows = LineTransform(length: n, lineCount: grid.velocityCount, stride: 1, distance: n)
    else { throw .flow(.badGrid("a size that FFTW can transform")) }
    do throws(ProductDomainError) {
      box = try ProductDomain([.circle(length: grid.length)])
    } catch {
      throw .flow(.badGrid("a circle of positions. \(error)"))
    }
    try kernel.validate(upTo: grid.length / 2)
    self.grid = grid
    self.model = model
    self.kernel = kernel
    self.strength = strength
    self.step = step
    alongPositions = rows
    map = BackwardMap(PeriodicLattice(box: box, cells: [n]))
    let lattice = map.lattice
    let masses = grid.positionMasses
    initial = InitialStrength(model: model) { [kernel, box] places in
      AlignmentAverages.folded(masses, lattice.places, kernel, box, at: places)
    }
    let stable = stableStep
    guard step <= stable else { throw .unstableStep(step: step, stable: stable) }
    _ = try slopes(Kick(map: map, count: n), masses, grid.positionMomenta)
  }

  /// The longest step for which the transport of the strength is stable, whatever the velocities of the
  /// grid.
  public var stableStep: Double {
    let range = grid.velocityRange
    return AdaptiveFlow.courantNumber * grid.positionStep
      / max(range.lowerBound.magnitude, range.upperBound.magnitude)
  }

  /// The model with its kernel and its strength.
  public var name: String { "\(model.name), \(kernel.name), strength \(strength)" }

  /// The physical time now.
  public var time: Double { grid.time }

  /// s at each position.
  ///
  /// - Throws: `KineticModelError`.
  /// - Complexity: O(positions²).
  public var strengthField: [Double] {
    get throws(KineticModelError) {
      let masses = grid.positionMasses
      return try strengths(
        map,
        AlignmentAverages.folded(masses, map.lattice.places, kernel, box, at: map.lattice.places))
    }
  }

  /// Energy, momentum and mass now; there is no potential.
  ///
  /// - Complexity: O(grid).
  public var diagnostics: FlowDiagnostics {
    FlowDiagnostics(
      time: grid.time, mass: grid.mass, momentum: [grid.moment { $0 }],
      kineticEnergy: grid.moment { $0 * $0 / 2 }, potentialEnergy: nil)
  }

  // MARK: Resuming

  /// Where the strength came from, Y − x at each position. It is what a run needs to go on besides its start
  /// and its density.
  public var displacements: [Double] { map.displacements }

  /// Goes on from what another flow from the same start has come to, to the same bits as if it were that
  /// flow.
  ///
  /// - Parameters:
  ///   - values: f(x_i, v_j) at `values[j * positionCount + i]`, as it is: what mass has been lost is not put
  ///     back.
  ///   - time: the time of the density.
  ///   - displacements: those of the other flow.
  /// - Throws: `KineticModelError.anotherRun`.
  /// - Complexity: O(grid).
  public mutating func resume(
    from values: [Double], at time: Double, displacements: [Double]
  ) throws(KineticModelError) {
    guard values.count == grid.values.count, values.allSatisfy(\.isFinite) else {
      throw .anotherRun(requirement: "\(grid.values.count) finite values, as its grid has points")
    }
    guard time >= grid.time, time.isFinite else {
      throw .anotherRun(requirement: "a time from \(grid.time) on")
    }
    map = try map.with(displacements)
    (grid.values, grid.time) = (values, time)
  }

  // MARK: Moving on

  /// The number of steps to a time.
  ///
  /// - Throws: `FlowError.badTime` or `FlowError.tooManySteps`.
  public func stepCount(to target: Double) throws(FlowError) -> Int {
    try StepCount.steps(from: grid.time, to: target, step: step)
  }

  private func forwardSteps(to target: Double) throws(KineticModelError) -> Int {
    do throws(FlowError) {
      guard target >= grid.time else { throw .badTime(target) }
      return try stepCount(to: target)
    } catch {
      throw .flow(error)
    }
  }

  /// Follows the density to a later time, in equal steps of which none is longer than `step`.
  ///
  /// - Throws: `KineticModelError`: in particular `.unresolvedDensity` when the velocities have come so
  ///   near to each other that the grid no longer shows them.
  /// - Complexity: O(grid · log grid + positions²) for each step.
  public mutating func advance(to target: Double) throws(KineticModelError) {
    let steps = try forwardSteps(to: target)
    guard steps > 0 else { return }
    let length = (target - grid.time) / Double(steps)
    let start = grid.time
    for index in 0..<steps {
      drift(length / 2)
      try kick(length)
      drift(length / 2)
      grid.time = start + Double(index + 1) * length
      let mass = grid.mass
      guard (mass - 1).magnitude < Self.massTolerance else {
        throw .unresolvedDensity(time: grid.time, mass: mass)
      }
    }
    grid.time = target
  }

  private mutating func drift(_ step: Double) {
    alongPositions.shift(
      &grid.values,
      by: (0..<grid.velocityCount).map { grid.velocity($0) * step / grid.positionStep })
  }

  /// What a kick has come to: v ↦ e^{−rate}·v + pull at each position.
  private struct Kick {
    var map: BackwardMap
    var rates: [Double]
    var pulls: [Double]

    init(map: BackwardMap, count: Int) {
      self.map = map
      rates = Array(repeating: 0, count: count)
      pulls = rates
    }

    mutating func add(_ factor: Double, _ slopes: Kick) {
      for index in rates.indices {
        rates[index] += factor * slopes.rates[index]
        pulls[index] += factor * slopes.pulls[index]
        map.displacements[index] += factor * slopes.map.displacements[index]
      }
    }
  }

  private mutating func kick(_ length: Double) throws(KineticModelError) {
    let (masses, momenta) = (grid.positionMasses, grid.positionMomenta)
    let start = Kick(map: map, count: grid.positionCount)
    var (end, stage) = (start, start)
    var slopes = start
    for part in Integrator.classicalStages {
      stage = start
      if part.node > 0 { stage.add(part.node * length, slopes) }
      slopes = try self.slopes(stage, masses, momenta)
      end.add(part.weight * length, slopes)
    }
    map = end.map
    apply(end)
  }

  private func slopes(
    _ kick: Kick, _ masses: [Double], _ momenta: [Double]
  ) throws(KineticModelError) -> Kick {
    let places = map.lattice.places
    let densities = AlignmentAverages.folded(masses, places, kernel, box, at: places)
    let moved = masses.indices.map {
      exp(-kick.rates[$0]) * momenta[$0] + kick.pulls[$0] * masses[$0]
    }
    let heard = AlignmentAverages.folded(moved, places, kernel, box, at: places)
    if let i = densities.firstIndex(where: { !($0 > .leastNormalMagnitude) }) {
      throw .nobodyHeard(place: [places[i]], field: "what is heard")
    }
    let velocities = zip(heard, densities).map { $0 / $1 }
    let rates = try strengths(kick.map, densities).map { strength * $0 }
    if let rate = rates.max(), rate * step > Integrator.classicalDecayLimit {
      throw .unstableStep(step: step, stable: Integrator.classicalDecayLimit / rate)
    }
    var result = kick
    result.rates = rates
    result.pulls = rates.indices.map { rates[$0] * (velocities[$0] - kick.pulls[$0]) }
    result.map.displacements = kick.map.slopes(velocities)
    return result
  }

  private func strengths(
    _ map: BackwardMap, _ densities: [Double]
  ) throws(KineticModelError) -> [Double] {
    let start = try initial.values(at: map.origins(of: map.lattice.places), in: box)
    return zip(start, model.isStrength ? map.determinants : densities).map { $0 * $1 }
  }

  /// f(x, v) becomes e^r·f(x, e^r(v − b)), 0 beyond the grid.
  private mutating func apply(_ kick: Kick) {
    let (n, m) = (grid.positionCount, grid.velocityCount)
    let old = grid.values
    for i in 0..<n {
      let stretch = exp(kick.rates[i])
      for j in 0..<m {
        let place =
          (stretch * (grid.velocity(j) - kick.pulls[i]) - grid.velocity(0)) / grid.velocityStep
        let below = place.rounded(.down)
        var sum = 0.0
        if below > -4, below < Double(m) + 3 {
          let weights = PeriodicLattice.weights(place - below)
          for offset in 0..<6 {
            let row = Int(below) + offset - 2
            if 0..<m ~= row { sum += weights[offset] * old[row * n + i] }
          }
        }
        grid.values[j * n + i] = stretch * sum
      }
    }
  }
}

extension PhaseSpaceGrid {
  /// ∫f dv·Δx at each position.
  fileprivate var positionMasses: [Double] { moments { _ in 1 } }

  /// ∫vf dv·Δx at each position.
  fileprivate var positionMomenta: [Double] { moments { $0 } }

  private func moments(_ function: (Double) -> Double) -> [Double] {
    var sums = [Double](repeating: 0, count: positionCount)
    for j in 0..<velocityCount {
      let factor = function(velocity(j)) * velocityStep * positionStep
      for i in 0..<positionCount { sums[i] += factor * values[j * positionCount + i] }
    }
    return sums
  }
}
