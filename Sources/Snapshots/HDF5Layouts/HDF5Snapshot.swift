/// A snapshot in an HDF5 file.
enum HDF5Snapshot {
  static let signature: [UInt8] = [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a]

  static func read(_ file: InputFile, _ options: ReadingOptions) throws(SnapshotError) -> Reading {
    try HDF5Library.read(file) { root throws(SnapshotError) in try read(root, options) }
  }

  /// The snapshot in an open file, while libhdf5 is held.
  static func read(_ root: HDF5Object, _ options: ReadingOptions) throws(SnapshotError) -> Reading {
    if let mapping = options.datasets { return try HDF5Arrays.read(root, mapping, options) }
    if let tracks = try SmileiTracks(root) { return try tracks.read(options) }
    return try OpenPMDSnapshot.read(root, options)
  }

  /// Reads so many particles at a time and hands them over, until `body` says that it has enough; `nil` for
  /// another file than one of openPMD.
  static func stream(
    _ file: InputFile, _ options: ReadingOptions, _ pieces: Pieces, _ body: ChunkBody
  ) throws(SnapshotError) -> Reading? {
    // A drift to the mean time needs all times first, and a mean all particles.
    guard options.datasets == nil, options.drift == nil, options.reference == nil else {
      return nil
    }
    return try HDF5Library.read(file) { root throws(SnapshotError) in
      guard try SmileiTracks(root) == nil else { return nil }
      return try OpenPMDSnapshot.stream(root, options, pieces, body)
    }
  }

  /// The numbers of the iterations in an open file, in increasing order, while libhdf5 is held; empty where
  /// there is one snapshot without number.
  static func iterations(_ root: HDF5Object) throws(SnapshotError) -> [Int] {
    if let tracks = try SmileiTracks(root) { return tracks.iterations }
    guard try root.text(of: "openPMD") != nil else { return [] }
    return try OpenPMDSnapshot.iterations(root)
  }
}
