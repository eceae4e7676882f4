import TestSupport

@testable import Snapshots

/// A file in the layout of BeamPhysics, as the converters of accelerator codes write it: no iterations,
/// constants and offsets, a status for each particle.
enum BeamFile {
  private static let light = 299_792_458.0
  private static let mass = 9.1093837015e-31

  /// Writes four electrons, the second of which is lost.
  static func write(to path: String) throws(SnapshotError) {
    try HDF5Output.write(to: path) { root throws(SnapshotError) in
      try root.set("openPMDextension", "BeamPhysics;SpeciesType")
      let species = try root.electrons()
      let position = try species.group("position")
      try position.dataset("x", [1, 2, 3, 4]).set("unitSI", 1e-3)
      try position.constant("y", 0, count: 4)
      try position.constant("z", 0, count: 4)
      try species.group("positionOffset").constant("z", 1.0001, count: 4)
      let momentum = try species.group("momentum")
      for axis in ["x", "y"] { try momentum.constant(axis, 0, count: 4) }
      try momentum.dataset("z", Array(repeating: 1.0 / 3, count: 4)).set("unitSI", mass * light)
      try species.group("momentumOffset").constant(
        "z", 5.0 / 12, count: 4, unit: mass * light)
      let weight = try species.dataset("weight", [1e-15, 2e-15, 3e-15, 4e-15])
      try weight.set("unitDimension", [0, 0, 1, 1, 0, 0, 0])
      try species.dataset("particleStatus", wholes: [1, 3, 1, 1])
    }
  }

  /// The bytes of such a file.
  static func bytes() throws -> [UInt8] {
    let directory = try TemporaryDirectory()
    try write(to: directory["beam.h5"])
    return try TestSupport.bytes(ofFile: directory["beam.h5"])
  }
}

extension HDF5Group {
  /// The only species of a file without iterations, whose root this is.
  func electrons() throws(SnapshotError) -> HDF5Group {
    try set("openPMD", "2.0.0")
    try set("basePath", "/")
    try set("particlesPath", "electrons/")
    let species = try group("electrons")
    try species.set("speciesType", "electron")
    return species
  }

  /// Writes a constant record or component: one number for some particles.
  func constant(
    _ name: String, _ value: Double, count: Int, unit: Double = 1
  ) throws(SnapshotError) {
    let constant = try group(name)
    try constant.set("value", value)
    try constant.set("shape", wholes: [UInt64(count)])
    try constant.set("unitSI", unit)
  }
}
