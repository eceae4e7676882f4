import CKwass
import Libc

/// Asks for memory before Swift does, which ends the process where it gets none.
enum Memory {
  /// The bytes that are not asked for: pieces of that size are there as long as the process runs.
  private static let small = 1 << 16

  /// The bytes of memory that the machine has.
  private static let physical =
    Double(sysconf(Int32(_SC_PHYS_PAGES))) * Double(sysconf(Int32(_SC_PAGESIZE)))

  /// Makes sure that so many bytes can be had now.
  ///
  /// - Parameters:
  ///   - bytes: an upper estimate of what will be allocated.
  ///   - purpose: for what, in a few words.
  /// - Throws: `KWASS_ERROR_MEMORY`.
  static func require(_ bytes: Double, for purpose: String) throws(Failure) {
    guard bytes > Double(small) else { return }
    // Some systems promise more than they have.
    guard bytes <= physical, let block = malloc(Int(bytes)) else {
      throw Failure(
        KWASS_ERROR_MEMORY,
        "There is not enough memory for \(purpose): about \(megabytes(bytes)) MB are needed.")
    }
    free(block)
  }

  private static func megabytes(_ bytes: Double) -> String {
    let count = (bytes / 1e6).rounded(.up)
    return count < 1e15 ? "\(Int(count))" : "\(count)"
  }

  /// Bytes for each point that the methods take at most, both measures counted: generous estimates.
  static func bytesPerPoint(of method: OptionsChoice.Method) -> Double {
    switch method {
    case .exact(.line), .exact(.circle): 600
    case .entropic, .unbalanced: 1_200
    case .exact: 3_000
    }
  }
}

/// Numbers for the caller, in memory that C knows.
final class ForeignArray<Element: BitwiseCopyable & Sendable>: @unchecked Sendable {
  // Written only by the initialiser.
  let start: UnsafeMutablePointer<Element>

  /// A copy of an array; `nil` where there is no memory for it.
  init?(_ elements: [Element]) {
    // One element more than needed: an empty array has an address, too.
    guard let block = malloc((elements.count + 1) * MemoryLayout<Element>.stride) else {
      return nil
    }
    start = block.bindMemory(to: Element.self, capacity: elements.count + 1)
    elements.withUnsafeBufferPointer { source in
      if let base = source.baseAddress { start.initialize(from: base, count: source.count) }
    }
  }

  deinit { free(start) }
}
