import KineticTransport

// Two clouds in the plane, one array for each axis; the second one has masses of its own.
let source = try DiscreteMeasure(axes: [[0, 1, 0.5], [0, 0, 0.75]])
let target = try DiscreteMeasure(axes: [[0.25, 1.25], [0.5, 0.5]], masses: [1, 3])

let problem = try TransportProblem(from: source, to: target, exponent: 2)
let solution = try AutomaticSolver().solve(problem)
let bounds = solution.distanceBounds
print("W2 = \(solution.distance), proved to lie within \(bounds.width) of it")
for entry in 0..<solution.plan.count {
  let (i, j) = (solution.plan.sources[entry], solution.plan.targets[entry])
  print("point \(i) sends \(solution.plan.masses[entry]) to point \(j)")
}
