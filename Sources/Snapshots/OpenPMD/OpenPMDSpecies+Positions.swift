extension OpenPMDSpecies {
  /// The name of the coordinate that is the place along a lattice.
  static let pathName = "s"

  /// A species of constant records alone has no more particles than this.
  static let largestConstantCount = 1 << 24

  /// How many particles a species has, before any of them is read.
  static func count(
    of group: HDF5Object, _ options: ReadingOptions
  ) throws(SnapshotError) -> Int {
    let record = try positions(of: group)
    var counts: [(count: Int, isStored: Bool)] = []
    for name in try stored(options.positionComponents, in: record) {
      if let count = try record.count(name) { counts.append(count) }
    }
    guard let found = counts.first(where: \.isStored) ?? counts.first, found.count > 0 else {
      throw group.malformed(found: "no particles", expected: "at least one")
    }
    guard found.isStored || found.count <= largestConstantCount else {
      throw allAtOnePlace(found.count, group)
    }
    return found.count
  }

  private static func positions(
    of group: HDF5Object, _ rows: ParticleRows? = nil
  ) throws(SnapshotError) -> OpenPMDRecord {
    guard let record = try OpenPMDRecord("position", of: group, rows) else {
      throw group.malformed(found: "no positions", expected: "a record position")
    }
    return record
  }

  static func allAtOnePlace(_ count: Int, _ group: HDF5Object) -> SnapshotError {
    group.malformed(
      found: "\(count) particles that are all at one place",
      expected: "at most \(largestConstantCount)")
  }

  /// The components of the positions that are wanted, or that a drift changes, by their names.
  mutating func places(
    _ options: ReadingOptions
  ) throws(SnapshotError) -> [(name: String, source: OpenPMDSource)] {
    let record = try Self.positions(of: group, rows)
    let all = try Self.stored(options.positionComponents, in: record)
    positionNames = options.positionComponents ?? all
    let names = options.drift == nil ? all : try Self.components(of: record, nil)
    let offset = try self.record("positionOffset")
    if offset == nil { notes.append("There is no positionOffset; none is added.") }
    var places = Array(zip(names, try sums(record, offset, names)))
    if positionNames.contains(Self.pathName), !names.contains(Self.pathName) {
      guard let source = try self.record("sPosition")?.source(nil) else {
        throw group.malformed(
          found: "no places s along a lattice", expected: "a record sPosition, or z in place of s")
      }
      places.append((Self.pathName, source))
    }
    return places.map { (name: $0.0, source: $0.1) }
  }

  /// The components of a record of positions that are wanted: not the time of each particle, nor its place along
  /// a lattice where that has a record of its own. All of them where no other is wanted.
  private static func stored(
    _ wanted: [String]?, in record: OpenPMDRecord
  ) throws(SnapshotError) -> [String] {
    let found = try record.componentNames()
    let spatial = wanted?.filter { $0 != timeName && ($0 != pathName || found.contains($0)) }
    return try components(of: record, spatial == [] ? nil : spatial)
  }

  /// Component by component the sum of a record and of its offset, where it has one. What is not added to anything
  /// stays in the file.
  func sums(
    _ record: OpenPMDRecord, _ offset: OpenPMDRecord?, _ names: [String?]
  ) throws(SnapshotError) -> [OpenPMDSource] {
    var sources: [OpenPMDSource] = []
    for name in names {
      guard let source = try record.source(name) else {
        throw record.object.malformed(found: "no component \(name ?? "")", expected: "one")
      }
      guard let added = try offset?.column(name) else {
        sources.append(source)
        continue
      }
      guard added.count == source.count else {
        throw record.object.malformed(
          found: "\(source.count) numbers of \(name ?? "time") but \(added.count) offsets",
          expected: "as many")
      }
      switch (source, added) {
      case (.stored, .constant(0, _)):
        sources.append(source)
      case (.read(.constant(let value, let count)), .constant(let shift, _)):
        sources.append(.read(.constant(value + shift, count: count)))
      case (.read(.constant(let value, _)), .array):
        sources.append(.read(added.map({ $1 + value }, count: added.count)))
      case (.stored, _), (.read(.array), _):
        sources.append(
          .read(try source.column().map({ $1 + added[$0] }, count: source.count)))
      }
    }
    return sources
  }

  /// The names of the components to read.
  static func components(
    of record: OpenPMDRecord, _ wanted: [String]?
  ) throws(SnapshotError) -> [String] {
    let found = try record.componentNames()
    let names = wanted ?? found
    guard !names.isEmpty, names.count <= 16, names.allSatisfy(found.contains) else {
      throw record.object.malformed(
        found: found.isEmpty ? "no components" : "the components \(listed(found))",
        expected: wanted.map { "\($0.joined(separator: ", ")) among them" } ?? "x, y, z")
    }
    return names
  }
}
