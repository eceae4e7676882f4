import Libc

/// Shifts the lines of a grid, each by an amount of its own, by the discrete Fourier transform along
/// them: what stands between the points is the trigonometric interpolant.
package struct LineTransform: Sendable {
  private let transform: FourierTransform
  private let length: Int
  private let lineCount: Int
  private let stride: Int
  private let distance: Int

  /// Lines of numbers, `stride` apart in a line and `distance` from one line to the next; one of the
  /// two is 1. `nil` when FFTW cannot plan it.
  package init?(length: Int, lineCount: Int, stride: Int, distance: Int) {
    guard
      let transform = FourierTransform(
        length: length, lineCount: lineCount, stride: stride, distance: distance)
    else { return nil }
    self.transform = transform
    self.length = length
    self.lineCount = lineCount
    self.stride = stride
    self.distance = distance
  }

  /// Moves what stands on line l by `shifts[l]` points onwards.
  package func shift(_ numbers: inout [Double], by shifts: [Double]) {
    precondition(shifts.count == lineCount)
    let modes = length / 2 + 1
    var coefficients = transform.forward(&numbers)
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
    transform.backward(&coefficients, into: &numbers)
  }

  /// Replaces each line by the slopes of its trigonometric interpolant; the highest mode has none.
  ///
  /// - Parameter wavenumber: that of the first mode, 2π over the length of a line.
  package func differentiate(_ numbers: inout [Double], wavenumber: Double) {
    let modes = length / 2 + 1
    var coefficients = transform.forward(&numbers)
    let farGap = distance == 1 ? 1 : modes
    let scale = wavenumber / Double(length)
    for line in 0..<lineCount {
      for mode in 0..<modes {
        let index = line * farGap + mode * stride
        let factor = 2 * mode == length ? 0 : scale * Double(mode)
        let (re, im) = coefficients[index]
        coefficients[index] = (-factor * im, factor * re)
      }
    }
    transform.backward(&coefficients, into: &numbers)
  }

  /// The largest amplitude, cosine and sine together, among the highest eighth of the harmonics of all lines.
  package func highestPart(of numbers: [Double]) -> Double {
    var copy = numbers
    let coefficients = transform.forward(&copy)
    let modes = length / 2 + 1
    let farGap = distance == 1 ? 1 : modes
    var largest = 0.0
    for line in 0..<lineCount {
      for mode in modes - max(2, modes / 8)..<modes {
        let (re, im) = coefficients[line * farGap + mode * stride]
        largest = max(largest, re * re + im * im)
      }
    }
    return 2 * largest.squareRoot() / Double(length)
  }
}
