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
    let arguments = Array(CommandLine.arguments.dropFirst())
    exit(Kwass.run(arguments: arguments, console: StandardConsole()).rawValue)
  }
}
