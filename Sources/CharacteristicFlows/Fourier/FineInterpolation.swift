import Libc

/// The trigonometric interpolant of values on a circle, looked at on a finer grid.
package struct FineInterpolation: Sendable {
  /// The number of places of the finer grid.
  package let fineCount: Int
  private let coarse: FourierTransform
  private let fine: FourierTransform
  private let count: Int

  /// From one number of places to another one that is not smaller; `nil` when FFTW cannot plan it.
  package init?(count: Int, fineCount: Int) {
    guard count > 0, fineCount >= count, let coarse = FourierTransform(cells: [count]),
      let fine = FourierTransform(cells: [fineCount])
    else { return nil }
    (self.count, self.fineCount) = (count, fineCount)
    (self.coarse, self.fine) = (coarse, fine)
  }

  /// The interpolant.
  package func values(_ numbers: [Double]) -> [Double] {
    transformed(numbers) { _, re, im in (re, im) }
  }

  /// The antiderivative of the interpolant without its mean, itself of mean 0.
  package func antiderivative(_ numbers: [Double], length: Double) -> [Double] {
    transformed(numbers) { mode, re, im in
      guard mode > 0 else { return (0, 0) }
      let factor = length / (2 * .pi * Double(mode))
      return (factor * im, -factor * re)
    }
  }

  private func transformed(
    _ numbers: [Double], _ change: (Int, Double, Double) -> (Double, Double)
  ) -> [Double] {
    var copy = numbers
    let coefficients = coarse.forward(&copy)
    var wide = [FourierCoefficient](repeating: (0, 0), count: fineCount / 2 + 1)
    for mode in coefficients.indices {
      let (re, im) = coefficients[mode]
      // The highest mode stands for two on the finer grid.
      let share = 2 * mode == count && fineCount > count ? 0.5 : 1
      wide[mode] = change(mode, re * share / Double(count), im * share / Double(count))
    }
    var result = [Double](repeating: 0, count: fineCount)
    fine.backward(&wide, into: &result)
    return result
  }
}
