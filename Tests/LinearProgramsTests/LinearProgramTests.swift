// Calls GLPK itself too.
#if GLPK
  import CGLPK
  import TestSupport
  import Testing

  @testable import LinearPrograms
  @testable import OptimalTransport

  @Suite struct LinearProgramTests {
    /// Minimise −3x − 5y over x ≤ 4, 2y ≤ 12, 3x + 2y ≤ 18: −36 at (2, 6), duals 0, −3/2, −1.
    private static func factory() -> LinearProgram {
      var program = LinearProgram()
      for limit in [4.0, 12, 18] { program.addRow(-.infinity, limit) }
      program.addColumn(cost: -3, entries: [(0, 1), (2, 3)])
      program.addColumn(cost: -5, entries: [(1, 2), (2, 2)])
      return program
    }

    private static func isRight(_ solution: LinearProgram.Solution, tolerance: Double) -> Bool {
      let found = solution.values + solution.rowDuals
      return zip(found, [2, 6, 0, -1.5, -1]).allSatisfy { abs($0 - $1) <= tolerance }
    }

    /// Programs that GLPK refuses by ending the process.
    private static func misuses() -> [(LinearProgram, message: String)] {
      let bad: [([(row: Int, value: Double)], String)] = [
        ([(3, 1)], "out of range"), ([(-1, 1)], "out of range"),
        ([(Int(Int32.max), 1)], "out of range"), ([(1, 1), (1, 2)], "duplicate"),
      ]
      return bad.map { entries, message in
        var program = factory()
        program.addColumn(cost: 1, entries: entries)
        return (program, message)
      }
    }

    @Test(arguments: [
      (LinearProgram.Method.simplex, 1e-13), (.interiorPoint, 1e-6),
    ])
    func solvesATextbookProgram(method: LinearProgram.Method, tolerance: Double) throws {
      let solution = try Self.factory().solve(method, solver: "test")
      #expect(Self.isRight(solution, tolerance: tolerance))
      #expect(solution.isBasic == (method == .interiorPoint ? [false, false] : [true, true]))
    }

    /// Free, boxed, fixed and upper-bounded columns; rows with two bounds, one, and none.
    @Test func knowsAllKindsOfBounds() throws {
      var program = LinearProgram()
      program.addRow(-2, 3)
      program.addRow(1, 1)
      program.addRow(-.infinity, .infinity)
      program.addColumn(cost: 1, lower: -.infinity, entries: [(0, 1), (2, 7)])
      program.addColumn(cost: -1, lower: -1, upper: 0.5, entries: [(0, 1)])
      program.addColumn(cost: 2, lower: -.infinity, upper: 4, entries: [(1, 1), (2, 1)])
      program.addColumn(cost: -1, lower: 0.25, upper: 0.25, entries: [(1, 1)])
      let expected = [-2.5, 0.5, 0.75, 0.25]
      #expect(try program.solve(.simplex, solver: "test").values == expected)
      for (found, right) in zip(try program.solve(.interiorPoint, solver: "test").values, expected)
      {
        #expect(abs(found - right) <= 1e-6)
      }
    }

    @Test func saysWhyThereIsNoSolution() {
      var infeasible = Self.factory()
      infeasible.addRow(100, .infinity)
      infeasible.addColumn(cost: 0, upper: 1, entries: [(3, 1)])
      #expect(
        throws: SolverError.library(name: "GLPK", message: "no point satisfies all constraints.")
      ) {
        try infeasible.solve(.simplex, solver: "test")
      }
      var unbounded = Self.factory()
      unbounded.addColumn(cost: -1, entries: [])
      #expect(throws: SolverError.library(name: "GLPK", message: "the objective is unbounded.")) {
        try unbounded.solve(.simplex, solver: "test")
      }
    }

    /// Numbers that GLPK would take, compute with, and answer nonsense.
    @Test(arguments: [LinearProgram.Method.simplex, .interiorPoint])
    func refusesWhatIsNoNumber(method: LinearProgram.Method) throws {
      let bounds: [(Double, Double)] = [
        (1, 0), (.nan, 1), (0, .nan), (.nan, .nan), (.infinity, .infinity),
        (-.infinity, -.infinity),
      ]
      var programs: [(LinearProgram, String)] = []
      for (lower, upper) in bounds {
        var column = Self.factory()
        column.addColumn(cost: 1, lower: lower, upper: upper, entries: [])
        programs.append((column, "a column"))
        var row = Self.factory()
        row.addRow(lower, upper)
        programs.append((row, "a row"))
      }
      for number in [Double.nan, .infinity, -.infinity] {
        var objective = Self.factory()
        objective.addColumn(cost: number, entries: [])
        programs.append((objective, "objective"))
        var matrix = Self.factory()
        matrix.addColumn(cost: 1, entries: [(0, number)])
        programs.append((matrix, "matrix"))
      }
      for (program, place) in programs {
        let error = #expect(throws: SolverError.self) {
          try program.solve(method, solver: "test")
        }
        #expect(error?.description.contains(place) == true, "\(error?.description ?? "")")
      }
    }

    @Test func survivesWhatEndsGLPK() throws {
      for (program, expected) in Self.misuses() {
        for method in [LinearProgram.Method.simplex, .interiorPoint] {
          let error = #expect(throws: SolverError.self) {
            try program.solve(method, solver: "test")
          }
          let sentence = error?.description ?? ""
          #expect(
            sentence.hasPrefix("GLPK failed: glp_load_mat") && sentence.contains(expected),
            "\(sentence)")
          let solution = try Self.factory().solve(.simplex, solver: "test")
          #expect(Self.isRight(solution, tolerance: 1e-13))
        }
      }
    }

    @Test func printsNothing() async throws {
      let result = try await #require(
        processExitsWith: .success,
        observing: [\.standardOutputContent, \.standardErrorContent]
      ) {
        for (program, _) in Self.misuses() { _ = try? program.solve(.simplex, solver: "test") }
        for method in [LinearProgram.Method.simplex, .interiorPoint] {
          _ = try? Self.factory().solve(method, solver: "test")
        }
      }
      for output in [result.standardOutputContent, result.standardErrorContent] {
        #expect(!String(decoding: output, as: UTF8.self).lowercased().contains("glp"))
        #expect(!String(decoding: output, as: UTF8.self).contains("rror detected"))
      }
    }

    /// Neither solutions nor failures leave memory behind: all that GLPK takes hangs on its environment
    /// of the thread. Where a caller has one, its objects and its output survive.
    @Test func leavesTheThreadAsItWas() async throws {
      let result = try await #require(
        processExitsWith: .success, observing: [\.standardOutputContent]
      ) {
        for (program, _) in Self.misuses() + [(Self.factory(), "")] {
          _ = try? program.solve(.simplex, solver: "test")
          // There was none.
          #expect(glp_init_env() == 0)
          glp_free_env()
        }
        glp_init_env()
        let problem = glp_create_prob()
        #expect(glp_add_cols(problem, 3) == 1)
        _ = try Self.factory().solve(.simplex, solver: "test")
        #expect(glp_init_env() == 1)
        #expect(glp_get_num_cols(problem) == 3)
        #expect(glp_term_out(GLP_ON) == GLP_ON)
        #expect(glp_simplex(problem, nil) == 0)
        glp_delete_prob(problem)
        glp_free_env()
      }
      let output = String(decoding: result.standardOutputContent, as: UTF8.self)
      #expect(output.contains("GLPK Simplex Optimizer"), "\(output)")
    }

    /// Failures on one thread must not reach the solves on another.
    @Test func threadsDoNotMeet() throws {
      let count = 400
      let right = Parallel.map(count: count, costPerItem: 1e6) { index -> Bool in
        if index.isMultiple(of: 3) {
          let program = Self.misuses()[index % 4].0
          do {
            _ = try program.solve(.simplex, solver: "test")
            return false
          } catch {
            return true
          }
        }
        let solution = try? Self.factory().solve(.simplex, solver: "test")
        return solution.map { Self.isRight($0, tolerance: 1e-13) } ?? false
      }
      #expect(right.count == count)
      #expect(right.allSatisfy { $0 })
    }
  }
#endif
