import OptimalTransport
import PhaseSpace

extension SnapshotFile {
  /// A file of more bytes than this must be one that can be read piece by piece.
  public static let largestWholeSize = 1 << 28

  /// Reads a snapshot piece by piece, so that memory does not grow with the number of particles.
  ///
  /// This can be done with `.csv`, `.npy` and `.npz` files whose matrices stand row by row, and with the
  /// particles of openPMD. Other files (densities on grids, matrices that stand column by column, tracked
  /// particles, arrays named by `ReadingOptions.datasets`, particles that drift or are measured from a reference) are read
  /// whole, where they are not larger than `wholeSize`.
  ///
  /// - Parameters:
  ///   - path: where the file is; it must not be a pipe that is to be read again.
  ///   - options: choices for files that leave some.
  ///   - chunkSize: the number of particles of a piece; lost particles are left out of their piece.
  ///   - wholeSize: the bytes of the largest file that may be read whole.
  ///   - includesIds: whether pieces have the ids of their particles.
  ///   - isWanted: is asked of each piece that there is, in turn and by its number, from 0, and says whether it is
  ///     handed over. Particles of other pieces are skipped: in `.npy` and openPMD files they are not read at all, in
  ///     the others they are not looked at. One piece must be wanted.
  ///   - body: takes the particles of a piece, with box and time of the whole, and says whether more are
  ///     wanted.
  /// - Returns: what the file states beside its particles, of which it has none; after an early end, as far
  ///   as it was read.
  /// - Throws: `SnapshotError`, also where a file is cut off in the middle, after pieces were handed over.
  /// - Complexity: O(size of the file) in time, O(`chunkSize`) in memory.
  public static func stream(
    _ path: String, options: ReadingOptions = ReadingOptions(), chunkSize: Int = 1 << 18,
    wholeSize: Int = largestWholeSize, includesIds: Bool = false,
    isWanted: @escaping (Int) -> Bool = { _ in true },
    _ body: (Snapshot) throws(SnapshotError) -> Bool
  ) throws(SnapshotError) -> SnapshotFile {
    let file = try InputFile(path: path)
    let format = try SnapshotFormat(of: file)
    try check(options, for: format, path)
    let pieces = Pieces(
      size: max(1, chunkSize), includesIds: includesIds, isWanted: isWanted)
    let reading: Reading? =
      switch format {
      case .csv: try CSVReader.stream(file, options, pieces, body)
      case .npy: try NPYSnapshot.stream(file, options, pieces, body)
      case .npz:
        if var stream = try NPZStream(file, pieces) { try stream.run(options, body) } else { nil }
      case .hdf5: try HDF5Snapshot.stream(file, options, pieces, body)
      case .gkyl: nil
      }
    if let reading { return SnapshotFile(path: path, format: format, reading) }
    guard file.size <= wholeSize else {
      throw .malformed(
        path: path, place: nil,
        found: "\(file.size) bytes in a layout that cannot be read piece by piece",
        expected:
          "at most \(wholeSize), or a layout with the numbers of each particle together")
    }
    return try streamWhole(path, format, try read(file, format, options), pieces, body)
  }

  /// Writes a snapshot of any number of particles, of which a closure gives some at a time, to an openPMD
  /// file. The file appears complete or not at all.
  ///
  /// - Parameters:
  ///   - count: the number of all particles, at least 1.
  ///   - path: a path that ends in `.h5`.
  ///   - chunkSize: how many particles are asked for at a time.
  ///   - piece: gives the particles with these numbers, always with the same box and time, and with or
  ///     without weights; ids are left out.
  /// - Throws: `SnapshotError`.
  /// - Complexity: O(count) in time, O(`chunkSize`) in memory.
  public static func write(
    count: Int, to path: String, chunkSize: Int = 1 << 18,
    _ piece: (Range<Int>) throws(SnapshotError) -> Snapshot
  ) throws(SnapshotError) {
    guard SnapshotFormat(path: path) == .hdf5, count > 0 else {
      throw .unwritable(
        path: path, reason: "only .h5 files of at least one particle are written piece by piece.")
    }
    try OpenPMDWriter.write(count: count, to: path, chunkSize: max(1, chunkSize)) {
      range throws(SnapshotError) in
      let snapshot = try piece(range)
      do throws(PhaseSpaceError) {
        _ = try snapshot.chunk()
      } catch {
        throw .unusable(path: path, reason: error)
      }
      return snapshot
    }
  }

  private static func streamWhole(
    _ path: String, _ format: SnapshotFormat, _ reading: Reading, _ pieces: Pieces,
    _ body: ChunkBody
  ) throws(SnapshotError) -> SnapshotFile {
    let snapshot = reading.snapshot
    for start in stride(from: 0, to: snapshot.count, by: pieces.size)
    where pieces.isWanted(start / pieces.size) {
      let range = start..<min(snapshot.count, start + pieces.size)
      let piece = Snapshot(
        positionColumns: snapshot.positions.map { $0.part(range) },
        velocityColumns: snapshot.velocities.map { $0.part(range) },
        weights: snapshot.weights.map { Array($0[range]) }, box: snapshot.box, time: snapshot.time,
        ids: pieces.includesIds ? snapshot.ids.map { Array($0[range]) } : nil)
      guard try body(piece) else { break }
    }
    return SnapshotFile(path: path, format: format, reading.withoutParticles)
  }
}
