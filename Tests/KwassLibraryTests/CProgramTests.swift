import Foundation
import TestSupport
import Testing

/// C programs that are compiled with the header and linked with the library, as users do it.
@Suite struct CProgramTests {
  private static let root = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  /// The folder of what was built, with the dynamic library in it.
  private static let products: URL = {
    var folder = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent()
    for _ in 0..<8 {
      let library = folder.appending(path: "libkwass-c.so")
      if FileManager.default.fileExists(atPath: library.path) { return folder }
      folder.deleteLastPathComponent()
    }
    return root.appending(path: ".build/release")
  }()

  private static func program(_ name: String) -> String? {
    (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
      .map { "\($0)/\(name)" }.first { FileManager.default.isExecutableFile(atPath: $0) }
  }

  /// Compiles a source and runs the program.
  private func run(
    _ source: String, compiler: String, _ flags: [String]
  ) throws -> ChildProcess.Outcome? {
    guard let compiler = Self.program(compiler) else { return nil }
    let folder = try TemporaryDirectory()
    let products = Self.products.path
    let compiled = try ChildProcess(
      compiler,
      flags + [
        "-Wall", "-Wextra", "-Werror", Self.root.appending(path: source).path,
        "-I\(Self.root.path)/Sources/CKwass/include", "-L\(products)", "-Wl,-rpath,\(products)",
        "-lkwass-c", "-lm", "-o", folder["program"],
      ]
    ).outcome()
    #expect(compiled.status == 0, "\(compiled.report)")
    return try ChildProcess(folder["program"], []).outcome()
  }

  @Test(arguments: [
    ("gcc", ["-std=c99", "-pedantic"]), ("clang", ["-std=c99", "-pedantic"]),
    ("g++", ["-x", "c++", "-std=c++11"]),
  ])
  func everyFunctionAndRefusal(compiler: String, flags: [String]) throws {
    guard let outcome = try run("Tests/Programs/boundary.c", compiler: compiler, flags) else {
      return print("not run: there is no \(compiler) here")
    }
    #expect(outcome.status == 0 && outcome.output == "ok\n", "\(outcome.report)")
  }

  @Test func theExampleOfTheDocumentation() throws {
    guard let outcome = try run("Examples/C/two_clouds.c", compiler: "cc", ["-std=c99"]) else {
      return print("not run: there is no cc here")
    }
    #expect(outcome.status == 0, "\(outcome.report)")
    #expect(outcome.output.hasPrefix("W_2 = 0.54513 in [0.54513, 0.54513]"))
  }
}
