/// A file format for snapshots.
public enum SnapshotFormat: String, Sendable, CaseIterable {
  /// Comma-separated text with a header line.
  case csv
  /// One numpy array, positions before velocities.
  case npy
  /// A zip archive of numpy arrays.
  case npz
  /// HDF5, laid out by the openPMD standard.
  case hdf5
  /// A field of Gkeyll.
  case gkyl

  /// Whether kwass writes the format, too.
  public var isWritable: Bool {
    switch self {
    case .csv, .npy, .npz, .hdf5: true
    case .gkyl: false
    }
  }

  /// The extension of a file's name, with its dot.
  public var fileExtension: String { self == .hdf5 ? ".h5" : ".\(rawValue)" }

  /// The format that a path's extension names; `nil` when it names none.
  public init?(path: String) {
    let name = path.split(separator: "/").last ?? ""
    guard let dot = name.lastIndex(of: ".") else { return nil }
    let ending = name[name.index(after: dot)...].lowercased()
    guard let format = ending == "h5" ? .hdf5 : Self(rawValue: ending) else { return nil }
    self = format
  }

  /// What a snapshot states and files of this format have no place for, in words.
  public func omissions(of snapshot: Snapshot) -> [String] {
    guard self == .npy else { return [] }
    return [
      snapshot.time.map { "the time \($0)" }, snapshot.box.map { "the box \($0.notation)" },
      snapshot.ids.map { _ in "the identities of the particles" },
    ].compactMap(\.self)
  }

  /// The bytes with which every file of the format begins; empty for text.
  var signature: [UInt8] {
    switch self {
    case .csv: []
    case .npy: NPYHeader.signature
    case .npz: ZipDirectory.signature
    case .hdf5: HDF5Snapshot.signature
    case .gkyl: GkeyllHeader.signature
    }
  }

  /// The format of a file: the one whose signature it bears, else the one that its extension
  /// names, else comma-separated text when it looks like text.
  init(of file: InputFile) throws(SnapshotError) {
    var beginning = [UInt8](repeating: 0, count: 256)
    let count = try file.read(at: 0, into: &beginning, in: 0..<256)
    beginning.removeLast(256 - count)
    let bearsSignature = Self.allCases.first { format in
      !format.signature.isEmpty && beginning.starts(with: format.signature)
    }
    if let format = bearsSignature ?? Self(path: file.path) {
      self = format
    } else if let reason = ADIOS2.reason(file.path) {
      throw .unreadable(path: file.path, reason: reason)
    } else if !beginning.contains(where: { $0 == 0 }) {
      self = .csv
    } else {
      throw .malformed(
        path: file.path, place: nil, found: "binary data of an unknown format",
        expected: "a \(Self.list) file")
    }
  }

  /// The formats as a sentence lists them.
  static let list = ".csv, .npy, .npz, .h5 or .gkyl"
  static let writableList = ".csv, .npy, .npz or .h5"
}
