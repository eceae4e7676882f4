import KineticTransport

/// Reads the snapshots of one command and brings them all to the same scales.
struct SnapshotLoader {
  private let options: SnapshotOptions
  private let progress: ProgressLine
  /// The factors, which the first snapshot settles.
  private(set) var scaling: Scaling?
  /// What was assumed of the files or left out, each sentence with the files that it is true of.
  private var remarks: [(sentence: String, first: String, count: Int)] = []
  /// What the files say of their coordinates, each statement once.
  private var meanings: [Fact] = []

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
    for fact in file.facts where ["x", "v"].contains(fact.name) && !meanings.contains(fact) {
      meanings.append(fact)
    }
    for note in file.notes {
      if let place = remarks.firstIndex(where: { $0.sentence == note }) {
        remarks[place].count += 1
      } else {
        remarks.append((note, name, 1))
      }
    }
    do throws(DomainError) {
      return file.replacing(try snapshot.scaled(by: scaling), named: name)
    } catch {
      throw CommandFailure(.unusable(path: path, reason: .domain(error)))
    }
  }

  /// What was assumed of the files or left out, in sentences.
  var notes: [String] {
    remarks.map { sentence, first, count in
      "\(first)\(count > 1 ? " and \(count - 1) more" : ""): \(sentence)"
    }
  }

  /// What was done to the coordinates that were read.
  var scales: AppliedScales { AppliedScales(scaling: scaling, meanings: meanings) }

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
