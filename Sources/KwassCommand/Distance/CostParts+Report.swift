import KineticTransport

extension CostParts {
  /// Where one part is smaller than this beside the other, units are likely to be at fault.
  private static let negligible = 1e-6

  /// The parts in a phrase.
  var text: String { "\(position) of positions, \(velocity) of velocities" }

  /// A note where one part plays no role beside the other. A part that is 0 is no matter of units.
  var imbalance: PairNote? {
    let (least, greatest) = (min(position, velocity), max(position, velocity))
    guard least > 0, least < Self.negligible * greatest else { return nil }
    return .imbalance(least == position ? .position : .velocity, ratio: least / greatest)
  }

  /// The parts for programs; `null` where positions or velocities alone are compared.
  static func members(_ parts: CostParts?) -> [JSON.Member] {
    [
      .init("positionCost", JSON.optional(parts?.position)),
      .init("velocityCost", JSON.optional(parts?.velocity)),
    ]
  }
}
