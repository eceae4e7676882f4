import KineticTransport

/// What a part has found, as it stands in a file that is complete or not there.
struct PartFile: Sendable {
  let header: PartHeader
  /// What all parts print beside their findings.
  let frame: JSON
  /// The findings by the places of their units.
  let findings: [Int: JSON]

  /// What comes before the digits of the checksum, which are of all bytes before that.
  private static let checksumKey = ",\n  \"checksum\": \""
  private static let ending = "\"\n}\n"

  /// The bytes of the file.
  func bytes() throws(JSONError) -> [UInt8] {
    let text = JSON.document(
      "part",
      [
        .init("part", .string("\(header.part)")),
        .init("header", try PartCoding.json(header)), .init("frame", frame),
        .init(
          "findings",
          .array(
            findings.sorted { $0.key < $1.key }.map { unit, finding in
              PartCoding.entry(unit, finding)
            })),
      ]
    ).text
    let body = Array(text.utf8.dropLast("\n}".utf8.count))
    let digits = InputDigest.digits(DataFile.checksum(body))
    return body + Array((Self.checksumKey + digits + Self.ending).utf8)
  }

  /// Reads a file.
  ///
  /// - Throws: `CommandFailure` for what is no such file, or is damaged.
  init(path: String) throws(CommandFailure) {
    let bytes = try attempt { () throws(SnapshotError) in try DataFile.read(path) }
    do throws(JSONError) {
      let tail = (Self.checksumKey + "00000000" + Self.ending).utf8.count
      let body = Array(bytes.dropLast(tail))
      let digits = InputDigest.digits(DataFile.checksum(body))
      guard bytes.count > tail,
        bytes.suffix(tail).elementsEqual((Self.checksumKey + digits + Self.ending).utf8)
      else {
        throw JSONError("its checksum is not that of its contents")
      }
      let json = try JSON(bytes)
      guard json["schema"] == .string("kwass-part-1"), let header = json["header"],
        let frame = json["frame"], case .array(let entries)? = json["findings"]
      else { throw JSONError("it has not the schema kwass-part-1") }
      self.header = try JSONDecoding.value(of: header)
      self.frame = frame
      findings = try PartCoding.findings(entries, of: self.header)
      let missing = self.header.units(of: self.header.part).filter { findings[$0] == nil }
      guard missing.isEmpty else { throw JSONError("it lacks \(self.header.names(of: missing))") }
    } catch {
      throw CommandFailure(
        .badData, "\(path) is no part of a command's work, or is damaged: \(error).")
    }
  }

  init(header: PartHeader, frame: JSON, findings: [Int: JSON]) {
    (self.header, self.frame, self.findings) = (header, frame, findings)
  }

  /// Writes it, whole or not at all.
  func write(to path: String) throws(CommandFailure) {
    let bytes: [UInt8]
    do throws(JSONError) {
      bytes = try self.bytes()
    } catch {
      throw CommandFailure(.internal, "\(path): \(error).")
    }
    try attempt { () throws(SnapshotError) in try DataFile.write(bytes, to: path) }
  }
}

/// How findings stand in files.
enum PartCoding {
  /// The JSON of a value.
  static func json(_ value: some Encodable) throws(JSONError) -> JSON {
    do {
      return try JSONEncoding.json(value)
    } catch {
      throw JSONError("a value that cannot be kept: \(error)")
    }
  }

  /// A unit with its finding.
  static func entry(_ unit: Int, _ finding: JSON) -> JSON {
    .object([.init("unit", .integer(unit)), .init("finding", finding)])
  }

  /// Entries by their units.
  static func findings(
    _ entries: [JSON], of header: PartHeader
  ) throws(JSONError) -> [Int: JSON] {
    var findings: [Int: JSON] = [:]
    for entry in entries { try add(entry, to: &findings, header) }
    return findings
  }

  /// Adds an entry.
  static func add(
    _ entry: JSON, to findings: inout [Int: JSON], _ header: PartHeader
  ) throws(JSONError) {
    guard case .integer(let unit)? = entry["unit"], header.units.indices.contains(unit),
      let finding = entry["finding"], findings.updateValue(finding, forKey: unit) == nil
    else { throw JSONError("it has a finding of no unit, or two of one") }
  }
}
