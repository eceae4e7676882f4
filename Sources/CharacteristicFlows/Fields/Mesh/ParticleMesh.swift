import FlowKernels
import Libc
import OptimalTransport

/// A mesh on a torus of one to three dimensions, on which what particles carry is spread by B-splines,
/// folded by Fourier transforms, and read back at places by the same splines.
package struct ParticleMesh: Sendable {
  /// The box: circles.
  package let box: ProductDomain
  /// The number of cells on each axis.
  package let cells: [Int]
  /// The degree of the splines: 2 or 3.
  package let degree: Int

  private let transform: FourierTransform
  /// For each place of a padded array its cell (`FK_MESH_MARGIN`).
  private let cellOfPlace: [Int32]
  private let mesh: fk_mesh

  /// What particles carry is spread in this many parts, whatever the number of processors and of processes: the
  /// sums, and with them the bits of a result, do not depend on it. Adding up the parts takes little beside spreading.
  func partCount(of particles: Int) -> Int {
    min(64, max(4, particles / max(1 << 16, 4 * cellOfPlace.count)))
  }

  /// A mesh of so many cells an axis.
  ///
  /// - Parameter field: who needs it, for errors.
  /// - Throws: `FlowError.badBox` for a box that is not periodic on each of one to three axes, and for
  ///   fewer than four cells an axis or more than 2³⁰ in all; `FlowError.missingLibrary` without FFTW.
  package init(
    box: ProductDomain, cells: [Int], degree: Int, for field: String
  ) throws(FlowError) {
    guard box.dimension <= 3, box.axes.allSatisfy(\.isPeriodic) else {
      throw .badBox(field: field, requirement: "one to three axes, all periodic")
    }
    try FourierLibrary.require(for: "field \(field)")
    guard cells.count == box.dimension, cells.allSatisfy({ 4...1 << 20 ~= $0 }),
      cells.reduce(1.0, { $0 * Double($1) }) <= 0x1p30,
      let transform = FourierTransform(cells: cells)
    else {
      throw .badBox(
        field: field, requirement: "at least four cells for each axis, and at most 2^30 in all")
    }
    self.box = box
    self.cells = cells
    self.degree = degree
    self.transform = transform
    var mesh = fk_mesh()
    mesh.dimension = Int32(cells.count)
    mesh.degree = Int32(degree)
    let padded = cells.map { Int32($0) } + Array(repeating: 1, count: 3 - cells.count)
    mesh.cells = (padded[0], padded[1], padded[2])
    let perLength = box.axes.map { 1 / $0.length } + Array(repeating: 0, count: 3 - cells.count)
    mesh.per_length = (perLength[0], perLength[1], perLength[2])
    self.mesh = mesh
    cellOfPlace = cells.reduce([0]) { rows, count in
      rows.flatMap { row in
        (0..<count + Int(FK_MESH_MARGIN)).map { place in
          row * Int32(count) + Int32((place - 1 + count) % count)
        }
      }
    }
  }

  /// The number of Fourier coefficients that are stored.
  package var coefficientCount: Int { transform.coefficientCount }

  /// The Fourier coefficients ∫e^{−ik·x} of what the particles carry, times the spline's transform.
  ///
  /// - Parameters:
  ///   - weights: what each particle carries.
  ///   - share: which of all particles these are, where several processes have some; `nil` for all.
  /// - Complexity: O(n + cells log cells).
  package func coefficients(
    _ weights: [Double], of particles: ParticleState, _ share: MeshShare? = nil
  ) -> [FourierCoefficient] {
    let (n, count) = (particles.count, cellOfPlace.count)
    let share = share ?? MeshShare(of: n, parts: partCount(of: n))
    let parts = share.parts
    let first = share.particles.lowerBound
    var parted = [Double](repeating: 0, count: parts.count * count)
    parted.withUnsafeMutableBufferPointer { density in
      particles.positions.withUnsafeBufferPointer { positions in
        weights.withUnsafeBufferPointer { weights in
          nonisolated(unsafe) let (density, positions, weights) = (density, positions, weights)
          Parallel.forEachChunk(
            of: parts.count, costPerItem: 10 * Double(n / max(1, parts.count))
          ) { range in
            for index in range {
              let part = parts.lowerBound + index
              withUnsafePointer(to: mesh) { mesh in
                fk_mesh_deposit(
                  mesh, positions.baseAddress, n, weights.baseAddress,
                  share.first(of: part) - first,
                  share.first(of: part + 1) - first,
                  density.baseAddress?.advanced(by: index * count))
              }
            }
          }
        }
      }
    }
    var density = [Double](repeating: 0, count: transform.numberCount)
    for parted in share.exchange(parted) {
      for part in 0..<parted.count / count {
        for (place, cell) in cellOfPlace.enumerated() {
          density[Int(cell)] += parted[part * count + place]
        }
      }
    }
    return transform.forward(&density)
  }

  /// Σ coefficients·e^{ik·x} at each cell. The coefficients are used up.
  ///
  /// - Complexity: O(cells log cells).
  package func cellValues(_ coefficients: inout [FourierCoefficient]) -> [Double] {
    var values = [Double](repeating: 0, count: transform.numberCount)
    transform.backward(&coefficients, into: &values)
    return values
  }

  /// The Fourier coefficients of values at the cells, without a factor.
  ///
  /// - Complexity: O(cells log cells).
  package func coefficients(ofCellValues values: [Double]) -> [FourierCoefficient] {
    var values = values
    return transform.forward(&values)
  }

  /// Functions given at the cells, as many as there are axes, read at places by the splines.
  ///
  /// - Parameters:
  ///   - places: coordinate k of place i at `places[k * count + i]`.
  ///   - values: function k at place i goes to `values[k * count + i]`.
  /// - Complexity: O(places + cells).
  package func gather(
    _ functions: [[Double]], at places: [Double], into values: inout [Double]
  ) {
    let dimension = cells.count
    let n = places.count / dimension
    var fields = [Double](repeating: 0, count: cellOfPlace.count * dimension)
    for (axis, function) in functions.enumerated() {
      for (place, cell) in cellOfPlace.enumerated() {
        fields[place * dimension + axis] = function[Int(cell)]
      }
    }
    fields.withUnsafeBufferPointer { fields in
      places.withUnsafeBufferPointer { places in
        values.withUnsafeMutableBufferPointer { values in
          nonisolated(unsafe) let (fields, places, values) = (fields, places, values)
          Parallel.forEachChunk(of: n, costPerItem: 10) { range in
            withUnsafePointer(to: mesh) { mesh in
              fk_mesh_gather(
                mesh, places.baseAddress, n, range.lowerBound, range.upperBound,
                fields.baseAddress, values.baseAddress)
            }
          }
        }
      }
    }
  }

  /// The transform of the spline at each stored coefficient.
  package var splineTransform: [Double] {
    var sizes = cells
    sizes[cells.count - 1] = cells[cells.count - 1] / 2 + 1
    return (0..<coefficientCount).map { index in
      var (rest, spline) = (index, 1.0)
      for axis in cells.indices.reversed() {
        let place = rest % sizes[axis]
        rest /= sizes[axis]
        let mode = 2 * place > cells[axis] ? place - cells[axis] : place
        let half = .pi * Double(mode) / Double(cells[axis])
        if mode != 0 { spline *= pow(sin(half) / half, Double(degree + 1)) }
      }
      return spline
    }
  }
}
