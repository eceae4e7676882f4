import KineticTransport
import KwassCommand
import Libc
import MemoryGuard

/// The process: arguments in, exit status out.
@main
enum Main {
  static func main() {
    let arguments = Kwass.processArguments
    if arguments == [HDF5Helper.argument] {
      // Without a limit it is a damaged file that asks for too much, which the HDF5 library bears.
      if memory_is_limited() != 0 { memory_guard_arm(ExitCode.outOfMemory.rawValue, nil) }
      return HDF5Helper.serve()
    }
    memory_return_large_blocks()
    // A limit on the size of files then shows as a failed write, as a full disk does, and leaves no
    // half of a file behind.
    signal(SIGXFSZ, SIG_IGN)
    removeUnfinishedFilesAtSignals()
    // Any thread may find that there is no more memory.
    memory_guard_arm(ExitCode.outOfMemory.rawValue) { @Sendable in UnfinishedFiles.removeAll() }
    refuseLimitsThatAreTooSmall()
    let status = HDF5Reading.$channel.withValue(HDF5Helper()) {
      Kwass.run(arguments: arguments, console: StandardConsole())
    }
    exit(status.rawValue)
  }

  /// Ends the process where the libraries that it uses would crash for want of room.
  private static func refuseLimitsThatAreTooSmall() {
    #if canImport(Glibc)
      let (files, stack) = (
        __rlimit_resource_t(RLIMIT_NOFILE.rawValue), __rlimit_resource_t(RLIMIT_STACK.rawValue)
      )
    #else
      let (files, stack) = (RLIMIT_NOFILE, RLIMIT_STACK)
    #endif
    for (kind, name, least) in [
      (files, "open files", 16), (stack, "bytes of the stack", 1 << 18),
    ] {
      var limit = rlimit()
      guard getrlimit(kind, &limit) == 0, limit.rlim_cur < rlim_t(least) else { continue }
      StandardConsole().report(
        "kwass: the limit of \(name) is \(limit.rlim_cur); \(least) are needed.\n")
      exit(ExitCode.outOfMemory.rawValue)
    }
  }

  /// Where files in the making have names, they are removed before a signal ends the process.
  private static func removeUnfinishedFilesAtSignals() {
    UnfinishedFiles.prepare()
    for number in [SIGHUP, SIGINT, SIGTERM] {
      var action = sigaction()
      // One that is ignored, as `nohup` does, stays so.
      guard sigaction(number, nil, &action) == 0, !isIgnored(action) else { continue }
      signal(number) { number in
        UnfinishedFiles.removeAll()
        signal(number, SIG_DFL)
        raise(number)
      }
    }
  }

  private static func isIgnored(_ action: sigaction) -> Bool {
    #if canImport(Glibc)
      let handler = action.__sigaction_handler.sa_handler
    #else
      let handler = action.__sigaction_u.__sa_handler
    #endif
    return unsafeBitCast(handler, to: Int.self) == unsafeBitCast(SIG_IGN, to: Int.self)
  }
}
