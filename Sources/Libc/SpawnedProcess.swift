/// Another program that this one started.
///
/// It must be waited for: a process that nobody waits for stays in the table of the system until this
/// one ends.
package struct SpawnedProcess: Sendable {
  /// The number of the process.
  package let number: pid_t

  /// A standard file of the program.
  package enum StandardFile: Sendable {
    /// What an open descriptor of this process refers to.
    case descriptor(Int32)
    /// A file that is opened for reading or for writing.
    case path(String, forWriting: Bool)
  }

  /// The error code of the system that says why a program cannot be started.
  package struct Failure: Error {
    /// The code, as `errno` has it.
    package let code: Int32

    /// What it says.
    package var message: String { String(cString: strerror(code)) }
  }

  /// Starts a program, with no signal blocked.
  ///
  /// - Parameters:
  ///   - program: its path, or a name that is looked for on the PATH.
  ///   - name: what the program is told to be called; `program` unless it is given.
  ///   - arguments: what follows the name.
  ///   - environment: variables that add to, or override, those of this process.
  ///   - files: its standard input, standard output and standard error.
  package init(
    _ program: String, named name: String? = nil, arguments: [String] = [],
    environment: [String: String] = [:],
    files: (input: StandardFile, output: StandardFile, error: StandardFile)
  ) throws(Failure) {
    #if canImport(Darwin)
      var (actions, attributes): (posix_spawn_file_actions_t?, posix_spawnattr_t?)
    #else
      var (actions, attributes) = (posix_spawn_file_actions_t(), posix_spawnattr_t())
    #endif
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    // Threads of Dispatch block all signals, and what they start inherits that.
    var none = sigset_t()
    sigemptyset(&none)
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
    for (number, file) in zip(
      [STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO], [files.input, files.output, files.error])
    {
      switch file {
      case .descriptor(let descriptor):
        posix_spawn_file_actions_adddup2(&actions, descriptor, number)
      case .path(let path, let forWriting):
        posix_spawn_file_actions_addopen(
          &actions, number, path, forWriting ? O_WRONLY : O_RDONLY, 0)
      }
    }
    var variables = environment.map { "\($0)=\($1)" }
    var next = environ
    while let variable = next.pointee {
      let text = String(cString: variable)
      if environment[String(text.prefix { $0 != "=" })] == nil { variables.append(text) }
      next += 1
    }
    let words = ([name ?? program] + arguments).map { strdup($0) } + [nil]
    let settings = variables.map { strdup($0) } + [nil]
    defer { for word in words + settings { free(word) } }
    var number: pid_t = 0
    let code = posix_spawnp(&number, program, &actions, &attributes, words, settings)
    guard code == 0 else { throw Failure(code: code) }
    self.number = number
  }

  /// Waits for the end of the program; to be called once.
  ///
  /// - Returns: how it ended, as `waitpid` tells it; `nil` where the system does not know.
  package func wait() -> Int32? {
    var status: Int32 = 0
    while waitpid(number, &status, 0) < 0 {
      guard errno == EINTR else { return nil }
    }
    return status
  }

  /// The exit status, or 128 and the number of the signal that ended a program, as a shell counts.
  package static func shellStatus(_ status: Int32) -> Int32 {
    let signal = status & 0x7f
    return signal == 0 ? status >> 8 & 0xff : 128 + signal
  }
}
