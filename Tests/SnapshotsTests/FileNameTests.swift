import OptimalTransport
import TestSupport
import Testing

@testable import Snapshots
import Libc

@Suite struct FileNameTests {
  @Test(arguments: [
    (Array("a.csv".utf8), "a.csv"), ([0x63, 0x61, 0x66, 0xe9], "caf\\xE9"),
    (Array("café ∂".utf8), "café ∂"), ([0xff, 0xc3, 0xa9, 0xc3], "\\xFFé\\xC3"),
    // An escape is not mistaken for a byte.
    (Array("\u{f7e9}".utf8), "\\xEF\\x9F\\xA9"),
    ([0xf0, 0x9f, 0x98, 0x80, 0xf0, 0x9f], "😀\\xF0\\x9F"),
  ])
  func everyNameHasAText(bytes: [UInt8], shown: String) {
    let text = FileName.text(bytes)
    #expect(FileName.bytes(text) == bytes)
    #expect(FileName.shown(text) == shown)
    #expect(text.systemName.dropLast().map(UInt8.init(bitPattern:)) == bytes)
  }

  @Test func randomBytesReturn() {
    var generator = SeededGenerator(seed: 3)
    for _ in 0..<2000 {
      let bytes = (0..<Int(generator.next() % 12)).map { _ in
        UInt8(truncatingIfNeeded: generator.next() | (generator.next() & 0x80))
      }.filter { $0 != 0 }
      #expect(FileName.bytes(FileName.text(bytes)) == bytes)
    }
  }

  @Test func filesAreOpenedByTheirBytes() throws {
    let directory = try TemporaryDirectory()
    let name = Array(directory["caf"].utf8) + [0xe9] + Array(".csv".utf8)
    let descriptor = open(name.map { CChar(bitPattern: $0) } + [0], O_WRONLY | O_CREAT, 0o600)
    #expect(descriptor >= 0)
    let text = "x1\n1\n"
    #expect(write(descriptor, text, text.utf8.count) == text.utf8.count)
    close(descriptor)
    defer { unlink(name.map { CChar(bitPattern: $0) } + [0]) }
    let listed = try #require(directoryEntries(directory.path))
    #expect(listed.map(FileName.shown) == ["caf\\xE9.csv"])
    let file = try SnapshotFile.read(directory[listed[0]])
    #expect(file.snapshot.positions == [[1]])
  }

  @Test func adios2IsNamed() throws {
    let directory = try TemporaryDirectory()
    func sentence(_ name: String) -> String {
      do {
        return "\(try SnapshotFile.read(directory[name]).snapshot.count)"
      } catch {
        return "\(error)"
      }
    }
    for name in ["run.bp", "run.bp5", "renamed"] {
      #expect(mkdir(directory[name], 0o700) == 0)
      if name == "renamed" {
        let index = creat("\(directory[name])/md.idx", 0o600)
        close(index)
      }
      let found = sentence(name)
      unlink("\(directory[name])/md.idx")
      rmdir(directory[name])
      #expect(found.contains("it is output of ADIOS2"), "\(found)")
      #expect(found.contains("openpmd-pipe --infile \(directory[name]) --outfile FILE.h5"))
    }
    try directory.write([0, 1, 2, 0], to: "old.bp")
    #expect(sentence("old.bp").contains("it is output of ADIOS2"))
    #expect(mkdir(directory["plain"], 0o700) == 0)
    #expect(sentence("plain").hasSuffix("the file cannot be opened: it is a directory."))
    rmdir(directory["plain"])
  }
}
