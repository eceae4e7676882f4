extension OpenPMDSpecies {
  /// The identity of each particle; `nil` when none is stated.
  mutating func identities() throws(SnapshotError) -> [UInt64]? {
    guard let record = try group.member("id") else { return nil }
    // A record of another length is found out before some of its numbers are read.
    if let rows, record.isDataset, let found = try record.shape().first, found != rows.total {
      throw group.malformed(
        found: "\(found) ids", expected: "one for each of \(rows.total) particles")
    }
    guard let ids = try record.wholeNumbers(rows: rows?.range) else {
      notes.append("The ids are no nonnegative whole numbers; they are not used.")
      return nil
    }
    guard ids.count == count else {
      throw group.malformed(
        found: "\(ids.count) ids", expected: "one for each of \(count) particles")
    }
    return ids
  }
}
