import Libc

/// Takes bytes one piece after the other.
protocol ByteSink: ~Copyable {
  mutating func write(_ bytes: [UInt8]) throws(SnapshotError)
}

/// A file that appears under its name complete or not at all.
///
/// The bytes go to a `TemporaryOutput` in the folder of the final file, whose place it takes when
/// `commit` is called. What is no regular file (a terminal, a pipe) cannot be replaced and is written
/// to directly.
struct OutputFile: ~Copyable, ByteSink {
  private let path: String
  /// Where the bytes are until the file is complete; `nil` where they go to their place directly.
  private let temporary: TemporaryOutput?
  private let direct: Descriptor

  init(path: String) throws(SnapshotError) {
    var status = stat()
    let exists = stat(path.systemName, &status) == 0
    guard exists || errno == ENOENT else {
      throw .cannotCreate(path: path, reason: systemMessage())
    }
    let isReplaceable = !exists || status.st_mode & S_IFMT == S_IFREG
    let finalPath = exists && isReplaceable ? resolved(path) : path
    if exists, status.st_mode & S_IFMT == S_IFDIR {
      throw .cannotCreate(path: path, reason: "it is a directory")
    }
    // A file that may not be written to is not replaced either.
    guard !exists || access(finalPath.systemName, W_OK) == 0 else {
      throw .cannotCreate(path: path, reason: systemMessage())
    }
    let temporary =
      isReplaceable
      ? TemporaryOutput(beside: finalPath, mode: exists ? status.st_mode & 0o777 : nil) : nil
    let direct = Descriptor(isReplaceable ? -1 : open(finalPath.systemName, O_WRONLY | O_CLOEXEC))
    guard temporary != nil || direct.value >= 0 else {
      throw .cannotCreate(path: path, reason: systemMessage())
    }
    self.path = finalPath
    self.temporary = temporary
    self.direct = direct
  }

  /// The open file, if bytes can be written to any place of it; `nil` for a pipe or a device.
  var seekableDescriptor: Int32? { temporary?.descriptor }

  func write(_ bytes: [UInt8]) throws(SnapshotError) {
    let file = temporary?.descriptor ?? direct.value
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
    guard let temporary else { return }
    guard temporary.replace(path) else {
      throw .inputOutput(path: path, reason: systemMessage())
    }
    synchronizeFolder(of: path)
  }
}

private func systemWrite(_ file: Int32, _ start: UnsafeRawPointer?, _ count: Int) -> Int {
  write(file, start, count)
}

/// The path behind symbolic links, so that renaming replaces the file and not the link.
private func resolved(_ path: String) -> String {
  guard let real = realpath(path.systemName, nil) else { return path }
  defer { free(real) }
  return FileName.text(UnsafeRawBufferPointer(start: real, count: strlen(real)))
}

/// Makes a renaming last; on file systems that cannot, the file is complete all the same.
private func synchronizeFolder(of path: String) {
  let descriptor = Descriptor(open(folder(of: path).systemName, O_RDONLY | O_CLOEXEC))
  if descriptor.value >= 0 { fsync(descriptor.value) }
}

/// The folder that a path leads to.
func folder(of path: String) -> String {
  let end = path.lastIndex(of: "/")
  return end.map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
}
