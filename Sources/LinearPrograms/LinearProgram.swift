import OptimalTransport

#if GLPK
  import GuardedGLPK
#endif

/// A sparse linear program: minimise Σ c_j x_j over bounds of columns and rows. GLPK solves it.
struct LinearProgram {
  /// How it is solved.
  enum Method {
    /// The simplex method.
    case simplex
    /// The primal-dual interior-point method.
    case interiorPoint
  }

  /// An optimal point.
  struct Solution {
    /// One value for each column.
    let values: [Double]
    /// Whether a column belongs to the final basis; never after the interior-point method.
    let isBasic: [Bool]
    /// One dual value for each row.
    let rowDuals: [Double]
    /// The pivots; 0 after the interior-point method, of which GLPK does not tell.
    let iterations: Int
  }

  private var rowBounds: (lower: [Double], upper: [Double]) = ([], [])
  private var columnBounds: (lower: [Double], upper: [Double]) = ([], [])
  private var objective: [Double] = []
  private var entries: (rows: [Int32], columns: [Int32], values: [Double]) = ([], [], [])

  /// What the simplex method may miss bounds and signs by: some thousand roundings. Data of size 1
  /// in matrices of 0 and ±1, as here, are computed to a few. (GLPK's rational simplex method is no
  /// help: it replaces the data by fractions within 1e-9 of them.)
  private static let tolerance = 1e-12

  /// The number of rows.
  var rowCount: Int { rowBounds.lower.count }

  /// The number of columns.
  var columnCount: Int { objective.count }

  /// Adds a row with bounds, which may be infinite.
  mutating func addRow(_ lower: Double, _ upper: Double) {
    rowBounds.lower.append(lower)
    rowBounds.upper.append(upper)
  }

  /// Adds a column with its cost, its bounds and its entries.
  mutating func addColumn(
    cost: Double, lower: Double = 0, upper: Double = .infinity,
    entries column: [(row: Int, value: Double)]
  ) {
    for (row, value) in column {
      entries.rows.append(Int32(row))
      entries.columns.append(Int32(columnCount))
      entries.values.append(value)
    }
    objective.append(cost)
    columnBounds.lower.append(lower)
    columnBounds.upper.append(upper)
  }

  /// Whether this build has GLPK.
  static var isSolvable: Bool {
    #if GLPK
      true
    #else
      false
    #endif
  }

  /// - Throws: `SolverError.missingLibrary` in a build without GLPK.
  static func checkLibrary(solver: String) throws(SolverError) {
    guard isSolvable else { throw .missingLibrary(solver: solver, name: "GLPK") }
  }

  /// Solves it.
  ///
  /// - Throws: `SolverError.missingLibrary` in a build without GLPK, `SolverError.cancelled`,
  ///   `SolverError.notConverged` when the method stopped short of an optimal point, and
  ///   `SolverError.library` when there is none, a number is not finite, or GLPK failed.
  func solve(_ method: Method, solver: String) throws(SolverError) -> Solution {
    #if GLPK
      var values = [Double](repeating: 0, count: columnCount)
      var isBasic = [Int32](repeating: 0, count: columnCount)
      var rowDuals = [Double](repeating: 0, count: rowCount)
      var iterations: Int64 = 0
      var message = [CChar](repeating: 0, count: 256)
      let status = guarded_lp_solve(
        method.kernelValue, Self.tolerance, rowCount, rowBounds.lower, rowBounds.upper, columnCount,
        columnBounds.lower, columnBounds.upper, objective, entries.rows.count, entries.rows,
        entries.columns, entries.values, &values, &isBasic, &rowDuals, &iterations, &message,
        message.count, SolverWatch.current == nil ? nil : { SolverWatch.allowsWork })
      if status == guarded_lp_stopped { throw .cancelled(nil) }
      guard status == guarded_lp_optimal else {
        let bytes = message.prefix { $0 != 0 }.map(UInt8.init(bitPattern:))
        let text = String(decoding: bytes, as: UTF8.self) + "."
        if status == guarded_lp_not_converged { throw .notConverged(solver: solver, reason: text) }
        throw .library(name: "GLPK", message: text)
      }
      return Solution(
        values: values, isBasic: isBasic.map { $0 != 0 }, rowDuals: rowDuals,
        iterations: Int(iterations))
    #else
      throw .missingLibrary(solver: solver, name: "GLPK")
    #endif
  }
}

#if GLPK
  extension LinearProgram.Method {
    fileprivate var kernelValue: guarded_lp_method {
      switch self {
      case .simplex: guarded_lp_simplex
      case .interiorPoint: guarded_lp_interior_point
      }
    }
  }
#endif
