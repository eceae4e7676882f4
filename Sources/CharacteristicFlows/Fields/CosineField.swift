import Libc
import OptimalTransport

/// A kernel with finitely many cosine modes on a torus: K(x) = Σ a·cos(2π Σ_k n_k x_k / L_k).
///
/// The force is summed mode by mode: nothing is lost by truncation.
public struct CosineField: ForceField {
  /// One mode of the kernel.
  public struct Mode: Sendable, Hashable {
    /// The whole number of waves on each axis.
    public let waves: [Int]
    /// The amplitude a, in the unit of K: (length/time)².
    public let amplitude: Double

    /// The wave a·cos(2π Σ_k n_k x_k / L_k).
    public init(waves: [Int], amplitude: Double) {
      self.waves = waves
      self.amplitude = amplitude
    }
  }

  /// cos(k·x) and sin(k·x) of each particle.
  public struct Scratch: FieldScratch {
    var waves: [Double] = []

    /// No memory yet.
    public init() {}
  }

  /// The waves of which K is the sum.
  public let modes: [Mode]
  /// The box: circles.
  public let box: ProductDomain

  private let wavevectors: [[Double]]

  /// A kernel from its modes.
  ///
  /// - Throws: `FlowError` unless every axis is periodic, every mode has one whole number for each
  ///   axis, and amplitudes are finite.
  public init(modes: [Mode], box: ProductDomain) throws(FlowError) {
    guard box.axes.allSatisfy(\.isPeriodic) else {
      throw .badBox(field: "cosine kernel", requirement: "a box that is periodic on every axis")
    }
    for mode in modes {
      guard mode.waves.count == box.dimension else {
        throw .badBox(
          field: "cosine kernel",
          requirement: "one number of waves for each of the \(box.dimension) axes")
      }
      guard mode.amplitude.isFinite else {
        throw .badParameter(name: "amplitude", value: mode.amplitude, requirement: "finite")
      }
    }
    self.modes = modes
    self.box = box
    wavevectors = modes.map { mode in
      zip(mode.waves, box.axes).map { 2 * .pi * Double($0) / $1.length }
    }
  }

  /// The kernel Σ_k c·(L_k/2π)²·cos(2πx_k/L_k), for which ‖D²K‖_∞ = |c| exactly. With c > 0 particles
  /// attract each other (the force +∇K draws them to where K is largest).
  ///
  /// - Throws: `FlowError`.
  public init(curvature: Double, box: ProductDomain) throws(FlowError) {
    let modes = box.axes.indices.map { axis in
      let wavelength = box.axes[axis].length / (2 * .pi)
      return Mode(
        waves: box.axes.indices.map { $0 == axis ? 1 : 0 },
        amplitude: curvature * wavelength * wavelength)
    }
    try self.init(modes: modes, box: box)
  }

  /// "cosine kernel" with the number of modes and B.
  public var name: String { "cosine kernel, \(modes.count) modes, B = \(bound)" }

  private var bound: Double {
    // The largest sum of the modes' own curvatures on one axis, an upper bound of the norm of the
    // sum of rank-one matrices a·k⊗k·cos; exact for one mode, and for one mode on each axis.
    let separate = modes.allSatisfy { mode in mode.waves.count { $0 != 0 } <= 1 }
    guard separate else {
      return zip(modes, wavevectors).reduce(0) { sum, pair in
        sum + pair.0.amplitude.magnitude * pair.1.reduce(0) { $0 + $1 * $1 }
      }
    }
    return box.axes.indices.map { axis in
      zip(modes, wavevectors).reduce(0) { sum, pair in
        sum + pair.0.amplitude.magnitude * pair.1[axis] * pair.1[axis]
      }
    }.max() ?? 0
  }

  /// B = ‖D²K‖_∞: exact for one mode on each axis, otherwise an upper bound.
  public var curvatureBound: Double? { bound }

  /// The box of the kernel.
  ///
  /// - Throws: `FlowError.badBox`.
  public func validate(for particles: ParticleState) throws(FlowError) {
    try particles.checkBox(box, madeFor: name)
  }

  /// +∇(K∗ρ), by the sums ∫cos(k·x)dρ and ∫sin(k·x)dρ of each mode.
  ///
  /// - Complexity: O(n) for each mode.
  public func accelerations(
    of particles: ParticleState, at time: Double, scratch: inout Scratch,
    into accelerations: inout [Double]
  ) {
    let (n, dimension) = (particles.count, particles.dimension)
    for index in accelerations.indices { accelerations[index] = 0 }
    if scratch.waves.count != 2 * n { scratch.waves = Array(repeating: 0, count: 2 * n) }
    for (mode, wavevector) in zip(modes, wavevectors) {
      let sums = waveSums(wavevector, of: particles, into: &scratch.waves)
      let waves = scratch.waves
      for axis in 0..<dimension where wavevector[axis] != 0 {
        let factor = mode.amplitude * wavevector[axis]
        for i in 0..<n {
          accelerations[axis * n + i] +=
            factor * (waves[i] * sums.sine - waves[n + i] * sums.cosine)
        }
      }
    }
  }

  /// −½∬K dρ dρ.
  ///
  /// - Complexity: O(n) for each mode.
  public func potentialEnergy(of particles: ParticleState, at time: Double) -> Double? {
    var waves = [Double](repeating: 0, count: 2 * particles.count)
    return zip(modes, wavevectors).reduce(0) { energy, pair in
      let sums = waveSums(pair.1, of: particles, into: &waves)
      return energy - pair.0.amplitude / 2 * (sums.cosine * sums.cosine + sums.sine * sums.sine)
    }
  }

  /// Writes cos(k·x_i) and, n places further, sin(k·x_i); returns their means.
  private func waveSums(
    _ wavevector: [Double], of particles: ParticleState, into waves: inout [Double]
  ) -> (cosine: Double, sine: Double) {
    let n = particles.count
    waves.withUnsafeMutableBufferPointer { buffer in
      nonisolated(unsafe) let waves = buffer
      Parallel.forEachChunk(of: n, costPerItem: 25) { range in
        for i in range {
          var phase = 0.0
          for axis in wavevector.indices {
            phase += wavevector[axis] * particles.positions[axis * n + i]
          }
          waves[i] = cos(phase)
          waves[n + i] = sin(phase)
        }
      }
    }
    var (cosine, sine) = (CompensatedSum(), CompensatedSum())
    for i in 0..<n {
      cosine.add(particles.masses[i] * waves[i])
      sine.add(particles.masses[i] * waves[n + i])
    }
    return (cosine.value, sine.value)
  }
}
