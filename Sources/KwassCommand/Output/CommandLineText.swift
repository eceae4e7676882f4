import KineticTransport

/// Command lines as a shell reads them.
enum CommandLineText {
  /// Words with blanks between, in quotation marks where a shell would take them apart.
  static func text(_ words: [String]) -> String {
    words.map(quoted).joined(separator: " ")
  }

  private static func quoted(_ word: String) -> String {
    let isPlain =
      !word.isEmpty
      && word.unicodeScalars.allSatisfy { scalar in
        scalar.properties.isAlphabetic || ("0"..."9").contains(scalar)
          || "_-+=:,./@%^#".unicodeScalars.contains(scalar)
      }
    return isPlain ? word : "'" + FileName.shown(word).replacing("'", with: "'\\''") + "'"
  }
}
