import Libc

/// Normal numbers that are functions of what they are for: the seed, the particle, its axis and the time of the
/// step. So they do not depend on the order in which they are drawn, and are the same on any number of threads and
/// after resuming.
///
/// Bits come from Philox4x32-10 (J. K. Salmon, M. A. Moraes, R. O. Dror and D. E. Shaw, "Parallel random
/// numbers: as easy as 1, 2, 3", SC 2011, doi:10.1145/2063384.2063405), normal numbers by the transformation of
/// G. E. P. Box and M. E. Muller (doi:10.1214/aoms/1177706645), which is exact.
struct CounterNormals: Sendable {
  private let key: SIMD2<UInt32>
  private let time: SIMD2<UInt32>

  /// The numbers of a step that begins at a time.
  init(seed: UInt64, time: Double) {
    key = Self.words(seed)
    // Both zeros are one time.
    self.time = Self.words((time + 0).bitPattern)
  }

  private static func words(_ bits: UInt64) -> SIMD2<UInt32> {
    SIMD2(UInt32(truncatingIfNeeded: bits), UInt32(truncatingIfNeeded: bits >> 32))
  }

  /// Two independent normal numbers for a particle and one of its axes, up to 9.5 in magnitude.
  func pair(particle: Int, axis: Int) -> (first: Double, second: Double) {
    let index = Self.words(UInt64(particle))
    // The high bits of a particle's number share a word with the axis: up to 256 axes, 2⁵⁶ particles.
    let block = Self.philox(
      SIMD4(index.x, index.y << 8 | UInt32(truncatingIfNeeded: axis), time.x, time.y), key: key)
    // In (0, 1], with all digits that small numbers have room for.
    let radius = (-2 * log(Self.fraction(block.x, block.y))).squareRoot()
    let angle = 2 * Double.pi * Self.fraction(block.z, block.w)
    return (radius * cos(angle), radius * sin(angle))
  }

  private static func fraction(_ low: UInt32, _ high: UInt32) -> Double {
    (Double(UInt64(high) << 32 | UInt64(low)) + 0.5) * 0x1p-64
  }

  /// A block of 128 random bits.
  static func philox(_ counter: SIMD4<UInt32>, key: SIMD2<UInt32>) -> SIMD4<UInt32> {
    var (block, key) = (counter, key)
    for round in 0..<10 {
      if round > 0 { key &+= SIMD2(0x9E37_79B9, 0xBB67_AE85) }
      let first = UInt64(0xD251_1F53) * UInt64(block.x)
      let second = UInt64(0xCD9E_8D57) * UInt64(block.z)
      block = SIMD4(
        UInt32(truncatingIfNeeded: second >> 32) ^ block.y ^ key.x,
        UInt32(truncatingIfNeeded: second),
        UInt32(truncatingIfNeeded: first >> 32) ^ block.w ^ key.y,
        UInt32(truncatingIfNeeded: first))
    }
    return block
  }
}
