import OptimalTransport

/// The box that the meshes of an iteration imply.
struct OpenPMDBox {
  /// For each position axis its period, or free; `nil` when the meshes do not state it.
  let domain: ProductDomain?
  /// What is known about the extent without being used.
  let notes: [ReadingNote]

  /// - Parameters:
  ///   - components: the names of the position axes.
  init(of meshes: HDF5Object?, components: [String]) throws(SnapshotError) {
    guard let meshes else {
      (domain, notes) = (nil, [])
      return
    }
    var lengths: [String: Double] = [:]
    for name in try meshes.memberNames() {
      guard let mesh = try meshes.member(name) else { continue }
      for (axis, length) in try Self.lengths(of: mesh) where lengths[axis] == nil {
        lengths[axis] = length
      }
    }
    let known = components.filter { lengths[$0] != nil }
    guard known.count == components.count else {
      (domain, notes) = (nil, [])
      return
    }
    let extent = components.map { "\($0) \(lengths[$0] ?? 0) m" }.joined(separator: ", ")
    // ED-PIC: two entries for each axis of the meshes, its lower and its upper end.
    guard let ends = try meshes.texts(of: "particleBoundary"),
      let axes = try Self.axisLabels(of: meshes), ends.count == 2 * axes.count
    else {
      domain = nil
      notes = [
        ReadingNote(
          "The meshes extend over \(extent), but do not say whether particles are periodic; space is "
            + "taken as free", unless: .box)
      ]
      return
    }
    var box: [CoordinateAxis] = []
    for component in components {
      let index = axes.firstIndex(of: component) ?? 0
      let isPeriodic = ends[2 * index] == "periodic" && ends[2 * index + 1] == "periodic"
      box.append(isPeriodic ? .circle(length: lengths[component] ?? 0) : .line)
    }
    do {
      domain = try ProductDomain(box)
      notes = []
    } catch {
      throw .unusable(path: meshes.path, reason: .domain(error))
    }
  }

  /// The axes of the first Cartesian mesh.
  private static func axisLabels(of meshes: HDF5Object) throws(SnapshotError) -> [String]? {
    for name in try meshes.memberNames() {
      if let mesh = try meshes.member(name), try mesh.text(of: "geometry") == "cartesian",
        let labels = try mesh.texts(of: "axisLabels")
      {
        return labels
      }
    }
    return nil
  }

  /// The length of each axis of a Cartesian mesh, in metres; none where it is not stated.
  private static func lengths(of mesh: HDF5Object) throws(SnapshotError) -> [String: Double] {
    guard try mesh.text(of: "geometry") == "cartesian",
      let labels = try mesh.texts(of: "axisLabels"),
      let spacing = try mesh.numbers(of: "gridSpacing"), spacing.count == labels.count,
      let shape = try shape(of: mesh), shape.count == labels.count
    else { return [:] }
    let unit = try mesh.number(of: "gridUnitSI") ?? 1
    var lengths: [String: Double] = [:]
    for (axis, label) in labels.enumerated() {
      let length = shape[axis] * spacing[axis] * unit
      guard length.isFinite else {
        throw mesh.malformed(
          found: "the extent \(length) of the axis \(quoted(label))", expected: "a finite one")
      }
      if length > 0 { lengths[label] = length }
    }
    return lengths
  }

  /// The cells of a mesh on each axis, of itself or of its first component.
  private static func shape(of mesh: HDF5Object) throws(SnapshotError) -> [Double]? {
    if mesh.isDataset { return try mesh.shape().map(Double.init) }
    if let shape = try mesh.numbers(of: "shape") { return shape }
    guard let name = try mesh.memberNames().first, let component = try mesh.member(name) else {
      return nil
    }
    if component.isDataset { return try component.shape().map(Double.init) }
    return try component.numbers(of: "shape")
  }
}
