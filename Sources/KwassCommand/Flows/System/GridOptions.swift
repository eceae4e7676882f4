import KineticTransport

/// The phase-space grid that a command asks for.
struct GridOptions: OptionGroup, Equatable {
  /// The numbers of positions and velocities; `nil` for those of the file.
  var size: [Int]?
  /// The velocities between which the grid lies; `nil` for those of the particles and some beyond.
  var velocities: ClosedRange<Double>?

  static let specification = [
    OptionSpecification(
      "--grid", "N,M",
      "Spread particles over a grid of N positions and M velocities, both even, by cubic splines."),
    OptionSpecification(
      "--velocities", "A:B",
      "The velocities between which the grid lies. Default: a quarter more than the particles' own, "
        + "on either side."),
  ]

  /// Understands the options of the grid.
  ///
  /// - Throws: `UsageError`.
  init(_ reader: ArgumentReader) throws(UsageError) {
    size = try reader.cells("--grid")
    if let text = reader.text("--grid"), size?.count != 2 {
      throw .badValue(
        option: "--grid", value: text,
        requirement: "two even numbers, of positions and of velocities")
    }
    if let text = reader.text("--velocities") {
      let ends = text.split(separator: ":", omittingEmptySubsequences: false)
        .map { Double($0) ?? .nan }
      guard ends.count == 2, ends.allSatisfy(\.isFinite), ends[0] < ends[1] else {
        throw .badValue(
          option: "--velocities", value: text, requirement: "two numbers A:B with A below B")
      }
      guard size != nil else { throw .conflict("--velocities goes only with --grid.") }
      velocities = ends[0]...ends[1]
    }
  }

  /// The particles of a measure spread over the grid; `nil` where none is asked for.
  ///
  /// - Throws: `CommandFailure`.
  func grid(of measure: PhaseSpaceMeasure) throws(CommandFailure) -> PhaseSpaceGrid? {
    guard let size else { return nil }
    do throws(FlowError) {
      return try PhaseSpaceGrid(
        measure, velocityRange: velocities ?? Self.range(of: measure), positionCount: size[0],
        velocityCount: size[1])
    } catch {
      throw CommandFailure(error)
    }
  }

  /// The velocities of the particles, with a quarter of their range added on either side.
  private static func range(of measure: PhaseSpaceMeasure) -> ClosedRange<Double> {
    guard measure.velocityDimension > 0 else { return -1...1 }
    let velocities = measure.velocity(0)
    let (lowest, highest) = (velocities.min() ?? 0, velocities.max() ?? 0)
    let margin = highest > lowest ? (highest - lowest) / 4 : 1
    return (lowest - margin)...(highest + margin)
  }
}

extension PhaseSpaceGrid {
  /// The grid of a file, its nodes in equal steps.
  ///
  /// - Parameter box: the box that overrides that of the file.
  /// - Throws: `CommandFailure`.
  init(_ file: DensityGrid, path: String, box: BoxOption?) throws(CommandFailure) {
    let (n, m) = (file.positions.count, file.velocities.count)
    func fail(_ sentence: String) -> CommandFailure {
      CommandFailure(.badData, "\(path): \(sentence)")
    }
    for (name, nodes) in [("positions", file.positions), ("velocities", file.velocities)] {
      let step = (nodes[nodes.count - 1] - nodes[0]) / Double(nodes.count - 1)
      let isEven = nodes.enumerated().allSatisfy {
        abs($1 - nodes[0] - Double($0) * step) <= 1e-9 * step * Double(nodes.count)
      }
      guard isEven else {
        throw fail("the \(name) of the grid must lie in equal steps, and they do not.")
      }
    }
    let step = (file.positions[n - 1] - file.positions[0]) / Double(n - 1)
    let axis = box?.axes.first ?? file.box?.axes[0]
    guard case .circle(let length)? = axis else {
      throw fail("the grid needs a periodic box; say its length with --box.")
    }
    guard abs(length / (step * Double(n)) - 1) < 1e-9 else {
      throw fail(
        "the \(n) positions in steps of \(step) make a box of \(step * Double(n)), and it is "
          + "\(length); the last node must not repeat the first.")
    }
    let half = (file.velocities[m - 1] - file.velocities[0]) / Double(m - 1) / 2
    let range =
      file.velocityRange ?? (file.velocities[0] - half)...(file.velocities[m - 1] + half)
    guard abs(range.lowerBound + half - file.velocities[0]) <= 1e-6 * half,
      abs(range.upperBound - half - file.velocities[m - 1]) <= 1e-6 * half
    else {
      throw fail("velocity_range does not end half a step beyond the velocities of the grid.")
    }
    do throws(FlowError) {
      try self.init(
        length: length, velocityRange: range, positionCount: n, velocityCount: m,
        time: file.time ?? 0, values: Array(file.values.joined()))
    } catch {
      throw fail(error.description)
    }
  }

  /// The grid as a file holds it.
  ///
  /// - Parameter positions: the nodes where they do not begin at 0.
  func file(positions: [Double]? = nil) -> DensityGrid {
    // The length is positive and finite, or there would be no grid.
    let box = try? Domain([.circle(length: length)])
    return DensityGrid(
      positions: positions ?? (0..<positionCount).map { position($0) },
      velocities: (0..<velocityCount).map { velocity($0) },
      values: (0..<velocityCount).map {
        Array(values[$0 * positionCount..<($0 + 1) * positionCount])
      },
      velocityRange: velocityRange, box: box, time: time)
  }
}
