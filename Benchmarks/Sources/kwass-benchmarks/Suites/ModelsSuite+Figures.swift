import Foundation
import KineticTransport

extension ModelsSuite {
  /// Draws what the papers' figures show, as a user would, into files that begin with a prefix.
  static func drawFigures(_ prefix: String) throws {
    let kwass = try Project.kwass()
    func draw(_ line: String) throws {
      _ = try ChildProcess.run(kwass, line.split(separator: " ").map(String.init))
    }
    // Bonnaillie-Noël, Carrillo, Goudon and Pavliotis, figures 1 to 12.
    let cases = [
      ("A", "1,2,5,10,20,50,100", "1,5,10", "", 10), ("B", "1,2,3,3.6,4,5,6", "1,5", "", 15),
      ("C", "1,5,10,25", "5", " --delta 1", 10),
    ]
    for (name, gammas, few, delta, modes) in cases {
      let deltas = delta.isEmpty ? "" : " --delta .1,.25,.5,1,2,3,4"
      let start = "coefficients --case \(name)"
      let file = "\(prefix)-case-\(name)"
      try draw(
        "\(start) --gamma \(gammas)\(deltas) --modes \(delta.isEmpty ? 4 : 1) "
          + "--figure \(file)-coefficients.svg --eigenvalue-figure \(file)-eigenvalues.svg")
      try draw(
        "\(start) --gamma \(few)\(delta) --modes \(modes) --convergence-figure \(file)-sums.svg "
          + "--mode-figure \(file)-modes.svg")
    }
    let folder = FileManager.default.temporaryDirectory
      .appendingPathComponent("kwass-benchmarks-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    // Shvydkoy and Teolis, figures 1 and 2.
    let flocks = "\(folder.path)/flocks.npz"
    try draw("sample two-flocks -o \(flocks)")
    for (system, lattice) in [("cucker-smale", ""), ("w-model", " --lattice 96,96")] {
      try draw(
        "evolve \(flocks) --system \(system) --phi power:40 --strength 10\(lattice) --until 1 "
          + "--every .05 -o \(folder.path)/\(system).npz --figure \(prefix)-\(system).svg "
          + "--spread-figure \(prefix)-\(system)-spread.svg")
    }
    let starts = try (6...11).map { power in
      let path = "\(folder.path)/\(1 << power).npz"
      try draw(
        "sample density-wave --count \(1 << power) --seed 1 --quiet-start --thermal-speed .1 -o "
          + path)
      return path
    }
    try draw(
      "stability \(starts.joined(separator: " ")) --theorem mean-field --system cucker-smale "
        + "--phi power:10 --strength .1 --until 3 --every 1 --figure \(prefix)-mean-field.svg")
  }
}
