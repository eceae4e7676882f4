import Foundation
import KineticTransport
import KwassCommand
import TestSupport
import Testing

/// HDF5 files that another process reads.
@Suite struct HDF5HelperTests {
  /// The program beside the tests.
  static let program = URL(fileURLWithPath: CommandLine.arguments[0])
    .deletingLastPathComponent().appendingPathComponent("kwass").path
  static let isBuilt = FileManager.default.isExecutableFile(atPath: program)

  private static let names = [
    "edpic.h5", "ids.h5", "TrackParticles_eon.h5", "TrackParticlesDisordered_eon.h5",
    "VOICEXX_00007.h5", "arrays.h5", "claims.h5", "no-openpmd.h5",
  ]

  private func options(_ name: String) -> ReadingOptions {
    var options = ReadingOptions()
    if name.contains("TrackParticles") { options.iteration = 50 }
    if name == "ids.h5" { options.species = "lost" }
    if name == "edpic.h5" { (options.iteration, options.species) = (100, "electrons") }
    if name == "VOICEXX_00007.h5" { options.datasets = DatasetMapping("gysela") }
    if name == "arrays.h5" { options.datasets = DatasetMapping("x=/run/x,v=/run/p,weight=/run/w") }
    return options
  }

  /// What a reading ends in: everything that was read, or a sentence.
  private func outcome(
    _ path: String, as name: String, _ channel: (any HDF5Channel)?
  ) -> Result<SnapshotFile, SnapshotError> {
    HDF5Reading.$channel.withValue(channel) {
      do throws(SnapshotError) {
        return .success(try SnapshotFile.read(path, options: options(name)))
      } catch {
        return .failure(error)
      }
    }
  }

  /// Every reading is the same, whether libhdf5 runs here or there, and errors are.
  @Test(.enabled(if: isBuilt)) func theOtherProcessReadsTheSame() throws {
    let helper = HDF5Helper(program: Self.program)
    var readable = 0
    for name in Self.names {
      switch (outcome(fixture(name), as: name, nil), outcome(fixture(name), as: name, helper)) {
      case (.success(let here), .success(let there)):
        readable += 1
        #expect(here.snapshot == there.snapshot && here.facts == there.facts)
        #expect(here.notes == there.notes && here.layout == there.layout)
      case (.failure(let here), .failure(let there)): #expect(here == there)
      case (let here, let there): Issue.record("\(name): \(here) and \(there)")
      }
      let iterations = try? SnapshotFile.iterations(of: fixture(name))
      let there = HDF5Reading.$channel.withValue(helper) {
        try? SnapshotFile.iterations(of: fixture(name))
      }
      #expect(iterations == there)
    }
    #expect(readable >= 6)
  }

  /// What came through a pipe is not opened again.
  @Test(.enabled(if: isBuilt)) func bytesOfAPipeAreReadThere() throws {
    let name = "TrackParticles_eon.h5"
    let whole = try bytes(ofFile: fixture(name))
    let wanted = try outcome(fixture(name), as: name, nil).get().snapshot
    for channel in [nil, HDF5Helper(program: Self.program)] {
      let pipe = Pipe()
      let writer = pipe.fileHandleForWriting
      DispatchQueue.global().async {
        try? writer.write(contentsOf: Data(whole))
        try? writer.close()
      }
      let path = "/dev/fd/\(pipe.fileHandleForReading.fileDescriptor)"
      #expect(try outcome(path, as: name, channel).get().snapshot == wanted)
    }
  }

  /// The process of a channel that is no longer needed ends, and the system forgets it.
  @Test(.enabled(if: isBuilt)) func leavesNoProcessBehind() throws {
    func use() throws -> pid_t {
      let helper = HDF5Helper(program: Self.program)
      _ = try outcome(fixture("ids.h5"), as: "ids.h5", helper).get()
      let number = try #require(helper.processNumber)
      #expect(kill(number, 0) == 0)
      return number
    }
    #expect(kill(try use(), 0) == -1 && errno == ESRCH)
  }

  /// Damaged files end in particles or in one sentence, whatever libhdf5 does.
  @Test(
    .enabled(if: isBuilt),
    arguments: ["VOICEXX_00007.h5", "TrackParticles_eon.h5", "edpic.h5", "ids.h5"])
  func changedOrCutOffAnywhere(name: String) throws {
    let directory = try TemporaryDirectory()
    try directory.write(
      try bytes(ofFile: fixture("VOICEXX_initstate.h5")), to: "VOICEXX_initstate.h5")
    let whole = try bytes(ofFile: fixture(name))
    let helper = HDF5Helper(program: Self.program)
    var generator = SeededGenerator(seed: 17)
    for round in 0..<15 {
      var changed = whole
      if round % 3 == 0 {
        changed.removeLast(1 + Int(generator.next() % UInt64(whole.count - 1)))
      } else {
        for _ in 0...(generator.next() % 4) {
          let position = Int(generator.next() % UInt64(changed.count))
          switch generator.next() % 3 {
          case 0: changed[position] = UInt8(truncatingIfNeeded: generator.next())
          case 1: changed[position] ^= 1 << (generator.next() % 8)
          default: changed[position] = [0, 0xff, 0x7f, 0x80][Int(generator.next() % 4)]
          }
        }
      }
      switch outcome(try directory.write(changed, to: "a.h5"), as: name, helper) {
      case .success:
        if round % 3 == 0 { Issue.record("\(name) cut to \(changed.count) bytes was read") }
      case .failure(let error):
        let sentence = error.description
        if !sentence.hasSuffix(".") || sentence.contains("\n") || sentence.utf8.count > 600 {
          Issue.record("\(name): \(sentence)")
        }
      }
    }
    // The helper is there again after everything.
    let tracks = "TrackParticles_eon.h5"
    #expect(try outcome(fixture(tracks), as: tracks, helper).get().snapshot.count > 0)
  }

  /// Damage on which libhdf5 1.10 itself crashes, found by changing bytes at random. It writes beyond
  /// its memory, and what lies there decides whether that is noticed; this process must survive.
  @Test(.enabled(if: isBuilt)) func damageThatCrashesTheLibrary() throws {
    let directory = try TemporaryDirectory()
    var file = try bytes(ofFile: fixture("edpic.h5"))
    for (offset, byte) in [
      (324, 5), (1302, 222), (2421, 128), (2576, 106), (3098, 127), (52239, 32),
    ] {
      file[offset] = UInt8(byte)
    }
    for start in [4927, 15146] { for offset in start..<start + 8 { file[offset] = 255 } }
    let path = try directory.write(file, to: "a.h5")
    let helper = HDF5Helper(program: Self.program)
    for species in ["electrons", "ions"] {
      var options = ReadingOptions()
      options.iteration = 0
      options.species = species
      HDF5Reading.$channel.withValue(helper) {
        do throws(SnapshotError) {
          _ = try SnapshotFile.read(path, options: options)
        } catch {
          #expect(error.description.contains(", expected "), "\(error)")
        }
      }
    }
  }

  /// How a process ends tells why it does not answer.
  @Test(arguments: [
    ("kill -SEGV $$", "found a damaged file, on which the HDF5 library crashed"),
    ("kill -ABRT $$", "found a damaged file, on which the HDF5 library crashed"),
    ("kill -PROF $$", "found a damaged file, on which the HDF5 library did not end"),
    ("kill -KILL $$", "the process that reads HDF5 files was ended by signal 9"),
    ("exit 3", "the process that reads HDF5 files ended with status 3"),
  ])
  func anEndWithoutAnswerIsTold(script: String, sentence: String) throws {
    let directory = try TemporaryDirectory()
    let program = try directory.write("#!/bin/sh\n\(script)\n", to: "helper")
    chmod(program, 0o700)
    let path = fixture("edpic.h5")
    guard case .failure(let error) = outcome(path, as: "edpic.h5", HDF5Helper(program: program))
    else {
      Issue.record("Nothing was told.")
      return
    }
    #expect(error.description.hasPrefix("\(path): "))
    #expect(error.description.contains(sentence), "\(error)")
  }

  @Test func aMissingHelperIsTold() throws {
    let helper = HDF5Helper(program: "/nowhere/kwass")
    let path = fixture("edpic.h5")
    #expect(throws: HDF5ChannelError.self) { try helper.exchange([]) }
    guard case .failure(let error) = outcome(path, as: "edpic.h5", helper) else {
      Issue.record("Nothing was told.")
      return
    }
    #expect(
      error.description
        == "\(path): the system reports an error: the process that reads HDF5 files cannot be "
        + "started: No such file or directory.")
  }

  /// Answers with another byte at their end.
  private struct TalkativeChannel: HDF5Channel {
    let helper: HDF5Helper

    func exchange(_ request: [UInt8]) throws(HDF5ChannelError) -> [UInt8] {
      try helper.exchange(request) + [0]
    }
  }

  /// Bytes left over in an answer tell that both sides do not speak the same language.
  @Test(.enabled(if: isBuilt)) func anAnswerWithMoreThanWasAskedForIsBroken() throws {
    let channel = TalkativeChannel(helper: HDF5Helper(program: Self.program))
    guard case .failure(let error) = outcome(fixture("edpic.h5"), as: "edpic.h5", channel) else {
      Issue.record("Nothing was told.")
      return
    }
    #expect(error.description.contains("gave a broken answer"), "\(error)")
  }
}
