import CharacteristicFlows
import OptimalTransport
import PhaseSpace
import TestSupport

@testable import KineticModels

/// A normal law of (X, V) in the potential x²/2.
struct GaussianState {
  var mean: (x: Double, v: Double) = (1, 0)
  var (xx, xv, vv) = (0.25, 0.0, 1.0)

  /// Goes on by (X, V) ↦ A(X, V) + noise of a covariance.
  mutating func move(_ a: [Double], _ noise: (xx: Double, xv: Double, vv: Double)) {
    mean = (a[0] * mean.x + a[1] * mean.v, a[2] * mean.x + a[3] * mean.v)
    (xx, xv, vv) = (
      a[0] * a[0] * xx + 2 * a[0] * a[1] * xv + a[1] * a[1] * vv + noise.xx,
      a[0] * a[2] * xx + (a[0] * a[3] + a[1] * a[2]) * xv + a[1] * a[3] * vv + noise.xv,
      a[2] * a[2] * xx + 2 * a[2] * a[3] * xv + a[3] * a[3] * vv + noise.vv
    )
  }

  /// The exact law; the stationary one has the covariance 1.
  static func solution(epsilon: Double, time: Double) -> GaussianState {
    var state = GaussianState()
    var a = [exponential(-time), 0, 0, 0]
    if epsilon > 0 {
      // x″ = −x/ε² − x′/ε², so that x is a sum of two exponentials, or oscillates.
      let half = 0.5 / (epsilon * epsilon)
      let square = half * half - 1 / (epsilon * epsilon)
      let root = abs(square).squareRoot()
      let damping = exponential(-half * time)
      let (c, s): (Double, Double)
      if square > 0 {
        let (slow, fast) = (exponential((root - half) * time), exponential(-(root + half) * time))
        (c, s) = ((slow + fast) / 2, (slow - fast) / (2 * root))
      } else {
        (c, s) = (damping * cosine(root * time), damping * sine(root * time) / root)
      }
      a = [c + half * s, s / epsilon, -s / epsilon, c - half * s]
    }
    state.move(
      a,
      (
        1 - a[0] * a[0] - a[1] * a[1], -a[0] * a[2] - a[1] * a[3],
        1 - a[2] * a[2] - a[3] * a[3]
      ))
    return state
  }

  /// The law of the scheme, whose step is found from four points.
  static func scheme(epsilon: Double, time: Double, steps: Int) throws -> GaussianState {
    var flow = try RelaxationFlow(
      measure: PhaseSpaceMeasure(
        positions: [[1, 0, 0, 0]], velocities: [[0, 1, 0, 0]], time: 0),
      field: RelaxationFlowTests.harmonic, epsilon: epsilon, seed: 0, step: 1)
    try flow.advance(by: time / Double(steps), normals: [0, 0, 0, 0, 1, 0, 0, 1])
    let (x, v) = (flow.particles.positions, flow.particles.velocities)
    var state = GaussianState()
    for _ in 0..<steps {
      state.move(
        [x[0], x[1], v[0], v[1]],
        (x[2] * x[2] + x[3] * x[3], x[2] * v[2] + x[3] * v[3], v[2] * v[2] + v[3] * v[3]))
    }
    return state
  }

  /// W₂ of positions and velocities to a law without correlation.
  func distance(to other: GaussianState) -> Double {
    let shift = power(mean.x - other.mean.x, 2) + power(mean.v - other.mean.v, 2)
    // tr √(Σ₁Σ₂) of two 2 × 2 matrices.
    let trace = xx * other.xx + vv * other.vv
    let determinant = (xx * vv - xv * xv) * other.xx * other.vv
    let root = (trace + 2 * determinant.squareRoot()).squareRoot()
    return (shift + xx + vv + other.xx + other.vv - 2 * root).squareRoot()
  }

  /// W₂ of positions.
  func positionDistance(to other: GaussianState) -> Double {
    (power(mean.x - other.mean.x, 2) + power(xx.squareRoot() - other.xx.squareRoot(), 2))
      .squareRoot()
  }
}
