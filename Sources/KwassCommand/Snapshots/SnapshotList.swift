import KineticTransport

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The snapshots that operands of a command line name.
enum SnapshotList {
  /// Each snapshot by itself: the files of a directory, the files of a pattern with `%T` or `*` in
  /// its last part, and the iterations of a file that has several, by number.
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
        let iterations = try checked { () throws(SnapshotError) in
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
    if stat(path, &status) == 0 {
      guard status.st_mode & S_IFMT == S_IFDIR else { return [path] }
      let found = try entries(of: path).filter { SnapshotFormat(path: $0) != nil }
        .map { path.hasSuffix("/") ? path + $0 : "\(path)/\($0)" }
      guard !found.isEmpty else {
        throw CommandFailure(.missingInput, "\(path): there is no snapshot in this directory.")
      }
      return found
    }
    guard pattern.contains("*") || pattern.contains("%T") else { return [path] }
    let pieces = pattern.replacing("%T", with: "*").split(
      separator: "*", omittingEmptySubsequences: false)
    let found = try entries(of: folder).filter { matches($0[...], pieces[...], isStart: true) }
    guard !found.isEmpty else {
      throw CommandFailure(.missingInput, "\(path): no file is named like this.")
    }
    return found.map { path.contains("/") ? "\(folder == "/" ? "" : folder)/\($0)" : $0 }
  }

  /// Whether a name is made of pieces with anything between them.
  private static func matches(
    _ name: Substring, _ pieces: ArraySlice<Substring>, isStart: Bool
  ) -> Bool {
    guard let piece = pieces.first else { return true }
    if isStart {
      guard name.hasPrefix(piece) else { return false }
      return pieces.count == 1
        ? name.count == piece.count
        : matches(name.dropFirst(piece.count), pieces.dropFirst(), isStart: false)
    }
    // The last piece must stand at the end; all others best stand as early as they can.
    if pieces.count == 1 { return name.hasSuffix(piece) }
    var rest = name
    while !rest.hasPrefix(piece) {
      guard !rest.isEmpty else { return false }
      rest = rest.dropFirst()
    }
    return matches(rest.dropFirst(piece.count), pieces.dropFirst(), isStart: false)
  }

  /// The names in a directory, numbers in them by their value.
  private static func entries(of folder: String) throws(CommandFailure) -> [String] {
    guard let stream = opendir(folder) else {
      throw CommandFailure(.missingInput, "\(folder): \(String(cString: strerror(errno))).")
    }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      names.append(
        withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
          String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
        })
    }
    return names.filter { !$0.hasPrefix(".") }.sorted { first, second in
      let (left, right) = (numbers(in: first), numbers(in: second))
      return left == right ? first < second : left.lexicographicallyPrecedes(right)
    }
  }

  private static func numbers(in name: String) -> [UInt64] {
    name.split { !($0.isASCII && $0.isNumber) }.compactMap { UInt64($0) }
  }
}
