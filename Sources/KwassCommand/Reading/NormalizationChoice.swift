import KineticTransport

/// What `--normalize` divides coordinates by. The numbers come from the first snapshot that is read and
/// hold for all of them.
enum NormalizationChoice: String, Sendable, CaseIterable {
  case box, debye, std
  case stdBlock = "std-block"

  /// The factors that a snapshot settles.
  ///
  /// - Parameter plasmaFrequency: ω_p, for `.debye`.
  func scaling(
    of snapshot: Snapshot, named name: String, plasmaFrequency: Double?
  ) throws(CommandFailure) -> Scaling {
    let normalization: Normalization =
      switch self {
      case .box: .box
      case .debye: .debye(plasmaFrequency: plasmaFrequency ?? 1)
      case .std: .standardDeviations
      case .stdBlock: .blockDeviations
      }
    do throws(NormalizationError) {
      return try normalization.scaling(of: snapshot)
    } catch {
      throw CommandFailure(.badData, "\(name): \(sentence(error))")
    }
  }

  private func sentence(_ error: NormalizationError) -> String {
    switch error {
    case .noPeriod:
      "--normalize box needs a period on every axis, stated by the file or by --box."
    case .badDivisor(let axis, let divisor):
      "--normalize \(rawValue) would divide \(axis) by \(divisor); the particles must differ there"
        + (self == .std ? ", or share a factor with other axes (--normalize std-block)." : ".")
    }
  }
}
