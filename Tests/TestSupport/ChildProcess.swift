import Libc

/// A program that a test runs, with no signal blocked and nothing at its standard input.
///
/// Every process is waited for by its number: exit tests wait for any child, and never see the end of
/// their own while another one that has ended is left unclaimed.
public struct ChildProcess {
  private let number: pid_t
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
    #if canImport(Glibc)
      var (actions, attributes) = (posix_spawn_file_actions_t(), posix_spawnattr_t())
    #else
      var (actions, attributes): (posix_spawn_file_actions_t?, posix_spawnattr_t?)
    #endif
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    // Threads of tests block signals, and what they start inherits that.
    var none = sigset_t()
    sigemptyset(&none)
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
    if let output {
      posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, output, O_WRONLY, 0)
    } else {
      posix_spawn_file_actions_adddup2(&actions, outputEnds[1], STDOUT_FILENO)
    }
    posix_spawn_file_actions_adddup2(&actions, reportEnds[1], STDERR_FILENO)
    var variables = environment.map { "\($0)=\($1)" }
    var next = environ
    while let variable = next.pointee {
      let text = String(cString: variable)
      if environment[String(text.prefix { $0 != "=" })] == nil { variables.append(text) }
      next += 1
    }
    let words = ([program] + arguments).map { strdup($0) } + [nil]
    let settings = variables.map { strdup($0) } + [nil]
    defer { for word in words + settings { free(word) } }
    var number: pid_t = 0
    let code = posix_spawn(&number, program, &actions, &attributes, words, settings)
    errno = code
    guard code == 0 else { throw SystemFailure(doing: "posix_spawn \(program)") }
    self.number = number
  }

  /// Sends it a signal.
  public func send(_ signal: Int32) { kill(number, signal) }

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
    var status: Int32 = 0
    while waitpid(number, &status, 0) < 0 {
      guard errno == EINTR else { throw SystemFailure(doing: "waitpid") }
    }
    let signal = status & 0x7f
    return Outcome(
      status: signal == 0 ? status >> 8 & 0xff : 128 + signal,
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
