import KineticTransport

// Half of the mass moves by 0.1, the other half by 8. The bounded-Lipschitz distance counts no move as
// farther than 2, so that a few stray particles do not decide about it.
let source = try DiscreteMeasure(axes: [[0, 1]])
let target = try DiscreteMeasure(axes: [[0.1, 9]])
let problem = try TransportProblem(from: source, to: target, exponent: 1)

let flat = try BoundedLipschitzDistance(of: problem)
print("bounded-Lipschitz \(flat.value), proved within \(flat.distanceBounds.width)")
let plain = try LinearProgramSolver().solve(problem)
print("W1 \(plain.distance), proved within \(plain.distanceBounds.width)")
