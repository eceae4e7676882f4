import Foundation
import KwassCommand
import TestSupport
import Testing

/// The program itself, as a shell runs it.
@Suite struct ProcessTests {
  /// The program beside the tests; `nil`, with a printed notice, where they are built apart.
  private static func run(
    _ arguments: [String], output: FileHandle? = nil
  ) throws -> (status: Int32, output: String, report: String)? {
    let tests = URL(fileURLWithPath: CommandLine.arguments[0])
    let program = tests.deletingLastPathComponent().appendingPathComponent("kwass")
    guard FileManager.default.isExecutableFile(atPath: program.path) else {
      print("Skipped: there is no kwass at \(program.path).")
      return nil
    }
    let process = Process()
    let (outputPipe, errorPipe) = (Pipe(), Pipe())
    process.executableURL = program
    process.arguments = arguments
    process.standardError = errorPipe
    if let output { process.standardOutput = output } else { process.standardOutput = outputPipe }
    try process.run()
    if output != nil { try outputPipe.fileHandleForWriting.close() }
    let text = outputPipe.fileHandleForReading.readDataToEndOfFile()
    let report = errorPipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return (
      process.terminationStatus, String(decoding: text, as: UTF8.self),
      String(decoding: report, as: UTF8.self)
    )
  }

  @Test func statusesReachTheShell() throws {
    let directory = try TemporaryDirectory()
    let a = try directory.write("x1\n1\n", to: "a.csv")
    let b = try directory.write("x1\n3\n", to: "b.csv")
    guard let version = try Self.run(["--version"]) else { return }
    #expect(version == (0, "kwass \(Kwass.version)\n", ""))
    let distance = try Self.run(["distance", a, b, "--json"])
    #expect(distance?.status == 0 && distance?.report == "")
    #expect(try ParsedJSON(distance?.output ?? "")["distance"].number == 2)
    #expect(try Self.run(["distance", a, b, "--max", "1"])?.status == 1)
    #expect(try Self.run([])?.status == 64)
    #expect(try Self.run(["distance", a, try directory.write("x1\n", to: "c.csv")])?.status == 65)
    #expect(try Self.run(["info", directory["none.npz"]])?.status == 66)
    #expect(try Self.run(["distance", a, b, "--plan", "/nowhere/p.csv"])?.status == 73)
  }

  @Test func aFullDiskIsTold() throws {
    // Linux has a device on which every write fails.
    guard let full = FileHandle(forWritingAtPath: "/dev/full"),
      let outcome = try Self.run(["--help"], output: full)
    else { return }
    #expect(outcome.status == 74)
    #expect(outcome.report == "kwass: The output cannot be written: No space left on device.\n")
  }
}
