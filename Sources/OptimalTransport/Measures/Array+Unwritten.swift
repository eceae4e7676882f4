import Libc

extension Array where Element: BitwiseCopyable {
  /// An array of room for numbers that are all yet to be written, of anything until then, on large pages of
  /// memory where there are such: to set them up takes a good part of the time that loading takes.
  package init(unwritten count: Int) {
    self.init(unsafeUninitializedCapacity: count) { buffer, initialized in
      buffer.preferLargePages()
      initialized = count
    }
  }
}

extension UnsafeMutableBufferPointer {
  /// Asks the system for large pages, for a buffer to which nothing was written yet.
  fileprivate func preferLargePages() {
    #if os(Linux)
      let pageSize = 1 << 21
      guard let start = baseAddress, count * MemoryLayout<Element>.stride >= 2 * pageSize else {
        return
      }
      let first = (UInt(bitPattern: start) + UInt(pageSize) - 1) & ~(UInt(pageSize) - 1)
      let end =
        (UInt(bitPattern: start) + UInt(count * MemoryLayout<Element>.stride))
        & ~(UInt(pageSize) - 1)
      // It is a wish: where it is not granted, everything else is the same.
      if end > first {
        madvise(UnsafeMutableRawPointer(bitPattern: first), Int(end - first), MADV_HUGEPAGE)
      }
    #endif
  }
}
