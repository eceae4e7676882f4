import Libc

/// A program that a test runs, with no signal blocked and nothing at its standard input.
///
/// Every process is waited for by its number: exit tests wait for any child, and never see the end of
/// their own while another one that has ended is left unclaimed.
public struct ChildProcess {
  private let process: SpawnedProcess
  /// Where its standard output and standard error are read.
  private let ends: [Int32]

  /// How a program ended.
  public struct Outcome {
    /// The exit status, or 128 and the number of the signal that ended it, as a shell counts.
    public let status: Int32
    /// What it wrote to standard output.
    public let output: String
    /// What it wrote to standard error.
    public let report: String
  }

  /// Starts a program.
  ///
  /// - Parameters:
  ///   - program: its path.
  ///   - arguments: what follows the name of the program.
  ///   - environment: variables beside, or in the place of, those of this process.
  ///   - output: a file that is its standard output; a pipe that `outcome` reads unless it is given.
  public init(
    _ program: String, _ arguments: [String], environment: [String: String] = [:],
    output: String? = nil
  ) throws {
    let (outputEnds, reportEnds) = (try Self.closingPipe(), try Self.closingPipe())
    ends = [outputEnds[0], reportEnds[0]]
    defer { for end in [outputEnds[1], reportEnds[1]] { close(end) } }
    do throws(SpawnedProcess.Failure) {
      process = try SpawnedProcess(
        program, arguments: arguments, environment: environment,
        files: (
          .path("/dev/null", forWriting: false),
          output.map { .path($0, forWriting: true) } ?? .descriptor(outputEnds[1]),
          .descriptor(reportEnds[1])
        ))
    } catch {
      errno = error.code
      throw SystemFailure(doing: "posix_spawn \(program)")
    }
  }

  /// Sends it a signal.
  public func send(_ signal: Int32) { kill(process.number, signal) }

  /// Reads what it writes until its end.
  public func outcome() throws -> Outcome {
    var texts: [[UInt8]] = [[], []]
    var open = ends.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
    var chunk = [UInt8](repeating: 0, count: 1 << 16)
    while open.contains(where: { $0.fd >= 0 }) {
      guard poll(&open, nfds_t(open.count), -1) >= 0 || errno == EINTR else {
        throw SystemFailure(doing: "poll")
      }
      for index in open.indices where open[index].fd >= 0 && open[index].revents != 0 {
        let count = read(open[index].fd, &chunk, chunk.count)
        if count > 0 { texts[index] += chunk[..<count] } else { open[index].fd = -1 }
      }
    }
    for end in ends { close(end) }
    guard let status = process.wait() else { throw SystemFailure(doing: "waitpid") }
    return Outcome(
      status: SpawnedProcess.shellStatus(status),
      output: String(decoding: texts[0], as: UTF8.self),
      report: String(decoding: texts[1], as: UTF8.self))
  }

  /// The two ends of a pipe, which close where another program starts. One that is started on another
  /// thread between the two calls keeps them open until it ends, which only takes time.
  private static func closingPipe() throws -> [Int32] {
    var ends: [Int32] = [-1, -1]
    guard pipe(&ends) == 0, ends.allSatisfy({ fcntl($0, F_SETFD, FD_CLOEXEC) == 0 }) else {
      throw SystemFailure(doing: "pipe")
    }
    return ends
  }
}
