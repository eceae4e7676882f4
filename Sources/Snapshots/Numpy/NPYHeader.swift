/// The header of a `.npy` file: what the numbers are and how they lie.
///
/// Source: NumPy Enhancement Proposal 1 and the numpy documentation, "numpy.lib.format".
struct NPYHeader: Equatable {
  /// The bytes with which every such file begins.
  static let signature: [UInt8] = [0x93] + "NUMPY".utf8

  /// How each number is stored.
  var type: NPYType
  /// Whether the first index runs fastest.
  var isColumnMajor: Bool
  /// The sizes along each dimension; none for a single number.
  var shape: [Int]

  // MARK: Reading

  /// A longer header is not plausible for a plain array.
  private static let sizeLimit = 1 << 16

  /// Reads the header with which a stream begins.
  static func read(from source: some ByteSource) throws(SnapshotError) -> NPYHeader {
    var start = [UInt8](repeating: 0, count: 8)
    let count = try source.read(into: &start)
    guard start[..<min(count, 6)].elementsEqual(signature.prefix(count)), count > 0 else {
      throw source.malformed(
        "at byte 0", found: "other bytes than those with which a .npy file begins",
        expected: "\\x93NUMPY")
    }
    guard count == 8 else { throw source.truncated(at: count, missing: "the rest of the header") }
    guard (1...3).contains(start[6]) else {
      throw source.malformed(
        "at byte 6", found: "version \(start[6]) of the .npy format", expected: "version 1, 2 or 3")
    }
    var sizeBytes = [UInt8](repeating: 0, count: start[6] == 1 ? 2 : 4)
    let sizeCount = try source.read(into: &sizeBytes)
    guard sizeCount == sizeBytes.count else {
      throw source.truncated(at: 8 + sizeCount, missing: "the rest of the header")
    }
    let size = sizeBytes.reversed().reduce(0) { $0 << 8 | Int($1) }
    guard size <= sizeLimit else {
      throw source.malformed(
        "at byte 8", found: "a header of \(size) bytes", expected: "at most \(sizeLimit) bytes")
    }
    var text = [UInt8](repeating: 0, count: size)
    let textCount = try source.read(into: &text)
    guard textCount == size else {
      throw source.truncated(
        at: 8 + sizeCount + textCount, missing: "\(size - textCount) bytes of the header")
    }
    return try NPYHeader(text: text, source: source)
  }

  private init(text: [UInt8], source: some ByteSource) throws(SnapshotError) {
    func problem(_ found: String, _ expected: String) -> SnapshotError {
      source.malformed("in the header", found: found, expected: expected)
    }
    guard let fields = PythonLiteral.dictionary(text),
      Set(fields.keys) == ["descr", "fortran_order", "shape"]
    else {
      throw problem(
        quoted(String(decoding: text, as: UTF8.self)),
        "a dictionary of descr, fortran_order and shape")
    }
    func found(_ key: String) -> String { fields[key]?.description ?? "nothing" }
    guard case .string(let name)? = fields["descr"], let type = NPYType(name) else {
      throw problem(
        found("descr"), "numbers of the type f8, f4, or an integer type of up to 8 bytes")
    }
    guard case .boolean(let isColumnMajor)? = fields["fortran_order"] else {
      throw problem(found("fortran_order"), "True or False for fortran_order")
    }
    guard case .tuple(let shape)? = fields["shape"] else {
      throw problem(found("shape"), "a tuple of sizes such as (1000, 4)")
    }
    self.init(type: type, isColumnMajor: isColumnMajor, shape: shape)
  }

  init(type: NPYType, isColumnMajor: Bool = false, shape: [Int]) {
    self.type = type
    self.isColumnMajor = isColumnMajor
    self.shape = shape
  }

  // MARK: Writing

  /// The header as it stands at the beginning of a file, padded so that the numbers are aligned.
  var bytes: [UInt8] {
    let sizes = shape.map { "\($0)" }.joined(separator: ", ")
    let tuple = shape.count == 1 ? "(\(sizes),)" : "(\(sizes))"
    var text = Array(
      ("{'descr': '\(type.name)', 'fortran_order': \(isColumnMajor ? "True" : "False"), "
        + "'shape': \(tuple), }").utf8)
    let unpadded = Self.signature.count + 4 + text.count + 1
    text += [UInt8](repeating: UInt8(ascii: " "), count: (64 - unpadded % 64) % 64)
    text.append(UInt8(ascii: "\n"))
    return Self.signature + [1, 0, UInt8(text.count & 0xff), UInt8(text.count >> 8)] + text
  }

  /// The number of numbers; `nil` when it is beyond all memory.
  var count: Int? {
    var product = 1
    for size in shape {
      let (next, overflows) = product.multipliedReportingOverflow(by: size)
      guard !overflows else { return nil }
      product = next
    }
    return product
  }
}
