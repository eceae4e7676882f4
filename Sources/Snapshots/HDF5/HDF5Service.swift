import Libc

/// Reads HDF5 files for another process, which sends its requests through an `HDF5Channel`.
public struct HDF5Service {
  /// The objects that are open, by number.
  private var nodes: [Int: HDF5Node] = [:]
  private var nextNumber = 0
  /// The bytes of the largest file that was opened.
  public private(set) var largestSize = 0

  /// A service with no file open.
  public init() {}

  /// Answers a request.
  ///
  /// - Returns: the answer, which also states an error; empty for what is no request.
  public mutating func answer(_ request: [UInt8]) -> [UInt8] {
    do throws(HDF5Failure) {
      return try HDF5Library.exclusively { () throws(HDF5Failure) in
        var reader = MessageReader(request)
        var writer = MessageWriter()
        writer.append(0)
        let released: [Int]? = reader.numbers()
        for number in released ?? [] { nodes[number] = nil }
        guard released != nil, let code = reader.integer().flatMap({ UInt8(exactly: $0) }),
          let kind = HDF5Request(rawValue: code), try answer(kind, &reader, &writer)
        else { return [] }
        return writer.bytes
      }
    } catch {
      var writer = MessageWriter()
      writer.append(error)
      return writer.bytes
    }
  }

  /// Whether a request was one that can be answered.
  private mutating func answer(
    _ request: HDF5Request, _ reader: inout MessageReader, _ writer: inout MessageWriter
  ) throws(HDF5Failure) -> Bool {
    if request == .open {
      guard let path = reader.text(), let contents = reader.optional({ $0.numbers() as [UInt8]? })
      else { return false }
      var status = stat()
      let size = contents?.count ?? (stat(path.systemName, &status) == 0 ? Int(status.st_size) : 0)
      largestSize = max(largestSize, size)
      writer.append(add(try HDF5Library.root(of: path, contents)))
      return true
    }
    guard let node = reader.integer().flatMap({ nodes[$0] }) else { return false }
    switch request {
    case .open: return false
    case .memberNames: writer.append(try node.memberNames())
    case .shape: writer.append(try node.shape())
    case .numbers, .wholeNumbers, .count:
      guard let start = reader.integer(), let count = reader.integer(), count >= 0,
        start < Int.max - count
      else { return false }
      let rows = start < 0 ? nil : start..<start + count
      switch request {
      case .numbers: writer.append(try node.numbers(rows: rows))
      case .count: writer.append(try node.count(rows: rows))
      default: writer.append(try node.wholeNumbers(rows: rows))
      }
    case .member, .attributeNumbers, .attributeTexts:
      guard let name = reader.text() else { return false }
      switch request {
      case .member: writer.append(try node.node(name).map { add($0) })
      case .attributeNumbers: writer.append(try node.numbers(of: name))
      default: writer.append(try node.texts(of: name))
      }
    }
    return true
  }

  private mutating func add(_ node: HDF5Node) -> HDF5NodeDescription {
    defer { nextNumber += 1 }
    nodes[nextNumber] = node
    return HDF5NodeDescription(number: nextNumber, name: node.name, isDataset: node.isDataset)
  }
}
