/// Linear programs solved by GLPK, which ends the process when it is misused: here it cannot.
#ifndef GUARDED_LINEAR_PROGRAM_H
#define GUARDED_LINEAR_PROGRAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// How a linear program is solved.
typedef enum {
  /// The simplex method in double precision.
  guarded_lp_simplex = 0,
  /// The primal-dual interior-point method; no basis comes with its solution.
  guarded_lp_interior_point = 1
} guarded_lp_method;

/// What became of a linear program.
typedef enum {
  guarded_lp_optimal = 0,
  guarded_lp_infeasible = 1,
  guarded_lp_unbounded = 2,
  /// The method stopped short of its criterion.
  guarded_lp_not_converged = 3,
  /// A number is not finite, or a count is out of range.
  guarded_lp_invalid = 4,
  /// GLPK raised an error that would have ended the process, or had no memory.
  guarded_lp_failed = 5,
  /// It was told to stop.
  guarded_lp_stopped = 6
} guarded_lp_status;

/// Whether GLPK may go on; asked by the calling thread every few iterations.
typedef bool (*guarded_lp_goes_on)(void);

/// Minimises `sum objective[j] x[j]` over `column_lower <= x <= column_upper` and
/// `row_lower <= A x <= row_upper`.
///
/// A has the entries `entry_values[k]` in row `entry_rows[k]` and column `entry_columns[k]`, both
/// counted from 0, no pair twice. Bounds may be infinite. `tolerance`, in (0, 1), is how far the
/// simplex method lets bounds and signs of reduced costs be missed, GLPK's tol_bnd and tol_dj; the
/// interior-point method has its own, 1e-8.
///
/// Unless the status is `guarded_lp_optimal`, `message` (of `message_capacity` > 0 bytes, always ended by
/// 0) says why and nothing else is written. Otherwise the solution is in `column_values` and
/// `row_duals`, `column_is_basic` is 1 for the columns of the final basis and 0 for others, and
/// `iterations` counts the pivots (0 for the interior-point method, of which GLPK does not tell).
///
/// No error of GLPK ends the process or leaves this function in another way than by returning, and
/// nothing is printed. Threads may call it at the same time; where GLPK was built without
/// thread-local storage they wait for each other. GLPK's terminal and error hooks of the calling
/// thread are reset, and after `guarded_lp_failed` and `guarded_lp_stopped` all its GLPK objects are gone.
///
/// `goes_on`, if not NULL, may stop the work.
guarded_lp_status guarded_lp_solve(
    guarded_lp_method method, double tolerance, ptrdiff_t row_count, const double *row_lower,
    const double *row_upper, ptrdiff_t column_count, const double *column_lower,
    const double *column_upper, const double *objective, ptrdiff_t entry_count,
    const int32_t *entry_rows, const int32_t *entry_columns, const double *entry_values,
    double *column_values, int32_t *column_is_basic, double *row_duals, int64_t *iterations,
    char *message, ptrdiff_t message_capacity, guarded_lp_goes_on goes_on);

#endif
