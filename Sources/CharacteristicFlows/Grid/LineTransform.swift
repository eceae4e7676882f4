import CFFTW
import Libc
import Synchronization

/// Shifts the lines of a grid, each by an amount of its own, by the discrete Fourier transform along
/// them: what stands between the points is the trigonometric interpolant.
package final class LineTransform: @unchecked Sendable {
  // See `MeshTransform` for what makes plans safe to share.
  private let forwardPlan: fftw_plan
  private let backwardPlan: fftw_plan
  private let length: Int
  private let lineCount: Int
  private let stride: Int
  private let distance: Int

  /// Lines of numbers, `stride` apart in a line and `distance` from one line to the next; one of the
  /// two is 1. `nil` when FFTW cannot plan it.
  package init?(length: Int, lineCount: Int, stride: Int, distance: Int) {
    self.length = length
    self.lineCount = lineCount
    self.stride = stride
    self.distance = distance
    let modes = length / 2 + 1
    var numbers = [Double](repeating: 0, count: length * lineCount)
    var coefficients = [fftw_complex](repeating: (0, 0), count: modes * lineCount)
    let flags = UInt32(FFTW_ESTIMATE) | UInt32(FFTW_UNALIGNED)
    var size = Int32(length)
    let (lines, step) = (Int32(lineCount), Int32(stride))
    let gap = Int32(distance)
    let farGap = Int32(distance == 1 ? 1 : modes)
    let plans = MeshTransform.planner.withLock { _ in
      (
        fftw_plan_many_dft_r2c(
          1, &size, lines, &numbers, nil, step, gap, &coefficients, nil, step, farGap, flags),
        fftw_plan_many_dft_c2r(
          1, &size, lines, &coefficients, nil, step, farGap, &numbers, nil, step, gap, flags)
      )
    }
    guard let forward = plans.0, let backward = plans.1 else { return nil }
    (forwardPlan, backwardPlan) = (forward, backward)
  }

  deinit {
    MeshTransform.planner.withLock { _ in
      fftw_destroy_plan(forwardPlan)
      fftw_destroy_plan(backwardPlan)
    }
  }

  /// Moves what stands on line l by `shifts[l]` points onwards.
  package func shift(_ numbers: inout [Double], by shifts: [Double]) {
    precondition(numbers.count == length * lineCount && shifts.count == lineCount)
    let modes = length / 2 + 1
    var coefficients = [fftw_complex](repeating: (0, 0), count: modes * lineCount)
    fftw_execute_dft_r2c(forwardPlan, &numbers, &coefficients)
    let farGap = distance == 1 ? 1 : modes
    let scale = 1 / Double(length)
    for line in 0..<lineCount {
      let angle = 2 * .pi * shifts[line] / Double(length)
      let (c, s) = (cos(angle), sin(angle))
      // e^{−i·mode·angle}, from one mode to the next by a multiplication.
      var (re, im) = (scale, 0.0)
      for mode in 0..<modes {
        let index = line * farGap + mode * stride
        let (a, b) = coefficients[index]
        // The highest mode is real on the grid, and stays so.
        let imaginary = 2 * mode == length ? 0 : im
        coefficients[index] = (a * re - b * imaginary, a * imaginary + b * re)
        (re, im) = (re * c + im * s, im * c - re * s)
      }
    }
    fftw_execute_dft_c2r(backwardPlan, &coefficients, &numbers)
  }
}
