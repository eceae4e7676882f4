import KineticTransport

/// Goes through the particles of a file, in pieces.
struct PieceReader {
  let path: String
  private let space: ComparedSpace
  private let loader: SnapshotLoader

  /// The particles of a piece, lost ones included.
  static let size = 1 << 18

  init(_ path: String, space: ComparedSpace, _ loader: SnapshotLoader) {
    (self.path, self.space, self.loader) = (path, space, loader)
  }

  /// What was found beside particles.
  struct Found {
    /// The file without its particles.
    let file: SnapshotFile
    /// How positions lie to their box, in the pieces that were taken.
    let tally: WrappingTally
    let loader: SnapshotLoader
    /// How many pieces there are, as far as was read.
    let pieceCount: Int
  }

  /// Hands over some pieces.
  ///
  /// - Parameters:
  ///   - stage: what is being done.
  ///   - isWanted: which pieces are handed over, by their numbers.
  ///   - last: the last of them; `nil` to go to the end of the file, which must be begun with the first piece: it says
  ///     what there is beside particles.
  ///   - body: takes the particles of a piece, and its number.
  func forEach(
    _ stage: String, where isWanted: @escaping (Int) -> Bool, last: Int? = nil,
    _ body: (ParticleChunk, Int) throws(CoarseningError) -> Void
  ) throws(CommandFailure) -> Found {
    var loader = loader
    let progress = PieceProgress()
    let file = try loader.stream(
      path, chunkSize: Self.size, stage: stage,
      isWanted: { number in
        progress.number = number
        return isWanted(number) || last == nil && number == 0
      }, isCounted: { isWanted(progress.number) }
    ) { piece throws(CommandFailure) in
      guard isWanted(progress.number) else { return true }
      var piece = piece
      if space == .position { piece.velocities = [] }
      let chunk: ParticleChunk
      do throws(PhaseSpaceError) {
        chunk = try piece.chunk()
      } catch {
        throw CommandFailure(SnapshotError.unusable(path: path, reason: error))
      }
      try coarsening(path) { () throws(CoarseningError) in try body(chunk, progress.number) }
      return progress.number != last
    }
    return Found(
      file: file, tally: loader.tally, loader: loader, pieceCount: progress.number + 1)
  }

  /// How far a file has been read.
  private final class PieceProgress {
    var number = -1
  }
}
