import KineticTransport

// The cost of a move is a function of two points: here it saturates, so that far moves cost little more.
let source = try DiscreteMeasure(points: [[0, 0], [1, 0], [0, 1]])
let target = try DiscreteMeasure(points: [[3, 4], [1, 1], [0, 2]])

let problem = try TransportProblem(from: source, to: target) { x, y in
  let square = zip(x, y).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
  return square / (1 + square)
}
let solution = try AutomaticSolver().solve(problem)
print("cost \(solution.cost) by \(solution.method)")
print("bracket [\(solution.costBounds.lower), \(solution.costBounds.upper)]")
