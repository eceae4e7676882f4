import Libc

/// A folder of snapshots of one run, `snapshot-000000.npz` and so on, all of one format.
public struct SnapshotSeries: Sendable {
  /// The folder.
  public let folder: String
  /// The format of the members.
  public let format: SnapshotFormat

  /// The series in a folder, which is made if it is not there.
  ///
  /// - Throws: `SnapshotError.cannotCreate`.
  public init(folder: String, format: SnapshotFormat = .npz) throws(SnapshotError) {
    self.folder = folder
    self.format = format
    guard mkdir(folder.systemName, 0o777) != 0 else { return }
    let reason = systemMessage()
    var status = stat()
    guard stat(folder.systemName, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else {
      throw .cannotCreate(path: folder, reason: reason)
    }
  }

  /// The path of a member.
  public func path(of number: Int) -> String {
    let digits = "\(number)"
    let zeros = String(repeating: "0", count: max(0, 6 - digits.count))
    return "\(folder)/snapshot-\(zeros)\(digits)\(format.fileExtension)"
  }

  /// The highest number of a member; `nil` when there is none.
  public var lastNumber: Int? {
    guard let names = directoryEntries(folder) else { return nil }
    var last: Int?
    for name in names {
      // Members of another format are members.
      guard name.hasPrefix("snapshot-"), let format = SnapshotFormat(path: name),
        let number = Int(name.dropFirst(9).dropLast(format.fileExtension.count)), number >= 0
      else { continue }
      last = max(last ?? 0, number)
    }
    return last
  }
}
