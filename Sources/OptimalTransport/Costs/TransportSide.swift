/// One of the two measures of a problem.
package enum TransportSide: Sendable {
  /// The measure that is moved, μ.
  case source
  /// The measure to which it is moved, ν.
  case target

  /// The other one.
  var opposite: TransportSide { self == .source ? .target : .source }
}
