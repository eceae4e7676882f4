import Libc

/// The memory that the process may use.
package enum Memory {
  /// The bytes of physical memory, or of the control group's share of it where that is less; where the
  /// system does not say, none are ruled out.
  static let size: Int = {
    let (pages, pageSize) = (sysconf(Int32(_SC_PHYS_PAGES)), sysconf(Int32(_SC_PAGESIZE)))
    let physical = pages > 0 && pageSize > 0 ? pages * pageSize : .max
    let groups = ["/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"]
    return groups.compactMap(number(in:)).filter { $0 > 0 }.reduce(physical, min)
  }()

  /// Whether memory is lacking for an allocation; `nil` when there is enough for it.
  ///
  /// - Returns: the bytes that it takes, and those that a limit of the process (`ulimit -v`) or the
  ///   size of the memory leaves.
  package static func lack(of needed: Int) -> (needed: Int, available: Int)? {
    let available = min(size, addressSpaceLeft)
    return needed > available ? (needed, available) : nil
  }

  /// The bytes that the limit of the address space leaves.
  private static var addressSpaceLeft: Int {
    #if canImport(Glibc)
      let kind = __rlimit_resource_t(RLIMIT_AS.rawValue)
    #else
      let kind = RLIMIT_AS
    #endif
    var limit = rlimit()
    guard getrlimit(kind, &limit) == 0, limit.rlim_cur < rlim_t(Int.max),
      let pages = number(in: "/proc/self/statm")
    else { return .max }
    return max(0, Int(limit.rlim_cur) - pages * Int(sysconf(Int32(_SC_PAGESIZE))))
  }

  /// The number with which a file of the system begins.
  private static func number(in path: String) -> Int? {
    let file = Descriptor(open(path, O_RDONLY | O_CLOEXEC))
    guard file.value >= 0 else { return nil }
    var bytes = [UInt8](repeating: 0, count: 64)
    let count = read(file.value, &bytes, bytes.count)
    guard count > 0 else { return nil }
    let digits = bytes[..<count].prefix { UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }
    return Int(String(decoding: digits, as: UTF8.self))
  }
}
