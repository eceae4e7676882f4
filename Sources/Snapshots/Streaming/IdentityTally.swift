/// The range of the ids of particles and how many of them are different, of any number of ids in bounded memory.
///
/// Ids of runs lie close to each other, whatever their order: a bit for each of them, in pages, takes little. Ids that
/// are scattered over all numbers take too many pages; they are counted by an `IdentityPart` at a time.
package struct IdentityTally: Sendable {
  /// The smallest id.
  package private(set) var least = UInt64.max
  /// The greatest id.
  package private(set) var greatest = UInt64.min
  /// How many ids there are.
  package private(set) var count = 0
  private var different = 0
  private var previous: UInt64?
  /// Whether each id is greater than the one before, so that all are different.
  private var isIncreasing = true
  /// Where the bits of a page stand in `bits`; `nil` once there were too many pages.
  private var pages: [UInt64: Int]? = [:]
  private var bits: [UInt64] = []
  private var lastPage: (number: UInt64, start: Int)?
  private let largestPageCount: Int

  private static let wordsOfPage = 64

  /// A tally of no ids.
  ///
  /// - Parameter largestPageCount: the number of pages, of 4096 ids and 512 bytes each, beyond which none are kept.
  package init(largestPageCount: Int = 1 << 17) { self.largestPageCount = largestPageCount }

  /// Adds ids.
  package mutating func add(_ ids: [UInt64]) {
    for id in ids {
      least = min(least, id)
      greatest = max(greatest, id)
      if let previous, previous >= id { isIncreasing = false }
      previous = id
      if pages != nil { mark(id) }
    }
    count += ids.count
  }

  private mutating func mark(_ id: UInt64) {
    let number = id >> 12
    guard let start = page(number) else { return }
    let word = start + Int(id >> 6 & 63)
    let bit: UInt64 = 1 << (id & 63)
    if bits[word] & bit == 0 {
      bits[word] |= bit
      different += 1
    }
  }

  /// Where the bits of a page stand; `nil` when there are too many pages.
  private mutating func page(_ number: UInt64) -> Int? {
    if let lastPage, lastPage.number == number { return lastPage.start }
    if let start = pages?[number] {
      lastPage = (number, start)
      return start
    }
    guard let found = pages?.count, found < largestPageCount else {
      (pages, bits, lastPage) = (nil, [], nil)
      return nil
    }
    let start = bits.count
    pages?[number] = start
    bits.append(contentsOf: repeatElement(0, count: Self.wordsOfPage))
    lastPage = (number, start)
    return start
  }

  /// How many ids are different; `nil` where they have to be counted by parts.
  package var distinct: Int? {
    if isIncreasing { return count }
    return pages == nil ? nil : different
  }
}

/// Counts the different ones among some ids, of which all parts together have each once.
package struct IdentityPart: Sendable {
  private let number: Int
  private let count: Int
  private var ids: [UInt64] = []
  private var sortedCount = 0

  /// So many ids are kept for each part, more or less.
  private static let size = 1 << 23

  /// How many parts so many ids take.
  package static func count(for ids: Int) -> Int { ids / size + 1 }

  /// - Parameters:
  ///   - number: which part, from 0.
  ///   - count: of how many.
  package init(_ number: Int, of count: Int) { (self.number, self.count) = (number, count) }

  /// Takes those of some ids that belong to the part.
  package mutating func add(_ new: [UInt64]) {
    // Multiplying by an odd number scatters ids that lie close to each other (Knuth, The Art of Computer Programming
    // 3, section 6.4).
    for id in new
    where Int((id &* 0x9e37_79b9_7f4a_7c15 >> 32) % UInt64(count)) == number {
      ids.append(id)
    }
    if ids.count > sortedCount + Self.size { removeDuplicates() }
  }

  private mutating func removeDuplicates() {
    ids.sort()
    var kept = 0
    for index in ids.indices where index == 0 || ids[index] != ids[kept - 1] {
      ids[kept] = ids[index]
      kept += 1
    }
    ids.removeLast(ids.count - kept)
    sortedCount = kept
  }

  /// How many of them are different.
  package mutating func distinct() -> Int {
    removeDuplicates()
    return ids.count
  }
}
