import Glibc
import KineticTransport

// What libFuzzer runs: each input is a file for one reader, which must end in a snapshot or in an error.
// KWASS_FUZZ names the reader. The last byte of an input chooses options, the rest is the file; a
// signature with which it does not begin is put there, so that no input is wasted on it. For the reader
// `arrays` the rest is a list of arrays, of which an intact .npz archive is made, and for `h5` a list of
// objects (InventedFile.swift). The reader `libhdf5` gets files that the HDF5 library opens in this process;
// what it finds are mostly crashes of that library, which the command keeps in a process of their own.

private let signatures: [String: [UInt8]] = [
  "csv": [], "arrays": [], "npy": [0x93] + "NUMPY".utf8, "npz": [0x50, 0x4b, 0x03, 0x04],
  "h5": [], "libhdf5": [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a],
  "gkyl": Array("gkyl0".utf8),
]

private let reader = getenv("KWASS_FUZZ").map { String(cString: $0) } ?? "csv"

/// A file in memory that has lost its name, and the path by which it can still be opened.
private let file = {
  var name = Array("/dev/shm/kwass-fuzz-XXXXXX".utf8CString)
  let file = mkstemp(&name)
  unlink(name)
  return file
}()
private let path = "/proc/self/fd/\(file)"

/// Reads one input. libFuzzer calls it.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  guard let signature = signatures[reader] else {
    print("KWASS_FUZZ must be one of \(signatures.keys.sorted().joined(separator: ", ")).")
    exit(64)
  }
  var bytes = Array(UnsafeBufferPointer(start: start, count: count))
  let choice = bytes.popLast() ?? 0
  for (index, byte) in signature.enumerated() where index < bytes.count { bytes[index] = byte }
  if reader == "arrays" { bytes = archive(of: bytes) }
  guard ftruncate(file, 0) == 0, pwrite(file, bytes, bytes.count, 0) == bytes.count else {
    print("The input cannot be written to memory.")
    exit(74)
  }
  var channel: InventedFile?
  if reader == "h5" {
    channel = InventedFile(bytes)
    let start: [UInt8] = [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a]
    guard pwrite(file, start, start.count, 0) == start.count else { exit(74) }
  }
  HDF5Reading.$channel.withValue(channel) { readFile(choice) }
  return 0
}

/// Reads the file, which must end in a snapshot or in an error.
private func readFile(_ choice: UInt8) {
  if choice & 0x60 == 0x60 {
    _ = try? SnapshotFile.iterations(of: path)
    return
  }
  do {
    let found = try SnapshotFile.read(path, options: options(choice))
    let measure = try found.measure()
    precondition(measure.count == found.snapshot.count && measure.count > 0)
    precondition(found.snapshot.ids.map { $0.count == measure.count } ?? true)
  } catch {
    let sentence = "\(error)"
    precondition(sentence.hasSuffix(".") && !sentence.contains("\n"), sentence)
  }
}

private func options(_ choice: UInt8) -> ReadingOptions {
  var options = ReadingOptions()
  if choice & 1 != 0 { options.includesLost = true }
  if choice & 2 != 0 { options.momentum = .momentum }
  if choice & 4 != 0 { options.iteration = 100 }
  if choice & 8 != 0 { options.species = "electrons" }
  if choice & 16 != 0 { options.dropsPeriodicEnd = true }
  if choice & 32 != 0 { options.subcells = 3 }
  if choice & 64 != 0 {
    options.datasets = DatasetMapping(
      choice & 128 != 0
        ? "x=/run/x,v=/run/p,weight=/run/w,id=/run/p" : "f=/fdistribu[0],x=/x,v=/v,time=/time_saved"
    )
  }
  if choice & 128 != 0 { options.gridPositionAxes = 1 }
  return options
}

/// A zip archive of stored arrays: for each of them a byte that chooses the name and the number of its
/// bytes, two bytes long.
private func archive(of list: [UInt8]) -> [UInt8] {
  func integer(_ value: Int, _ size: Int) -> [UInt8] {
    (0..<size).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
  }
  var (file, directory): ([UInt8], [UInt8]) = ([], [])
  var count = 0
  var rest = list[...]
  while rest.count > 3 {
    let head = Array(rest.prefix(3))
    let contents = rest.dropFirst(3).prefix(Int(head[1]) | Int(head[2]) << 8)
    rest = rest.dropFirst(3 + contents.count)
    let names = ["x", "v", "weight", "time", "box", "id", "f", "g"]
    let name = Array("\(names[Int(head[0]) % names.count]).npy".utf8)
    let common =
      integer(0, 8) + integer(Int(checksum(contents)), 4) + integer(contents.count, 4)
      + integer(contents.count, 4) + integer(name.count, 2) + integer(0, 2)
    directory +=
      integer(0x0201_4b50, 4) + integer(20, 2) + integer(20, 2) + common + integer(0, 10)
      + integer(file.count, 4) + name
    file += integer(0x0403_4b50, 4) + integer(20, 2) + common + name + contents
    count += 1
  }
  return file + directory + integer(0x0605_4b50, 4) + integer(0, 4) + integer(count, 2)
    + integer(count, 2) + integer(directory.count, 4) + integer(file.count, 4) + integer(0, 2)
}

/// The checksum of zip archives (CRC-32).
private func checksum(_ bytes: ArraySlice<UInt8>) -> UInt32 {
  ~bytes.reduce(~0) { value, byte in
    (0..<8).reduce(value ^ UInt32(byte)) { value, _ in
      value >> 1 ^ (value & 1 == 1 ? 0xedb8_8320 : 0)
    }
  }
}
