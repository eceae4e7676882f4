import KineticTransport

/// What `kwass evolve` draws of particles: positions and velocities as arrows, and how far velocities are
/// apart over time.
struct AgentFigures {
  private let arrows: String?
  private let spreads: String?
  private var states: [(time: Double, particles: ParticleState)] = []
  private var series: [SeriesChart.Series] = []

  init(_ options: EvolveOptions) throws(CommandFailure) {
    arrows = options.figure
    spreads = options.spreadFigure
    try FigureOutput.check([arrows, spreads])
  }

  /// Takes a state in.
  mutating func add(_ state: some Evolution) throws(CommandFailure) {
    guard arrows != nil || spreads != nil, let particles = state.particles else { return }
    guard arrows == nil || particles.dimension >= 2 else {
      throw CommandFailure(
        .usage,
        "--figure draws arrows in the plane of the first two axes, but there is one axis; "
          + "--spread-figure draws in any dimension.")
    }
    if arrows != nil { states.append((state.flow.time, particles)) }
    guard spreads != nil else { return }
    for (index, group) in particles.groups.enumerated() {
      if series.count <= index {
        series.append(
          .init(
            group.name, style: .markedLine, points: []))
      }
      series[index].points.append(
        SIMD2(state.flow.time, particles.velocitySpread(of: group.members)))
    }
  }

  /// Draws what was taken in.
  func draw(on console: any Console) throws(CommandFailure) {
    if arrows != nil { try FigureOutput.draw(arrowChart, to: arrows, on: console) }
    try FigureOutput.draw(
      SeriesChart(
        title: "Root mean square of velocities about their mean", horizontal: "time",
        vertical: "velocity spread", isLogarithmic: true, series: series), to: spreads, on: console)
  }

  /// The first, the middle and the last state.
  private var arrowChart: SeriesChart {
    let shown = Set([0, states.count / 2, states.count - 1]).filter(states.indices.contains)
      .sorted()
    // The longest arrow is a twelfth of the box.
    let fastest = shown.reduce(0.0) { fastest, index in
      states[index].particles.velocities.reduce(fastest) { max($0, $1.magnitude) }
    }
    let extent = states.first?.particles.extents.max() ?? 1
    let scale = fastest > 0 ? extent / 12 / fastest : 0
    return SeriesChart(
      title: "Positions and velocities", horizontal: "x₁", vertical: "x₂",
      series: shown.map { index in
        let (time, particles) = states[index]
        let n = particles.count
        return .init(
          "time \(plain(time))", style: .arrows,
          points: (0..<n).flatMap { i in
            let x = (0..<2).map { particles.box.axes[$0].wrapped(particles.positions[$0 * n + i]) }
            let start = SIMD2(x[0], x[1])
            let velocity = SIMD2(particles.velocities[i], particles.velocities[n + i])
            return [start, start + scale * velocity]
          })
      })
  }
}

extension ParticleState {
  /// The particles of equal mass, the heaviest first, where there are few such groups; else all.
  var groups: [(name: String, members: [Int])] {
    let kinds = Set(masses).sorted(by: >)
    guard kinds.count > 1, kinds.count <= 4 else { return [("all", Array(0..<count))] }
    return kinds.map { mass in
      let members = masses.indices.filter { masses[$0] == mass }
      // As it was given, without the rounding of what was normalised.
      let given = Double(significant(mass * rawMass)) ?? mass * rawMass
      return ("\(members.count) of mass \(plain(given))", members)
    }
  }

  /// The root mean square of the velocities of some particles about their mean.
  func velocitySpread(of members: [Int]) -> Double {
    TwoFlocks.velocitySpread(
      (0..<dimension).map { axis in members.map { velocities[axis * count + $0] } },
      0..<members.count)
  }

  /// How far the box, or where it is free the particles, reach on each axis.
  fileprivate var extents: [Double] {
    (0..<dimension).map { axis in
      let places = position(axis)
      return box.axes[axis].isPeriodic
        ? box.axes[axis].length : (places.max() ?? 0) - (places.min() ?? 0)
    }
  }
}
