import KineticTransport
import Libc
import Synchronization

/// Reads HDF5 files in another process: this program started again, in which the HDF5 library may
/// crash. It ends with the channel.
public final class HDF5Helper: HDF5Channel {
  /// The argument that makes this program a reader for another one.
  public static let argument = "--read-hdf5"

  private let program: String
  private let process = Mutex<HelperProcess?>(nil)

  /// A helper that is started when it is needed first.
  ///
  /// - Parameter program: the path of `kwass`; this program itself where it is left out, even when its
  ///   file was moved or replaced meanwhile.
  public init(program: String? = nil) {
    self.program = program ?? Self.thisProgram
  }

  /// The number of the process that reads; `nil` while none runs.
  package var processNumber: Int32? { process.withLock { $0?.number } }

  private static var thisProgram: String {
    access("/proc/self/exe", X_OK) == 0 ? "/proc/self/exe" : CommandLine.arguments[0]
  }

  /// Sends a request and waits for the answer to it.
  public func exchange(_ request: [UInt8]) throws(HDF5ChannelError) -> [UInt8] {
    let program = program
    let outcome = process.withLock { process -> Result<[UInt8], HDF5ChannelError> in
      Result { () throws(HDF5ChannelError) in
        let helper: HelperProcess
        if let running = process {
          helper = running
        } else {
          helper = try HelperProcess(program)
          process = helper
        }
        guard helper.link.send(request), let answer = helper.link.receive() else {
          process = nil
          throw helper.end()
        }
        return answer
      }
    }
    return try outcome.get()
  }

  /// Answers the requests of the process that started this one, until there are no more.
  public static func serve() {
    var service = HDF5Service()
    let link = MessageLink(STDIN_FILENO)
    while let request = link.receive() {
      ProcessorTime.limit(seconds: 10 + service.largestSize / slowestSpeed)
      let answer = service.answer(request)
      ProcessorTime.limit(seconds: 0)
      guard !answer.isEmpty, link.send(answer) else { return }
    }
  }

  /// Bytes a second of processor time; a library that reads more slowly is taken for one that never
  /// ends.
  private static let slowestSpeed = 5_000_000
}

/// The process that reads, and the way to it.
private final class HelperProcess: Sendable {
  let link: MessageLink
  private let process: SpawnedProcess
  /// How it ended, as `waitpid` tells it, once that is known.
  private let status = Mutex<Int32?>(nil)

  init(_ program: String) throws(HDF5ChannelError) {
    var ends: [Int32] = [-1, -1]
    #if os(Linux)
      let kind = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
    #else
      let kind = SOCK_STREAM
    #endif
    guard socketpair(AF_UNIX, kind, 0, &ends) == 0 else { throw Self.failure(errno) }
    link = MessageLink(ends[0])
    defer { close(ends[1]) }

    // The C library names what it finds before it aborts. A crash is told in a sentence, and its trace
    // would only take time.
    let nothing = SpawnedProcess.StandardFile.path("/dev/null", forWriting: true)
    do throws(SpawnedProcess.Failure) {
      process = try SpawnedProcess(
        program, named: "kwass", arguments: [HDF5Helper.argument],
        environment: ["SWIFT_BACKTRACE": "enable=no"],
        files: (.descriptor(ends[1]), nothing, nothing))
    } catch {
      // An object that is not complete is not deinitialized.
      link.close()
      throw Self.failure(error.code)
    }
  }

  var number: pid_t { process.number }

  private static func failure(_ code: Int32) -> HDF5ChannelError {
    .lost("the process that reads HDF5 files cannot be started: \(String(cString: strerror(code)))")
  }

  /// A process that nobody waits for would stay in the table of the system until this one ends.
  deinit { wait() }

  /// Closes the link, at which the process ends, and waits for its end.
  ///
  /// - Returns: how it ended; `nil` where the system does not know.
  @discardableResult
  private func wait() -> Int32? {
    link.close()
    return status.withLock { known in
      if let known { return known }
      guard let status = process.wait() else { return nil }
      known = status
      return status
    }
  }

  /// Waits for the end of a process that does not answer, and says why it ended.
  func end() -> HDF5ChannelError {
    guard let status = wait() else { return .lost("the process that reads HDF5 files was lost") }
    if status == ExitCode.outOfMemory.rawValue << 8 {
      return .lost(
        "the memory does not suffice for the HDF5 library; there is too little, or the file is damaged"
      )
    }
    switch status & 0x7f {
    case SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGTRAP: return .crashed
    case SIGPROF: return .endless
    case 0: return .lost("the process that reads HDF5 files ended with status \(status >> 8)")
    case let signal: return .lost("the process that reads HDF5 files was ended by signal \(signal)")
    }
  }
}

/// A limit on the processor time of this process, at which it ends by `SIGPROF`. Waiting for a disk, or
/// being stopped, does not count.
private enum ProcessorTime {
  /// - Parameter seconds: from now on; 0 for no limit.
  static func limit(seconds: Int) {
    var timer = itimerval()
    timer.it_value.tv_sec = seconds
    #if canImport(Glibc)
      setitimer(__itimer_which_t(ITIMER_PROF.rawValue), &timer, nil)
    #else
      setitimer(ITIMER_PROF, &timer, nil)
    #endif
  }
}
