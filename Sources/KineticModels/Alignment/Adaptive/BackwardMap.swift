import OptimalTransport

/// Where what is at a place now came from along the velocities [u]: ∂tY + [u]·∇Y = 0, Y(0, x) = x.
///
/// What is kept is the displacement Y − x, which is periodic and as smooth as [u] is: a strength that
/// varies over decades costs nothing, since it is evaluated at Y and never interpolated itself.
struct BackwardMap: Sendable {
  let lattice: PeriodicLattice
  /// Component k of Y − x at point i at `displacements[k * count + i]`.
  var displacements: [Double]

  /// The map at the start.
  init(_ lattice: PeriodicLattice) {
    self.lattice = lattice
    displacements = Array(repeating: 0, count: lattice.count * lattice.cells.count)
  }

  /// The map with displacements that were kept.
  ///
  /// - Throws: `KineticModelError.anotherRun` unless there is a finite number for each component and point.
  func with(_ displacements: [Double]) throws(KineticModelError) -> BackwardMap {
    guard displacements.count == self.displacements.count, displacements.allSatisfy(\.isFinite)
    else {
      throw .anotherRun(
        requirement:
          "\(self.displacements.count) finite displacements, one for each axis and point of its lattice"
      )
    }
    var map = self
    map.displacements = displacements
    return map
  }

  /// ∂t(Y − x) = −[u] − [u]·∇(Y − x).
  ///
  /// - Parameter velocities: component k of [u] at point i at `velocities[k * count + i]`.
  func slopes(_ velocities: [Double]) -> [Double] {
    let count = lattice.count
    var result: [Double] = []
    for axis in lattice.cells.indices {
      let own = lattice.advection(
        of: displacements[axis * count..<(axis + 1) * count], by: velocities)
      for i in 0..<count { result.append(own[i] - velocities[axis * count + i]) }
    }
    return result
  }

  /// Y at places, coordinate k of place i at `k * n + i`.
  func origins(of places: [Double]) -> [Double] {
    zip(places, lattice.values(displacements, at: places)).map { $0 + $1 }
  }

  /// det ∇Y at each point of the lattice.
  var determinants: [Double] {
    let (dimension, count) = (lattice.cells.count, lattice.count)
    let slopes = (0..<dimension).map { component in
      (0..<dimension).map { axis in
        lattice.derivative(
          of: displacements[component * count..<(component + 1) * count], axis)
      }
    }
    return (0..<count).map { i in
      func entry(_ row: Int, _ column: Int) -> Double {
        slopes[row][column][i] + (row == column ? 1 : 0)
      }
      switch dimension {
      case 1: return entry(0, 0)
      case 2: return entry(0, 0) * entry(1, 1) - entry(0, 1) * entry(1, 0)
      default:
        func minor(_ a: Int, _ b: Int) -> Double {
          entry(1, a) * entry(2, b) - entry(1, b) * entry(2, a)
        }
        return entry(0, 0) * minor(1, 2) - entry(0, 1) * minor(0, 2) + entry(0, 2) * minor(0, 1)
      }
    }
  }
}
