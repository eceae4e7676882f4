import OptimalTransport
import TestSupport
import Testing

@testable import Snapshots

/// SMILEI's tracked particles in both of its layouts, and identities in openPMD files. The files are
/// h5py's (`Tests/Fixtures/make_hdf5.py`).
@Suite struct TrackedParticlesTests {
  private static let late: UInt64 = 1 << 32 + 1

  private func read(
    _ name: String, _ change: (inout ReadingOptions) -> Void = { _ in }
  ) throws(SnapshotError) -> SnapshotFile {
    var options = ReadingOptions()
    change(&options)
    return try SnapshotFile.read(fixture(name), options: options)
  }

  private func sentence(
    _ name: String, _ change: (inout ReadingOptions) -> Void = { _ in }
  ) -> String {
    do throws(SnapshotError) {
      return "read \(try read(name, change).snapshot.count) particles"
    } catch {
      return error.description
    }
  }

  @Test(arguments: ["TrackParticles_eon.h5", "TrackParticlesDisordered_eon.h5"])
  func bothLayouts(name: String) throws {
    #expect(try SnapshotFile.iterations(of: fixture(name)) == [0, 50])
    for (step, present) in [(0, [1, 2]), (50, [1, 2, Self.late])] {
      let file = try read(name) { $0.iteration = step }
      let snapshot = file.snapshot
      let ids = try #require(snapshot.ids)
      #expect(ids.sorted() == present)
      #expect(snapshot.positions.count == 2 && snapshot.velocities.count == 3)
      let weights = try #require(snapshot.weights)
      for (index, id) in ids.enumerated() {
        // The number within its process, by which the fixture was made.
        let number = Double(id % (1 << 32))
        #expect(snapshot.positions[0][index] == number + Double(step))
        #expect(snapshot.positions[1][index] == 2 * number + Double(step))
        #expect(snapshot.velocities.map { $0[index] } == [0.1, 0.2, 0.3].map { $0 * number })
        #expect(weights[index] == (id == 2 ? 0.5 : 0.25))
      }
      #expect(
        file.notes.contains { $0.description.hasPrefix("No mass is stated; momenta are kept") })
    }
  }

  /// Both files are of the same run, so that identities lead from one to the other.
  @Test func theLayoutsAgree() throws {
    let ordered = try read("TrackParticles_eon.h5") { $0.iteration = 50 }
    let written = try read("TrackParticlesDisordered_eon.h5") { $0.iteration = 50 }
    let places = try ordered.places(in: written)
    #expect(places == [1, 2, 0])
    for (first, second) in zip(ordered.snapshot.positions, written.snapshot.positions) {
      #expect(Array(first) == places.map { second[$0] })
    }
    // The code states a time, its tool only time steps.
    #expect(ordered.snapshot.time == 50 && written.snapshot.time == 5)
    #expect(ordered.facts.contains(SnapshotFact("time unit", "time steps")))
    let first = try read("TrackParticles_eon.h5") { $0.iteration = 0 }
    #expect(first.notes.contains("1 particle is tracked at other time steps only."))
    #expect(throws: SnapshotError.self) { try first.places(in: ordered) }
    #expect(throws: SnapshotError.self) { try ordered.places(in: first) }
  }

  @Test func choicesAndErrors() throws {
    let name = "TrackParticles_eon.h5"
    #expect(
      sentence(name)
        == "\(fixture(name)), /: found the time steps 0, 50, expected one time step, or a choice "
        + "(ReadingOptions.iteration = 0).")
    #expect(sentence(name) { $0.iteration = 7 }.contains("the time step 7 among them"))
    let some = try read(name) {
      $0.iteration = 50
      $0.positionComponents = ["y"]
      $0.velocityComponents = ["z", "x"]
    }
    #expect(some.snapshot.positions == [[52, 54, 52]])
    #expect(some.snapshot.velocities.map { $0[0] } == [0.3, 0.1])
    #expect(
      sentence(name) {
        $0.iteration = 50
        $0.positionComponents = ["z"]
      }.contains("found no array \"z\""))
  }

  // MARK: Identities

  @Test func identitiesOfOpenPMD() throws {
    let lost = try read("ids.h5") { $0.species = "lost" }
    #expect(lost.snapshot.ids == [.max, 0] && lost.snapshot.positions == [[1, 3]])
    let all = try read("ids.h5") {
      $0.species = "lost"
      $0.includesLost = true
    }
    #expect(all.snapshot.ids == [.max, 7, 0])
    #expect(try read("ids.h5") { $0.species = "signed" }.snapshot.ids == [5, 3, 1 << 62])
    for species in ["negative", "floating"] {
      let file = try read("ids.h5") { $0.species = species }
      #expect(file.snapshot.ids == nil)
      #expect(
        file.notes.contains("The ids are no nonnegative whole numbers; they are not used."))
    }
    #expect(
      sentence("ids.h5") { $0.species = "few" }.contains("found 2 ids, expected one for each of 3"))
  }

  @Test func identitiesOfOtherArrays() throws {
    let mapped = try read("ids.h5") {
      $0.datasets = DatasetMapping(
        "x=/data/3/particles/lost/position/x,id=/data/3/particles/signed/id")
    }
    #expect(mapped.snapshot.ids == [5, 3, 1 << 62])
    for wrong in ["negative", "floating", "few"] {
      #expect(
        sentence("ids.h5") {
          $0.datasets = DatasetMapping(
            "x=/data/3/particles/lost/position/x,id=/data/3/particles/\(wrong)/id")
        }.hasSuffix("expected one nonnegative whole number for each particle."))
    }
    #expect(DatasetMapping("f=/f,x=/x,id=/i") == nil)
    let directory = try TemporaryDirectory()
    var archive = try ZipWriter(path: directory["a.npz"])
    try archive.add("x", [[1, 2]], shape: [2, 1])
    try archive.add("id", [[1, 2]], shape: [2])
    try archive.commit()
    #expect(throws: SnapshotError.self) { try SnapshotFile.read(directory["a.npz"]) }
    archive = try ZipWriter(path: directory["a.npz"])
    try archive.add("x", [[1, 2]], shape: [2, 1])
    try archive.add("id", indices: [5, -1])
    try archive.commit()
    let outcome = #expect(throws: SnapshotError.self) {
      try SnapshotFile.read(directory["a.npz"])
    }
    #expect(outcome?.description.contains("array id: found a negative number") == true)
  }

  /// Not one time step, which would leave nothing to choose from.
  @Test func anEmptyListOfTimeStepsIsRefused() throws {
    let directory = try TemporaryDirectory()
    try HDF5Output.write(to: directory["a.h5"]) { root throws(SnapshotError) in
      try root.dataset("Times", wholes: [])
      try root.dataset("Id", wholes: [1, 2], shape: [1, 2])
      try root.dataset("x", [0.5, 0.25], shape: [1, 2])
    }
    let error = #expect(throws: SnapshotError.self) { try SnapshotFile.read(directory["a.h5"]) }
    #expect("\(error, default: "")".contains("expected a list of time steps"))
  }
}
