/// A running sum that carries its rounding error along, so that the result is as good as one
/// computed in twice the precision and rounded once.
///
/// Source: A. Neumaier, "Rundungsfehleranalyse einiger Verfahren zur Summation endlicher Summen",
/// ZAMM 54 (1974), doi:10.1002/zamm.19740540106.
public struct CompensatedSum: Sendable {
  private var high = 0.0
  private var low = 0.0

  /// An empty sum.
  public init() {}

  /// The sum of the elements of a sequence.
  public init(_ elements: some Sequence<Double>) {
    for element in elements { add(element) }
  }

  /// Adds a term.
  @inlinable
  public mutating func add(_ term: Double) { addInline(term) }

  @usableFromInline
  mutating func addInline(_ term: Double) {
    let sum = high + term
    low += high.magnitude >= term.magnitude ? (high - sum) + term : (term - sum) + high
    high = sum
  }

  /// Adds another sum, its error included.
  package mutating func add(_ other: CompensatedSum) {
    add(other.high)
    add(other.low)
  }

  /// The sum, rounded once.
  public var value: Double { high + low }

  /// The rounding error of `value`: the sum is `value + residue` to about 106 bits.
  package var residue: Double {
    let rounded = high + low
    return (high - rounded) + low
  }
}
