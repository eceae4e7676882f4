import Libc
import Synchronization

/// A file in the making, in the folder where it is to be.
///
/// Where the file system can, it has no name until it is complete, so that nothing is left of it
/// however the process ends. Elsewhere, and for the moment in which it replaces an older file, it has a
/// hidden name and is locked: `TemporaryOutput` removes such files that no process holds any more.
final class TemporaryOutput {
  let descriptor: Int32
  /// The name that the file has at present; `nil` for none.
  private var name: TemporaryName?
  private let folderPath: String

  /// A file without contents; `nil` when there can be none, for the reason in `errno`.
  ///
  /// - Parameters:
  ///   - mode: the permissions of the file that it replaces; `nil` for those of a new one.
  ///   - hasName: whether it has a name from the start, even where the file system can do without.
  init?(beside path: String, mode: mode_t?, hasName: Bool = false) {
    folderPath = folder(of: path)
    TemporaryName.sweep(folderPath)
    let unnamed = hasName ? -1 : Self.openUnnamed(folderPath)
    if unnamed >= 0 {
      descriptor = unnamed
    } else {
      let name = TemporaryName(in: folderPath)
      descriptor = name.create()
      guard descriptor >= 0 else { return nil }
      self.name = name
    }
    if let mode { fchmod(descriptor, mode) }
  }

  deinit {
    name?.remove()
    if descriptor >= 0 { close(descriptor) }
  }

  /// Takes the place of a file, all at once.
  ///
  /// - Returns: whether it succeeded; if not, `errno` says why.
  func replace(_ path: String) -> Bool {
    guard fsync(descriptor) == 0 else { return false }
    if name == nil {
      // A file can be linked to a name that is free, but not to one that is taken.
      if link(to: path) { return true }
      guard errno == EEXIST else { return false }
      flock(descriptor, LOCK_EX | LOCK_NB)
      let name = TemporaryName(in: folderPath)
      guard link(to: name.path) else { return false }
      self.name = name
    }
    guard let name, rename(name.path.systemName, path.systemName) == 0 else { return false }
    name.forget()
    self.name = nil
    return true
  }

  /// Opens a file that has no name and can be given one; -1 where the system cannot.
  private static func openUnnamed(_ folder: String) -> Int32 {
    #if os(Linux)
      // O_TMPFILE, whose definition Swift does not import.
      let file = open(folder.systemName, 0o20_000_000 | O_DIRECTORY | O_RDWR | O_CLOEXEC, 0o666)
      guard file >= 0, access("/proc/self/fd/\(file)", F_OK) != 0 else { return file }
      close(file)
    #endif
    return -1
  }

  private func link(to path: String) -> Bool {
    #if os(Linux)
      linkat(
        AT_FDCWD, "/proc/self/fd/\(descriptor)", AT_FDCWD, path.systemName, AT_SYMLINK_FOLLOW) == 0
    #else
      false
    #endif
  }
}

/// The hidden name of a file in the making.
final class TemporaryName {
  let path: String
  private let slot: Int?

  private static let beginning = ".kwass-"
  private static let ending = ".tmp"

  /// A name that no file has yet.
  init(in folder: String) {
    let digits = String(UInt64.random(in: 0...UInt64.max), radix: 16)
    path = "\(folder == "/" ? "" : folder)/\(Self.beginning)\(digits)\(Self.ending)"
    slot = UnfinishedFiles.add(path)
  }

  deinit { forget() }

  /// Creates the file and locks it; -1 when that fails.
  func create() -> Int32 {
    while true {
      let file = open(path.systemName, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
      guard file >= 0 else { return -1 }
      // Before it was locked, it may have been swept.
      var status = stat()
      if flock(file, LOCK_EX | LOCK_NB) != 0 || fstat(file, &status) != 0 || status.st_nlink > 0 {
        return file
      }
      close(file)
    }
  }

  /// Removes the file of this name.
  func remove() { unlink(path.systemName) }

  /// Leaves the file of this name alone, whoever has it now.
  func forget() { if let slot { UnfinishedFiles.remove(slot) } }

  private static let swept = Mutex<Set<String>>([])

  /// Removes what processes that were killed have left in a folder, once.
  static func sweep(_ folder: String) {
    guard swept.withLock({ $0.insert(folder).inserted }), let stream = opendir(folder.systemName)
    else {
      return
    }
    defer { closedir(stream) }
    while let entry = readdir(stream) {
      let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
        String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
      }
      guard name.hasPrefix(beginning), name.hasSuffix(ending) else { continue }
      let path = "\(folder)/\(name)"
      let file = Descriptor(open(path.systemName, O_RDWR | O_CLOEXEC | O_NOFOLLOW))
      // Whoever is still at it holds the lock.
      if file.value >= 0, flock(file.value, LOCK_EX | LOCK_NB) == 0 { unlink(path.systemName) }
    }
  }
}
