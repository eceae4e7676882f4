import CFFTW
import Synchronization

/// The discrete Fourier transform of real numbers on a periodic mesh, by FFTW.
///
/// Plans are FFTW's estimates, not measured ones, so that every run takes the same and ends with the
/// same bits.
final class MeshTransform: @unchecked Sendable {
  // A plan is never changed after it was made, and FFTW may execute it on several threads at once:
  // "the only thread-safe routine in FFTW is fftw_execute (and the new-array variants)".
  private let forwardPlan: fftw_plan
  private let backwardPlan: fftw_plan
  /// The number of cells.
  let cellCount: Int
  /// The number of complex coefficients: about half, the others are their conjugates.
  let coefficientCount: Int

  /// FFTW makes and destroys plans on one thread at a time only.
  static let planner = Mutex(())

  /// A transform; `nil` when FFTW cannot plan it.
  init?(cells: [Int]) {
    cellCount = cells.reduce(1, *)
    coefficientCount = cells.dropLast().reduce(1, *) * ((cells.last ?? 1) / 2 + 1)
    let sizes = cells.map { Int32($0) }
    var numbers = [Double](repeating: 0, count: cellCount)
    var coefficients = [fftw_complex](repeating: (0, 0), count: coefficientCount)
    let flags = UInt32(FFTW_ESTIMATE) | UInt32(FFTW_UNALIGNED)
    let plans = Self.planner.withLock { _ in
      (
        fftw_plan_dft_r2c(Int32(sizes.count), sizes, &numbers, &coefficients, flags),
        fftw_plan_dft_c2r(Int32(sizes.count), sizes, &coefficients, &numbers, flags)
      )
    }
    guard let forward = plans.0, let backward = plans.1 else { return nil }
    (forwardPlan, backwardPlan) = (forward, backward)
  }

  deinit {
    Self.planner.withLock { _ in
      fftw_destroy_plan(forwardPlan)
      fftw_destroy_plan(backwardPlan)
    }
  }

  /// Σ numbers·e^{−ik·x}, without a factor.
  func forward(_ numbers: inout [Double]) -> [fftw_complex] {
    precondition(numbers.count == cellCount)
    var coefficients = [fftw_complex](repeating: (0, 0), count: coefficientCount)
    fftw_execute_dft_r2c(forwardPlan, &numbers, &coefficients)
    return coefficients
  }

  /// Σ coefficients·e^{ik·x} over all modes, without a factor. The coefficients are used up.
  func backward(_ coefficients: inout [fftw_complex], into numbers: inout [Double]) {
    precondition(numbers.count == cellCount && coefficients.count == coefficientCount)
    fftw_execute_dft_c2r(backwardPlan, &coefficients, &numbers)
  }
}
