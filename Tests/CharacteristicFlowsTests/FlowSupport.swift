import CharacteristicFlows
import OptimalTransport
import PhaseSpace
import TestSupport

/// Random particles in free space, the same for every run.
func cloud(count: Int, dimension: Int = 1, seed: UInt64, box: ProductDomain? = nil) throws
  -> PhaseSpaceMeasure
{
  var generator = SeededGenerator(seed: seed)
  func column(_ scale: Double) -> [Double] {
    (0..<count).map { _ in scale * (generator.uniform() - 0.5) }
  }
  return try PhaseSpaceMeasure(
    positions: (0..<dimension).map { _ in column(1) },
    velocities: (0..<dimension).map { _ in column(2) },
    masses: (0..<count).map { _ in 0.5 + generator.uniform() }, box: box, time: 0)
}

/// A measure with every particle moved by (α, u) on each axis.
func shifted(_ measure: PhaseSpaceMeasure, by alpha: Double, _ u: Double) throws
  -> PhaseSpaceMeasure
{
  try PhaseSpaceMeasure(
    positions: (0..<measure.positionDimension).map { measure.position($0).map { $0 + alpha } },
    velocities: (0..<measure.velocityDimension).map { measure.velocity($0).map { $0 + u } },
    masses: measure.masses, box: measure.box, time: measure.time)
}

/// The plan that sends each particle to the one of the same index.
func identityPlan(_ measure: PhaseSpaceMeasure) -> TransportPlan {
  let indices = (0..<Int32(measure.count)).map { $0 }
  return TransportPlan(sources: indices, targets: indices, masses: measure.masses)
}

/// The unit torus.
func torus(_ dimension: Int = 1) throws -> ProductDomain {
  try ProductDomain(Array(repeating: .circle(length: 1), count: dimension))
}

/// The order that the errors at a step and at half of it show.
func order(_ coarse: Double, _ fine: Double) -> Double {
  logarithm(coarse / fine) / logarithm(2)
}
