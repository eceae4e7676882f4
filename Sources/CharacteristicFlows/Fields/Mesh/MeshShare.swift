/// What one of several processes does for a mesh that all share: it spreads its own particles, and hears what the others
/// have spread.
///
/// Particles are spread in parts, of which each process has consecutive ones. The parts depend on the number of all
/// particles alone, and so do the bits of their sum.
package struct MeshShare: Sendable {
  /// Gives each process the numbers of all, in the order of their ranks.
  package typealias Exchange = @Sendable ([Double]) -> [[Double]]

  /// The number of all particles.
  let count: Int
  /// The number of all parts.
  let partCount: Int
  /// Those of this process.
  let parts: Range<Int>
  let exchange: Exchange

  /// The particles of this process among all.
  package var particles: Range<Int> { first(of: parts.lowerBound)..<first(of: parts.upperBound) }

  /// The first particle of a part.
  func first(of part: Int) -> Int { count * part / partCount }

  /// All particles, in one process.
  init(of count: Int, parts partCount: Int) {
    (self.count, self.partCount, parts) = (count, partCount, 0..<partCount)
    exchange = { [$0] }
  }

  /// The share of one of several processes.
  init(of count: Int, parts partCount: Int, rank: Int, of size: Int, _ exchange: @escaping Exchange)
  {
    (self.count, self.partCount, self.exchange) = (count, partCount, exchange)
    parts = partCount * rank / size..<partCount * (rank + 1) / size
  }
}

extension ParticleMeshField {
  /// The field for the particles of one of several processes, and which of all particles these are.
  ///
  /// - Parameters:
  ///   - count: the number of all particles.
  ///   - rank: which process.
  ///   - size: of how many.
  ///   - exchange: gives each process what all have spread; all processes evaluate the field equally often.
  package func shared(
    of count: Int, rank: Int, of size: Int, _ exchange: @escaping MeshShare.Exchange
  ) -> (field: ParticleMeshField, particles: Range<Int>) {
    var field = self
    let share = MeshShare(
      of: count, parts: mesh.partCount(of: count), rank: rank, of: size, exchange)
    field.share = share
    return (field, share.particles)
  }
}
