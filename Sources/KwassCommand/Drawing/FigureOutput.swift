import KineticTransport

/// Where the figures of a command go: into files, or as a sketch to the standard output.
enum FigureOutput {
  /// The name that stands for the standard output.
  static let sketch = "-"

  /// What may stand behind an option for a figure.
  static let requirement = "a \(FigureFormat.list) file, or - for a sketch on the terminal"

  /// An option for a figure.
  ///
  /// - Parameter summary: what it draws, in the words of the help up to the colon behind which it says where.
  static func option(
    _ summary: String, named name: String = "--figure", formerly: String? = nil
  ) -> OptionSpecification {
    OptionSpecification(name, "FILE", "\(summary): \(requirement).", formerly: formerly)
  }

  /// Checks that the files of figures can be written, before work is done for them.
  static func check(_ paths: [String?]) throws(CommandFailure) {
    for case let path? in paths where path != sketch {
      try attempt { () throws(SnapshotError) in try DataFile.checkCreatable(path) }
    }
  }

  /// Draws a figure where one was asked for.
  static func draw(
    _ figure: some Figure, to path: String?, on console: any Console
  ) throws(CommandFailure) {
    try draw(to: path, on: console) { figure }
  }

  /// Makes a figure and draws it, where one was asked for.
  static func draw(
    to path: String?, on console: any Console,
    _ figure: () throws(CommandFailure) -> any Figure
  ) throws(CommandFailure) {
    guard let path else { return }
    let figure = try figure()
    let text: String?
    do throws(FigureError) {
      text = try path == sketch ? Gnuplot().sketch(figure) : nil
      if text == nil { try Gnuplot().draw(figure, to: path) }
    } catch {
      throw CommandFailure(error)
    }
    if let text { try console.print(text) }
  }
}

extension ArgumentReader {
  /// A path under which a figure can be drawn.
  func figure(_ option: String) throws(UsageError) -> String? {
    guard let path = text(option) else { return nil }
    if path == FigureOutput.sketch {
      guard !has("--json") else {
        throw .conflict(
          "\(option) - sketches on the standard output, where --json prints its object; give a file."
        )
      }
      return path
    }
    guard FigureFormat(path: path) != nil else {
      throw .badValue(option: option, value: path, requirement: FigureOutput.requirement)
    }
    return path
  }
}

/// Names by which a figure tells files apart.
enum ShortNames {
  /// The last parts of some paths, as many of each as it takes.
  static func of(_ paths: [String]) -> [String] {
    let parts = paths.map { FileName.shown($0).split(separator: "/").map(String.init) }
    let deepest = parts.map(\.count).max() ?? 1
    for depth in 1...max(1, deepest) {
      let names = parts.map { $0.suffix(depth).joined(separator: "/") }
      if Set(names).count == Set(paths).count { return names }
    }
    return paths.map(FileName.shown)
  }
}
