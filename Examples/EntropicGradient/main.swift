import KineticTransport

// Descent along the gradient of the Sinkhorn divergence moves a cloud onto another one.
var points = [0.0, 0.1, 0.2, 0.3]
let target = try DiscreteMeasure(axes: [[0.9, 1.0, 1.2, 1.3]])
let solver = SinkhornSolver(regularization: 0.05, marginalTolerance: 1e-12)

for step in 0...8 {
  let problem = try TransportProblem(
    from: DiscreteMeasure(axes: [points]), to: target, exponent: 2)
  let divergence = try solver.divergence(problem)
  if step.isMultiple(of: 4) { print("step \(step): divergence \(divergence.value)") }
  // The cost of a point is its mass, a quarter, times a squared distance: twice its derivative is the
  // whole way.
  let gradient = try divergence.gradient().sourcePoints
  for index in points.indices { points[index] -= 2 * gradient[index] }
}
