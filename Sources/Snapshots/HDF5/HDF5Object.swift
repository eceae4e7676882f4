/// A group or a dataset of an HDF5 file that is open for reading.
struct HDF5Object {
  /// The file.
  let path: String
  /// Where the object stands in the file, such as `/data/100/particles`.
  let name: String
  private let source: any HDF5Source

  init(_ source: any HDF5Source, path: String, name: String) {
    self.source = source
    self.path = path
    self.name = name
  }

  var isGroup: Bool { !source.isDataset }
  var isDataset: Bool { source.isDataset }

  /// The error of an object that is not as it should be.
  ///
  /// - Parameter choices: what could say otherwise.
  func malformed(
    found: String, expected: String, choices: [ReadingChoice] = []
  ) -> SnapshotError {
    .malformed(path: path, place: name, found: found, expected: expected).leaving(choices)
  }

  private func located<Value>(
    _ body: () throws(HDF5Failure) -> Value
  ) throws(SnapshotError) -> Value {
    do throws(HDF5Failure) { return try body() } catch { throw error.error(path: path) }
  }

  // MARK: Members

  /// The names of the members of a group, in the order of the file.
  func memberNames() throws(SnapshotError) -> [String] {
    try located { () throws(HDF5Failure) in try source.memberNames() }
  }

  /// A member of a group, found along names with slashes between; `nil` when there is none.
  func member(_ relative: some StringProtocol) throws(SnapshotError) -> HDF5Object? {
    let found = try located { () throws(HDF5Failure) in try source.member(String(relative)) }
    return found.map { HDF5Object($0, path: path, name: $0.name) }
  }

  // MARK: Numbers

  /// The sizes of a dataset along its dimensions.
  func shape() throws(SnapshotError) -> [Int] {
    try located { () throws(HDF5Failure) in try source.shape() }
  }

  /// How many numbers `numbers(rows:)` would give.
  ///
  /// - Throws: `SnapshotError`, when the dataset claims more than it can hold.
  func count(rows: Range<Int>? = nil) throws(SnapshotError) -> Int {
    try located { () throws(HDF5Failure) in try source.count(rows: rows) }
  }

  /// The numbers of a dataset in the order of the file, the last dimension fastest.
  ///
  /// - Parameter rows: the places along the first of at most two dimensions of which alone the numbers are
  ///   read; `nil` for all.
  /// - Throws: `SnapshotError`, before anything is allocated, when the dataset claims more than it
  ///   can hold.
  func numbers(rows: Range<Int>? = nil) throws(SnapshotError) -> [Double] {
    try located { () throws(HDF5Failure) in try source.numbers(rows: rows) }
  }

  /// Reads the numbers of a dataset to where they belong.
  ///
  /// - Parameters:
  ///   - rows: as `numbers(rows:)` takes them.
  ///   - buffer: as many as there are numbers.
  /// - Throws: `SnapshotError`, as `numbers(rows:)` does.
  func read(
    rows: Range<Int>?, into buffer: UnsafeMutableBufferPointer<Double>
  ) throws(SnapshotError) {
    try located { () throws(HDF5Failure) in try source.read(rows: rows, into: buffer) }
  }

  /// The numbers of a dataset of integers; `nil` when they are none or some are negative.
  ///
  /// - Parameter rows: as `numbers(rows:)` takes them.
  /// - Throws: `SnapshotError`, as `numbers(rows:)` does.
  func wholeNumbers(rows: Range<Int>? = nil) throws(SnapshotError) -> [UInt64]? {
    try located { () throws(HDF5Failure) in try source.wholeNumbers(rows: rows) }
  }

  /// A row of a dataset of two dimensions, of which nothing else is read.
  func row(_ index: Int) throws(SnapshotError) -> [Double] {
    try tableRow(index)
    return try numbers(rows: index..<index + 1)
  }

  /// A row of integers of a dataset of two dimensions; `nil` when they are none or some are negative.
  func wholeRow(_ index: Int) throws(SnapshotError) -> [UInt64]? {
    try tableRow(index)
    return try located { () throws(HDF5Failure) in
      try source.wholeNumbers(rows: index..<index + 1)
    }
  }

  /// Demands a row of a dataset of two dimensions.
  private func tableRow(_ index: Int) throws(SnapshotError) {
    // What is none is said where numbers are read.
    guard isDataset else { return }
    let shape = try shape()
    guard shape.count == 2, index < shape[0] else {
      throw malformed(
        found: shape.count == 2 ? "\(counted(shape[0], "row", "rows"))" : "no rows",
        expected: "a row \(index + 1)")
    }
  }

  // MARK: Attributes

  /// The numbers of an attribute; `nil` when there is none of that name or it holds no numbers.
  /// Numbers of more digits are rounded.
  func numbers(of attribute: String) throws(SnapshotError) -> [Double]? {
    try located { () throws(HDF5Failure) in try source.numbers(of: attribute) }
  }

  /// The one number of an attribute; `nil` when there is none of that name.
  func number(of attribute: String) throws(SnapshotError) -> Double? {
    guard let numbers = try numbers(of: attribute) else { return nil }
    guard numbers.count == 1, numbers[0].isFinite else {
      throw malformed(
        found: "the attribute \(attribute) "
          + (numbers.count == 1
            ? "\(numbers[0])" : "with \(counted(numbers.count, "number", "numbers"))"),
        expected: "one finite number")
    }
    return numbers[0]
  }

  /// The texts of an attribute; `nil` when there is none of that name or it holds no text.
  func texts(of attribute: String) throws(SnapshotError) -> [String]? {
    try located { () throws(HDF5Failure) in try source.texts(of: attribute) }
  }

  /// The one text of an attribute; `nil` when there is none.
  func text(of attribute: String) throws(SnapshotError) -> String? {
    try texts(of: attribute)?.first
  }
}

/// What an object of an HDF5 file is read from: libhdf5 in this process, or in another one.
protocol HDF5Source: AnyObject {
  /// Where the object stands in the file.
  var name: String { get }
  /// Whether it is a dataset, and not a group.
  var isDataset: Bool { get }
  func memberNames() throws(HDF5Failure) -> [String]
  func member(_ relative: String) throws(HDF5Failure) -> (any HDF5Source)?
  func shape() throws(HDF5Failure) -> [Int]
  func count(rows: Range<Int>?) throws(HDF5Failure) -> Int
  func numbers(rows: Range<Int>?) throws(HDF5Failure) -> [Double]
  func read(
    rows: Range<Int>?, into buffer: UnsafeMutableBufferPointer<Double>
  ) throws(HDF5Failure)
  func wholeNumbers(rows: Range<Int>?) throws(HDF5Failure) -> [UInt64]?
  func numbers(of attribute: String) throws(HDF5Failure) -> [Double]?
  func texts(of attribute: String) throws(HDF5Failure) -> [String]?
}

/// Why something in an HDF5 file cannot be read.
enum HDF5Failure: Error, Equatable {
  /// Something is not as it should be.
  case malformed(place: String?, found: String, expected: String)
  /// Numbers need more memory than there is.
  case tooLarge(needed: Int, available: Int)
  /// The other process did not answer.
  case noAnswer(HDF5ChannelError)

  /// The error of the file.
  func error(path: String) -> SnapshotError {
    switch self {
    case .malformed(let place, let found, let expected):
      .malformed(path: path, place: place, found: found, expected: expected)
    case .tooLarge(let needed, let available):
      .tooLarge(path: path, needed: needed, available: available)
    case .noAnswer(.crashed):
      .malformed(
        path: path, place: nil, found: "a damaged file, on which the HDF5 library crashed",
        expected: "a complete HDF5 file")
    case .noAnswer(.endless):
      .malformed(
        path: path, place: nil, found: "a damaged file, on which the HDF5 library did not end",
        expected: "a complete HDF5 file")
    case .noAnswer(.lost(let reason)):
      .inputOutput(path: path, reason: reason)
    }
  }
}
