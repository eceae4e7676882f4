import Foundation

/// Where and on what figures were measured.
struct Machine: Codable {
  /// The processor's name.
  let processor: String
  /// The widest vector instructions that it has.
  let instructionSet: String
  /// The processors that may be used.
  let threads: Int
  /// The memory in bytes.
  let memory: UInt64
  /// The commit of the source, with "+" when files differ from it.
  let commit: String

  static func current() throws -> Machine {
    let description = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? ""
    func field(_ name: String) -> String? {
      description.split(separator: "\n").first { $0.hasPrefix(name) }?
        .split(separator: ":", maxSplits: 1).last.map { $0.trimmingCharacters(in: .whitespaces) }
    }
    let flags = Set((field("flags") ?? "").split(separator: " "))
    let repository = Project.root
    let head = try? ChildProcess.run("git", ["-C", repository, "rev-parse", "--short=12", "HEAD"])
    let changes = try? ChildProcess.run(
      "git", ["-C", repository, "status", "--porcelain", "--untracked-files=no"])
    return Machine(
      processor: field("model name") ?? "unknown processor",
      instructionSet: flags.contains("avx512f")
        ? "AVX-512" : flags.contains("avx2") ? "AVX2" : "base",
      threads: ProcessInfo.processInfo.activeProcessorCount,
      memory: ProcessInfo.processInfo.physicalMemory,
      commit: (head?.output.trimmingCharacters(in: .whitespacesAndNewlines) ?? "unknown")
        + (changes?.output.isEmpty ?? true ? "" : "+"))
  }

  var summary: String {
    "\(processor), \(instructionSet), \(threads) threads, \(memory >> 30) GB, commit \(commit)"
  }
}

/// The files of the project that the benchmarks belong to.
enum Project {
  /// The package `kinetic-transport`.
  static let root = (0..<5).reduce(URL(fileURLWithPath: #filePath)) { url, _ in
    url.deletingLastPathComponent()
  }.path

  /// A file in `Benchmarks/peers`.
  static func peer(_ name: String) -> String { "\(root)/Benchmarks/peers/\(name)" }

  /// Python with the peers, in an environment that is made where it is not there yet. That needs
  /// the network, once.
  static func python() throws -> String {
    let made = try ChildProcess.run("bash", [peer("setup.sh")])
    return made.output.trimmingCharacters(in: .whitespacesAndNewlines)
  }

  /// Builds the command as a user would, and says where it is.
  static func kwass() throws -> String {
    let options = ["build", "-c", "release", "--package-path", root, "--product", "kwass"]
    _ = try ChildProcess.run("swift", options)
    let folder = try ChildProcess.run("swift", options + ["--show-bin-path"])
    return folder.output.trimmingCharacters(in: .whitespacesAndNewlines) + "/kwass"
  }
}
