import OptimalTransport

/// Files for what a solver returned: plans and potentials. Points count from 0, as in numpy.
public enum SolutionFile {
  private enum Format { case csv, npz }

  /// Writes a plan as the columns (or arrays) `i`, `j` and `mass`: the source point, the target
  /// point and the mass that moves between them. The extension, `.csv` or `.npz`, chooses the format.
  ///
  /// - Throws: `SnapshotError`.
  /// - Complexity: O(entries).
  public static func write(_ plan: TransportPlan, to path: String) throws(SnapshotError) {
    switch try format(of: path) {
    case .npz:
      var archive = try ZipWriter(path: path)
      try archive.add("i", indices: plan.sources)
      try archive.add("j", indices: plan.targets)
      try archive.add("mass", [plan.masses], shape: [plan.count])
      try archive.commit()
    case .csv:
      var table = try CSVTable(path: path, remark: nil, names: ["i", "j", "mass"])
      for entry in 0..<plan.count {
        table.append(plan.sources[entry])
        table.append(plan.targets[entry])
        table.append(plan.masses[entry])
        try table.endRow()
      }
      try table.commit()
    }
  }

  /// Writes potentials, in the unit of the cost: as the arrays `f` (one number for each source
  /// point) and `g` (one for each target point), or as a table with the columns `potential` (f or
  /// g), `point` and `value`. The extension, `.csv` or `.npz`, chooses the format.
  ///
  /// - Throws: `SnapshotError`.
  /// - Complexity: O(n + m).
  public static func write(_ potentials: Potentials, to path: String) throws(SnapshotError) {
    let both = [("f", potentials.source), ("g", potentials.target)]
    switch try format(of: path) {
    case .npz:
      var archive = try ZipWriter(path: path)
      for (name, values) in both { try archive.add(name, [values], shape: [values.count]) }
      try archive.commit()
    case .csv:
      var table = try CSVTable(path: path, remark: nil, names: ["potential", "point", "value"])
      for (name, values) in both {
        for (point, value) in values.enumerated() {
          table.append(name)
          table.append(point)
          table.append(value)
          try table.endRow()
        }
      }
      try table.commit()
    }
  }

  /// Finds out whether a file can be created, before the work that is to fill it. Leaves no trace.
  ///
  /// - Throws: `SnapshotError`.
  public static func checkCreatable(_ path: String) throws(SnapshotError) {
    _ = try format(of: path)
    _ = try OutputFile(path: path)
  }

  /// Whether plans and potentials can be written under a path.
  public static func accepts(_ path: String) -> Bool { (try? format(of: path)) != nil }

  private static func format(of path: String) throws(SnapshotError) -> Format {
    switch SnapshotFormat(path: path) {
    case .csv: .csv
    case .npz: .npz
    case .npy, .hdf5, .gkyl, nil:
      throw .unwritable(
        path: path, reason: "the format is chosen by the extension: .csv or .npz.")
    }
  }
}
