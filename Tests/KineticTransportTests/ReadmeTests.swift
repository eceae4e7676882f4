import Foundation
import KineticTransport
import Testing

@Suite struct ReadmeTests {
  /// The file beside this one is what readers are told to write: it compiles because this test does.
  @Test func exampleIsTheReadmes() throws {
    let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    let readme = try String(
      contentsOf: folder.deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("README.md"), encoding: .utf8)
    let example = try String(
      contentsOf: folder.appendingPathComponent("ReadmeExample.swift"), encoding: .utf8)
    let parts = readme.components(separatedBy: "```swift\n")
    #expect(parts.count == 2)
    #expect(parts.last?.hasPrefix(example + "```") == true)
  }

  /// Two runs that differ by a shift α and a boost u, flown freely: the plain distance grows with
  /// α + tu, and freed from the flow it stays √(α² + u²) (mathematics, case A).
  @Test func exampleTakesOutTheFreeFlow() throws {
    let (shift, boost, time) = (0.01, 0.02, 0.5)
    let x = [0.1, 0.45, 0.8]
    let v = [1.0, 2, 3]
    func flown(shift: Double, boost: Double) -> (x: [Double], v: [Double]) {
      (zip(x, v).map { $0 + shift + time * ($1 + boost) }, v.map { $0 + boost })
    }
    let runs = (flown(shift: 0, boost: 0), flown(shift: shift, boost: boost))
    let freed = try separation(of: runs.0, and: runs.1, at: time)
    let plain = try separation(of: runs.0, and: runs.1, at: 0)
    let moved = shift + time * boost
    // Coordinates of size 1 carry an error of one rounding, which α = 0.01 shows a hundredfold.
    #expect(abs(freed.distance - (shift * shift + boost * boost).squareRoot()) < 1e-14)
    #expect(abs(plain.distance - (moved * moved + boost * boost).squareRoot()) < 1e-14)
  }
}
