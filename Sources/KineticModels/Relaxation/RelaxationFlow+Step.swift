import CharacteristicFlows
import OptimalTransport

extension RelaxationFlow {
  /// What a step needs besides the particles.
  struct Workspace: Sendable {
    var start: RelaxationCoefficients
    var end: RelaxationCoefficients
    var mean: RelaxationCoefficients
    var normals: [Double]
    private let count: Int

    init(_ particles: ParticleState) {
      start = RelaxationCoefficients(for: particles)
      (end, mean) = (start, start)
      count = particles.count
      normals = Array(repeating: 0, count: 2 * particles.positions.count)
    }

    /// Draws the normal numbers of a step; without noise they stay 0.
    mutating func draw(_ source: CounterNormals, isNoisy: Bool) {
      guard isNoisy else { return }
      let count = count
      normals.withUnsafeMutableBufferPointer { buffer in
        nonisolated(unsafe) let normals = buffer
        Parallel.forEachChunk(of: normals.count / 2, costPerItem: 50) { range in
          for index in range {
            let pair = source.pair(particle: index % count, axis: index / count)
            (normals[2 * index], normals[2 * index + 1]) = pair
          }
        }
      }
    }

    /// The mean of the coefficients at both ends of a step.
    ///
    /// - Parameter correctsRates: whether a rate and its velocity change together. The mean of their products then
    ///   differs from the product of their means by a quarter of the product of both changes, which is of the order
    ///   of the step: without it the order of the law would be 1.
    mutating func average(
      _ first: ParticleState, _ second: ParticleState, _ epsilon: Double, correctsRates: Bool
    ) {
      let (count, dimension) = (count, first.dimension)
      let (start, end) = (start, end)
      mean.rates.withUnsafeMutableBufferPointer { rates in
        mean.noises.withUnsafeMutableBufferPointer { noises in
          mean.pushes.withUnsafeMutableBufferPointer { pushes in
            nonisolated(unsafe) let (rates, noises, pushes) = (rates, noises, pushes)
            Parallel.forEachChunk(of: count, costPerItem: 3 * Double(dimension)) { range in
              for i in range {
                rates[i] = 0.5 * (start.rates[i] + end.rates[i])
                noises[i] = 0.5 * (start.noises[i] + end.noises[i])
                let change =
                  correctsRates ? 0.25 * (end.rates[i] - start.rates[i]) / epsilon : 0
                for axis in 0..<dimension {
                  let index = axis * count + i
                  pushes[index] =
                    0.5 * (start.pushes[index] + end.pushes[index])
                    - change * (second.velocities[index] - first.velocities[index])
                }
              }
            }
          }
        }
      }
    }
  }

  /// Steps of one length.
  struct StepMap: Sendable {
    let length: Double
    let epsilon: Double

    /// Moves particles with coefficients that stay as they are.
    func move(
      _ start: ParticleState, by coefficients: RelaxationCoefficients, _ normals: [Double],
      to end: inout ParticleState
    ) {
      let (n, dimension) = (start.count, start.dimension)
      let (length, epsilon) = (length, epsilon)
      end.positions.withUnsafeMutableBufferPointer { positions in
        end.velocities.withUnsafeMutableBufferPointer { velocities in
          nonisolated(unsafe) let (positions, velocities) = (positions, velocities)
          Parallel.forEachChunk(of: n, costPerItem: 10 * Double(dimension)) { range in
            var rate = coefficients.rates[range.lowerBound]
            var step = GaussianStep(length: length, epsilon: epsilon, rate: rate)
            for i in range {
              if coefficients.rates[i] != rate {
                rate = coefficients.rates[i]
                step = GaussianStep(length: length, epsilon: epsilon, rate: rate)
              }
              let amplitude = coefficients.noises[i].squareRoot() * step.amplitude
              for axis in 0..<dimension {
                let index = axis * n + i
                let (x, v) = (start.positions[index], start.velocities[index])
                let push = coefficients.pushes[index] + amplitude * normals[2 * index]
                let rest = amplitude * normals[2 * index + 1]
                positions[index] =
                  x + step.drift * v + step.shift * push + step.positionNoise * rest
                velocities[index] =
                  step.decay * v + step.drift * push + step.velocityNoise * rest
              }
            }
          }
        }
      }
    }
  }
}
