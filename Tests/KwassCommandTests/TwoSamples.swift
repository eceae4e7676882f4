import TestSupport

@testable import KwassCommand

extension TemporaryDirectory {
  /// Two small samples of beams of different speeds; the name of the first must be quoted in shells and in XML.
  func twoSamples() -> (String, String) {
    let (a, b) = (self["a's <1>.csv"], self["b.csv"])
    for (path, speed) in [(a, "2"), (b, "2.4")] {
      _ = kwass(
        "sample", "two-stream", "--count", "60", "--seed", "1", "--beam-speed", speed, "-o", path)
    }
    return (a, b)
  }

  /// What a file of the folder holds.
  func text(_ name: String) throws -> String {
    String(decoding: try bytes(ofFile: self[name]), as: UTF8.self)
  }
}
