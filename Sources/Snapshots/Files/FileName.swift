import Libc

/// The name of a file as a text. A name is any bytes but 0, and not all of them are UTF-8.
///
/// What is not stands in the text as private characters: the byte `0xNN` becomes the scalar
/// `U+F7NN`, and so do the bytes of such a scalar itself. So each name has a text of its own, from which
/// its bytes come back; `shown` is for reading. (Python's `surrogateescape`, PEP 383, does the same with
/// characters that a Swift string cannot hold.)
public enum FileName {
  private static let escapes: ClosedRange<UInt32> = 0xf780...0xf7ff

  /// The text of a name.
  public static func text(_ bytes: some Sequence<UInt8>) -> String {
    let bytes = Array(bytes)
    if let text = String(validating: bytes, as: UTF8.self),
      !text.unicodeScalars.contains(where: { escapes.contains($0.value) })
    {
      return text
    }
    var text = String.UnicodeScalarView()
    var place = 0
    while place < bytes.count {
      // A scalar has at most four bytes, and the first of its bytes tells how many.
      let scalar = (1...4).lazy.compactMap { size -> (Unicode.Scalar, Int)? in
        guard place + size <= bytes.count,
          let text = String(validating: bytes[place..<place + size], as: UTF8.self),
          let scalar = text.unicodeScalars.first, !escapes.contains(scalar.value)
        else { return nil }
        return (scalar, size)
      }.first
      if let (scalar, size) = scalar {
        text.append(scalar)
        place += size
      } else {
        if let scalar = Unicode.Scalar(0xf700 + UInt32(bytes[place])) { text.append(scalar) }
        place += 1
      }
    }
    return String(text)
  }

  /// The bytes of the name that a text stands for.
  public static func bytes(_ text: String) -> [UInt8] {
    guard text.unicodeScalars.contains(where: { escapes.contains($0.value) }) else {
      return Array(text.utf8)
    }
    return text.unicodeScalars.flatMap { scalar in
      escapes.contains(scalar.value)
        ? [UInt8(truncatingIfNeeded: scalar.value)] : Array(String(scalar).utf8)
    }
  }

  /// A text in which bytes that are no UTF-8 can be read: `caf\xE9.csv`.
  public static func shown(_ text: String) -> String {
    guard text.unicodeScalars.contains(where: { escapes.contains($0.value) }) else { return text }
    return text.unicodeScalars.map { scalar in
      escapes.contains(scalar.value)
        ? "\\x" + String(scalar.value & 0xff, radix: 16, uppercase: true) : String(scalar)
    }.joined()
  }
}

extension String {
  /// The name of a file as the system takes it, with the 0 at its end.
  package var systemName: [CChar] { FileName.bytes(self).map { CChar(bitPattern: $0) } + [0] }
}

/// The names in a directory, but for those that begin with a point; `nil` where it cannot be read, for
/// the reason that `errno` says.
package func directoryEntries(_ path: String) -> [String]? {
  guard let stream = opendir(path.systemName) else { return nil }
  defer { closedir(stream) }
  var names: [String] = []
  while let entry = readdir(stream) {
    let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
      FileName.text(bytes.prefix { $0 != 0 })
    }
    if !name.hasPrefix(".") { names.append(name) }
  }
  return names
}
