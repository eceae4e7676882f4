#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// Takes bytes one piece after the other.
protocol ByteSink: ~Copyable {
  mutating func write(_ bytes: [UInt8]) throws(SnapshotError)
}

/// A file that appears under its name complete or not at all.
///
/// The bytes go to a temporary file beside the final one, which takes its place by renaming when
/// `commit` is called; without that the temporary file is removed. What is no regular file (a
/// terminal, a pipe) cannot be replaced and is written to directly.
struct OutputFile: ~Copyable, ByteSink {
  private let path: String
  /// Where the bytes are until then; `nil` where they go to their place directly.
  let temporaryPath: String?
  private let descriptor: Descriptor
  private var isCommitted = false

  init(path: String) throws(SnapshotError) {
    var status = stat()
    let exists = stat(path, &status) == 0
    let isReplaceable = !exists || status.st_mode & S_IFMT == S_IFREG
    let finalPath = exists && isReplaceable ? resolved(path) : path
    if exists, status.st_mode & S_IFMT == S_IFDIR {
      throw .cannotCreate(path: path, reason: "it is a directory")
    }
    // A file that may not be written to is not replaced either.
    guard !exists || access(finalPath, W_OK) == 0 else {
      throw .cannotCreate(path: path, reason: systemMessage())
    }
    let suffix = UInt32.random(in: 0...UInt32.max)
    let temporaryPath = isReplaceable ? "\(finalPath).\(suffix).tmp" : nil
    let mode = exists ? status.st_mode & 0o777 : 0o666
    let flags = temporaryPath == nil ? O_WRONLY : O_WRONLY | O_CREAT | O_EXCL
    let descriptor = Descriptor(open(temporaryPath ?? finalPath, flags | O_CLOEXEC, mode))
    guard descriptor.value >= 0 else {
      throw .cannotCreate(path: path, reason: systemMessage())
    }
    self.path = finalPath
    self.temporaryPath = temporaryPath
    self.descriptor = descriptor
  }

  deinit {
    if !isCommitted, descriptor.value >= 0, let temporaryPath { unlink(temporaryPath) }
  }

  func write(_ bytes: [UInt8]) throws(SnapshotError) {
    let file = descriptor.value
    var done = 0
    while done < bytes.count {
      let count = bytes.withUnsafeBytes { raw in
        systemWrite(file, raw.baseAddress?.advanced(by: done), bytes.count - done)
      }
      if count >= 0 {
        done += count
      } else if errno != EINTR {
        throw .inputOutput(path: path, reason: systemMessage())
      }
    }
  }

  /// Puts the file in its place.
  consuming func commit() throws(SnapshotError) {
    guard let temporaryPath else { return }
    guard fsync(descriptor.value) == 0, rename(temporaryPath, path) == 0 else {
      throw .inputOutput(path: path, reason: systemMessage())
    }
    isCommitted = true
    synchronizeDirectory(of: path)
  }
}

private func systemWrite(_ file: Int32, _ start: UnsafeRawPointer?, _ count: Int) -> Int {
  write(file, start, count)
}

/// The path behind symbolic links, so that renaming replaces the file and not the link.
private func resolved(_ path: String) -> String {
  guard let real = realpath(path, nil) else { return path }
  defer { free(real) }
  return String(cString: real)
}

/// Makes a renaming last; on file systems that cannot, the file is complete all the same.
private func synchronizeDirectory(of path: String) {
  let end = path.lastIndex(of: "/")
  let directory = end.map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
  let descriptor = Descriptor(open(directory, O_RDONLY | O_CLOEXEC))
  if descriptor.value >= 0 { fsync(descriptor.value) }
}
