/// Where the HDF5 library runs that reads files.
///
/// It takes what stands in a file for right: a damaged file can crash it, or keep it busy for ever.
/// A library cannot help that, and must not try: files are opened in the process itself, unless the
/// program that reads files of unknown origin has another process for it.
///
/// ```swift
/// try HDF5Reading.$channel.withValue(channel) { try SnapshotFile.read("a.h5") }
/// ```
public enum HDF5Reading {
  /// The way to a process that runs an `HDF5Service`; `nil` to open files in this process.
  @TaskLocal public static var channel: (any HDF5Channel)?
}

/// The way to another process that reads HDF5 files.
public protocol HDF5Channel: Sendable {
  /// Sends a request and waits for the answer to it.
  ///
  /// Requests come one at a time. After an error the next one begins with a new file, for a new
  /// process.
  func exchange(_ request: [UInt8]) throws(HDF5ChannelError) -> [UInt8]
}

/// Why a request was not answered.
public enum HDF5ChannelError: Error, Equatable, Sendable {
  /// The HDF5 library crashed.
  case crashed
  /// The HDF5 library was stopped, since it went on and on.
  case endless
  /// The process could not be started or was lost, for a reason in words.
  case lost(String)
}

/// A request, as a process that reads for another one gets it.
enum HDF5Request: UInt8 {
  case open, memberNames, member, shape, numbers, wholeNumbers, attributeNumbers, attributeTexts
  case count
}

/// One file's use of a channel.
final class HDF5Client {
  private let channel: any HDF5Channel
  /// Objects that are not needed any more, of which the other process does not know yet.
  private var released: [Int] = []

  init(_ channel: any HDF5Channel) { self.channel = channel }

  func release(_ node: Int) { released.append(node) }

  /// Sends a request and takes the answer apart.
  func ask<Answer>(
    _ request: HDF5Request, _ arguments: (inout MessageWriter) -> Void,
    _ answer: (inout MessageReader) -> Answer?
  ) throws(HDF5Failure) -> Answer {
    var message = MessageWriter()
    message.append(released)
    released = []
    message.append(Int(request.rawValue))
    arguments(&message)
    let reply: [UInt8]
    do throws(HDF5ChannelError) {
      reply = try channel.exchange(message.bytes)
    } catch {
      throw .noAnswer(error)
    }
    var reader = MessageReader(reply)
    if let failure = reader.failure() { throw failure }
    guard let found = answer(&reader), reader.isAtEnd else {
      throw .noAnswer(.lost("the process that reads HDF5 files gave a broken answer"))
    }
    return found
  }
}

/// An object of an HDF5 file that another process has opened.
final class RemoteHDF5Node: HDF5Source {
  let name: String
  let isDataset: Bool
  private let number: Int
  private let client: HDF5Client

  private init(_ found: HDF5NodeDescription, _ client: HDF5Client) {
    (number, name, isDataset) = (found.number, found.name, found.isDataset)
    self.client = client
  }

  /// The root group of a file.
  convenience init(
    opening path: String, _ contents: [UInt8]?, on client: HDF5Client
  ) throws(HDF5Failure) {
    let found = try client.ask(
      .open,
      {
        $0.append(path)
        $0.append(contents)
      }, { $0.node() })
    self.init(found, client)
  }

  deinit { client.release(number) }

  private func ask<Answer>(
    _ request: HDF5Request, _ answer: (inout MessageReader) -> Answer?
  ) throws(HDF5Failure) -> Answer {
    try client.ask(request, { $0.append(number) }, answer)
  }

  private func ask<Answer>(
    _ request: HDF5Request, _ name: String, _ answer: (inout MessageReader) -> Answer?
  ) throws(HDF5Failure) -> Answer {
    try client.ask(
      request,
      {
        $0.append(number)
        $0.append(name)
      }, answer)
  }

  private func ask<Answer>(
    _ request: HDF5Request, rows: Range<Int>?, _ answer: (inout MessageReader) -> Answer?
  ) throws(HDF5Failure) -> Answer {
    try client.ask(
      request,
      {
        $0.append(number)
        $0.append(rows?.lowerBound ?? -1)
        $0.append(rows?.count ?? 0)
      }, answer)
  }

  func memberNames() throws(HDF5Failure) -> [String] { try ask(.memberNames) { $0.texts() } }

  func member(_ relative: String) throws(HDF5Failure) -> (any HDF5Source)? {
    let found = try ask(.member, relative) { $0.optional { $0.node() } }
    return found.map { RemoteHDF5Node($0, client) }
  }

  func shape() throws(HDF5Failure) -> [Int] { try ask(.shape) { $0.numbers() } }

  func count(rows: Range<Int>?) throws(HDF5Failure) -> Int {
    try ask(.count, rows: rows) { $0.integer() }
  }

  func numbers(rows: Range<Int>?) throws(HDF5Failure) -> [Double] {
    try ask(.numbers, rows: rows) { $0.numbers() }
  }

  func read(
    rows: Range<Int>?, into buffer: UnsafeMutableBufferPointer<Double>
  ) throws(HDF5Failure) {
    let numbers = try numbers(rows: rows)
    guard numbers.count == buffer.count else {
      throw .malformed(
        place: name, found: counted(numbers.count, "number", "numbers"),
        expected: "\(buffer.count), as before")
    }
    _ = buffer.update(fromContentsOf: numbers)
  }

  func wholeNumbers(rows: Range<Int>?) throws(HDF5Failure) -> [UInt64]? {
    try ask(.wholeNumbers, rows: rows) { $0.optional { $0.numbers() } }
  }

  func numbers(of attribute: String) throws(HDF5Failure) -> [Double]? {
    try ask(.attributeNumbers, attribute) { $0.optional { $0.numbers() } }
  }

  func texts(of attribute: String) throws(HDF5Failure) -> [String]? {
    try ask(.attributeTexts, attribute) { $0.optional { $0.texts() } }
  }
}
