import CharacteristicFlows
import OptimalTransport
import TransportKernels

/// What is heard at places: ρ_φ = Σ m_jφ(|x − x_j|) and (uρ)_φ = Σ m_jφ(|x − x_j|)v_j.
struct AlignmentAverages {
  /// ρ_φ at each place.
  var densities: [Double]
  /// Component k of (uρ)_φ at place i stands at `momenta[k * count + i]`.
  var momenta: [Double]

  /// Averages that were found in another way.
  init(densities: [Double], momenta: [Double]) {
    (self.densities, self.momenta) = (densities, momenta)
  }

  /// The averages by direct sums.
  ///
  /// - Parameter places: coordinate k of place i at `places[k * count + i]`.
  /// - Complexity: O(places · particles).
  init(_ kernel: CommunicationKernel, of particles: ParticleState, at places: [Double]) {
    let (dimension, n) = (particles.dimension, particles.count)
    let count = places.count / dimension
    densities = Array(repeating: 0, count: count)
    momenta = Array(repeating: 0, count: places.count)
    guard let compiled = kernel.compiled(for: particles.box) else {
      sum(kernel, particles, places, count)
      return
    }
    particles.positions.withUnsafeBufferPointer { positions in
      particles.velocities.withUnsafeBufferPointer { velocities in
        particles.masses.withUnsafeBufferPointer { masses in
          places.withUnsafeBufferPointer { places in
            densities.withUnsafeMutableBufferPointer { densities in
              momenta.withUnsafeMutableBufferPointer { momenta in
                nonisolated(unsafe) let agents = tk_agents(
                  positions: positions.baseAddress, velocities: velocities.baseAddress,
                  masses: masses.baseAddress, count: n)
                nonisolated(unsafe) let (places, densities, momenta) = (places, densities, momenta)
                Parallel.forEachChunk(of: count, costPerItem: 0.5 * Double(n)) { range in
                  withUnsafePointer(to: compiled) { kernel in
                    withUnsafePointer(to: agents) { agents in
                      tk_alignment_sums(
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
    _ kernel: CommunicationKernel, _ particles: ParticleState, _ places: [Double], _ count: Int
  ) {
    let (dimension, n) = (particles.dimension, particles.count)
    let rows = Parallel.map(count: count, costPerItem: 10 * Double(n)) { i in
      var sums = SIMD4<Double>.zero
      for j in 0..<n {
        var square = 0.0
        for axis in 0..<dimension {
          let difference = particles.box.axes[axis].difference(
            places[axis * count + i], particles.positions[axis * n + j])
          square += difference * difference
        }
        let weight = particles.masses[j] * kernel(square.squareRoot())
        sums[3] += weight
        for axis in 0..<dimension { sums[axis] += weight * particles.velocities[axis * n + j] }
      }
      return sums
    }
    for (i, row) in rows.enumerated() {
      densities[i] = row[3]
      for axis in 0..<dimension { momenta[axis * count + i] = row[axis] }
    }
  }
}
