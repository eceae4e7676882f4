import OptimalTransport
import TestSupport
import Testing

@testable import Snapshots

/// Files that h5py wrote (`Tests/Fixtures/make_hdf5.py`), and real ones.
@Suite struct OpenPMDTests {
  private func options(_ change: (inout ReadingOptions) -> Void) -> ReadingOptions {
    var options = ReadingOptions()
    change(&options)
    return options
  }

  private func sentence(_ path: String, _ options: ReadingOptions = .init()) -> String {
    do {
      let file = try SnapshotFile.read(path, options: options)
      return "read \(file.snapshot.count) particles"
    } catch {
      return error.description
    }
  }

  // MARK: ED-PIC

  @Test func readsEveryKindOfRecord() throws {
    let file = try SnapshotFile.read(
      fixture("edpic.h5"),
      options: options {
        $0.species = "electrons"
        $0.iteration = 100
      })
    let snapshot = file.snapshot
    // (i/4 + i) · 0.5 µm; the constants 0.5 µm and 100.25 µm.
    #expect(isNear(snapshot.positions[0], [0, 0.625e-6, 1.25e-6, 1.875e-6]))
    #expect(isNear(snapshot.positions[1], Array(repeating: 100.75e-6, count: 4)))
    #expect(snapshot.weights == [2, 4, 6, 8])
    // γv = 0.75 c for each real particle, so that γ = 1.25.
    let speed = 0.6 * 299_792_458
    #expect(isNear(snapshot.velocities[0], Array(repeating: speed, count: 4)))
    #expect(snapshot.velocities[1] == [0, 0, 0, 0])
    #expect(isNear([snapshot.time ?? .nan], [25e-15]))
    // 4 cells of 0.5 µm with periodic ends along x, absorbing ends along z.
    let box = try #require(snapshot.box)
    #expect(isNear([box.axes[0].length], [2e-6]) && box.axes[1] == .line)
    #expect(file.notes.isEmpty)
    #expect(file.layout == "openPMD \"1.1.0\", \"ED-PIC\", /data/100/particles/electrons")
  }

  /// Float32 values and attributes in long double limit the digits to those of one rounding.
  private func isNear(_ found: some Collection<Double>, _ expected: some Collection<Double>) -> Bool
  {
    found.count == expected.count
      && zip(found, expected).allSatisfy { abs($0 - $1) <= 4e-16 * abs($1) }
  }

  @Test func momentaCanBeKept() throws {
    let file = try SnapshotFile.read(
      fixture("edpic.h5"),
      options: options {
        $0.species = "ions"
        $0.iteration = 0
        $0.momentum = .momentum
        $0.velocityComponents = ["x"]
        $0.positionComponents = ["z"]
      })
    let momentum = 0.75 * 1836 * 9.1093837015e-31 * 299_792_458
    #expect(file.snapshot.velocities.count == 1)
    #expect(isNear(file.snapshot.velocities[0], [momentum, momentum]))
    #expect(file.snapshot.positions.count == 1)
    #expect(file.snapshot.box?.axes == [.line])
  }

  @Test func whatMustBeChosenIsNamed() throws {
    let path = fixture("edpic.h5")
    #expect(
      sentence(path)
        == "\(path), /: found the iterations 0, 100, expected one iteration, or a choice "
        + "(ReadingOptions.iteration = 0)."
    )
    #expect(
      sentence(path, options { $0.iteration = 0 })
        == "\(path), /data/0/particles: found the species electrons, ions, expected one species, or a choice "
        + "(ReadingOptions.species = electrons).")
    #expect(
      sentence(
        path,
        options {
          $0.iteration = 0
          $0.species = "muons"
        }
      ).hasSuffix("expected the species \"muons\" among them."))
    #expect(
      sentence(
        path,
        options {
          $0.iteration = 0
          $0.species = "ions"
          $0.positionComponents = ["y"]
        }
      ).contains("found the components x, z, expected y among them"))
    #expect(try SnapshotFile.iterations(of: path) == [0, 100])
  }

  @Test func otherFilesEndInASentence() {
    #expect(sentence(fixture("no-openpmd.h5")).contains("without the attribute openPMD"))
    // What was claimed but never written is not set aside.
    #expect(
      sentence(fixture("claims.h5")).contains(
        "found 67108864 numbers of which 0 bytes are stored"))
  }

  // MARK: BeamPhysics

  /// The layout of the real files below: offsets, units in C and in eV/c, particles that are lost.
  @Test func beamPhysicsByHand() throws {
    let directory = try TemporaryDirectory()
    let path = directory["beam.h5"]
    try BeamFile.write(to: path)
    let file = try SnapshotFile.read(path)
    let snapshot = file.snapshot
    // The second of four particles is lost.
    #expect(snapshot.positions[0] == [1e-3, 3e-3, 4e-3])
    #expect(snapshot.positions[2] == [1.0001, 1.0001, 1.0001])
    #expect(snapshot.weights == [1e-15, 3e-15, 4e-15])
    #expect(file.facts.contains(SnapshotFact("weights", "weight in C")))
    #expect(file.notes.contains { $0.description.hasPrefix("1 particle is marked as not alive") })
    // p = ¾ mc in all, of which the offset is 5/12: γ = 1.25, v = .6 c.
    #expect(isNear(snapshot.velocities[2], Array(repeating: 0.6 * 299_792_458, count: 3)))
    #expect(snapshot.velocities[0] == [0, 0, 0])
    let all = try SnapshotFile.read(
      path,
      options: options {
        $0.includesLost = true
        $0.momentum = .momentum
        $0.positionComponents = ["x"]
        $0.velocityComponents = ["z"]
      })
    #expect(all.snapshot.positions == [[1e-3, 2e-3, 3e-3, 4e-3]])
    let momentum = 0.75 * 9.1093837015e-31 * 299_792_458
    #expect(isNear(all.snapshot.velocities[0], Array(repeating: momentum, count: 4)))
  }

  // MARK: Real files

  @Test(
    .enabled(if: hasSharedData("astra_particles.h5", "beam-screen-1.npz"), "needs ../shared/data"))
  func beamPhysics() throws {
    let (path, made) = (sharedData("astra_particles.h5"), sharedData("beam-screen-1.npz"))
    let file = try SnapshotFile.read(
      path,
      options: options {
        $0.iteration = 1
        $0.includesLost = true
        $0.momentum = .momentum
        $0.positionComponents = ["x", "y"]
        $0.velocityComponents = ["x", "y"]
      })
    let unit = 5.344285948647848e-28 * 1e3
    let found = try file.snapshot.scaled(
      by: Scaling(positions: [1e3, 1e3], velocities: [1 / unit, 1 / unit]))
    let expected = try SnapshotFile.read(made).snapshot
    for (left, right) in zip(found.positions, expected.positions) { #expect(isNear(left, right)) }
    for (left, right) in zip(found.velocities, expected.velocities) {
      #expect(isNear(left, right))
    }
    #expect(found.weights == expected.weights)
    let alive = try SnapshotFile.read(path, options: options { $0.iteration = 1 })
    #expect(alive.snapshot.count == 992 && alive.snapshot.positions.count == 3)
    #expect(
      alive.notes.contains { $0.description.hasPrefix("6 particles are marked as not alive") })
    // positionOffset/z is 1.0001 m.
    #expect(alive.snapshot.positions[2].allSatisfy { abs($0 - 1) < 0.1 })
    // Electrons of 0.87 MeV/c are nearly as fast as light.
    #expect(alive.snapshot.velocities[2].allSatisfy { 2.5e8 < $0 && $0 < 299_792_458 })
  }

  @Test(
    .enabled(
      if: hasSharedData(
        "distgen_particles.h5", "bmad_particles.h5", "example-femm-thetaMode.h5"),
      "needs ../shared/data"))
  func otherRealFiles() throws {
    let distgen = sharedData("distgen_particles.h5")
    let bmad = sharedData("bmad_particles.h5")
    let meshes = sharedData("example-femm-thetaMode.h5")
    let first = try SnapshotFile.read(distgen).snapshot
    #expect(first.count == 10_000 && first.positions[2].allSatisfy { $0 == 0 })
    #expect(first.weights?.allSatisfy { $0 == 1e-15 } == true)
    let second = try SnapshotFile.read(bmad)
    #expect(second.snapshot.count == 10_000)
    #expect(second.facts.contains(SnapshotFact("weights", "weight of no stated unit")))
    #expect(sentence(meshes).contains("found meshes but no particles"))
  }

  /// Compressed numbers that do not unpack are not taken for numbers.
  @Test func damagedNumbersAreTold() throws {
    let directory = try TemporaryDirectory()
    var file = try bytes(ofFile: fixture("edpic.h5"))
    // The two bytes with which zlib's streams begin here.
    let starts = file.indices.dropLast(3).filter { file[$0] == 0x78 && file[$0 + 1] == 0x5e }
    #expect(starts.count > 10)
    for start in starts { file[start + 2] = 0xff }
    let path = try directory.write(file, to: "a.h5")
    var options = ReadingOptions()
    (options.iteration, options.species) = (100, "electrons")
    let error = #expect(throws: SnapshotError.self) {
      try SnapshotFile.read(path, options: options)
    }
    #expect(error?.description.contains("numbers that libhdf5 cannot read") == true)
  }
}
