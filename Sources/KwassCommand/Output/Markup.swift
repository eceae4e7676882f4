import KineticTransport

/// Text in XML and HTML.
enum Markup {
  /// A text as the content of an element or of an attribute in quotation marks. Characters that XML 1.0 has no
  /// place for become replacement characters.
  static func escaped(_ text: String) -> String {
    var result = String.UnicodeScalarView()
    for scalar in FileName.shown(text).unicodeScalars {
      switch scalar {
      case "&": result.append(contentsOf: "&amp;".unicodeScalars)
      case "<": result.append(contentsOf: "&lt;".unicodeScalars)
      case ">": result.append(contentsOf: "&gt;".unicodeScalars)
      case "\"": result.append(contentsOf: "&quot;".unicodeScalars)
      case "\t", "\n", "\r": result.append(scalar)
      case ..<" ", "\u{fffe}", "\u{ffff}": result.append("\u{fffd}")
      default: result.append(scalar)
      }
    }
    return String(result)
  }
}
