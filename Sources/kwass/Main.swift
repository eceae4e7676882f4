import KwassCommand

#if canImport(Glibc)
  import Glibc
#else
  import Darwin
#endif

/// The process: arguments in, exit status out.
@main
enum Main {
  static func main() {
    // A limit on the size of files then shows as a failed write, as a full disk does, and leaves no
    // half of a file behind.
    signal(SIGXFSZ, SIG_IGN)
    exit(Kwass.run(arguments: Kwass.processArguments, console: StandardConsole()).rawValue)
  }
}
