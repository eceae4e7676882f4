/// Files of text, such as drawings and tables.
public enum TextFile {
  /// Writes a file, which appears complete or not at all.
  ///
  /// - Throws: `SnapshotError`.
  public static func write(_ text: String, to path: String) throws(SnapshotError) {
    let file = try OutputFile(path: path)
    try file.write(Array(FileName.shown(text).utf8))
    try file.commit()
  }
}
