import OptimalTransport
import Testing

@testable import KwassCommand

@Suite struct ProgressLineTests {
  @Test func appearsOnATerminalAndGoesAway() async throws {
    let console = TestConsole(isInteractive: true)
    let line = ProgressLine("reading", on: console, after: 0.01)
    #expect(line.handler(SolverProgress(stage: .sorting, fraction: 0.5)))
    for _ in 0..<500 where console.report.isEmpty { try await Task.sleep(for: .milliseconds(10)) }
    #expect(console.report.hasPrefix("\r\u{1b}[Ksorting 50 %, 0 s"))
    line.begin("verifying")
    line.finish()
    #expect(console.report.hasSuffix("\r\u{1b}[K"))
    let after = console.report
    try await Task.sleep(for: .milliseconds(300))
    #expect(console.report == after)
  }

  @Test(arguments: [Double.nan, -1, 2, .infinity])
  func impossibleFractionsAreNotShown(fraction: Double) async throws {
    let console = TestConsole(isInteractive: true)
    let line = ProgressLine("reading", on: console, after: 0)
    _ = line.handler(SolverProgress(stage: .certifying, fraction: fraction))
    for _ in 0..<500 where !console.report.contains("certifying") {
      try await Task.sleep(for: .milliseconds(10))
    }
    line.finish()
    #expect(
      console.report.contains("certifying, 0 s") || console.report.contains("certifying, 1 s"))
  }

  @Test func staysAwayFromFilesAndQuickWork() async throws {
    let file = TestConsole(isInteractive: false)
    let slow = ProgressLine("reading", on: file, after: 0)
    try await Task.sleep(for: .milliseconds(300))
    slow.finish()
    #expect(file.report.isEmpty)
    let terminal = TestConsole(isInteractive: true)
    let quick = ProgressLine("reading", on: terminal)
    quick.finish()
    #expect(terminal.report.isEmpty)
  }
}
