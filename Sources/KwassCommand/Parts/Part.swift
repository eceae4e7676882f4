/// One of the parts into which the work of a command is divided.
struct Part: Sendable, Hashable, Codable, CustomStringConvertible {
  /// Which one, from 1 on.
  let number: Int
  /// Into how many parts the work is divided.
  let count: Int

  static let largestCount = 1_000_000
  static let requirement = "k/K, the number k of a part from 1 to K and the number K of all parts"

  /// A part; `nil` where there is none of that number.
  init?(number: Int, count: Int) {
    guard 1...Self.largestCount ~= count, 1...count ~= number else { return nil }
    (self.number, self.count) = (number, count)
  }

  /// What a user wrote; `nil` for what is no part.
  init?(_ text: String) {
    let words = text.split(separator: "/", omittingEmptySubsequences: false)
    guard words.count == 2, words.allSatisfy({ $0.allSatisfy { $0.isASCII && $0.isNumber } }),
      let number = Int(words[0]), let count = Int(words[1])
    else { return nil }
    self.init(number: number, count: count)
  }

  init(from decoder: any Decoder) throws {
    let text = try decoder.singleValueContainer().decode(String.self)
    guard let part = Part(text) else { throw JSONError("expected a part, found \"\(text)\"") }
    self = part
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(description)
  }

  var description: String { "\(number)/\(count)" }

  /// Whether units of a share belong to it: shares are dealt out in turn, so that neighbours, which take much
  /// the same time, go to different parts.
  func owns(share: Int) -> Bool { share % count == number - 1 }
}

/// The options of a command that does a part of its work.
struct PartOptions: Equatable {
  /// Which part.
  let part: Part
  /// The file for its results.
  let path: String

  static let specification = [
    OptionSpecification(
      "--part", "k/K",
      "Do only part k of K, in a file that `kwass merge` puts together with the others; k is from 1 to K. "
        + "After a stop the same command goes on where it was."),
    OptionSpecification("-o", "FILE", "With --part: the file for the results of the part."),
  ]

  /// Options that make no difference to what a part holds.
  static let others = Set(
    (specification + ThreadOptions.specification + ConsoleOptions.specification).map(\.name))

  /// The part that was asked for; `nil` for all of the work.
  ///
  /// - Parameter outputs: the options that say how results are printed.
  init?(_ reader: ArgumentReader, outputs: [String]) throws(UsageError) {
    guard let text = reader.text("--part") else {
      if reader.text("-o") != nil {
        throw .conflict("-o is for the results of a part; it goes only with --part.")
      }
      return nil
    }
    guard let part = Part(text) else {
      throw .badValue(option: "--part", value: text, requirement: Part.requirement)
    }
    self.part = part
    path = try reader.required(reader.text("-o"), "-o for the file of the part")
    if let output = outputs.first(where: { reader.has($0) || reader.text($0) != nil }) {
      throw .conflict(
        "\(output) says how all results are given out; it goes with kwass merge, not with --part.")
    }
    if reader.text("--time-limit") != nil {
      throw .conflict(
        "With --time-limit results depend on how fast a machine is; --part cannot go with it.")
    }
  }
}
