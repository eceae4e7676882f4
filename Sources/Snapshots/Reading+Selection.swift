import OptimalTransport

extension Reading {
  /// The coordinates that were asked for by their names, of a file that was read whole.
  ///
  /// - Throws: `SnapshotError` for names that the file has not, and for a density on a grid.
  func selecting(_ options: ReadingOptions, _ path: String) throws(SnapshotError) -> Reading {
    guard options.positionComponents != nil || options.velocityComponents != nil else {
      return self
    }
    guard density == nil else {
      throw .undecided(
        path: path, place: nil, found: "a density on a grid",
        expected: "particles, for a choice of coordinates",
        choices: [.components])
    }
    let all =
      coordinates
      ?? CoordinateNames(
        positions: snapshot.positions.count, velocities: snapshot.velocities.count)
    let positions = try Self.places(options.positionComponents, [""], all.positions, path)
    let velocities = try Self.places(
      options.velocityComponents, options.momentum == .momentum ? ["", "p"] : ["", "v", "p"],
      all.velocities, path)
    var selected = self
    selected.snapshot.positions = positions.map { snapshot.positions[$0] }
    selected.snapshot.velocities = velocities.map { snapshot.velocities[$0] }
    if let box = snapshot.box {
      do {
        selected.snapshot.box = try ProductDomain(positions.map { box.axes[$0] })
      } catch {
        throw .unusable(path: path, reason: .domain(error))
      }
    }
    selected.coordinates = CoordinateNames(
      positions: positions.map { all.positions[$0] },
      velocities: velocities.map { all.velocities[$0] })
    return selected
  }

  /// Where the coordinates of some names are.
  ///
  /// - Parameter prefixes: what may stand before a name in the file.
  private static func places(
    _ wanted: [String]?, _ prefixes: [String], _ found: [CoordinateNames.Coordinate], _ path: String
  ) throws(SnapshotError) -> [Int] {
    guard let wanted else { return Array(found.indices) }
    let names = found.map { $0.name.lowercased() }
    var places: [Int] = []
    for name in wanted {
      let candidates = prefixes.map { $0 + name.lowercased() }
      guard let place = candidates.lazy.compactMap({ names.firstIndex(of: $0) }).first else {
        throw .malformed(
          path: path, place: nil,
          found: found.isEmpty
            ? "none of these coordinates" : "the coordinates \(listed(found.map(\.name)))",
          expected: "\(prefixes.last ?? "")\(name) among them")
      }
      places.append(place)
    }
    return places
  }
}

extension ReadingOptions {
  /// Refuses what takes masses, momenta in a known unit and times, which openPMD alone states.
  func checkNoKinematics(_ path: String) throws(SnapshotError) {
    let choice: ReadingChoice? =
      switch momentum {
      case _ where drift != nil: .drift
      case _ where reference != nil: .reference
      case .betaGamma, .slope, .relative: .momentum
      case .velocity, .momentum: nil
      }
    guard let choice else { return }
    throw .undecided(
      path: path, place: nil, found: "a file that is not openPMD", expected: "an openPMD file",
      choices: [choice])
  }
}
