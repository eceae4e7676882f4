import Foundation
import KineticTransport

#if canImport(Glibc)
  import Glibc
#endif

/// A process that was run to its end.
struct ChildProcess {
  /// What it wrote to its standard output.
  let output: String
  /// Wall-clock seconds from start to end.
  let seconds: Double
  /// The largest resident memory it ever had, in bytes.
  let peakMemory: Int

  /// Runs a program and measures it from outside.
  ///
  /// The parent stays small, so that the memory that a child inherits at its start does not show.
  ///
  /// - Parameter processors: 1 binds the process to one processor; `nil` leaves it all of them.
  /// - Throws: `BenchmarkError` unless it ends with status 0.
  static func run(
    _ program: String, _ arguments: [String], processors: Int? = nil
  ) throws -> ChildProcess {
    let words = (processors == 1 ? ["taskset", "-c", "0"] : []) + [program] + arguments
    let outputPath = FileManager.default.temporaryDirectory
      .appendingPathComponent("kwass-benchmarks-\(UUID().uuidString)").path
    defer { unlink(outputPath) }

    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(
      &actions, STDOUT_FILENO, outputPath, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
    var words0: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) }
    words0.append(nil)
    defer { for word in words0 { free(word) } }

    var identifier = pid_t()
    let stopwatch = Stopwatch()
    let failure = posix_spawnp(&identifier, words[0], &actions, nil, words0, environ)
    guard failure == 0 else {
      throw BenchmarkError("\(words[0]) cannot be started: \(String(cString: strerror(failure)))")
    }
    var status: Int32 = 0
    var usage = rusage()
    while wait4(identifier, &status, 0, &usage) < 0 {
      guard errno == EINTR else { throw BenchmarkError("\(program) was lost") }
    }
    let seconds = stopwatch.seconds
    guard status == 0 else {
      throw BenchmarkError("`\(words.joined(separator: " "))` failed with wait status \(status)")
    }
    #if os(Linux)
      let unit = 1024
    #else
      let unit = 1
    #endif
    return ChildProcess(
      output: try String(contentsOfFile: outputPath, encoding: .utf8), seconds: seconds,
      peakMemory: Int(usage.ru_maxrss) * unit)
  }

  /// What the process wrote, as JSON.
  func decoded<Value: Decodable>(as type: Value.Type) throws -> Value {
    try JSONDecoder().decode(type, from: Data(output.utf8))
  }
}

/// Why a benchmark gave no figures, or wrong results.
struct BenchmarkError: Error, CustomStringConvertible {
  let description: String
  init(_ description: String) { self.description = description }
}
