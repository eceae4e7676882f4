/// Finds what a misspelt word may have meant.
enum Spelling {
  /// The candidate nearest to a word, if one is near: the word is its beginning, or at most a third
  /// of its letters are wrong.
  static func nearest(to word: String, among candidates: some Sequence<String>) -> String? {
    let candidates = Array(candidates)
    let continuations = candidates.filter { $0.hasPrefix(word) }
    if word.count > 2, continuations.count == 1 { return continuations[0] }
    let best = candidates.map { (name: $0, distance: editDistance(word, $0)) }
      .min { $0.distance < $1.distance }
    guard let best, best.distance <= max(1, best.name.count / 3) else { return nil }
    return best.name
  }

  /// The nearest candidate in brackets behind a blank; nothing when none is near.
  static func hint(for word: String, among candidates: some Sequence<String>) -> String {
    nearest(to: word, among: candidates).map { " (perhaps \($0) was meant)" } ?? ""
  }

  /// The least number of letters to insert, leave out, replace or exchange with their neighbour so
  /// that one word becomes the other (the optimal string alignment distance).
  ///
  /// - Complexity: O(product of the lengths).
  static func editDistance(_ first: String, _ second: String) -> Int {
    let (a, b) = (Array(first), Array(second))
    var beforeLast: [Int] = []
    var last = Array(0...b.count)
    for i in a.indices {
      var row = [i + 1]
      for j in b.indices {
        var distance = min(last[j + 1] + 1, row[j] + 1, last[j] + (a[i] == b[j] ? 0 : 1))
        if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] {
          distance = min(distance, beforeLast[j - 1] + 1)
        }
        row.append(distance)
      }
      (beforeLast, last) = (last, row)
    }
    return last[b.count]
  }
}
