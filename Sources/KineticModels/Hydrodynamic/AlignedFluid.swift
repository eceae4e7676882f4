import CharacteristicFlows
import Libc
import OptimalTransport

/// Mass and momentum on even points of a circle.
public struct FluidState: Sendable, Equatable {
  /// The length of the circle; point i of n is at i/n of it.
  public let length: Double
  /// ρ, with the integral 1.
  public internal(set) var densities: [Double]
  /// ρu.
  public internal(set) var momenta: [Double]

  /// The state of a density, which is normalised, and a velocity.
  ///
  /// - Parameters:
  ///   - length: the length of the circle.
  ///   - count: the number of points, at least 8.
  ///   - density: ρ at a place, positive.
  ///   - velocity: u at a place.
  /// - Throws: `KineticModelError.badParameter`.
  public init(
    length: Double, count: Int, density: (_ place: Double) -> Double,
    velocity: (_ place: Double) -> Double
  ) throws(KineticModelError) {
    guard length > 0, length.isFinite else {
      throw .badParameter(name: "length", value: length, requirement: "positive and finite")
    }
    guard 8...1024 ~= count else {
      throw .badParameter(name: "points", value: Double(count), requirement: "from 8 to 1024")
    }
    self.length = length
    let places = (0..<count).map { length * Double($0) / Double(count) }
    let values = places.map(density)
    if let bad = values.first(where: { !($0 > 0) || !$0.isFinite }) {
      throw .badParameter(
        name: "density", value: bad, requirement: "positive and finite everywhere")
    }
    let speeds = places.map(velocity)
    if let bad = speeds.first(where: { !$0.isFinite }) {
      throw .badParameter(name: "velocity", value: bad, requirement: "finite everywhere")
    }
    let mass = CompensatedSum(values).value * length / Double(count)
    densities = values.map { $0 / mass }
    momenta = zip(densities, speeds).map { $0 * $1 }
  }

  /// Values as they are.
  init(length: Double, _ densities: [Double], _ momenta: [Double]) {
    (self.length, self.densities, self.momenta) = (length, densities, momenta)
  }

  /// u; where there is next to no mass it is next to 0.
  public var velocities: [Double] {
    let least = (densities.max() ?? 1) * 1e-11
    return zip(densities, momenta).map { $1 * $0 / ($0 * $0 + least * least) }
  }

  /// Goes on with slopes for a time.
  mutating func add(_ time: Double, _ slopes: ([Double], [Double])) {
    for i in densities.indices {
      densities[i] += time * slopes.0[i]
      momenta[i] += time * slopes.1[i]
    }
  }

  /// The distance between two points.
  var step: Double { length / Double(densities.count) }
}

/// The Maxwellian limit of strong local alignment on a circle: ∂tρ + ∂x(ρu) = 0 and
/// ∂t(ρu) + ∂x(ρu² + ρ) = λ(ρ(uρ)_φ − ρuρ_φ), the isothermal Euler system with Cucker's and Smale's alignment.
///
/// By trigonometric interpolation and Runge–Kutta of order 4; mass is conserved to rounding. Solutions have to stay
/// smooth. Source: (34) and (58) of R. Shvydkoy and T. Teolis (2024), as for `CommunicationKernel`.
public struct AlignedFluid: Sendable {
  /// Mass and momentum now.
  public private(set) var state: FluidState
  /// φ.
  public let kernel: CommunicationKernel
  /// λ.
  public let strength: Double
  /// The physical time now, 0 at the start.
  public private(set) var time = 0.0

  private let derivative: CirculantMap
  private let average: CirculantMap

  /// A fluid that starts from a state.
  ///
  /// - Throws: `KineticModelError.badParameter` unless λ is 0 or more and φ is nowhere negative.
  public init(
    _ state: FluidState, kernel: CommunicationKernel, strength: Double
  ) throws(KineticModelError) {
    guard strength >= 0, strength.isFinite else {
      throw .badParameter(name: "strength", value: strength, requirement: "finite, and 0 or more")
    }
    try kernel.validate(upTo: state.length / 2)
    self.state = state
    self.kernel = kernel
    self.strength = strength
    let count = state.densities.count
    derivative = .derivative(count: count, length: state.length)
    average = .average(kernel, count: count, length: state.length)
  }

  /// Follows the fluid to a later time.
  ///
  /// - Throws: `KineticModelError.badParameter` where the points no longer show it.
  /// - Complexity: O(n²) for each of O(n) steps per unit of time.
  public mutating func advance(to target: Double) throws(KineticModelError) {
    guard target >= time, target.isFinite else {
      throw .badParameter(name: "time", value: target, requirement: "\(time) or later")
    }
    let fastest = state.velocities.reduce(0) { max($0, $1.magnitude) } + 1
    let wave = 2 * Double.pi / state.length * Double(state.densities.count / 3)
    let steps = ((target - time) * (2 * fastest * wave + strength * kernel(0))).rounded(.up)
    guard steps <= 1e7 else {
      throw .badParameter(
        name: "time", value: target,
        requirement: "nearer, or the velocity slower: \(steps.twoDigits) steps are too many")
    }
    let length = (target - time) / max(1, steps)
    for _ in 0..<Int(max(1, steps)) {
      var next = state
      var slopes = (state.densities, state.momenta)
      for part in Integrator.classicalStages {
        var stage = state
        if part.node > 0 { stage.add(part.node * length, slopes) }
        slopes = self.slopes(stage)
        next.add(part.weight * length, slopes)
      }
      state = next
    }
    time = target
    try state.checkResolution(at: time)
  }

  private func slopes(_ state: FluidState) -> ([Double], [Double]) {
    let (heard, push) = (average(state.densities), average(state.momenta))
    let flux = zip(state.velocities, state.momenta).enumerated().map { i, pair in
      pair.0 * pair.1 + state.densities[i]
    }
    let (outflow, pressure) = (derivative(state.momenta), derivative(flux))
    let forces = state.densities.indices.map { i in
      strength * (state.densities[i] * push[i] - state.momenta[i] * heard[i]) - pressure[i]
    }
    return (outflow.map { -$0 }, forces)
  }
}

extension FluidState {
  /// Refuses a density that is no density, or whose shortest waves are not small.
  ///
  /// - Throws: `KineticModelError.badParameter`.
  func checkResolution(at time: Double) throws(KineticModelError) {
    let count = densities.count
    let largest = densities.reduce(0) { max($0, $1.magnitude) }
    guard largest.isFinite, momenta.allSatisfy(\.isFinite),
      densities.allSatisfy({ $0 > -1e-6 * largest })
    else {
      throw .badParameter(
        name: "points", value: Double(count),
        requirement: "more: by the time \(time) they no longer show the density")
    }
    // The part of the function that the derivative's shortest waves make up.
    var part = 0.0
    for mode in max(1, count / 3 - 2)...max(1, count / 3) {
      var (c, s) = (0.0, 0.0)
      for (i, value) in densities.enumerated() {
        let angle = 2 * Double.pi * Double(i * mode % count) / Double(count)
        c += value * cos(angle)
        s += value * sin(angle)
      }
      part = max(part, (c * c + s * s).squareRoot() * 2 / Double(count) / largest)
    }
    guard part <= 1e-6 else {
      throw .badParameter(
        name: "points", value: Double(count),
        requirement: "more: by the time \(time) their shortest waves are "
          + "\(part.twoDigits) of the density, above 1e-6, as near a shock")
    }
  }
}
