/// What a build of kwass is: its version, and whose code is part of it under which licence.
public enum BuildInformation {
  /// The version of kwass.
  public static let version = "0.1.0"

  /// Code that a program is built from or linked with.
  public struct Component: Sendable, Hashable {
    /// What it is called.
    public let name: String
    /// What it is there for, in a few words.
    public let purpose: String
    /// Its licence, by its SPDX identifier.
    public let license: String

    /// A component.
    public init(name: String, purpose: String, license: String) {
      self.name = name
      self.purpose = purpose
      self.license = license
    }
  }

  /// What every build consists of.
  public static let core = [
    Component(name: "kwass", purpose: "this software", license: "MIT"),
    Component(
      name: "Swift runtime", purpose: "standard library, Dispatch",
      license: "Apache-2.0 WITH Swift-exception"),
  ]

  /// What the command is linked with besides.
  public static var command: [Component] {
    var components = core
    #if GLPK
      components.append(
        Component(name: "GLPK", purpose: "linear programs", license: "GPL-3.0-or-later"))
    #endif
    #if FFTW
      components.append(
        Component(name: "FFTW", purpose: "Fourier transforms", license: "GPL-2.0-or-later"))
    #endif
    #if MPI
      components.append(
        Component(
          name: "Open MPI", purpose: "work shared out among ranks", license: "BSD-3-Clause"))
    #endif
    return components + [
      Component(name: "HDF5", purpose: "files of plasma codes", license: "BSD-3-Clause"),
      Component(name: "LAPACK", purpose: "linear algebra", license: "BSD-3-Clause"),
      Component(name: "zlib", purpose: "compressed files", license: "Zlib"),
    ]
  }

  /// The licence that binds whoever hands out a binary of all components, in a sentence.
  public static func obligation(of components: [Component]) -> String {
    let copyleft = components.filter { $0.license.hasPrefix("GPL") }
    guard !copyleft.isEmpty else {
      return "No component is under the GNU General Public License."
    }
    let names = copyleft.map(\.name).joined(separator: " and ")
    return "Whoever hands out this binary is bound by the GNU General Public License of \(names); "
      + "`swift build --disable-default-traits` builds one without."
  }

  /// The components and what they oblige to, a line each.
  public static func text(of components: [Component]) -> String {
    components.map { "\($0.name): \($0.license) (\($0.purpose))\n" }.joined()
      + obligation(of: components) + "\n"
  }
}
