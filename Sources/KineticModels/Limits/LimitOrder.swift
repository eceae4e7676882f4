import Libc

/// The order at which a quantity falls with the mean free path.
public enum LimitOrder {
  /// The order p of a quantity that is c·ε^p, from its values for two ε.
  ///
  /// - Returns: `nil` where a value or an ε is not positive, or both ε are the same.
  public static func between(
    _ first: (epsilon: Double, value: Double), _ second: (epsilon: Double, value: Double)
  ) -> Double? {
    guard first.value > 0, second.value > 0, first.epsilon > 0, second.epsilon > 0,
      first.epsilon != second.epsilon
    else { return nil }
    return log(first.value / second.value) / log(first.epsilon / second.epsilon)
  }
}
