/// The arguments of `kwass info`.
public struct InfoOptions: Sendable, Equatable {
  /// The files to describe.
  public var paths: [String]

  static let specification: [OptionSpecification] = [.help]

  static let explanation = """
    Says what is in each FILE (.csv, .npy or .npz) and how it is understood: format, counts, masses,
    time, box, and for each coordinate its range, mean and standard deviation.
    """

  /// Understands the arguments behind the command's name.
  ///
  /// - Throws: `UsageError`.
  init(_ arguments: some Sequence<String>) throws(UsageError) {
    let reader = try ArgumentReader(
      arguments, command: "kwass info", options: Self.specification)
    guard !reader.operands.isEmpty else {
      throw .operands(
        command: "kwass info", found: 0, requirement: "at least one file as argument")
    }
    paths = reader.operands
  }
}
