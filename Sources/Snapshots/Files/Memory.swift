#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The memory of the machine.
enum Memory {
  /// The bytes of physical memory; where the system does not say, none are ruled out.
  static let size: Int = {
    let (pages, pageSize) = (sysconf(Int32(_SC_PHYS_PAGES)), sysconf(Int32(_SC_PAGESIZE)))
    return pages > 0 && pageSize > 0 ? pages * pageSize : .max
  }()
}
