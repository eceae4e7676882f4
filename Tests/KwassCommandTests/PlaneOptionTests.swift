import KineticTransport
import TestSupport
import Testing

@testable import KwassCommand

/// `--plane` and `--drift`.
@Suite struct PlaneOptionTests {
  private func reading(_ words: String...) throws -> ReadingOptions {
    try SnapshotOptions(
      ArgumentReader(words, command: "kwass info", options: SnapshotOptions.specification)
    ).reading
  }

  @Test(arguments: [
    ("x,px", ["x"], ["x"], ReadingOptions.MomentumUse.momentum),
    ("x,y,vx,vy", ["x", "y"], ["x", "y"], .velocity), ("t,uz", ["t"], ["z"], .betaGamma),
    ("x,xp", ["x"], ["x"], .slope), ("y,y'", ["y"], ["y"], .slope),
    ("x,y", ["x", "y"], [], .velocity),
    ("x2,v1", ["x2"], ["1"], .velocity),
  ])
  func planesAreUnderstood(
    text: String, positions: [String], velocities: [String], momentum: ReadingOptions.MomentumUse
  ) throws {
    let options = try reading("--plane", text)
    #expect(options.positionComponents == positions && options.velocityComponents == velocities)
    #expect(options.momentum == momentum)
  }

  @Test(arguments: [
    ("s,delta", ["s"], ["z"], ReadingOptions.MomentumUse.relative),
    ("x,xp,delta", ["x"], ["x", "z"], .slope),
    ("x,y,qx,qy,delta", ["x", "y"], ["x", "y", "z"], .relative),
  ])
  func deviationsAreUnderstood(
    text: String, positions: [String], velocities: [String], momentum: ReadingOptions.MomentumUse
  ) throws {
    let options = try reading("--plane", text, "--reference", "mean")
    #expect(options.positionComponents == positions && options.velocityComponents == velocities)
    #expect(options.momentum == momentum && options.reference == .mean)
    #expect(try reading("--plane", text, "--reference", "file").reference == .file)
  }

  @Test func othersAreRefused() {
    for text in ["px", "", "x,,px", "x,x", "x,px,vx"] {
      #expect(throws: UsageError.self, "\(text)") { try reading("--plane", text) }
    }
    for (text, words) in [
      ("x,px,delta", "two kinds"), ("x,zp,delta", "two kinds"), ("t,delta", "need --reference"),
      ("x,xp,delta", "need --reference"), ("x,qx", "need --reference"),
    ] {
      let error = #expect(throws: UsageError.self, "\(text)") { try reading("--plane", text) }
      #expect("\(error, default: "")".contains(words), "\(text)")
    }
    #expect(throws: UsageError.self) { try reading("--momentum", "relative") }
    #expect(throws: UsageError.self) { try reading("--reference", "origin") }
    for other in ["--positions", "--velocities"] {
      #expect(throws: UsageError.conflict("--plane says what \(other) says; choose one.")) {
        try reading("--plane", "x,px", other, "x")
      }
    }
    #expect(throws: UsageError.self) { try reading("--drift", "x") }
  }

  /// The same beam, and the plane by its three options.
  @Test func aPlaneIsWhatItsOptionsSay() throws {
    let (a, b) = ("\(fixture("beam.h5"))#0", "\(fixture("beam.h5"))#1")
    func distance(_ options: String...) throws -> Double {
      let console = TestConsole()
      let arguments = ["distance", a, b, "--scale", "x=mm", "--json"] + options
      #expect(Kwass.run(arguments: arguments, console: console) == .success, "\(console.report)")
      return try ParsedJSON(console.output)["distance"].number
    }
    let plane = try distance("--plane", "x,px")
    #expect(
      try plane
        == distance("--positions", "x", "--velocities", "x", "--momentum", "momentum"))
    #expect(try plane != distance("--plane", "y,py"))
    // Half a metre without a field, from either side of the lens: the slopes are those of the screens.
    #expect(try distance("--plane", "x,xp", "--drift", "z=0.5") != distance("--plane", "x,xp"))
  }
}
