import KineticTransport
import Libc

/// The snapshots that operands of a command line name.
enum SnapshotList {
  /// Each snapshot by itself: the files of a directory, the files of a pattern with `%T`, `%06T` or `*`
  /// in its last part, and the iterations of a file that has several, by number.
  ///
  /// - Throws: `CommandFailure` for what cannot be opened, and for what names nothing.
  static func names(_ operands: [String]) throws(CommandFailure) -> [String] {
    var names: [String] = []
    for operand in operands {
      let (path, iteration) = SnapshotReference.parts(of: operand)
      let paths = try files(path)
      guard iteration == nil else {
        names += paths.map { "\($0)#\(iteration ?? 0)" }
        continue
      }
      for path in paths {
        let iterations = try attempt { () throws(SnapshotError) in
          try SnapshotFile.iterations(of: path)
        }
        names += iterations.count < 2 ? [path] : iterations.map { "\(path)#\($0)" }
      }
    }
    return names
  }

  private static func files(_ path: String) throws(CommandFailure) -> [String] {
    let (folder, pattern) =
      path.lastIndex(of: "/").map {
        ($0 == path.startIndex ? "/" : String(path[..<$0]), String(path[path.index(after: $0)...]))
      } ?? (".", path)
    var status = stat()
    if stat(path.systemName, &status) == 0 {
      guard status.st_mode & S_IFMT == S_IFDIR else { return [path] }
      if let reason = ADIOS2.reason(path) {
        throw CommandFailure(SnapshotError.unreadable(path: path, reason: reason))
      }
      let found = try entries(of: path).filter { SnapshotFormat(path: $0) != nil }
        .map { path.hasSuffix("/") ? path + $0 : "\(path)/\($0)" }
      guard !found.isEmpty else {
        throw CommandFailure(.missingInput, "\(path): there is no snapshot in this directory.")
      }
      return found
    }
    let names = NamePattern(pattern)
    guard names.isPattern else { return [path] }
    let found = try entries(of: folder).filter(names.matches)
    guard !found.isEmpty else {
      throw CommandFailure(.missingInput, "\(path): no file is named like this.")
    }
    return found.map { path.contains("/") ? "\(folder == "/" ? "" : folder)/\($0)" : $0 }
  }

  /// The names in a directory, numbers in them by their value.
  private static func entries(of folder: String) throws(CommandFailure) -> [String] {
    guard let names = directoryEntries(folder) else {
      throw CommandFailure(.missingInput, "\(folder): \(String(cString: strerror(errno))).")
    }
    return names.sorted { first, second in
      let (left, right) = (numbers(in: first), numbers(in: second))
      return left == right ? first < second : left.lexicographicallyPrecedes(right)
    }
  }

  private static func numbers(in name: String) -> [UInt64] {
    name.split { !($0.isASCII && $0.isNumber) }.compactMap { UInt64($0) }
  }
}
