import Libc

/// Output of ADIOS2, the other backend of openPMD, which kwass does not read: told so that a user learns
/// what to do.
///
/// Source: ADIOS2 documentation, engines BP3 (a file), BP4 and BP5 (a directory with `md.idx` and
/// `data.0`).
public enum ADIOS2 {
  private static let extensions = [".bp", ".bp3", ".bp4", ".bp5"]

  /// Why such a directory or file cannot be opened; `nil` for any other.
  public static func reason(_ path: String) -> String? {
    var trimmed = path[...]
    while trimmed.last == "/", trimmed.count > 1 { trimmed = trimmed.dropLast() }
    let isNamed = extensions.contains { trimmed.hasSuffix($0) }
    let hasIndex = access("\(trimmed)/md.idx".systemName, F_OK) == 0
    guard isNamed || hasIndex else { return nil }
    return "it is output of ADIOS2, which kwass does not read; openpmd-pipe of the openPMD-api, "
      + "openpmd-pipe --infile \(trimmed) --outfile FILE.h5, makes an HDF5 file of it"
  }
}
