import KineticTransport

/// Reads the snapshots of one command and brings them all to the same scales.
struct SnapshotLoader {
  private let options: SnapshotOptions
  private let progress: ProgressLine
  /// The factors, which the first snapshot settles.
  private(set) var scaling: Scaling?

  init(_ options: SnapshotOptions, _ progress: ProgressLine) {
    self.options = options
    self.progress = progress
  }

  /// Reads a snapshot and scales it.
  ///
  /// - Parameter name: a path, or a path with an iteration: `FILE#100`.
  mutating func load(_ name: String) throws(CommandFailure) -> SnapshotFile {
    progress.begin("reading \(name)")
    let (path, iteration) = SnapshotReference.parts(of: name)
    var reading = options.reading
    reading.iteration = iteration
    let file = try checked { () throws(SnapshotError) in
      try SnapshotFile.read(path, options: reading)
    }
    let snapshot = file.snapshot
    // Only a normalisation ties the snapshots to each other.
    let scaling =
      if let known = self.scaling, options.normalization != nil { known } else {
        try scaling(by: file)
      }
    guard scaling.positions.count == snapshot.positions.count,
      scaling.velocities.count == snapshot.velocities.count
    else {
      throw CommandFailure(
        .badData,
        "\(name) has \(snapshot.positions.count) position and \(snapshot.velocities.count) velocity "
          + "coordinates, but the first snapshot has \(scaling.positions.count) and "
          + "\(scaling.velocities.count); all must have the same.")
    }
    self.scaling = scaling
    do throws(DomainError) {
      return file.replacing(try snapshot.scaled(by: scaling))
    } catch {
      throw CommandFailure(.unusable(path: path, reason: .domain(error)))
    }
  }

  /// What a user should know about the scales; `nil` when nothing is changed.
  var note: String? {
    guard let scaling, !scaling.isIdentity else { return nil }
    func text(_ factors: [Double]) -> String {
      let first = factors.first ?? 1
      return factors.allSatisfy { $0 == first }
        ? "\(first)" : factors.map(\.description).joined(separator: ", ")
    }
    let velocities =
      scaling.velocities.isEmpty ? "" : " and velocities by \(text(scaling.velocities))"
    return "Positions are multiplied by \(text(scaling.positions))\(velocities)."
  }

  private func scaling(by file: SnapshotFile) throws(CommandFailure) -> Scaling {
    let snapshot = file.snapshot
    let scaling = Scaling(
      positions: snapshot.positions.map { _ in options.scale.position },
      velocities: snapshot.velocities.map { _ in options.scale.velocity })
    guard let normalization = options.normalization else { return scaling }
    let scaled: Snapshot
    do throws(DomainError) {
      scaled = try snapshot.scaled(by: scaling)
    } catch {
      throw CommandFailure(.unusable(path: file.path, reason: .domain(error)))
    }
    let (positions, velocities) = try divisors(normalization, scaled, file.path)
    for divisor in positions + velocities where !(divisor > 0 && divisor.isFinite) {
      throw CommandFailure(
        .badData,
        "\(file.path): --normalize \(normalization.rawValue) would divide by \(divisor); the "
          + "particles must differ in position and velocity.")
    }
    return scaling.followed(
      by: Scaling(positions: positions.map { 1 / $0 }, velocities: velocities.map { 1 / $0 }))
  }

  private func divisors(
    _ normalization: SnapshotOptions.Normalization, _ snapshot: Snapshot, _ path: String
  ) throws(CommandFailure) -> (positions: [Double], velocities: [Double]) {
    let ones = snapshot.velocities.map { _ in 1.0 }
    let thermalSpeed = spread(snapshot.velocities, snapshot.weights)
    switch normalization {
    case .box:
      guard let box = snapshot.box, box.axes.allSatisfy(\.isPeriodic) else {
        throw CommandFailure(
          .badData,
          "\(path): --normalize box needs a file that states a box with a period on every axis.")
      }
      return (box.axes.map(\.length), ones)
    case .debye:
      let length = thermalSpeed / (options.plasmaFrequency ?? 1)
      return (snapshot.positions.map { _ in length }, ones.map { _ in thermalSpeed })
    case .std:
      let length = spread(snapshot.positions, snapshot.weights)
      return (snapshot.positions.map { _ in length }, ones.map { _ in thermalSpeed })
    }
  }

  /// The root of the mean variance of the axes.
  private func spread(_ columns: [[Double]], _ weights: [Double]?) -> Double {
    guard let count = columns.first?.count, !columns.isEmpty else { return 1 }
    let weights = weights ?? Array(repeating: 1, count: count)
    let total = CompensatedSum(weights).value
    var variance = CompensatedSum()
    for column in columns {
      var (sum, squares) = (CompensatedSum(), CompensatedSum())
      for (value, weight) in zip(column, weights) { sum.add(value * weight) }
      let mean = sum.value / total
      for (value, weight) in zip(column, weights) {
        squares.add((value - mean) * (value - mean) * weight)
      }
      variance.add(squares.value / total)
    }
    return (variance.value / Double(columns.count)).squareRoot()
  }
}

/// How a command line names a snapshot in a file of several.
enum SnapshotReference {
  /// The path and the iteration of `FILE#ITERATION`, or the path alone.
  static func parts(of name: String) -> (path: String, iteration: Int?) {
    guard let mark = name.lastIndex(of: "#") else { return (name, nil) }
    let digits = name[name.index(after: mark)...]
    guard !digits.isEmpty, digits.allSatisfy({ $0.isASCII && $0.isNumber }),
      let iteration = Int(digits)
    else { return (name, nil) }
    return (String(name[..<mark]), iteration)
  }
}
