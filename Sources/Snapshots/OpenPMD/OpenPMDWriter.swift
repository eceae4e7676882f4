import OptimalTransport

/// Writes a snapshot as an openPMD 1.1.0 file (doi:10.5281/zenodo.1167843): one iteration with one
/// species, `/data/N/particles/all`.
///
/// Numbers are written as they stand, with `unitSI` 1. The box is the one cell of a Cartesian mesh,
/// whose ends `particleBoundary` (of the extension ED-PIC) calls periodic or open; on a free axis
/// the cell reaches over the particles. Each number returns bit for bit when kwass reads the file.
enum OpenPMDWriter {
  /// As many components as kwass reads.
  private static let largestDimension = 16
  private static let species = "all"

  static func write(_ snapshot: Snapshot, to path: String) throws(SnapshotError) {
    for (count, name) in [
      (snapshot.positions.count, "position"), (snapshot.velocities.count, "velocity"),
    ] where count > largestDimension {
      throw .unwritable(
        path: path,
        reason: "the snapshot has \(count) \(name) coordinates; .h5 files of kwass have at most "
          + "\(largestDimension).")
    }
    let series = FileSeries(path: path)
    try HDF5Output.write(to: path) { root throws(SnapshotError) in
      try root.set("openPMD", "1.1.0")
      try root.set("openPMDextension", whole: 0)
      try root.set("basePath", "/data/%T/")
      try root.set("particlesPath", "particles/")
      if snapshot.box != nil { try root.set("meshesPath", "meshes/") }
      try root.set("iterationEncoding", series.pattern == nil ? "groupBased" : "fileBased")
      try root.set("iterationFormat", series.pattern ?? "/data/%T/")
      try root.set("software", "kwass")

      let iteration = try root.group("data").group("\(series.number)")
      // The standard demands both; not a number is what is not known.
      try iteration.set("time", snapshot.time ?? .nan)
      try iteration.set("dt", .nan)
      try iteration.set("timeUnitSI", 1)
      try write(snapshot, particles: try iteration.group("particles").group(species))
      if let box = snapshot.box { try write(box, of: snapshot, try iteration.group("meshes")) }
    }
  }

  // MARK: Particles

  private static func write(
    _ snapshot: Snapshot, particles group: HDF5Group
  ) throws(SnapshotError) {
    let names = componentNames(snapshot.positions.count)
    let position = try record("position", in: group, dimension: [1, 0, 0, 0, 0, 0, 0])
    let offset = try record("positionOffset", in: group, dimension: [1, 0, 0, 0, 0, 0, 0])
    for (name, values) in zip(names, snapshot.positions) {
      try position.dataset(name, values).set("unitSI", 1)
      let constant = try offset.group(name)
      try constant.set("value", 0)
      try constant.set("shape", wholes: [UInt64(values.count)])
      try constant.set("unitSI", 1)
    }
    if !snapshot.velocities.isEmpty {
      let velocity = try record("velocity", in: group, dimension: [1, 0, -1, 0, 0, 0, 0])
      for (name, values) in zip(componentNames(snapshot.velocities.count), snapshot.velocities) {
        try velocity.dataset(name, values).set("unitSI", 1)
      }
    }
    if let ids = snapshot.ids {
      let record = try group.dataset("id", wholes: ids)
      try describe(record, dimension: Array(repeating: 0, count: 7))
      try record.set("unitSI", 1)
    }
    if let weights = snapshot.weights {
      let weighting = try group.dataset("weighting", weights)
      try describe(weighting, dimension: Array(repeating: 0, count: 7))
      try weighting.set("unitSI", 1)
      try weighting.set("macroWeighted", whole: 1)
      try weighting.set("weightingPower", 1)
    }
  }

  private static func record(
    _ name: String, in group: HDF5Group, dimension: [Double]
  ) throws(SnapshotError) -> HDF5Group {
    let record = try group.group(name)
    try describe(record, dimension: dimension)
    return record
  }

  /// What the standard demands of every record.
  private static func describe(
    _ record: HDF5Group, dimension: [Double]
  ) throws(SnapshotError) {
    try record.set("unitDimension", dimension)
    try record.set("timeOffset", 0)
  }

  /// x, y, z, or x1, x2, … where there are more; in alphabetical order, in which they are read.
  private static func componentNames(_ count: Int) -> [String] {
    guard count > 3 else { return Array(["x", "y", "z"].prefix(count)) }
    return (1...count).map { count > 9 && $0 < 10 ? "x0\($0)" : "x\($0)" }
  }

  // MARK: The box

  private static func write(
    _ box: ProductDomain, of snapshot: Snapshot, _ meshes: HDF5Group
  ) throws(SnapshotError) {
    try meshes.set(
      "particleBoundary",
      box.axes.flatMap { Array(repeating: $0.isPeriodic ? "periodic" : "open", count: 2) })
    let extents = zip(box.axes, snapshot.positions).map { axis, values in
      axis.isPeriodic ? (start: 0, length: axis.length) : extent(of: values)
    }
    let total = snapshot.weights.map { CompensatedSum($0).value } ?? 1
    let mesh = try meshes.dataset(
      "totalWeighting", [total], shape: Array(repeating: 1, count: box.dimension))
    try describe(mesh, dimension: Array(repeating: 0, count: 7))
    try mesh.set("unitSI", 1)
    try mesh.set("geometry", "cartesian")
    try mesh.set("dataOrder", "C")
    try mesh.set("axisLabels", componentNames(box.dimension))
    try mesh.set("gridSpacing", extents.map(\.length))
    try mesh.set("gridGlobalOffset", extents.map(\.start))
    try mesh.set("gridUnitSI", 1)
    try mesh.set("position", Array(repeating: 0.5, count: box.dimension))
  }

  /// Where the particles are on a free axis. A cell has a size, even around a single point.
  private static func extent(of values: [Double]) -> (start: Double, length: Double) {
    let start = values.min() ?? 0
    let length = min((values.max() ?? 0) - start, .greatestFiniteMagnitude)
    return (start, length > 0 ? length : 1)
  }

  // MARK: Series

  /// The number at the end of a file's name is that of the iteration: `snapshot-000012.h5` belongs
  /// to the file-based series `snapshot-%06T.h5`. Without one, the file is a series by itself.
  private struct FileSeries {
    var number = 0
    var pattern: String?

    init(path: String) {
      let name = path.split(separator: "/").last.map(String.init) ?? path
      guard let dot = name.lastIndex(of: "."), !name.contains("%"),
        name.unicodeScalars.allSatisfy(\.isASCII)
      else { return }
      let stem = name[..<dot]
      let digits = stem.reversed().prefix { $0.isNumber }.count
      guard let number = Int(stem.suffix(digits)) else { return }
      self.number = number
      // Zeros in front say that all numbers of the series are this long.
      let isPadded = digits > 1 && stem.suffix(digits).first == "0"
      let place = isPadded ? "%0\(digits)T" : "%T"
      pattern = "\(stem.dropLast(digits))\(place)\(name[dot...])"
    }
  }
}
