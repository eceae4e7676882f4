import OptimalTransport
import TestSupport
import Testing

@testable import Snapshots

@Suite struct SolutionFileTests {
  private let directory: TemporaryDirectory
  init() throws { directory = try TemporaryDirectory() }

  private let plan = TransportPlan(
    sources: [0, 1, 70_000], targets: [2, 2, 0], masses: [0.1, 0.2, 0.7])
  private let potentials = Potentials(source: [1.5, -1e-300], target: [1 / 3])

  private func columns(_ path: String) throws -> [String: [Double]] {
    let file = try InputFile(path: path)
    return try ZipDirectory(file).members.reduce(into: [:]) { columns, member in
      let source = try ZipMemberBytes(member, of: file, called: member.name)
      let header = try NPYHeader.read(from: source)
      columns[member.name] = try NPYArray.readColumns(header, from: source)[0].array
    }
  }

  @Test func writesPlans() throws {
    try SolutionFile.write(plan, to: directory["p.npz"])
    #expect(
      try columns(directory["p.npz"])
        == ["i.npy": [0, 1, 70_000], "j.npy": [2, 2, 0], "mass.npy": [0.1, 0.2, 0.7]])
    try SolutionFile.write(plan, to: directory["p.csv"])
    #expect(
      String(decoding: try bytes(ofFile: directory["p.csv"]), as: UTF8.self)
        == "i,j,mass\n0,2,0.1\n1,2,0.2\n70000,0,0.7\n")
  }

  @Test func writesPotentials() throws {
    try SolutionFile.write(potentials, to: directory["p.npz"])
    #expect(
      try columns(directory["p.npz"]) == ["f.npy": [1.5, -1e-300], "g.npy": [1 / 3]])
    try SolutionFile.write(potentials, to: directory["p.csv"])
    #expect(
      String(decoding: try bytes(ofFile: directory["p.csv"]), as: UTF8.self)
        == "potential,point,value\nf,0,1.5\nf,1,-1e-300\ng,0,0.3333333333333333\n")
  }

  @Test(arguments: ["p.npy", "p.txt", "p", "npz"])
  func refusesOtherFormats(name: String) throws {
    #expect(!SolutionFile.accepts(name))
    #expect(throws: SnapshotError.self) { try SolutionFile.write(plan, to: directory[name]) }
    #expect(directory.names.isEmpty)
  }
}
