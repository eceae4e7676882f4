import KineticTransport
import Libc

/// Where a command writes to.
public protocol Console: Sendable {
  /// Writes to the standard output.
  ///
  /// - Throws: `ConsoleError` when it cannot be written to.
  func write(_ text: String) throws(ConsoleError)
  /// Writes to the standard error.
  func report(_ text: String)
  /// Writes what a user may do without to the standard error.
  func remark(_ text: String)
  /// Whether the standard error is a terminal, on which progress may be shown.
  var isInteractive: Bool { get }
  /// Whether the standard output is a terminal, on which words may be coloured.
  var isOutputTerminal: Bool { get }
}

extension Console {
  /// Like an error, unless a console is quiet.
  public func remark(_ text: String) { report(text) }
  /// Not a terminal, unless a console says otherwise.
  public var isOutputTerminal: Bool { false }
}

/// The standard output could not be written to.
public struct ConsoleError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What the system says.
  public let reason: String

  /// An error with what the system says.
  public init(reason: String) { self.reason = reason }

  /// A full sentence.
  public var description: String { "The output cannot be written: \(reason)." }
}

/// The standard output and the standard error of the process.
public struct StandardConsole: Console {
  /// The console of the process.
  public init() {}

  /// Writes to the standard output at once.
  public func write(_ text: String) throws(ConsoleError) {
    guard Self.write(text, to: STDOUT_FILENO) else {
      throw ConsoleError(reason: String(cString: strerror(errno)))
    }
  }

  /// Writes to the standard error; whether that succeeds nobody could be told.
  public func report(_ text: String) { _ = Self.write(text, to: STDERR_FILENO) }

  /// Whether the standard error is a terminal.
  public var isInteractive: Bool { isatty(STDERR_FILENO) == 1 }

  /// Whether the standard output is a terminal.
  public var isOutputTerminal: Bool { isatty(STDOUT_FILENO) == 1 }

  private static func write(_ text: String, to file: Int32) -> Bool {
    var text = FileName.shown(text)
    return text.withUTF8 { bytes in
      var rest = bytes[...]
      while !rest.isEmpty {
        let part = UnsafeBufferPointer(rebasing: rest)
        let count = Libc.write(file, part.baseAddress, part.count)
        if count >= 0 {
          rest = rest.dropFirst(count)
        } else if errno != EINTR {
          return false
        }
      }
      return true
    }
  }
}

/// Takes what nobody is to see.
struct SilentConsole: Console {
  let isInteractive = false

  func write(_ text: String) {}
  func report(_ text: String) {}
}
