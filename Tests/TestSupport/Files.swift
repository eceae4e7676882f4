import Libc

/// A directory of its own for a test, removed with everything in it at the end.
public final class TemporaryDirectory {
  /// Where it is.
  public let path: String

  /// A new, empty directory.
  public init() throws {
    let base = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
    path = "\(base)/kwass-test-\(UInt64.random(in: 0...UInt64.max))"
    guard mkdir(path, 0o700) == 0 else { throw SystemFailure(doing: "mkdir \(path)") }
  }

  deinit {
    for name in names { unlink("\(path)/\(name)") }
    rmdir(path)
  }

  /// The path of a file in the directory.
  public subscript(name: String) -> String { "\(path)/\(name)" }

  /// The names of the files in the directory, sorted.
  public var names: [String] {
    guard let stream = opendir(path) else { return [] }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      if name != "." && name != ".." { names.append(name) }
    }
    return names.sorted()
  }

  /// Writes a file and returns its path.
  @discardableResult
  public func write(_ bytes: some Sequence<UInt8>, to name: String) throws -> String {
    // Some file systems write a file that was emptied and filled again to the disk at once.
    unlink(self[name])
    guard let file = fopen(self[name], "wb") else { throw SystemFailure(doing: "fopen \(name)") }
    defer { fclose(file) }
    let bytes = Array(bytes)
    guard fwrite(bytes, 1, bytes.count, file) == bytes.count else {
      throw SystemFailure(doing: "fwrite \(name)")
    }
    return self[name]
  }

  /// Writes a text file and returns its path.
  @discardableResult
  public func write(_ text: String, to name: String) throws -> String {
    try write(text.utf8, to: name)
  }
}

/// A system call of a test that failed.
public struct SystemFailure: Error {
  let doing: String
  let code = errno
}

/// All bytes of a file.
public func bytes(ofFile path: String) throws -> [UInt8] {
  guard let file = fopen(path, "rb") else { throw SystemFailure(doing: "fopen \(path)") }
  defer { fclose(file) }
  var all: [UInt8] = []
  var chunk = [UInt8](repeating: 0, count: 1 << 16)
  while true {
    let count = fread(&chunk, 1, chunk.count, file)
    guard count > 0 else { return all }
    all += chunk[..<count]
  }
}

/// The path of a file of `Tests/Fixtures`.
public func fixture(_ name: String, here: String = #filePath) -> String {
  directory(of: directory(of: here)) + "/Fixtures/" + name
}

/// The path of a file of the data directory beside the package, which is not part of it. A test that
/// needs it says so: `@Test(.enabled(if: hasSharedData("a.h5")))`.
public func sharedData(_ name: String, here: String = #filePath) -> String {
  "\(directory(of: directory(of: directory(of: here))))/../shared/data/\(name)"
}

/// Whether files of that directory are there.
public func hasSharedData(_ names: String...) -> Bool {
  names.allSatisfy { access(sharedData($0), R_OK) == 0 }
}

private func directory(of path: String) -> String {
  path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
}

/// Removes a file, if it is there.
public func removeFile(_ path: String) { unlink(path) }

/// Removes a folder and the files in it.
public func removeFolder(_ path: String) {
  if let stream = opendir(path) {
    while let entry = readdir(stream) {
      let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      if name != "." && name != ".." { unlink("\(path)/\(name)") }
    }
    closedir(stream)
  }
  rmdir(path)
}
