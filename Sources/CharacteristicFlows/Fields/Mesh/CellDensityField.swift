import Libc
import OptimalTransport

/// −ΔΨ = ρ − 1 on the unit torus for a density that is constant in each of equally many equal cells,
/// by Fourier transforms.
///
/// The coefficients of such a density repeat themselves beyond the mesh, times Π sin(kₐh/2)/(kₐh/2):
/// these aliases are summed too, as many as `aliases` on either side of each axis, so that the field is
/// that of the cells and not of points. What is left out of ‖∇Ψ‖² is below 1/(5·aliases³) of the part
/// of each mode, since aliases fall like the fourth power of their distance.
package struct CellDensityField: Sendable {
  private let cells: [Int]
  private let transform: FourierTransform
  /// For each coefficient of the mesh Σ 1/|k|²·Π sinc² over its aliases.
  private let squares: [Double]
  /// For each axis and coefficient Σ kₐ/|k|²·Π sinc over its aliases.
  private let slopes: [[Double]]

  /// The field on a mesh; `nil` when FFTW cannot plan it.
  ///
  /// - Complexity: O(cells · (2·aliases + 1)^dimension).
  package init?(cells: [Int]) {
    guard let transform = FourierTransform(cells: cells) else { return nil }
    self.cells = cells
    self.transform = transform
    let aliases = cells.count < 3 ? 8 : 2
    var sizes = cells
    sizes[cells.count - 1] = cells[cells.count - 1] / 2 + 1
    // For each axis and place of it the wavenumbers of its aliases with their sinc.
    let waves = zip(cells, sizes).map { count, size in
      (0..<size).map { place -> [(k: Double, sinc: Double)] in
        let mode = 2 * place > count ? place - count : place
        // The highest mode is its own conjugate: with both of its signs, its slope vanishes.
        let lowest = 2 * place == count ? -aliases - 1 : -aliases
        return (lowest...aliases).map { alias in
          let half = .pi * (Double(mode) / Double(count) + Double(alias))
          let sine = sin(.pi * Double(mode) / Double(count)) * (alias.isMultiple(of: 2) ? 1 : -1)
          return (2 * Double(count) * half, half == 0 ? 1 : sine / half)
        }
      }
    }
    let count = sizes.reduce(1, *)
    var squares = [Double](repeating: 0, count: count)
    var slopes = [[Double]](repeating: squares, count: cells.count)
    for index in 0..<count {
      var rest = index
      var own: [[(k: Double, sinc: Double)]] = []
      for axis in cells.indices.reversed() {
        own.insert(waves[axis][rest % sizes[axis]], at: 0)
        rest /= sizes[axis]
      }
      Self.forEachAlias(own) { wavevector, sinc in
        let square = wavevector.reduce(0) { $0 + $1 * $1 }
        guard square > 0, sinc != 0 else { return }
        squares[index] += sinc * sinc / square
        for axis in slopes.indices { slopes[axis][index] += sinc * wavevector[axis] / square }
      }
    }
    self.squares = squares
    self.slopes = slopes
  }

  private static func forEachAlias(
    _ axes: [[(k: Double, sinc: Double)]], _ body: ([Double], Double) -> Void
  ) {
    let total = axes.reduce(1) { $0 * $1.count }
    var wavevector = [Double](repeating: 0, count: axes.count)
    for alias in 0..<total {
      var (rest, sinc) = (alias, 1.0)
      for axis in axes.indices {
        let one = axes[axis][rest % axes[axis].count]
        wavevector[axis] = one.k
        sinc *= one.sinc
        rest /= axes[axis].count
      }
      body(wavevector, sinc)
    }
  }

  /// ‖∇Ψ‖_{L²} of the values of a density, or of the difference of two.
  ///
  /// - Complexity: O(cells log cells).
  package func norm(_ values: [Double]) -> Double {
    var values = values
    let scale = 1 / Double(values.count)
    let row = cells[cells.count - 1] / 2 + 1
    var sum = CompensatedSum()
    for (index, (re, im)) in transform.forward(&values).enumerated() {
      // The coefficients that are not stored are the conjugates of those in the middle of a row.
      let last = index % row
      let copies = last == 0 || 2 * last == cells[cells.count - 1] ? 1.0 : 2.0
      sum.add(copies * squares[index] * (re * re + im * im) * scale * scale)
    }
    return sum.value.squareRoot()
  }

  /// −∇Ψ at the centre of each cell, axis by axis.
  ///
  /// - Complexity: O(cells log cells).
  package func field(_ values: [Double]) -> [[Double]] {
    var values = values
    let density = transform.forward(&values)
    let scale = 1 / Double(values.count)
    return slopes.map { slopes in
      // −ik·Ψ_k.
      var coefficients = zip(density, slopes).map { value, slope -> FourierCoefficient in
        (value.1 * slope * scale, -value.0 * slope * scale)
      }
      var found = [Double](repeating: 0, count: values.count)
      transform.backward(&coefficients, into: &found)
      return found
    }
  }
}
