extension TransportPlan {
  /// The plan of a basis: its arcs that carry mass.
  ///
  /// A positive mass too small for the integers (below about 2e-27 of the whole) is sent along any
  /// arc at its point; no other mass changes by that in any digit.
  ///
  /// - Parameters:
  ///   - basis: arcs that touch every point.
  ///   - flows: the mass on each arc, zero for arcs that carry none.
  package init(basis: SpanningBasis, flows: [Double], problem: TransportProblem) {
    var (sources, targets, entries) = ([Int32](), [Int32](), [Double]())
    var sourceIsServed = problem.source.masses.map { $0 == 0 }
    var targetIsServed = problem.target.masses.map { $0 == 0 }
    func append(_ arc: Int, _ mass: Double) {
      let (i, j) = (basis.sources[arc], basis.targets[arc])
      sources.append(i)
      targets.append(j)
      entries.append(mass)
      sourceIsServed[Int(i)] = true
      targetIsServed[Int(j)] = true
    }
    for arc in flows.indices where flows[arc] > 0 { append(arc, flows[arc]) }
    for arc in flows.indices where flows[arc] == 0 {
      if !sourceIsServed[Int(basis.sources[arc])] {
        append(arc, problem.source.masses[Int(basis.sources[arc])])
      } else if !targetIsServed[Int(basis.targets[arc])] {
        append(arc, problem.target.masses[Int(basis.targets[arc])])
      }
    }
    self.init(sources: sources, targets: targets, masses: entries)
  }
}
