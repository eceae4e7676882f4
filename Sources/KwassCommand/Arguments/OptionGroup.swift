/// Options that configure one thing together. All commands that have it share the group.
protocol OptionGroup: Sendable {
  /// The options, in the order of the help.
  static var specification: [OptionSpecification] { get }

  /// Understands the options, and refuses those that contradict each other.
  init(_ reader: ArgumentReader) throws(UsageError)
}

extension OptionGroup {
  /// Throws for the first of some options that was given and does not go with something.
  ///
  /// - Parameters:
  ///   - given: each option with whether it was given.
  ///   - sentence: what to say about it.
  static func refuse(
    _ given: [(option: String, isGiven: Bool)], _ sentence: (String) -> String
  ) throws(UsageError) {
    if let option = given.first(where: \.isGiven)?.option { throw .conflict(sentence(option)) }
  }
}
