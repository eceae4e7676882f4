import CLAPACK

/// The routines of LAPACK that the models need, on arrays.
enum LAPACK {
  /// The singular values of a bidiagonal matrix, from the smallest up, each to a few units in the
  /// last place whatever the range of the matrix: dqds. Source: K. V. Fernando and B. N. Parlett,
  /// Numer. Math. 67 (1994), doi:10.1007/s002110050024.
  ///
  /// - Throws: `KineticModelError.noConvergence`.
  /// - Complexity: O(n²).
  static func singularValues(
    diagonal: [Double], offDiagonal: [Double]
  ) throws(KineticModelError) -> [Double] {
    var (d, e) = (diagonal, offDiagonal + [0])
    var work = [Double](repeating: 0, count: 4 * d.count)
    var n = Int32(d.count)
    var info: Int32 = 0
    dlasq1_(&n, &d, &e, &work, &info)
    guard info == 0 else { throw .noConvergence(routine: "dlasq1", status: Int(info)) }
    return d.reversed()
  }

  /// The lowest eigenvalues of a symmetric tridiagonal matrix with their eigenvectors, of norm 1.
  ///
  /// - Throws: `KineticModelError.noConvergence`.
  /// - Complexity: O(n·count).
  static func lowestEigenpairs(
    diagonal: [Double], offDiagonal: [Double], count: Int
  ) throws(KineticModelError) -> (values: [Double], vectors: [[Double]]) {
    var (d, e) = (diagonal, offDiagonal + [0])
    var n = Int32(d.count)
    var (first, last, found) = (Int32(1), Int32(count), Int32(0))
    var (none, accurate, info) = (0.0, Int32(1), Int32(0))
    var values = [Double](repeating: 0, count: d.count)
    var vectors = [Double](repeating: 0, count: d.count * count)
    var support = [Int32](repeating: 0, count: 2 * count)
    var columns = Int32(count)
    var work = [Double](repeating: 0, count: 18 * d.count)
    var indices = [Int32](repeating: 0, count: 10 * d.count)
    var (workSize, indexSize) = (Int32(work.count), Int32(indices.count))
    dstemr_(
      "V", "I", &n, &d, &e, &none, &none, &first, &last, &found, &values, &vectors, &n, &columns,
      &support, &accurate, &work, &workSize, &indices, &indexSize, &info, 1, 1)
    guard info == 0, Int(found) == count else {
      throw .noConvergence(routine: "dstemr", status: Int(info))
    }
    return (Array(values[..<count]), columnsOf(vectors, count))
  }

  /// The lowest eigenvalues of a symmetric band matrix with their eigenvectors, of norm 1.
  ///
  /// - Throws: `KineticModelError.noConvergence`.
  /// - Complexity: O(n²·(width + count)) and O(n³) for the vectors.
  static func lowestEigenpairs(
    _ matrix: SymmetricBand, count: Int
  ) throws(KineticModelError) -> (values: [Double], vectors: [[Double]]) {
    var entries = matrix.entries
    var (n, width, rows) = (
      Int32(matrix.count), Int32(matrix.width), Int32(matrix.width + 1)
    )
    var (first, last, found, info) = (Int32(1), Int32(count), Int32(0), Int32(0))
    // Twice the smallest normal number: as accurate as the method can be.
    var (none, tolerance) = (0.0, 2 * Double.leastNormalMagnitude)
    var basis = [Double](repeating: 0, count: matrix.count * matrix.count)
    var values = [Double](repeating: 0, count: matrix.count)
    var vectors = [Double](repeating: 0, count: matrix.count * count)
    var work = [Double](repeating: 0, count: 7 * matrix.count)
    var indices = [Int32](repeating: 0, count: 5 * matrix.count)
    var failures = [Int32](repeating: 0, count: matrix.count)
    dsbevx_(
      "V", "I", "U", &n, &width, &entries, &rows, &basis, &n, &none, &none, &first, &last,
      &tolerance, &found, &values, &vectors, &n, &work, &indices, &failures, &info, 1, 1, 1)
    guard info == 0, Int(found) == count else {
      throw .noConvergence(routine: "dsbevx", status: Int(info))
    }
    return (Array(values[..<count]), columnsOf(vectors, count))
  }

  /// The solution of a system with a symmetric positive definite band matrix.
  ///
  /// - Throws: `KineticModelError.noConvergence` where it is not positive definite.
  /// - Complexity: O(n·width²).
  static func solve(
    _ matrix: SymmetricBand, _ right: [Double]
  ) throws(KineticModelError) -> [Double] {
    var (entries, solution) = (matrix.entries, right)
    var (n, width, rows) = (
      Int32(matrix.count), Int32(matrix.width), Int32(matrix.width + 1)
    )
    var (columns, info) = (Int32(1), Int32(0))
    dpbsv_("U", &n, &width, &columns, &entries, &rows, &solution, &n, &info, 1)
    guard info == 0 else { throw .noConvergence(routine: "dpbsv", status: Int(info)) }
    return solution
  }

  /// The singular values of a square matrix, from the smallest up, each to a few units in the last place of
  /// the largest one, with the left singular vectors.
  ///
  /// - Parameter rows: the rows of the matrix.
  /// - Throws: `KineticModelError.noConvergence`.
  /// - Complexity: O(n³).
  static func leftSingularVectors(
    _ rows: [[Double]]
  ) throws(KineticModelError) -> (values: [Double], vectors: [[Double]]) {
    var n = Int32(rows.count)
    // The transposed rows are the columns of LAPACK's matrix: what are its right vectors are wanted.
    var entries = Array(rows.joined())
    var values = [Double](repeating: 0, count: rows.count)
    var vectors = [Double](repeating: 0, count: entries.count)
    var (none, one, info) = ([0.0], Int32(1), Int32(0))
    var work = [Double](repeating: 0, count: 16 * rows.count)
    var size = Int32(work.count)
    dgesvd_(
      "N", "A", &n, &n, &entries, &n, &values, &none, &one, &vectors, &n, &work, &size, &info, 1, 1)
    guard info == 0 else { throw .noConvergence(routine: "dgesvd", status: Int(info)) }
    // Column-major, row i of Vᵀ has its entries n apart.
    let found = rows.indices.map { row in rows.indices.map { vectors[$0 * rows.count + row] } }
    return (values.reversed(), found.reversed())
  }

  /// The eigenvalues of a complex matrix, with an error of some units in the last place of its norm.
  ///
  /// - Parameter rows: the rows of the matrix, real and imaginary parts.
  /// - Throws: `KineticModelError.noConvergence`.
  /// - Complexity: O(n³).
  static func eigenvalues(
    _ rows: [[SIMD2<Double>]]
  ) throws(KineticModelError) -> [SIMD2<Double>] {
    let count = rows.count
    var (n, one, info) = (Int32(count), Int32(1), Int32(0))
    // Column by column.
    var entries = (0..<count).flatMap { column in
      (0..<count).flatMap { [rows[$0][column].x, rows[$0][column].y] }
    }
    var values = [Double](repeating: 0, count: 2 * count)
    var (left, right) = ([0.0, 0], [0.0, 0])
    var work = [Double](repeating: 0, count: 8 * count)
    var size = Int32(work.count / 2)
    var realWork = [Double](repeating: 0, count: 2 * count)
    zgeev_(
      "N", "N", &n, &entries, &n, &values, &left, &one, &right, &one, &work, &size, &realWork,
      &info, 1, 1)
    guard info == 0 else { throw .noConvergence(routine: "zgeev", status: Int(info)) }
    return (0..<count).map { SIMD2(values[2 * $0], values[2 * $0 + 1]) }
  }

  private static func columnsOf(_ vectors: [Double], _ count: Int) -> [[Double]] {
    let n = vectors.count / count
    return (0..<count).map { Array(vectors[$0 * n..<($0 + 1) * n]) }
  }
}

/// A symmetric band matrix: its upper half, column by column, as LAPACK stores it.
struct SymmetricBand {
  /// The number of rows.
  let count: Int
  /// The number of diagonals above the main one.
  let width: Int
  fileprivate(set) var entries: [Double]

  /// A symmetric matrix of zeros with `count` rows and `width` diagonals above the main one.
  init(count: Int, width: Int) {
    self.count = count
    self.width = width
    entries = Array(repeating: 0, count: count * (width + 1))
  }

  /// The entry in a row and a column not before it.
  ///
  /// - Precondition: row ≤ column ≤ row + width.
  subscript(row: Int, column: Int) -> Double {
    get { entries[column * (width + 1) + width + row - column] }
    set { entries[column * (width + 1) + width + row - column] = newValue }
  }

  /// The matrix with row i and column i multiplied by the i-th factor.
  func scaled(by factors: [Double]) -> SymmetricBand {
    var result = self
    for column in 0..<count {
      for row in max(0, column - width)...column {
        result[row, column] *= factors[row] * factors[column]
      }
    }
    return result
  }
}
