/// Potentials from which to start, found on coarser clouds or at a larger regularisation.
struct SinkhornStart: Sendable {
  /// One number for each source point, in the problem's own unit.
  let source: [Double]
  /// About the same for the target, which follows from the source.
  let target: [Double]
  /// The regularisation to which it belongs.
  let regularization: OwnRegularization
  let iterations: Int
}

extension SinkhornStart {
  /// The solution of the same problem at another regularisation.
  init<Step>(_ point: FixedPoint<Step>) {
    source = point.iteration.source
    target = point.iteration.target
    regularization = point.kernel.regularization
    iterations = point.iterations
  }

  /// The start for a measure and itself at another regularisation, with f = g.
  ///
  /// f is −ε/2 times the logarithm of the blurred density, which hardly depends on ε.
  func symmetric(at other: OwnRegularization) -> [Double] {
    let ratio = other.value / regularization.value
    return source.map { $0 * ratio }
  }
}
