/// Goes through the arguments of a command and tells options, their values and operands apart.
///
/// `--name value` and `--name=value` are the same. What follows `--` are operands. A word that
/// begins with a minus sign is a value only when it is nothing else or goes on like a number.
struct ArgumentReader {
  /// What was given.
  let arguments: [String]
  /// The command's name for the sentences.
  let command: String
  /// The operands in their order.
  private(set) var operands: [String] = []
  /// Operands and options with their values, as they were written; operands without a name.
  private var words: [(name: String?, written: [String])] = []
  private var values: [String: String] = [:]
  private var flags: Set<String> = []
  /// What a user should know about the way in which options were written, in sentences.
  private(set) var notes: [String] = []
  private let options: [OptionSpecification]

  /// Reads all arguments behind the command's name.
  ///
  /// - Throws: `UsageError` for unknown and repeated options and missing or superfluous values.
  init(
    _ arguments: some Sequence<String>, command: String, options: [OptionSpecification]
  ) throws(UsageError) {
    self.arguments = Array(arguments)
    self.command = command
    self.options = options
    var rest = self.arguments[...]
    while let argument = rest.popFirst() {
      if argument == "--" {
        words.append((nil, [argument] + rest))
        operands += rest
        break
      }
      guard argument.first == "-", argument.count > 1, !Self.looksLikeNumber(argument) else {
        words.append((nil, [argument]))
        operands.append(argument)
        continue
      }
      let equals = argument.hasPrefix("--") ? argument.firstIndex(of: "=") : nil
      let word = equals.map { String(argument[..<$0]) } ?? argument
      guard let option = options.first(where: { $0.name == word || $0.formerName == word }) else {
        throw .unknownOption(
          word, command: command, hint: Spelling.hint(for: word, among: options.map(\.name)))
      }
      let name = option.name
      if word != name { notes.append("The option \(word) of \(command) is now called \(name).") }
      guard values[name] == nil, !flags.contains(name) else { throw .repeated(option: name) }
      let attached = equals.map { String(argument[argument.index(after: $0)...]) }
      if let valueName = option.value {
        if let attached {
          values[name] = attached
          words.append((name, [argument]))
        } else if let next = rest.first,
          next.first != "-" || next == "-" || Self.looksLikeNumber(next)
        {
          values[name] = next
          words.append((name, [argument, next]))
          rest = rest.dropFirst()
        } else {
          throw .missingValue(option: name, value: valueName)
        }
      } else {
        if let attached { throw .unexpectedValue(option: name, value: attached) }
        flags.insert(name)
        words.append((name, [argument]))
      }
    }
  }

  /// What was given but for some options.
  func arguments(without names: Set<String>) -> [String] {
    words.flatMap { word in word.name.map(names.contains) == true ? [] : word.written }
  }

  private static func looksLikeNumber(_ text: String) -> Bool {
    guard text.first == "-", let second = text.dropFirst().first else { return false }
    return second.isASCII && second.isNumber || second == "."
  }

  // MARK: Operands

  /// The operands, of which there must be so many.
  ///
  /// - Parameter requirement: what they are, in words, such as "two snapshot files".
  func operands(
    _ counts: ClosedRange<Int>, _ requirement: String
  ) throws(UsageError) -> [String] {
    guard counts.contains(operands.count) else {
      throw .operands(command: command, found: operands.count, requirement: requirement)
    }
    return operands
  }

  // MARK: Values

  /// Whether an option without value was given.
  func has(_ flag: String) -> Bool { flags.contains(flag) }

  /// The value of an option without which the command cannot run.
  ///
  /// - Throws: `UsageError.missingOption` when it was not given.
  func required<Value>(_ value: Value?, _ option: String) throws(UsageError) -> Value {
    guard let value else { throw .missingOption(option: option, command: command) }
    return value
  }

  /// The text of an option; `nil` when it was not given.
  func text(_ option: String) -> String? { values[option] }

  /// The number of an option; `nil` when it was not given.
  ///
  /// - Parameter requirement: what the number must be, in words.
  func number(
    _ option: String, _ requirement: String = "a number",
    where isRight: (Double) -> Bool = { _ in true }
  ) throws(UsageError) -> Double? {
    guard let text = values[option] else { return nil }
    guard let value = Double(text), value.isFinite, isRight(value) else {
      throw .badValue(option: option, value: text, requirement: requirement)
    }
    return value
  }

  /// The whole number of an option; `nil` when it was not given.
  func integer<Integer: FixedWidthInteger>(
    _ option: String, _ requirement: String, in range: ClosedRange<Integer>
  ) throws(UsageError) -> Integer? {
    guard let text = values[option] else { return nil }
    guard let value = Integer(text), range.contains(value) else {
      throw .badValue(option: option, value: text, requirement: requirement)
    }
    return value
  }

  /// The case that an option names; `nil` when it was not given.
  ///
  /// - Parameter synonyms: other names, which are understood and not listed.
  func choice<Choice: CaseIterable & RawRepresentable<String>>(
    _ option: String, _: Choice.Type = Choice.self, synonyms: [String: Choice] = [:]
  ) throws(UsageError) -> Choice? {
    guard let text = values[option] else { return nil }
    if let choice = Choice(rawValue: text) ?? synonyms[text] { return choice }
    let names = Choice.allCases.map(\.rawValue)
    throw .badValue(
      option: option, value: text,
      requirement: UsageError.list(names) + Spelling.hint(for: text, among: names))
  }
}
