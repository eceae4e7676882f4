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
    try write(
      count: snapshot.count, ids: snapshot.ids, to: path, chunkSize: max(1, snapshot.count)
    ) { _ in snapshot }
  }

  /// Writes so many particles, of which a closure gives some at a time: all of a snapshot with the same
  /// coordinates, weights or none, box and time.
  static func write(
    count: Int, ids: [UInt64]? = nil, to path: String, chunkSize: Int,
    _ piece: (Range<Int>) throws(SnapshotError) -> Snapshot
  ) throws(SnapshotError) {
    let first = try piece(0..<min(count, chunkSize))
    guard first.count == min(count, chunkSize) else { throw unlike(path) }
    for (count, name) in [
      (first.positions.count, "position"), (first.velocities.count, "velocity"),
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
      if first.box != nil { try root.set("meshesPath", "meshes/") }
      try root.set("iterationEncoding", series.pattern == nil ? "groupBased" : "fileBased")
      try root.set("iterationFormat", series.pattern ?? "/data/%T/")
      try root.set("software", "kwass")

      let iteration = try root.group("data").group("\(series.number)")
      // The standard demands both; not a number is what is not known.
      try iteration.set("time", first.time ?? .nan)
      try iteration.set("dt", .nan)
      try iteration.set("timeUnitSI", 1)
      let group = try iteration.group("particles").group(species)
      var columns = try ParticleColumns(first, count: count, ids: ids, in: group)
      try columns.write(first, at: 0)
      var start = min(count, chunkSize)
      while start < count {
        let end = count - start > chunkSize ? start + chunkSize : count
        let next = try piece(start..<end)
        guard next.isLike(first), next.count == end - start else {
          throw unlike(path)
        }
        try columns.write(next, at: start)
        start = end
      }
      if let box = first.box { try write(box, columns, try iteration.group("meshes")) }
    }
  }

  private static func unlike(_ path: String) -> SnapshotError {
    .unwritable(
      path: path,
      reason: "its pieces have different coordinates, or other numbers of particles.")
  }

  // MARK: Particles

  /// The datasets of the particles, and what the box needs to know of them.
  private struct ParticleColumns {
    private var positions: [HDF5Group] = []
    private var velocities: [HDF5Group] = []
    private var weighting: HDF5Group?
    private(set) var extents: [(least: Double, greatest: Double)]
    private(set) var total = CompensatedSum()

    /// Makes the datasets for particles like those of a snapshot.
    init(
      _ snapshot: Snapshot, count: Int, ids: [UInt64]?, in group: HDF5Group
    ) throws(SnapshotError) {
      extents = snapshot.positions.map { _ in (.infinity, -.infinity) }
      let length: [Double] = [1, 0, 0, 0, 0, 0, 0]
      let position = try record("position", in: group, dimension: length)
      let offset = try record("positionOffset", in: group, dimension: length)
      for name in componentNames(snapshot.positions.count) {
        let column = try position.dataset(name, count: count)
        try column.set("unitSI", 1)
        positions.append(column)
        let constant = try offset.group(name)
        try constant.set("value", 0)
        try constant.set("shape", wholes: [UInt64(count)])
        try constant.set("unitSI", 1)
      }
      if !snapshot.velocities.isEmpty {
        let velocity = try record("velocity", in: group, dimension: [1, 0, -1, 0, 0, 0, 0])
        for name in componentNames(snapshot.velocities.count) {
          let column = try velocity.dataset(name, count: count)
          try column.set("unitSI", 1)
          velocities.append(column)
        }
      }
      if let ids {
        let record = try group.dataset("id", wholes: ids)
        try describe(record, dimension: Array(repeating: 0, count: 7))
        try record.set("unitSI", 1)
      }
      guard snapshot.weights != nil else { return }
      let weighting = try group.dataset("weighting", count: count)
      try describe(weighting, dimension: Array(repeating: 0, count: 7))
      try weighting.set("unitSI", 1)
      try weighting.set("macroWeighted", whole: 1)
      try weighting.set("weightingPower", 1)
      self.weighting = weighting
    }

    /// Writes particles from a place on.
    mutating func write(_ snapshot: Snapshot, at start: Int) throws(SnapshotError) {
      for (column, values) in zip(positions + velocities, snapshot.positions + snapshot.velocities)
      {
        try column.write(values, at: start)
      }
      for (axis, values) in snapshot.positions.enumerated() {
        extents[axis].least = min(extents[axis].least, values.min() ?? .infinity)
        extents[axis].greatest = max(extents[axis].greatest, values.max() ?? -.infinity)
      }
      guard let weighting, let weights = snapshot.weights else { return }
      try weighting.write(CoordinateColumn(weights), at: start)
      for weight in weights { total.add(weight) }
    }

    /// The mass of all particles.
    var mass: Double { weighting == nil ? 1 : total.value }
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
    _ box: ProductDomain, _ columns: ParticleColumns, _ meshes: HDF5Group
  ) throws(SnapshotError) {
    try meshes.set(
      "particleBoundary",
      box.axes.flatMap { Array(repeating: $0.isPeriodic ? "periodic" : "open", count: 2) })
    let extents = zip(box.axes, columns.extents).map { axis, ends in
      axis.isPeriodic
        ? (start: 0, length: axis.length) : extent(from: ends.least, to: ends.greatest)
    }
    let mesh = try meshes.dataset(
      "totalWeighting", [columns.mass], shape: Array(repeating: 1, count: box.dimension))
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
  private static func extent(
    from least: Double, to greatest: Double
  ) -> (start: Double, length: Double) {
    let start = least.isFinite ? least : 0
    let length = min((greatest.isFinite ? greatest : 0) - start, .greatestFiniteMagnitude)
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

extension Snapshot {
  /// Whether two snapshots state the same beside their particles.
  fileprivate func isLike(_ other: Snapshot) -> Bool {
    positions.count == other.positions.count && velocities.count == other.velocities.count
      && (weights == nil) == (other.weights == nil) && box == other.box && time == other.time
  }
}
