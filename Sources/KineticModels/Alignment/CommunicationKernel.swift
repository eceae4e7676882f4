import FlowKernels
import Libc
import OptimalTransport

/// How much an agent listens to another one at a distance r: φ(r) ≥ 0, in a flock of total mass 1.
///
/// Source: R. Shvydkoy and T. Teolis, "Microscopic, mesoscopic, and macroscopic descriptions of the
/// Euler alignment system with adaptive communication strength" (2024); F. Cucker and
/// S. Smale, IEEE Trans. Automat. Control 52 (2007), doi:10.1109/TAC.2007.895842.
public struct CommunicationKernel: Sendable {
  enum Form: Sendable {
    case constant
    case gaussian(width: Double)
    case power(exponent: Double, scale: Double)
    case own(@Sendable (Double) -> Double)
  }

  /// What the kernel is, in a phrase with its parameters.
  public let name: String
  /// Whether ∫₀^∞ φ dr = ∞, which makes every flock align; `nil` where it is not known.
  public let hasHeavyTail: Bool?
  let form: Form

  private init(name: String, hasHeavyTail: Bool?, form: Form) {
    (self.name, self.hasHeavyTail, self.form) = (name, hasHeavyTail, form)
  }

  /// φ = 1: everybody listens to everybody.
  public static let constant = CommunicationKernel(
    name: "phi = 1", hasHeavyTail: true, form: .constant)

  /// φ(r) = exp(−r²/2w²).
  ///
  /// - Throws: `KineticModelError.badParameter`.
  public static func gaussian(width: Double) throws(KineticModelError) -> CommunicationKernel {
    guard width > 0, width.isFinite, (width * width).isNormal else {
      throw .badParameter(
        name: "width", value: width, requirement: "positive, and neither tiny nor huge")
    }
    return CommunicationKernel(
      name: "phi = exp(-r^2/2 \(width)^2)", hasHeavyTail: false, form: .gaussian(width: width))
  }

  /// φ(r) = (1 + (r/ℓ)²)^−β.
  ///
  /// - Parameters:
  ///   - exponent: β; up to ½ the tail is heavy.
  ///   - scale: ℓ.
  /// - Throws: `KineticModelError.badParameter`.
  public static func power(
    exponent: Double, scale: Double = 1
  ) throws(KineticModelError) -> CommunicationKernel {
    guard exponent >= 0, exponent <= 1e6 else {
      throw .badParameter(name: "exponent", value: exponent, requirement: "from 0 to 1e6")
    }
    guard scale > 0, scale.isFinite, (scale * scale).isNormal else {
      throw .badParameter(
        name: "scale", value: scale, requirement: "positive, and neither tiny nor huge")
    }
    let base = scale == 1 ? "r^2" : "(r/\(scale))^2"
    return CommunicationKernel(
      name: "phi = (1 + \(base))^-\(exponent)", hasHeavyTail: exponent <= 0.5,
      form: .power(exponent: exponent, scale: scale))
  }

  /// A kernel of one's own.
  ///
  /// It must not be negative; a sum in which it is makes `AlignmentField` throw.
  public static func own(
    name: String, hasHeavyTail: Bool? = nil,
    _ value: @escaping @Sendable (_ distance: Double) -> Double
  ) -> CommunicationKernel {
    CommunicationKernel(name: name, hasHeavyTail: hasHeavyTail, form: .own(value))
  }

  /// φ(r).
  public func callAsFunction(_ distance: Double) -> Double {
    switch form {
    case .constant: 1
    case .gaussian(let width): exp(-distance * distance / (2 * width * width))
    case .power(let exponent, let scale):
      pow(1 + distance / scale * (distance / scale), -exponent)
    case .own(let value): value(distance)
    }
  }

  /// Refuses a kernel that is negative or no number at one of many distances within a box.
  ///
  /// - Throws: `KineticModelError.badKernel`.
  func validate(upTo radius: Double) throws(KineticModelError) {
    guard case .own(let value) = form else { return }
    for index in 0...1024 {
      let distance = radius * Double(index) / 1024
      let found = value(distance)
      guard found >= 0, found.isFinite else {
        throw .badKernel(kernel: name, distance: distance, value: found)
      }
    }
  }
}

extension CommunicationKernel {
  /// The kernel as the pair sums want it; `nil` for one of a user's own.
  func compiled(for box: ProductDomain) -> fk_communication? {
    var result = fk_communication()
    switch form {
    case .own: return nil
    case .constant: result.form = fk_communication_constant
    case .gaussian(let width):
      result.form = fk_communication_gaussian
      // exp(−r²/2w²) = 2^(−r²/(2w² ln 2)).
      result.rate = 1 / (2 * width * width * log(2))
    case .power(let exponent, let scale):
      let isHalf = (2 * exponent).rounded() == 2 * exponent && exponent <= 512
      result.form = isHalf ? fk_communication_half_power : fk_communication_power
      result.rate = 1 / (scale * scale)
      result.exponent = exponent
    }
    result.dimension = Int32(box.dimension)
    let lengths = box.axes.map { $0.isPeriodic ? $0.length : 0 } + [0, 0]
    result.lengths = (lengths[0], lengths[1], lengths[2])
    return result
  }
}
