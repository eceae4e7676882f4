import KineticTransport

/// What `--scale` states: a factor for all positions, one for all velocities, and factors of single axes,
/// which win over both.
struct AxisFactors: Sendable, Equatable {
  private var factors: [String: Double] = [:]
  /// The units that were named.
  private var units: [String: String] = [:]

  /// Nothing is scaled.
  init() {}

  /// The factors of an option, `x=A,v1=B`, each a number or a unit to divide by.
  init(_ reader: ArgumentReader, _ option: String) throws(UsageError) {
    guard let text = reader.text(option) else { return }
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      let sides = part.split(separator: "=", maxSplits: 1).map(String.init)
      guard sides.count == 2, Self.isAxis(sides[0]), let factor = Self.factor(sides[1]),
        factors.updateValue(factor, forKey: sides[0]) == nil
      else {
        throw .badValue(
          option: option, value: text,
          requirement: "x=A, v=B or a single axis such as x2=A, each at most once, with a positive "
            + "number or a unit (\(UsageError.list(UnitOfMeasurement.all.map(\.name))))")
      }
      if UnitOfMeasurement.all.contains(where: { $0.name == sides[1] }) {
        units[sides[0]] = sides[1]
      }
    }
  }

  /// The unit that was named for an axis, by its letter, `x` or `v`, and its number from 0; `nil` where a
  /// number was given or nothing.
  func unit(_ letter: Character, _ axis: Int) -> String? {
    let name = "\(letter)\(axis + 1)"
    return factors[name] == nil ? units["\(letter)"] : units[name]
  }

  private static func isAxis(_ name: String) -> Bool {
    guard name.first == "x" || name.first == "v" else { return false }
    let number = name.dropFirst()
    return number.isEmpty || Int(number).map { $0 > 0 && number == "\($0)" } ?? false
  }

  private static func factor(_ text: String) -> Double? {
    let unit = UnitOfMeasurement.all.first { $0.name == text }?.size
    guard let factor = unit.map({ 1 / $0 }) ?? Double(text), factor > 0, factor.isFinite else {
      return nil
    }
    return factor
  }

  /// The factor of each axis of a snapshot.
  ///
  /// - Throws: `CommandFailure` for a factor of an axis that it has not.
  func scaling(of snapshot: Snapshot, named name: String) throws(CommandFailure) -> Scaling {
    func factors(_ letter: String, _ count: Int) -> [Double] {
      (0..<count).map { axis in
        self.factors["\(letter)\(axis + 1)"] ?? self.factors[letter] ?? 1
      }
    }
    for (letter, count) in [("x", snapshot.positions.count), ("v", snapshot.velocities.count)] {
      let axes = self.factors.keys.filter { $0.hasPrefix(letter) }.sorted()
      if let missing = axes.first(where: { Int($0.dropFirst()) ?? 0 > count }) {
        throw CommandFailure(
          .usage,
          "The option --scale names \(missing), but \(name) has "
            + "\(snapshot.positions.count) position and \(snapshot.velocities.count) velocity "
            + "coordinates.")
      }
    }
    return Scaling(
      positions: factors("x", snapshot.positions.count),
      velocities: factors("v", snapshot.velocities.count))
  }
}

extension AxisFactors: CustomStringConvertible {
  /// The same text for the same factors, in every process.
  var description: String {
    (factors.map { "\($0.key)=\($0.value)" } + units.map { "\($0.key) in \($0.value)" }).sorted()
      .joined(separator: ",")
  }
}
