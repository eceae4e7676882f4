import OptimalTransport

/// A known distribution of which samples can be drawn, with its parameters.
///
/// A family is a map of the unit cube to phase space; a sample is the image of random points, or of
/// the even points of a quiet start.
public struct SampleFamily: Sendable {
  /// The name by which the family is found.
  public let name: String
  /// What it is, in a phrase.
  public let summary: String
  /// The parameters, each with its default.
  public let parameters: [Parameter]
  /// The largest dimension in which it is defined.
  public let largestDimension: Int

  let box: @Sendable (Values, Int) throws(SampleError) -> [CoordinateAxis]
  /// The position and velocity on each axis of a point of the unit cube, x₁, v₁, x₂, v₂, …
  let map: @Sendable (_ point: [Double], _ values: Values) -> (x: [Double], v: [Double])
  /// f on the circle in one dimension; `nil` for a family without a smooth one.
  var shape: (@Sendable (_ values: Values) -> SampleDensity)?

  /// Whether the family has a smooth density on a circle.
  public var hasDensity: Bool { shape != nil }

  /// One parameter of a family.
  public struct Parameter: Sendable, Hashable {
    /// The name by which a value is given, in words with hyphens between.
    public let name: String
    /// The value when none is given.
    public let standard: Double
    /// What it means, with its unit.
    public let meaning: String
    let range: ClosedRange<Double>
    var isWhole = false
    let requirement: String
  }

  /// The values of all parameters of a family.
  struct Values: Sendable {
    let values: [String: Double]
    subscript(_ name: String) -> Double { values[name, default: 0] }
  }

  /// The family of a name; `nil` when there is none.
  public static func named(_ name: String) -> SampleFamily? {
    all.first { $0.name == name }
  }

  /// Draws a sample of equal masses.
  ///
  /// - Parameters:
  ///   - count: the number of particles, positive.
  ///   - dimension: the number of position and of velocity coordinates.
  ///   - seed: the same seed gives the same sample on every machine.
  ///   - isQuiet: even points instead of random ones; their error falls nearly like 1/count.
  ///   - given: values of the family's parameters by name; the others have their defaults.
  /// - Throws: `SampleError`.
  public func sample(
    count: Int, dimension: Int = 1, seed: UInt64, isQuiet: Bool = false,
    parameters given: [String: Double] = [:]
  ) throws(SampleError) -> PhaseSpaceMeasure {
    guard count > 0 else { throw .badCount(count) }
    guard (1...largestDimension).contains(dimension) else {
      throw .badDimension(family: name, dimension: dimension, largest: largestDimension)
    }
    let all = try self.values(given)
    let axes = try box(all, dimension)
    var points = UnitCubePoints(
      count: count, dimension: 2 * dimension, seed: seed, isQuiet: isQuiet)
    var positions = [[Double]](repeating: [], count: dimension)
    var velocities = positions
    for index in 0..<count {
      let state = map(points.point(index), all)
      for axis in 0..<dimension {
        positions[axis].append(state.x[axis])
        velocities[axis].append(state.v[axis])
      }
    }
    do {
      return try PhaseSpaceMeasure(
        positions: positions, velocities: velocities, box: ProductDomain(axes),
        time: all["time"])
    } catch {
      throw .notRepresentable("\(error)")
    }
  }

  /// The density of which samples are drawn, with one position and one velocity.
  ///
  /// - Parameter given: values of the family's parameters by name; the others have their defaults.
  /// - Throws: `SampleError`, in particular `.noDensity`.
  public func density(
    parameters given: [String: Double] = [:]
  ) throws(SampleError) -> SampleDensity {
    let all = try values(given)
    guard let shape else { throw .noDensity(family: name) }
    return shape(all)
  }

  /// The values of all parameters.
  private func values(_ given: [String: Double]) throws(SampleError) -> Values {
    var values: [String: Double] = [:]
    for parameter in parameters { values[parameter.name] = parameter.standard }
    for (key, value) in given.sorted(by: { $0.key < $1.key }) {
      guard let parameter = parameters.first(where: { $0.name == key }) else {
        throw .unknownParameter(family: name, name: key, known: parameters.map(\.name))
      }
      guard value.isFinite, parameter.range.contains(value),
        !parameter.isWhole || value == value.rounded()
      else {
        throw .badParameter(name: key, value: value, requirement: parameter.requirement)
      }
      values[key] = value
    }
    return Values(values: values)
  }
}

/// The density of a family of samples on a circle and the line of velocities.
public struct SampleDensity: Sendable {
  /// The length of the circle.
  public let length: Double
  /// Velocities outside of which it is below e^{−45} of its largest value.
  public let velocityRange: ClosedRange<Double>
  private let value: @Sendable (_ x: Double, _ v: Double) -> Double

  init(
    length: Double, velocityRange: ClosedRange<Double>,
    _ value: @escaping @Sendable (_ x: Double, _ v: Double) -> Double
  ) {
    (self.length, self.velocityRange, self.value) = (length, velocityRange, value)
  }

  /// f(x, v), up to a factor.
  public func callAsFunction(_ x: Double, _ v: Double) -> Double { value(x, v) }
}

/// Why a sample cannot be drawn.
public enum SampleError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The number of particles is not positive.
  case badCount(Int)
  /// The family is not defined in this dimension.
  case badDimension(family: String, dimension: Int, largest: Int)
  /// The family has no parameter of this name.
  case unknownParameter(family: String, name: String, known: [String])
  /// The family has no smooth density on a circle.
  case noDensity(family: String)
  /// A parameter is out of its range.
  case badParameter(name: String, value: Double, requirement: String)
  /// The sample has numbers that a measure cannot have.
  case notRepresentable(String)

  /// A full sentence that says what was found and what was expected.
  public var description: String {
    switch self {
    case .badCount(let count):
      "The number of particles is \(count); it must be positive."
    case .badDimension(let family, let dimension, let largest):
      "The sample \(family) is defined in dimension 1 to \(largest), not \(dimension)."
    case .unknownParameter(let family, let name, let known):
      "The sample \(family) has no parameter \(name); it has \(known.joined(separator: ", "))."
    case .noDensity(let family):
      "The sample \(family) has no smooth density on a circle, which a grid needs; those with one are "
        + SampleFamily.all.filter(\.hasDensity).map(\.name).joined(separator: ", ") + "."
    case .badParameter(let name, let value, let requirement):
      "The parameter \(name) is \(value); it must be \(requirement)."
    case .notRepresentable(let reason):
      "The sample cannot be represented: \(reason)"
    }
  }
}
