import KineticTransport

/// What a scan file says: on each line a key and its values, with blanks between; what follows a #
/// is a comment.
///
/// ```
/// start    beams kappa=0.6124    # or: sample NAME parameter=value ..., or: file PATH
/// count    1024
/// epsilon  0.1 0.2
/// theta    1e-2 1e-3 1e-4
/// until    2
/// ```
struct ScanFile: Equatable {
  /// Where the first solution starts.
  enum Start: Equatable {
    /// Cold beams with κ = 2π·mode·speed·ε.
    case beams(kappa: Double)
    /// A known distribution.
    case sample(name: String, parameters: [String: Double])
    /// A snapshot.
    case file(String)
  }

  private(set) var start = Start.beams(kappa: 0.375.squareRoot())
  private(set) var count = 1024
  private(set) var seed: UInt64 = 1
  private(set) var epsilons: [Double] = []
  private(set) var thetas: [Double] = []
  private(set) var mode = 1
  private(set) var until = 1.0
  private(set) var samples = 10
  private(set) var stepsPerPlasmaTime = 20.0
  /// The cells of the particle mesh; 0 for exact sheets.
  private(set) var mesh = 64
  /// The regularisation of the mesh.
  private(set) var filter = ParticleMeshField.Filter.gaussian
  /// The amplitude of a wave of current in the start.
  private(set) var current = 0.0
  /// The waves of the quasi-neutral limit; 0 to leave it out.
  private(set) var limit = 8

  static let keys = [
    "start", "count", "seed", "epsilon", "theta", "mode", "until", "samples", "steps", "mesh",
    "mesh-filter", "current", "limit",
  ]

  /// Understands the text of a file.
  ///
  /// - Throws: `CommandFailure` that names the line.
  init(_ text: String, path: String) throws(CommandFailure) {
    var seen: Set<String> = []
    for (number, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
    {
      let content = line.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false)[0]
      let words = content.split { $0 == " " || $0 == "\t" || $0 == "\r" }.map(String.init)
      guard let key = words.first else { continue }
      let place = "\(path), line \(number + 1)"
      guard seen.insert(key).inserted else {
        throw CommandFailure(.badData, "\(place): \(key) was given before, expected once.")
      }
      try read(key, Array(words.dropFirst()), place)
    }
    guard !epsilons.isEmpty, !thetas.isEmpty else {
      throw CommandFailure(
        .badData, "\(path): there is no line with \(epsilons.isEmpty ? "epsilon" : "theta").")
    }
  }

  private mutating func read(
    _ key: String, _ values: [String], _ place: String
  ) throws(CommandFailure) {
    switch key {
    case "start": start = try Self.start(values, place)
    case "count": count = try Self.whole(values, in: 2...10_000_000, key, place)
    case "seed": seed = UInt64(try Self.whole(values, in: 0...Int.max, key, place))
    case "epsilon": epsilons = try Self.positive(values, key, place)
    case "theta": thetas = try Self.positive(values, key, place)
    case "mode": mode = try Self.whole(values, in: 1...1000, key, place)
    case "until": until = try Self.single(values, key, place)
    case "samples": samples = try Self.whole(values, in: 1...100_000, key, place)
    case "mesh": mesh = try Self.whole(values, in: 0...1 << 20, key, place)
    case "mesh-filter": filter = try Self.filter(values, place)
    case "limit": limit = try Self.whole(values, in: 0...1 << 10, key, place)
    case "current": current = try Self.single(values, key, place)
    case "steps": stepsPerPlasmaTime = try Self.single(values, key, place)
    default:
      throw CommandFailure(
        .badData,
        "\(place): there is no key \(key)\(Spelling.hint(for: key, among: Self.keys)); the keys are "
          + "\(UsageError.list(Self.keys)).")
    }
  }

  private static func start(
    _ values: [String], _ place: String
  ) throws(CommandFailure) -> Start {
    let wrong = CommandFailure(
      .badData,
      "\(place): found \"\(values.joined(separator: " "))\", expected beams kappa=NUMBER, sample NAME "
        + "with parameter=NUMBER, or file PATH.")
    if values.count == 2, values[0] == "file" { return .file(values[1]) }
    let isSample = values.first == "sample"
    guard isSample ? values.count > 1 : values.first == "beams" else { throw wrong }
    var parameters: [String: Double] = [:]
    for word in values.dropFirst(isSample ? 2 : 1) {
      let parts = word.split(separator: "=", omittingEmptySubsequences: false)
      guard parts.count == 2, let value = Double(parts[1]), value.isFinite,
        parameters.updateValue(value, forKey: String(parts[0])) == nil
      else { throw wrong }
    }
    if isSample { return .sample(name: values[1], parameters: parameters) }
    guard let kappa = parameters["kappa"], parameters.count == 1, kappa > 0 else { throw wrong }
    return .beams(kappa: kappa)
  }

  private static func filter(
    _ values: [String], _ place: String
  ) throws(CommandFailure) -> ParticleMeshField.Filter {
    guard values.count == 1, let filter = ParticleMeshField.Filter(rawValue: values[0]) else {
      throw CommandFailure(
        .badData,
        "\(place): found \"\(values.joined(separator: " "))\" for mesh-filter, "
          + "expected \(UsageError.list(ParticleMeshField.Filter.allCases.map(\.rawValue))).")
    }
    return filter
  }

  private static func positive(
    _ values: [String], _ key: String, _ place: String
  ) throws(CommandFailure) -> [Double] {
    let numbers = values.compactMap(Double.init).filter { $0 > 0 && $0.isFinite }
    guard numbers.count == values.count, !numbers.isEmpty else {
      throw CommandFailure(
        .badData,
        "\(place): found \"\(values.joined(separator: " "))\" for \(key), expected positive numbers "
          + "with blanks between.")
    }
    return numbers
  }

  private static func single(
    _ values: [String], _ key: String, _ place: String
  ) throws(CommandFailure) -> Double {
    let numbers = try positive(values, key, place)
    guard numbers.count == 1 else {
      throw CommandFailure(
        .badData, "\(place): found \(numbers.count) numbers, expected one.")
    }
    return numbers[0]
  }

  private static func whole(
    _ values: [String], in range: ClosedRange<Int>, _ key: String, _ place: String
  ) throws(CommandFailure) -> Int {
    guard values.count == 1, let number = Int(values[0]), range.contains(number) else {
      throw CommandFailure(
        .badData,
        "\(place): found \"\(values.joined(separator: " "))\" for \(key), expected a whole number "
          + "from \(range.lowerBound) to \(range.upperBound).")
    }
    return number
  }
}
