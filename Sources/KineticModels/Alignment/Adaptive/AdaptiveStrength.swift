import OptimalTransport

/// How the strength of alignment is carried along by the velocities that agents hear.
///
/// Source: R. Shvydkoy and T. Teolis (2024), (SM) and (WM), as for `CommunicationKernel`.
public enum AdaptiveStrength: Sendable {
  /// The s-model: ∂ts + ∇·(s[u]) = 0, from s₀(x), with the name of s₀.
  case strength(name: String, @Sendable (_ place: [Double]) -> Double)
  /// The w-model: s = wρ_φ, ∂tw + [u]·∇w = 0, from w₀(x), with the name of w₀.
  case weight(name: String, @Sendable (_ place: [Double]) -> Double)
  /// The w-model from w₀ = 1/(ρ₀)_φ, with which it begins as Motsch's and Tadmor's.
  case inverseDensity

  /// "s-model" or "w-model" with its start.
  var name: String {
    switch self {
    case .strength(let name, _): "s-model, s0 = \(name)"
    case .weight(let name, _): "w-model, w0 = \(name)"
    case .inverseDensity: "w-model, w0 = 1/(rho_0)_phi"
    }
  }

  /// Whether it is s that is carried, and not w.
  var isStrength: Bool {
    if case .strength = self { true } else { false }
  }
}

/// s₀ or w₀ at places, exactly.
struct InitialStrength: Sendable {
  let model: AdaptiveStrength
  /// (ρ₀)_φ at places.
  let density: @Sendable (_ places: [Double]) -> [Double]

  /// The values at places, coordinate k of place i at `places[k * n + i]`.
  ///
  /// - Throws: `KineticModelError.nobodyHeard` where 1/(ρ₀)_φ has no value, and `.badParameter` where a
  ///   start is negative or no number.
  func values(at places: [Double], in box: ProductDomain) throws(KineticModelError) -> [Double] {
    let dimension = box.dimension
    let n = places.count / dimension
    func place(_ i: Int) -> [Double] {
      (0..<dimension).map { box.axes[$0].wrapped(places[$0 * n + i]) }
    }
    switch model {
    case .strength(_, let function), .weight(_, let function):
      var values: [Double] = []
      for i in 0..<n {
        let value = function(place(i))
        guard value >= 0, value.isFinite else {
          throw .badParameter(
            name: "\(model.name) at \(place(i))", value: value, requirement: "0 or more, and finite"
          )
        }
        values.append(value)
      }
      return values
    case .inverseDensity:
      let densities = density(places)
      for i in 0..<n where !(1 / densities[i]).isFinite {
        throw .nobodyHeard(place: place(i), field: "w0 = 1/(rho_0)_phi")
      }
      return densities.map { 1 / $0 }
    }
  }
}
