import CharacteristicFlows
import Foundation
import OptimalTransport
import PhaseSpace
import StabilityEstimates

/// A coupled flow of two measures in the same field.
func coupled(
  _ first: PhaseSpaceMeasure, _ second: PhaseSpaceMeasure, _ field: any ForceField, step: Double,
  exponent: Double
) throws -> CoupledFlow {
  try CoupledFlow.optimal(
    first: CharacteristicFlow(measure: first, field: field, step: step),
    second: CharacteristicFlow(measure: second, field: field, step: step), exponent: exponent)
}

/// Two samples of a family on the unit circle that differ in their seeds and parameters.
func pair(_ count: Int, on circle: Bool) throws -> (PhaseSpaceMeasure, PhaseSpaceMeasure) {
  var generator = SeededGenerator(seed: 11)
  func draw(_ spread: Double) throws -> PhaseSpaceMeasure {
    let positions = (0..<count).map { _ in Double.random(in: 0..<1, using: &generator) }
    let velocities = (0..<count).map { _ in spread * Double.random(in: -1..<1, using: &generator) }
    return try PhaseSpaceMeasure(
      positions: [positions], velocities: [velocities],
      box: try ProductDomain([circle ? .circle(length: 1) : .line]))
  }
  return (try draw(1), try draw(0.8))
}
