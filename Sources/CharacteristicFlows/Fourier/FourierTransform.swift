import Synchronization

#if FFTW
  import CFFTW

  /// The discrete Fourier transform of real numbers and back, by FFTW: the one owner of its plans.
  ///
  /// Plans are FFTW's estimates, not measured ones, so that every run takes the same and ends with the
  /// same bits.
  final class FourierTransform: @unchecked Sendable {
    // A plan is never changed after it was made, and FFTW may execute it on several threads at once:
    // "the only thread-safe routine in FFTW is fftw_execute (and the new-array variants)".
    private let forwardPlan: fftw_plan
    private let backwardPlan: fftw_plan
    /// How many real numbers are transformed.
    let numberCount: Int
    /// How many complex coefficients they have: about half as many, the others are their conjugates.
    let coefficientCount: Int

    /// FFTW makes and destroys plans on one thread at a time only.
    private static let planner = Mutex(())

    private typealias Plans = (fftw_plan?, fftw_plan?)
    private typealias Numbers = UnsafeMutablePointer<Double>
    private typealias Coefficients = UnsafeMutablePointer<FourierCoefficient>

    /// Has FFTW plan both ways for arrays of some size, on which a plan is not bound to be used.
    private init?(
      numberCount: Int, coefficientCount: Int, _ plan: (Numbers, Coefficients, UInt32) -> Plans
    ) {
      self.numberCount = numberCount
      self.coefficientCount = coefficientCount
      var numbers = [Double](repeating: 0, count: numberCount)
      var coefficients = [FourierCoefficient](repeating: (0, 0), count: coefficientCount)
      let plans = Self.planner.withLock { _ in
        plan(&numbers, &coefficients, UInt32(FFTW_ESTIMATE) | UInt32(FFTW_UNALIGNED))
      }
      guard let forward = plans.0, let backward = plans.1 else { return nil }
      (forwardPlan, backwardPlan) = (forward, backward)
    }

    /// The transform on a periodic mesh, the last axis running fastest; `nil` when FFTW cannot plan it.
    convenience init?(cells: [Int]) {
      let sizes = cells.map { Int32($0) }
      let rank = Int32(sizes.count)
      self.init(
        numberCount: cells.reduce(1, *),
        coefficientCount: cells.dropLast().reduce(1, *) * ((cells.last ?? 1) / 2 + 1)
      ) { numbers, coefficients, flags in
        (
          fftw_plan_dft_r2c(rank, sizes, numbers, coefficients, flags),
          fftw_plan_dft_c2r(rank, sizes, coefficients, numbers, flags)
        )
      }
    }

    /// The transform along each of many lines, `stride` apart in a line and `distance` from one line to the next;
    /// one of the two is 1. Coefficients have the same stride. `nil` when FFTW cannot plan it.
    convenience init?(length: Int, lineCount: Int, stride: Int, distance: Int) {
      let modes = length / 2 + 1
      let (lines, step, gap) = (Int32(lineCount), Int32(stride), Int32(distance))
      let farGap = Int32(distance == 1 ? 1 : modes)
      self.init(
        numberCount: length * lineCount, coefficientCount: modes * lineCount
      ) { numbers, coefficients, flags in
        var size = Int32(length)
        return (
          fftw_plan_many_dft_r2c(
            1, &size, lines, numbers, nil, step, gap, coefficients, nil, step, farGap, flags),
          fftw_plan_many_dft_c2r(
            1, &size, lines, coefficients, nil, step, farGap, numbers, nil, step, gap, flags)
        )
      }
    }

    deinit {
      Self.planner.withLock { _ in
        fftw_destroy_plan(forwardPlan)
        fftw_destroy_plan(backwardPlan)
      }
    }

    /// Σ numbers·e^{−ik·x}, without a factor.
    func forward(_ numbers: inout [Double]) -> [FourierCoefficient] {
      precondition(numbers.count == numberCount)
      var coefficients = [FourierCoefficient](repeating: (0, 0), count: coefficientCount)
      fftw_execute_dft_r2c(forwardPlan, &numbers, &coefficients)
      return coefficients
    }

    /// Σ coefficients·e^{ik·x} over all modes, without a factor. The coefficients are used up.
    func backward(_ coefficients: inout [FourierCoefficient], into numbers: inout [Double]) {
      precondition(numbers.count == numberCount && coefficients.count == coefficientCount)
      fftw_execute_dft_c2r(backwardPlan, &coefficients, &numbers)
    }
  }
#else
  /// The transform of a build without FFTW: none can be made.
  final class FourierTransform: Sendable {
    private let nothing: Never

    init?(cells: [Int]) { nil }
    init?(length: Int, lineCount: Int, stride: Int, distance: Int) { nil }

    var numberCount: Int { switch nothing {} }
    var coefficientCount: Int { switch nothing {} }
    func forward(_ numbers: inout [Double]) -> [FourierCoefficient] { switch nothing {} }
    func backward(_ coefficients: inout [FourierCoefficient], into numbers: inout [Double]) {
      switch nothing {}
    }
  }
#endif
