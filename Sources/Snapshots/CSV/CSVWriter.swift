import OptimalTransport

/// Writes comma-separated text. Numbers are written with the fewest digits that read back as the
/// same double.
enum CSVWriter {
  static func write(_ snapshot: Snapshot, to path: String) throws(SnapshotError) {
    let remarks = [
      snapshot.time.map { "time=\($0)" }, snapshot.box.map { "box=\($0.notation)" },
    ].compactMap(\.self)
    var table = try CSVTable(
      path: path, remark: remarks.isEmpty ? nil : remarks.joined(separator: " "),
      names: snapshot.columnNames)
    let columns =
      snapshot.positions + snapshot.velocities
      + (snapshot.weights.map { [CoordinateColumn($0)] } ?? [])
    for row in 0..<snapshot.count {
      for column in columns { table.append(column[row]) }
      if let ids = snapshot.ids { table.append(ids[row]) }
      try table.endRow()
    }
    try table.commit()
  }
}

/// A `.csv` file in the making.
struct CSVTable: ~Copyable {
  private var file: OutputFile
  private var buffer = OutputBuffer()
  private var isAtRowStart = true

  init(path: String, remark: String?, names: [String]) throws(SnapshotError) {
    file = try OutputFile(path: path)
    if let remark { buffer.bytes += "# \(remark)\n".utf8 }
    buffer.bytes += "\(names.joined(separator: ","))\n".utf8
  }

  mutating func append(_ value: some CustomStringConvertible) {
    if !isAtRowStart { buffer.bytes.append(UInt8(ascii: ",")) }
    isAtRowStart = false
    buffer.bytes += value.description.utf8
  }

  mutating func endRow() throws(SnapshotError) {
    buffer.bytes.append(UInt8(ascii: "\n"))
    isAtRowStart = true
    try buffer.flushWhenFull(to: &file)
  }

  consuming func commit() throws(SnapshotError) {
    try buffer.flush(to: &file)
    try file.commit()
  }
}
