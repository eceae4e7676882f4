import Libc
import Synchronization

/// The temporary files that have a name at present, for a program that wants to remove them when a
/// signal ends it.
///
/// On file systems with unnamed files there are none but for moments. What is left elsewhere is
/// removed by the next process that writes to the folder, so that no program must do this.
public enum UnfinishedFiles {
  private static let count = 8

  /// The paths, as numbers that are exchanged in one step: a signal may come at any moment.
  private nonisolated(unsafe) static let slots: UnsafeMutablePointer<Atomic<UInt>> = {
    let slots = UnsafeMutablePointer<Atomic<UInt>>.allocate(capacity: count)
    for slot in 0..<count { (slots + slot).initialize(to: Atomic(0)) }
    return slots
  }()

  /// Makes everything ready for `removeAll()`; to be called before a signal can come.
  public static func prepare() { _ = slots }

  /// Removes the files. May be called by a signal handler of a process that ends.
  public static func removeAll() {
    for slot in 0..<count {
      let path = slots[slot].exchange(0, ordering: .relaxed)
      if let path = UnsafePointer<CChar>(bitPattern: path) { unlink(path) }
    }
  }

  /// Notes a path; returns its place, or `nil` when all places are taken.
  static func add(_ path: String) -> Int? {
    guard let copy = strdup(path.systemName) else { return nil }
    let place = UInt(bitPattern: copy)
    for slot in 0..<count
    where slots[slot].compareExchange(expected: 0, desired: place, ordering: .relaxed).exchanged {
      return slot
    }
    free(copy)
    return nil
  }

  /// Forgets a path.
  static func remove(_ slot: Int) {
    let path = slots[slot].exchange(0, ordering: .relaxed)
    free(UnsafeMutableRawPointer(bitPattern: path))
  }
}
