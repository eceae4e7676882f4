import OptimalTransport

/// The outer order of an openPMD file: which iterations it has and where their particles stand.
///
/// The openPMD standard 1.0 to 2.0 (doi:10.5281/zenodo.591699) with its base and particles paths as
/// the file states them, and the extension BeamPhysics, where a path may also be `/` or
/// `/screen/%T/`.
struct OpenPMDFile {
  let root: HDF5Object
  let version: String
  /// The extensions that the file states, in words; empty for none.
  let extensions: String
  /// The program that wrote the file; `nil` when it is not stated.
  let software: String?
  private let basePath: String
  private let particlesPath: String?
  private let meshesPath: String?

  init(root: HDF5Object) throws(SnapshotError) {
    self.root = root
    guard let version = try root.text(of: "openPMD") else {
      throw root.malformed(
        found: "an HDF5 file without the attribute openPMD",
        expected: "an openPMD file, or a statement where the arrays are", choices: [.datasets])
    }
    guard ["1", "2"].contains(version.prefix { $0 != "." }) else {
      throw root.malformed(
        found: "openPMD version \(quoted(version))", expected: "version 1.x or 2.x")
    }
    self.version = version
    extensions = try Self.extensions(of: root)
    software = try root.text(of: "software")
    basePath = try root.text(of: "basePath") ?? "/data/%T/"
    particlesPath = try root.text(of: "particlesPath")
    meshesPath = try root.text(of: "meshesPath")
  }

  var isBeamPhysics: Bool { extensions.contains("BeamPhysics") }

  private static func extensions(of root: HDF5Object) throws(SnapshotError) -> String {
    if let text = try root.text(of: "openPMDextension") { return text == "none" ? "" : text }
    guard let bits = try root.number(of: "openPMDextension"), bits != 0 else { return "" }
    return bits == 1 ? "ED-PIC" : "extension \(bits.plainText)"
  }

  // MARK: Iterations

  /// The iterations by number; the number is `nil` where the file has only one, without number.
  func iterations() throws(SnapshotError) -> [(number: Int?, group: HDF5Object)] {
    guard let marker = basePath.range(of: "%T") else {
      guard let group = try root.member(basePath) else {
        throw root.malformed(found: "no group \(quoted(basePath))", expected: "the stated basePath")
      }
      return [(nil, group)]
    }
    let before = basePath[..<marker.lowerBound]
    let slash = before.lastIndex(of: "/")
    let parentPath = slash.map { before[..<$0] } ?? ""
    let prefix = slash.map { before[before.index(after: $0)...] } ?? before
    let after = basePath[marker.upperBound...]
    let suffix = after.prefix { $0 != "/" }
    let below = after.dropFirst(suffix.count)
    guard let parent = try root.member(parentPath) else {
      throw root.malformed(
        found: "no group \(quoted(parentPath))", expected: "the stated basePath \(quoted(basePath))"
      )
    }
    var found: [(number: Int?, group: HDF5Object)] = []
    for name in try parent.memberNames()
    where name.hasPrefix(prefix) && name.hasSuffix(suffix)
      && name.count > prefix.count + suffix.count
    {
      let digits = name.dropFirst(prefix.count).dropLast(suffix.count)
      guard digits.allSatisfy({ $0.isASCII && $0.isNumber }), let number = Int(digits),
        let group = try parent.member(name + below), group.isGroup
      else { continue }
      found.append((number, group))
    }
    guard !found.isEmpty else {
      throw parent.malformed(
        found: "no iteration", expected: "groups with numbers as names, by \(quoted(basePath))")
    }
    return found.sorted { ($0.number ?? 0) < ($1.number ?? 0) }
  }

  /// The iteration that was asked for, or the only one.
  func iteration(_ wanted: Int?) throws(SnapshotError) -> (number: Int?, group: HDF5Object) {
    let all = try iterations()
    if wanted == nil, all.count == 1 { return all[0] }
    guard let wanted, let found = all.first(where: { $0.number == wanted }) else {
      let names = all.map { $0.number.map(\.description) ?? "one without number" }
      throw root.malformed(
        found: "the iterations \(listed(names))",
        expected: wanted.map { "iteration \($0) among them" }
          ?? "one iteration, or a choice",
        choices: wanted == nil ? [.iteration(names[0])] : [])
    }
    return found
  }

  /// The meshes of an iteration; `nil` when there are none.
  func meshes(of iteration: HDF5Object) throws(SnapshotError) -> HDF5Object? {
    guard let meshesPath else { return nil }
    return try iteration.member(meshesPath)
  }

  // MARK: Species

  /// The group of the species that was asked for, or the only one, with its name; the name is `nil`
  /// where the particles have none.
  func species(
    _ wanted: String?, in iteration: HDF5Object
  ) throws(SnapshotError) -> (name: String?, group: HDF5Object) {
    guard let particlesPath, let particles = try iteration.member(particlesPath),
      particles.isGroup
    else {
      let hasMeshes = try meshes(of: iteration) != nil
      throw iteration.malformed(
        found: "\(hasMeshes ? "meshes but " : "")no particles", expected: "particles")
    }
    if try particles.member("position") != nil {
      let name = try particles.text(of: "speciesType")
      if let wanted, wanted != name {
        throw particles.malformed(
          found: "particles of one species, \(name.map { quoted($0) } ?? "without name")",
          expected: "the species \(quoted(wanted))")
      }
      return (name, particles)
    }
    var names: [String] = []
    for name in try particles.memberNames() {
      if let group = try particles.member(name), group.isGroup,
        try group.member("position") != nil
      {
        names.append(name)
      }
    }
    guard !names.isEmpty else {
      throw particles.malformed(found: "no species with positions", expected: "particles")
    }
    let chosen = wanted ?? (names.count == 1 ? names[0] : "")
    guard names.contains(chosen), let group = try particles.member(chosen) else {
      throw particles.malformed(
        found: "the species \(listed(names))",
        expected: wanted.map { "the species \(quoted($0)) among them" }
          ?? "one species, or a choice", choices: wanted == nil ? [.species(names[0])] : [])
    }
    return (chosen, group)
  }
}

extension StringProtocol {
  /// The first place of a text in this one.
  fileprivate func range(of text: String) -> Range<Index>? {
    var start = startIndex
    while start < endIndex {
      if self[start...].hasPrefix(text) { return start..<index(start, offsetBy: text.count) }
      start = index(after: start)
    }
    return nil
  }
}
