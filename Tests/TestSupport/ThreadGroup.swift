import Libc
import OptimalTransport

/// Threads that stand for the processes of a group.
public final class ThreadGroup: @unchecked Sendable {
  /// How many there are.
  public let size: Int
  // All that follows is used with the condition locked.
  private let condition = Condition()
  private var sent: [[UInt8]?]
  private var all: [[UInt8]] = []
  private var rounds = 0
  private var isOver = false
  private var bytes: [Int]
  /// For each round the next number.
  private var next: [Int: Int] = [:]

  /// Whether it deals out numbers.
  public let deals: Bool

  /// A group of so many.
  public init(size: Int, deals: Bool = true) {
    (self.size, self.deals) = (size, deals)
    sent = Array(repeating: nil, count: size)
    bytes = Array(repeating: 0, count: size)
  }

  /// How many bytes each has sent.
  public var bytesSent: [Int] { condition.withLock { bytes } }

  /// One of the threads.
  public struct Member: ProcessGroup {
    /// Which of them.
    public let rank: Int
    let group: ThreadGroup
    /// How many there are.
    public var size: Int { group.size }

    /// One of a group.
    public init(rank: Int, group: ThreadGroup) { (self.rank, self.group) = (rank, group) }

    /// Waits for all others.
    public func gather(_ bytes: [UInt8]) throws(ProcessGroupError) -> [[UInt8]] {
      let all = group.condition.withLock { group.exchange(bytes, of: rank) }
      guard let all else { throw ProcessGroupError("The job is over.") }
      return all
    }

    /// The next number of a round.
    public func claim(_ round: Int) -> Int? {
      guard group.deals else { return nil }
      return group.condition.withLock {
        defer { group.next[round, default: 0] += 1 }
        return group.next[round, default: 0]
      }
    }

    /// Lets all exchanges fail from now on.
    public func abort(_ status: Int32) {
      group.condition.withLock {
        group.isOver = true
        group.condition.broadcast()
      }
    }
  }

  private func exchange(_ own: [UInt8], of rank: Int) -> [[UInt8]]? {
    guard !isOver else { return nil }
    sent[rank] = own
    bytes[rank] += own.count
    let round = rounds
    if sent.allSatisfy({ $0 != nil }) {
      // Nobody can end the next round before all have taken this one, and sent again.
      all = sent.compactMap(\.self)
      sent = sent.map { _ in nil }
      rounds += 1
      condition.broadcast()
    }
    while rounds == round, !isOver { condition.wait() }
    return rounds == round ? nil : all
  }

  /// What each of the threads gives, in the order of their ranks. One that ends by an error leaves the others alone
  /// with what they wait for, as a process would that has ended.
  public func run<Value: Sendable>(
    _ body: @escaping @Sendable (Member) throws -> Value
  ) -> [Result<Value, any Error>] {
    let results = Results<Value>(size)
    let threads = (0..<size).map { rank in
      startedThread {
        let result = Result { try body(Member(rank: rank, group: self)) }
        results.set(result, at: rank)
      }
    }
    for case let thread? in threads { pthread_join(thread, nil) }
    return results.all
  }

  private final class Results<Value: Sendable>: @unchecked Sendable {
    private let condition = Condition()
    private var found: [Result<Value, any Error>?]
    init(_ count: Int) { found = Array(repeating: nil, count: count) }
    func set(_ result: Result<Value, any Error>, at place: Int) {
      condition.withLock { found[place] = result }
    }
    var all: [Result<Value, any Error>] { condition.withLock { found.compactMap(\.self) } }
  }
}

/// A lock whose holder can wait for others.
private final class Condition: @unchecked Sendable {
  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)

  init() {
    pthread_mutex_init(mutex, nil)
    pthread_cond_init(condition, nil)
  }

  deinit {
    pthread_cond_destroy(condition)
    pthread_mutex_destroy(mutex)
    condition.deallocate()
    mutex.deallocate()
  }

  func withLock<Value>(_ body: () -> Value) -> Value {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    return body()
  }

  func wait() { pthread_cond_wait(condition, mutex) }
  func broadcast() { pthread_cond_broadcast(condition) }
}

/// A thread with a stack as large as that of the main one.
private func startedThread(_ body: @escaping @Sendable () -> Void) -> pthread_t? {
  final class Work {
    let body: @Sendable () -> Void
    init(_ body: @escaping @Sendable () -> Void) { self.body = body }
  }
  var attributes = pthread_attr_t()
  pthread_attr_init(&attributes)
  defer { pthread_attr_destroy(&attributes) }
  pthread_attr_setstacksize(&attributes, 8 << 20)
  var thread = pthread_t()
  let work = Unmanaged.passRetained(Work(body))
  let failure = pthread_create(
    &thread, &attributes,
    { pointer in
      guard let pointer else { return nil }
      Unmanaged<Work>.fromOpaque(pointer).takeRetainedValue().body()
      return nil
    }, work.toOpaque())
  guard failure == 0 else {
    work.release()
    return nil
  }
  return thread
}
