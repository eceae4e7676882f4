import CharacteristicFlows
import FlowKernels
import OptimalTransport

/// What is heard at places: ρ_φ = Σ m_jφ(|x − x_j|) and (uρ)_φ = Σ m_jφ(|x − x_j|)v_j.
struct AlignmentAverages {
  /// ρ_φ at each place.
  var densities: [Double]
  /// Component k of (uρ)_φ at place i stands at `momenta[k * count + i]`.
  var momenta: [Double]

  /// u_F = (uρ)_φ/ρ_φ at each place, its components as in `momenta`; 0 where nobody is heard.
  var velocities: [Double] {
    momenta.indices.map { index in
      let density = densities[index % densities.count]
      return density > 0 ? momenta[index] / density : 0
    }
  }

  /// Averages that were found in another way.
  init(densities: [Double], momenta: [Double]) {
    (self.densities, self.momenta) = (densities, momenta)
  }

  /// The averages by direct sums.
  ///
  /// - Parameter places: coordinate k of place i at `places[k * count + i]`.
  /// - Complexity: O(places · particles).
  init(_ kernel: CommunicationKernel, of particles: ParticleState, at places: [Double]) {
    self.init(
      kernel, in: particles.box, positions: particles.positions, velocities: particles.velocities,
      masses: particles.masses, at: places)
  }

  /// Σ m_jφ(|x − x_j|) for anything that stands at positions, also of either sign.
  static func folded(
    _ masses: [Double], _ positions: [Double], _ kernel: CommunicationKernel, _ box: ProductDomain,
    at places: [Double]
  ) -> [Double] {
    AlignmentAverages(
      kernel, in: box, positions: positions, velocities: positions, masses: masses, at: places
    ).densities
  }

  /// The averages of anything that stands at positions.
  ///
  /// - Complexity: O(places · positions).
  init(
    _ kernel: CommunicationKernel, in box: ProductDomain, positions: [Double], velocities: [Double],
    masses: [Double], at places: [Double]
  ) {
    let (dimension, n) = (box.dimension, masses.count)
    let count = places.count / dimension
    densities = Array(repeating: 0, count: count)
    momenta = Array(repeating: 0, count: places.count)
    guard let compiled = kernel.compiled(for: box) else {
      sum(kernel, box, positions, velocities, masses, places)
      return
    }
    positions.withUnsafeBufferPointer { positions in
      velocities.withUnsafeBufferPointer { velocities in
        masses.withUnsafeBufferPointer { masses in
          places.withUnsafeBufferPointer { places in
            densities.withUnsafeMutableBufferPointer { densities in
              momenta.withUnsafeMutableBufferPointer { momenta in
                nonisolated(unsafe) let agents = fk_agents(
                  positions: positions.baseAddress, velocities: velocities.baseAddress,
                  masses: masses.baseAddress, count: n)
                nonisolated(unsafe) let (places, densities, momenta) = (places, densities, momenta)
                Parallel.forEachChunk(of: count, costPerItem: 0.5 * Double(n)) { range in
                  withUnsafePointer(to: compiled) { kernel in
                    withUnsafePointer(to: agents) { agents in
                      fk_alignment_sums(
                        kernel, agents, places.baseAddress, count, range.lowerBound,
                        range.upperBound, densities.baseAddress, momenta.baseAddress)
                    }
                  }
                }
              }
            }
          }
        }
      }
    }
  }

  /// The same for a kernel of one's own.
  private mutating func sum(
    _ kernel: CommunicationKernel, _ box: ProductDomain, _ positions: [Double],
    _ velocities: [Double],
    _ masses: [Double], _ places: [Double]
  ) {
    let (dimension, n, count) = (box.dimension, masses.count, densities.count)
    let rows = Parallel.map(count: count, costPerItem: 10 * Double(n)) { i in
      var sums = SIMD4<Double>.zero
      for j in 0..<n {
        var square = 0.0
        for axis in 0..<dimension {
          let difference = box.axes[axis].difference(
            places[axis * count + i], positions[axis * n + j])
          square += difference * difference
        }
        let weight = masses[j] * kernel(square.squareRoot())
        sums[3] += weight
        for axis in 0..<dimension { sums[axis] += weight * velocities[axis * n + j] }
      }
      return sums
    }
    for (i, row) in rows.enumerated() {
      densities[i] = row[3]
      for axis in 0..<dimension { momenta[axis * count + i] = row[axis] }
    }
  }
}
