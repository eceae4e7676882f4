import Libc
import OptimalTransport
import PhaseSpace

/// A heavy flock that stands nearly still and a light one far from it that flies, on the unit torus of
/// two dimensions: the scene with which Motsch's and Tadmor's, the s- and the w-model were argued for.
///
/// Forty agents of mass 100 and twenty of mass 1, in sunflower spirals. Source: R. Shvydkoy and T. Teolis
/// (2024), figures 1 and 2, whose places are not printed: these are of the same sizes and distances.
public enum TwoFlocks {
  /// The name of the scene among the samples.
  public static let name = "two-flocks"
  /// What it is, in a phrase.
  public static let summary =
    "40 slow agents of mass 100 and 20 fast ones of mass 1, on the unit torus"

  /// How many agents of the heavy flock come first.
  public static let heavyCount = 40
  /// How many of the light one follow.
  public static let lightCount = 20

  /// The masses of the agents as they are given, before they are normalised.
  public static var masses: [Double] {
    Array(repeating: 100, count: heavyCount) + Array(repeating: 1, count: lightCount)
  }

  /// The agents at time 0.
  public static var measure: PhaseSpaceMeasure {
    get throws(PhaseSpaceError) {
      var columns = (x: [Double](), y: [Double](), u: [Double](), v: [Double]())
      let golden = Double.pi * (3 - 5.0.squareRoot())
      func add(_ center: Double, _ radius: Double, _ part: Double, _ index: Double) {
        let distance = radius * part.squareRoot()
        columns.x.append(center + distance * cos(golden * index))
        columns.y.append(center + distance * sin(golden * index))
      }
      for agent in 0..<heavyCount {
        let i = Double(agent)
        add(0.75, 0.08, (i + 0.5) / Double(heavyCount), i)
        columns.u.append(0.02 * sin(3 * i + 1))
        columns.v.append(0.02 * cos(5 * i + 2))
      }
      for agent in 0..<lightCount {
        let i = Double(agent)
        add(0.25, 0.05, (i + 0.5) / Double(lightCount), i)
        columns.u.append(0.05 * sin(7 * i + 1))
        columns.v.append(0.1 + 0.05 * cos(11 * i + 3))
      }
      let box: ProductDomain
      do {
        box = try ProductDomain([.circle(length: 1), .circle(length: 1)])
      } catch {
        throw .domain(error)
      }
      return try PhaseSpaceMeasure(
        positions: [columns.x, columns.y], velocities: [columns.u, columns.v], masses: masses,
        box: box, time: 0)
    }
  }

  /// The root mean square of the distances of velocities from their mean, in a range of agents of equal
  /// mass.
  public static func velocitySpread(
    _ velocities: [[Double]], _ agents: Range<Int>
  ) -> Double {
    var sum = CompensatedSum()
    for column in velocities {
      let own = column[agents]
      let mean = CompensatedSum(own).value / Double(own.count)
      for velocity in own { sum.add((velocity - mean) * (velocity - mean)) }
    }
    return (sum.value / Double(agents.count)).squareRoot()
  }
}
