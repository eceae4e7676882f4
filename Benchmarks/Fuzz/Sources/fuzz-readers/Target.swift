import Glibc
import KineticTransport

// What libFuzzer runs: each input is a file for one reader, which must end in a snapshot or in an error.
// KWASS_FUZZ names the reader. The last byte of an input chooses options, the rest is the file; a
// signature with which it does not begin is put there, so that no input is wasted on it.

private let signatures: [String: [UInt8]] = [
  "csv": [], "npy": [0x93] + "NUMPY".utf8, "npz": [0x50, 0x4b, 0x03, 0x04],
  "h5": [0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a], "gkyl": Array("gkyl0".utf8),
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
  guard ftruncate(file, 0) == 0, pwrite(file, bytes, bytes.count, 0) == bytes.count else {
    print("The input cannot be written to memory.")
    exit(74)
  }
  // Each reading of an HDF5 file splits off a process, which is slow with the sanitizer.
  if choice & 0x60 == 0x60 {
    _ = try? SnapshotFile.iterations(of: path)
    return 0
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
  return 0
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
