import FlowKernels
import Libc
import OptimalTransport

/// A radial kernel in free space of one to three dimensions, summed directly over all pairs.
public struct RadialField: ForceField {
  /// K as a function of |x|, with its parameters.
  public enum Kernel: Sendable, Hashable {
    /// K(x) = A·exp(−|x|²/2σ²), for which ‖D²K‖_∞ = |A|/σ². With A > 0 particles attract each other.
    case gaussian(amplitude: Double, width: Double)
    /// The field of charges smoothed over a length δ (H. C. Plummer): the force on a particle is
    /// q/|S^{d−1}|·Σ_j w_j (x − x_j)/(|x − x_j|² + δ²)^{d/2}, which tends to that of −ΔU = q·ρ as δ → 0.
    /// With q > 0 particles repel each other. ‖D²K‖_∞ = |q|/(|S^{d−1}|·δ^d).
    case coulomb(charge: Double, softening: Double)
  }

  /// K.
  public let kernel: Kernel
  /// The number of dimensions.
  public let dimension: Int

  /// The field of a kernel.
  ///
  /// - Throws: `FlowError.badParameter` unless strengths are finite, lengths positive and finite, and
  ///   the dimension is 1, 2 or 3.
  public init(_ kernel: Kernel, dimension: Int) throws(FlowError) {
    let (strength, length, names) =
      switch kernel {
      case .gaussian(let amplitude, let width): (amplitude, width, ("amplitude", "width"))
      case .coulomb(let charge, let softening): (charge, softening, ("charge", "softening"))
      }
    guard strength.isFinite else {
      throw .badParameter(name: names.0, value: strength, requirement: "finite")
    }
    guard length > 0, length.isFinite, (length * length).isNormal else {
      throw .badParameter(
        name: names.1, value: length, requirement: "positive, and neither tiny nor huge")
    }
    guard 1...3 ~= dimension else {
      throw .badParameter(
        name: "dimension", value: Double(dimension), requirement: "1, 2 or 3")
    }
    self.kernel = kernel
    self.dimension = dimension
  }

  /// "Gaussian kernel" or "regularised Coulomb field" with the parameters.
  public var name: String {
    switch kernel {
    case .gaussian(let amplitude, let width):
      "Gaussian kernel, amplitude \(amplitude), width \(width)"
    case .coulomb(let charge, let softening):
      "regularised Coulomb field, charge \(charge), softening \(softening)"
    }
  }

  /// ‖D²K‖_∞, exactly: both kernels are most curved at 0.
  public var curvatureBound: Double? {
    switch kernel {
    case .gaussian(let amplitude, let width): amplitude.magnitude / (width * width)
    case .coulomb(let charge, let softening):
      charge.magnitude / (sphere * pow(softening, Double(dimension)))
    }
  }

  /// The surface of the unit sphere.
  private var sphere: Double { [2, 2 * .pi, 4 * .pi][dimension - 1] }

  /// Free axes of the right number.
  ///
  /// - Throws: `FlowError.badBox`.
  public func validate(for particles: ParticleState) throws(FlowError) {
    guard particles.dimension == dimension, particles.box.axes.allSatisfy({ !$0.isPeriodic })
    else {
      throw .badBox(
        field: name,
        requirement: "\(dimension) free \(dimension == 1 ? "axis" : "axes"): it is not periodic")
    }
  }

  /// +∇(K∗ρ), directly.
  ///
  /// - Complexity: O(n²).
  public func accelerations(
    of particles: ParticleState, at time: Double, scratch: inout NoScratch,
    into accelerations: inout [Double]
  ) {
    var radial = fk_radial_kernel()
    radial.dimension = Int32(dimension)
    let strength: Double
    switch kernel {
    case .gaussian(let amplitude, let width):
      radial.form = fk_radial_gaussian
      // exp(−r²/2σ²) = 2^(−r²/(2σ² ln 2)).
      radial.rate = 1 / (2 * width * width * log(2))
      strength = -amplitude / (width * width)
    case .coulomb(let charge, let softening):
      radial.form =
        [fk_radial_inverse, fk_radial_inverse_square, fk_radial_inverse_cube][dimension - 1]
      radial.softening = softening * softening
      strength = charge / sphere
    }
    let n = particles.count
    let kernel = radial
    particles.positions.withUnsafeBufferPointer { positions in
      particles.masses.withUnsafeBufferPointer { masses in
        accelerations.withUnsafeMutableBufferPointer { sums in
          nonisolated(unsafe) let (positions, masses, sums) = (positions, masses, sums)
          Parallel.forEachChunk(of: n, costPerItem: 0.5 * Double(n)) { range in
            withUnsafePointer(to: kernel) { kernel in
              fk_radial_sums(
                kernel, positions.baseAddress, masses.baseAddress, n, range.lowerBound,
                range.upperBound, sums.baseAddress)
            }
          }
        }
      }
    }
    for index in accelerations.indices { accelerations[index] *= strength }
  }

  /// −½∬K dρ dρ, with K = 0 at infinity (at distance 1 for Coulomb in one and two dimensions).
  ///
  /// - Complexity: O(n²).
  public func potentialEnergy(of particles: ParticleState, at time: Double) -> Double? {
    let n = particles.count
    let rows = Parallel.map(count: n, costPerItem: 10 * Double(n)) { i in
      var sum = CompensatedSum()
      for j in 0..<n {
        var square = 0.0
        for axis in 0..<dimension {
          let difference = particles.positions[axis * n + i] - particles.positions[axis * n + j]
          square += difference * difference
        }
        sum.add(particles.masses[j] * value(square))
      }
      return particles.masses[i] * sum.value
    }
    return -0.5 * CompensatedSum(rows).value
  }

  /// K at a squared distance.
  private func value(_ square: Double) -> Double {
    switch kernel {
    case .gaussian(let amplitude, let width):
      return amplitude * exp(-square / (2 * width * width))
    case .coulomb(let charge, let softening):
      let s = square + softening * softening
      switch dimension {
      case 1: return charge / 2 * (s.squareRoot() - 1)
      case 2: return charge / (4 * .pi) * log(s)
      default: return -charge / (4 * .pi * s.squareRoot())
      }
    }
  }
}
