import KineticTransport

/// What a comparison has found of one snapshot, as a page shows it.
struct ReportVerdict {
  let file: String
  let reference: String
  /// What is proved of the distance.
  let bounds: ProvedBounds
  /// The largest distance that passes.
  let limit: Double
  /// The verdict in words.
  let verdict: String
  /// Where the distance lies beside the noise, in words; `nil` where that was not measured.
  let noise: String?
  /// The p-value of a permutation test; `nil` for none.
  let pValue: Double?
}
