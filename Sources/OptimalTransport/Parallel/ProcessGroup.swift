/// Processes that work on one problem together, such as the ranks of MPI. The library links no MPI: who has one
/// supplies it as a value of this kind.
///
/// Work is shared out by `rank` and `size`, or unit by unit by `claim`, and what was found is put together by `gather`.
/// Nothing is summed on the way, so that results need not depend on how many processes there are.
public protocol ProcessGroup: Sendable {
  /// Which of the processes this is, from 0 to `size` − 1.
  var rank: Int { get }
  /// How many processes there are, at least 1.
  var size: Int { get }

  /// Gives each process the bytes of all, in the order of their ranks. All must call it, as often as each other.
  ///
  /// - Throws: `ProcessGroupError`.
  /// - Complexity: O(all bytes) of memory in each process.
  func gather(_ bytes: [UInt8]) throws(ProcessGroupError) -> [[UInt8]]

  /// Claims a unit of work: the next number of a round, from 0 on, which no other process gets. Rounds are counted from 0,
  /// and their numbers do not depend on each other.
  ///
  /// Any thread may call it, at the same time as others. A group that cannot deal out numbers, as by default, gives `nil`;
  /// so it does in all processes, and for all numbers of a round.
  ///
  /// - Throws: `ProcessGroupError`.
  func claim(_ round: Int) throws(ProcessGroupError) -> Int?

  /// Ends all processes with a status, from any one of them, without waiting for the others. Where it returns, which is
  /// for groups that cannot do so, calls of `gather` by the others fail.
  func abort(_ status: Int32)
}

extension ProcessGroup {
  /// Nothing: who shares out work does it by `rank` and `size`.
  public func claim(_ round: Int) throws(ProcessGroupError) -> Int? { nil }
}

/// Processes could not exchange what they have.
public struct ProcessGroupError: Error, Hashable, Sendable, CustomStringConvertible {
  /// A full sentence.
  public let description: String

  /// An error with a sentence.
  public init(_ description: String) { self.description = description }
}

/// One process that has no others.
public struct SingleProcess: ProcessGroup {
  /// A group of this process alone.
  public init() {}

  /// 0.
  public var rank: Int { 0 }
  /// 1.
  public var size: Int { 1 }

  /// The bytes themselves.
  public func gather(_ bytes: [UInt8]) -> [[UInt8]] { [bytes] }

  /// Nothing: there are no others to end.
  public func abort(_ status: Int32) {}
}
