import CharacteristicFlows
import Libc
import OptimalTransport
import PhaseSpace

/// The terms of Lemma 3.6 for densities on the cells of the unit torus of two or three dimensions.
struct TorusDensities {
  private let cells: [Int]
  private let solver: CellDensityField

  init(cells: [Int]) throws(StabilityError) {
    do throws(FlowError) {
      try FourierLibrary.require(for: "field of a density in two or three dimensions")
    } catch {
      throw .flow(error)
    }
    guard let solver = CellDensityField(cells: cells) else {
      throw .badParameter(
        name: "number of cells", value: cells.reduce(1) { $0 * Double($1) },
        requirement: "such that FFTW can transform them")
    }
    self.cells = cells
    self.solver = solver
  }

  /// ‖∇Ψ₁ − ∇Ψ₂‖ with ε = 1.
  func fieldDifference(_ first: DensityHistogram, _ second: DensityHistogram) -> Double {
    solver.norm(zip(first.values, second.values).map { $0 - $1 })
  }

  // MARK: Transport

  /// W₂ of the masses at the centres of the cells, its proved upper bound.
  ///
  /// A plan between the centres moves whole cells with their contents, so it is one between the
  /// densities at the same cost.
  func distance(
    _ first: DensityHistogram, _ second: DensityHistogram
  ) throws(StabilityError) -> Double {
    guard first.values != second.values else { return 0 }
    var distances = DistanceSeries(exponent: 2, space: .position)
    let solution = try distances.solve(centers(of: first), centers(of: second), progress: nil)
    return solution.distanceBounds.upper
  }

  /// Twice the W₂ of a cell's content and its centre: the triangle inequality.
  var distanceExcess: Double {
    2 * (cells.reduce(0) { $0 + 1 / Double($1 * $1) } / 12).squareRoot()
  }

  private func centers(of density: DensityHistogram) throws(StabilityError) -> PhaseSpaceMeasure {
    let filled = density.values.indices.filter { density.values[$0] > 0 }
    do {
      return try PhaseSpaceMeasure(
        positions: cells.indices.map { axis in
          filled.map { (Double(place($0, axis)) + 0.5) / Double(cells[axis]) }
        }, velocities: [], masses: filled.map { density.values[$0] },
        box: ProductDomain(cells.map { _ in .circle(length: 1) }))
    } catch let error as PhaseSpaceError {
      throw .measure(error)
    } catch {
      throw .needsUnitTorus
    }
  }

  /// The place of a cell on an axis; the last axis runs fastest.
  private func place(_ cell: Int, _ axis: Int) -> Int {
    cell / cells[(axis + 1)...].reduce(1, *) % cells[axis]
  }

  // MARK: Log-Lipschitz fields

  /// The largest |∇Ψ(x) − ∇Ψ(y)| / (|x−y|·log(4√d/|x−y|)·‖ρ − 1‖_∞) over pairs of centres: all of
  /// them up to 4096 cells, and beyond as many, with differences in equal strides.
  func logLipschitzConstant(_ density: DensityHistogram) -> Double {
    let contrast = density.values.reduce(0) { max($0, abs($1 - 1)) }
    // Below this the histogram is uniform but for rounding.
    guard contrast > 1e-12 else { return 0 }
    let field = solver.field(density.values)
    let count = density.values.count
    let places = (0..<count).map { cell in cells.indices.map { place(cell, $0) } }
    let strides = cells.indices.map { axis in cells[(axis + 1)...].reduce(1, *) }
    var largest = 0.0
    for offset in stride(from: 1, to: count, by: max(1, count * count >> 24)) {
      let steps = places[offset]
      let length = zip(steps, cells).reduce(0) { sum, axis in
        let difference = Double(min(axis.0, axis.1 - axis.0)) / Double(axis.1)
        return sum + difference * difference
      }.squareRoot()
      var difference = 0.0
      for cell in 0..<count {
        var other = 0
        for axis in cells.indices {
          let moved = places[cell][axis] + steps[axis]
          other += (moved < cells[axis] ? moved : moved - cells[axis]) * strides[axis]
        }
        var square = 0.0
        for component in field {
          square += (component[other] - component[cell]) * (component[other] - component[cell])
        }
        difference = max(difference, square)
      }
      let modulus = length * log(4 * Double(cells.count).squareRoot() / length) * contrast
      largest = max(largest, difference.squareRoot() / modulus)
    }
    return largest
  }
}
