extension SnapshotFile {
  /// Where in another snapshot the same particles are.
  ///
  /// - Returns: for each particle the index of the one with its identity.
  /// - Throws: `SnapshotError` where one of the two states no identities, states one twice, or has a
  ///   particle that the other lacks.
  /// - Complexity: O(n).
  public func places(in other: SnapshotFile) throws(SnapshotError) -> [Int] {
    let ids = try identities()
    let places = try other.placesByIdentity()
    _ = try placesByIdentity()
    var found: [Int] = []
    found.reserveCapacity(ids.count)
    for id in ids {
      guard let place = places[id] else { throw other.lacking(ids, of: self, first: id) }
      found.append(place)
    }
    guard found.count == places.count else {
      // Some of the other's are not here.
      let here = Set(ids)
      let theirs = try other.identities()
      let first = theirs.first { !here.contains($0) }
      throw lacking(theirs, of: other, first: first ?? 0)
    }
    return found
  }

  private func identities() throws(SnapshotError) -> [UInt64] {
    guard let ids = snapshot.ids else {
      throw .malformed(
        path: path, place: nil, found: "particles without identities",
        expected: "an id for each of them")
    }
    return ids
  }

  private func placesByIdentity() throws(SnapshotError) -> [UInt64: Int] {
    let ids = try identities()
    var places: [UInt64: Int] = [:]
    places.reserveCapacity(ids.count)
    for (place, id) in ids.enumerated() {
      if let first = places.updateValue(place, forKey: id) {
        throw .malformed(
          path: path, place: nil,
          found: "the id \(id) of both particle \(first + 1) and particle \(place + 1)",
          expected: "each id once")
      }
    }
    return places
  }

  /// The error of a snapshot that lacks particles of another.
  private func lacking(
    _ ids: [UInt64], of other: SnapshotFile, first: UInt64
  ) -> SnapshotError {
    let here = Set(snapshot.ids ?? [])
    let missing = ids.count { !here.contains($0) }
    return .malformed(
      path: path, place: nil,
      found: "no \(missing == 1 ? "particle" : "particles") with the id \(first)"
        + "\(missing == 1 ? "" : " and \(missing - 1) others"), which \(other.path) has",
      expected: "the same particles in both")
  }
}
