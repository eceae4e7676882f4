import Libc
import Snapshots

/// The program gnuplot, which draws the figures.
public struct Gnuplot: Sendable {
  /// The name of the program, looked for on the PATH, or its path.
  public let program: String

  /// gnuplot as it is installed.
  public init(program: String = "gnuplot") { self.program = program }

  /// Draws a figure into a file, which appears complete or not at all.
  ///
  /// - Parameters:
  ///   - figure: what to draw.
  ///   - path: a file whose extension names a `FigureFormat`.
  /// - Throws: `FigureError`.
  public func draw(_ figure: some Figure, to path: String) throws(FigureError) {
    guard let format = FigureFormat(path: path) else { throw .unknownFormat(path: path) }
    let image = try draw(figure, as: format)
    do throws(SnapshotError) {
      try DataFile.write(image, to: path)
    } catch {
      throw .file(error)
    }
  }

  /// Draws a figure.
  ///
  /// - Returns: the bytes of the image.
  /// - Throws: `FigureError`.
  public func draw(_ figure: some Figure, as format: FigureFormat) throws(FigureError) -> [UInt8] {
    let image = try run("set terminal \(format.terminal(figure.size))\n" + figure.commands)
    // Cells of an image are areas; a viewer must not blur them.
    guard format == .svg else { return image }
    let text = String(decoding: image, as: UTF8.self)
    return Array(
      text.replacing(
        "preserveAspectRatio='none'",
        with: "preserveAspectRatio='none' style='image-rendering:pixelated'"
      ).utf8)
  }

  /// A figure in characters, for a terminal.
  ///
  /// - Throws: `FigureError`.
  public func sketch(_ figure: some Figure) throws(FigureError) -> String {
    if let sketch = figure.sketch { return sketch }
    let text = try run("set terminal dumb noenhanced size 79,24\n" + figure.commands)
    // The page that gnuplot ends is none here.
    return String(decoding: text, as: UTF8.self).replacing("\u{c}", with: "")
      .drop { $0.isNewline }.description
  }

  /// What the program prints for some commands.
  private func run(_ commands: String) throws(FigureError) -> [UInt8] {
    // Files instead of pipes: nothing can block, and a program that dies early breaks no pipe.
    let input = try TemporaryFile()
    let (output, report) = (try TemporaryFile(), try TemporaryFile())
    try input.fill(with: Array(commands.utf8))
    let status = try run(input, output, report)
    let image = output.contents
    guard status == 0, !image.isEmpty else {
      let message = String(decoding: report.contents, as: UTF8.self)
      let line = message.split(separator: "\n").last { !$0.allSatisfy(\.isWhitespace) }
      throw .failed(
        program: program, message: line.map(String.init) ?? "it ended with status \(status)")
    }
    return image
  }

  /// Runs the program to its end.
  ///
  /// - Returns: its exit status, or 128 and the signal that ended it.
  private func run(
    _ input: TemporaryFile, _ output: TemporaryFile, _ report: TemporaryFile
  ) throws(FigureError) -> Int32 {
    let process: SpawnedProcess
    do throws(SpawnedProcess.Failure) {
      process = try SpawnedProcess(
        program,
        files: (
          .descriptor(input.descriptor), .descriptor(output.descriptor),
          .descriptor(report.descriptor)
        ))
    } catch {
      switch error.code {
      case ENOENT, EACCES: throw .missing(program: program)
      default: throw .failed(program: program, message: error.message)
      }
    }
    guard let status = process.wait() else {
      throw .failed(program: program, message: "it was lost")
    }
    return SpawnedProcess.shellStatus(status)
  }
}

/// Why a figure was not drawn.
public enum FigureError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The program that draws is not there.
  case missing(program: String)
  /// It did not draw.
  case failed(program: String, message: String)
  /// The extension of a figure's path names no format.
  case unknownFormat(path: String)
  /// There is no place for temporary files.
  case noTemporaryFile(reason: String)
  /// The figure's file could not be written.
  case file(SnapshotError)

  /// A full sentence that says what was found and what was expected.
  public var description: String {
    switch self {
    case .missing(let program):
      "Figures are drawn by \(program), which was not found; install it (on Debian: apt install "
        + "gnuplot-nox) and see that it is on the PATH."
    case .failed(let program, let message):
      "\(program) did not draw the figure: \(message)."
    case .unknownFormat(let path):
      "\(path): a figure's file name must end in \(FigureFormat.list)."
    case .noTemporaryFile(let reason):
      "There is no place for a temporary file: \(reason)."
    case .file(let error): error.description
    }
  }
}

/// A file without a name, gone when it is closed.
private final class TemporaryFile {
  private let file: UnsafeMutablePointer<FILE>

  init() throws(FigureError) {
    guard let file = tmpfile() else {
      throw .noTemporaryFile(reason: String(cString: strerror(errno)))
    }
    self.file = file
  }

  deinit { fclose(file) }

  var descriptor: Int32 { fileno(file) }

  /// Writes all bytes and goes back to the start, where a reader of the descriptor begins.
  func fill(with bytes: [UInt8]) throws(FigureError) {
    guard fwrite(bytes, 1, bytes.count, file) == bytes.count, fflush(file) == 0,
      lseek(descriptor, 0, SEEK_SET) == 0
    else { throw .noTemporaryFile(reason: String(cString: strerror(errno))) }
  }

  /// Everything in the file.
  var contents: [UInt8] {
    lseek(descriptor, 0, SEEK_SET)
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = read(descriptor, &buffer, buffer.count)
      if count > 0 {
        bytes += buffer[..<count]
      } else if count == 0 || errno != EINTR {
        return bytes
      }
    }
  }
}
