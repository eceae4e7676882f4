import KineticTransport

/// What a flow follows.
enum Representation: String, Sendable, CaseIterable {
  case particles, grid
}

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

  /// No grid.
  init() {}

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
        measure, velocityRange: velocities ?? PhaseSpaceGrid.velocityRange(of: measure),
        positionCount: size[0],
        velocityCount: size[1])
    } catch {
      throw CommandFailure(error)
    }
  }
}

extension PhaseSpaceGrid {
  /// The grid of a file, its nodes in equal steps.
  ///
  /// - Parameter box: the box that overrides that of the file.
  /// - Throws: `CommandFailure`.
  init(_ file: DensityGrid, path: String, box: BoxOption?) throws(CommandFailure) {
    let domain = try box?.domain(positionCount: 1, named: path)
    let grid: DensityGrid.EvenGrid
    do throws(DensityGridError) {
      grid = try file.evenGrid(box: domain)
    } catch {
      throw CommandFailure(.badData, "\(path): \(error.sentence(naming: \.option))")
    }
    do throws(FlowError) {
      try self.init(
        length: grid.length, velocityRange: grid.velocityRange,
        positionCount: file.positions.count, velocityCount: file.velocities.count,
        time: file.time ?? 0, values: Array(file.values.joined()))
    } catch {
      throw CommandFailure(.badData, "\(path): \(error)")
    }
  }

  /// The grid as a file holds it.
  ///
  /// - Parameter positions: the nodes where they do not begin at 0.
  func file(positions: [Double]? = nil) -> DensityGrid {
    // The length is positive and finite, or there would be no grid.
    let box = try? ProductDomain([.circle(length: length)])
    return DensityGrid(
      positions: positions ?? (0..<positionCount).map { position($0) },
      velocities: (0..<velocityCount).map { velocity($0) },
      values: (0..<velocityCount).map {
        Array(values[$0 * positionCount..<($0 + 1) * positionCount])
      },
      velocityRange: velocityRange, box: box, time: time)
  }
}
