/// What is wrong with the arguments of a command. Every description is one sentence.
public enum UsageError: Error, Hashable, Sendable, CustomStringConvertible {
  /// No command was given.
  case missingCommand(known: [String])
  /// There is no such command.
  case unknownCommand(String, hint: String, known: [String])
  /// The command has no such option.
  case unknownOption(String, command: String, hint: String)
  /// The option needs a value and has none.
  case missingValue(option: String, value: String)
  /// The option takes no value and was given one.
  case unexpectedValue(option: String, value: String)
  /// The option was given more than once.
  case repeated(option: String)
  /// The option has a value that it cannot have.
  case badValue(option: String, value: String, requirement: String)
  /// An option is missing without which the command cannot run.
  case missingOption(option: String, command: String)
  /// There are too few or too many operands.
  case operands(command: String, found: Int, requirement: String)
  /// Options that exclude or need each other.
  case conflict(String)

  /// A full sentence.
  public var description: String {
    switch self {
    case .missingCommand(let known):
      "A command is missing: \(Self.list(known))."
    case .unknownCommand(let name, let hint, let known):
      "There is no command \(name)\(hint); the commands are \(Self.list(known))."
    case .unknownOption(let name, let command, let hint):
      "\(command) has no option \(name)\(hint)."
    case .missingValue(let option, let value):
      "The option \(option) needs a value: \(option) \(value)."
    case .unexpectedValue(let option, let value):
      "The option \(option) takes no value, but \"\(value)\" was given."
    case .repeated(let option):
      "The option \(option) was given twice, expected once."
    case .badValue(let option, let value, let requirement):
      "The value of \(option) is \"\(value)\"; it must be \(requirement)."
    case .missingOption(let option, let command):
      "\(command) needs the option \(option)."
    case .operands(let command, let found, let requirement):
      "\(command) needs \(requirement), but \(found == 0 ? "none" : "\(found)") "
        + "\(found == 1 ? "was" : "were") given."
    case .conflict(let sentence):
      sentence
    }
  }

  static func list(_ names: [String], _ conjunction: String = "or") -> String {
    guard let last = names.last, names.count > 1 else { return names.first ?? "" }
    return "\(names.dropLast().joined(separator: ", ")) \(conjunction) \(last)"
  }
}
