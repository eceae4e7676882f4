#include "GuardedLinearProgram.h"

#ifdef GLPK

#include <glpk.h>
#include <limits.h>
#include <math.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdio.h>
#include <string.h>

typedef struct {
  guarded_lp_method method;
  double tolerance;
  int row_count, column_count, entry_count;
  const double *row_lower, *row_upper, *column_lower, *column_upper, *objective;
  const int32_t *entry_rows, *entry_columns;
  const double *entry_values;
} linear_program;

typedef struct {
  double *column_values;
  int32_t *column_is_basic;
  double *row_duals;
  int64_t *iterations;
} solution_buffers;

typedef struct {
  char *text;
  size_t capacity;
} message_buffer;

enum { line_capacity = 256 };

typedef struct {
  jmp_buf escape;
  message_buffer message;
  /// Asked now and then whether to go on; NULL where nothing can stop the work.
  guarded_lp_goes_on goes_on;
  int is_stopped;
  /// The line that GLPK is writing, and the last two before it.
  char lines[3][line_capacity];
} guard;

static pthread_mutex_t environment_lock = PTHREAD_MUTEX_INITIALIZER;

static void say(message_buffer message, const char *text) {
  snprintf(message.text, message.capacity, "%s", text);
}

// MARK: Input

static int all_finite(const double *values, int count) {
  for (int k = 0; k < count; k++)
    if (!isfinite(values[k])) return 0;
  return 1;
}

static int are_bounds(const double *lower, const double *upper, int count) {
  for (int k = 0; k < count; k++)
    if (!(lower[k] <= upper[k]) || lower[k] == INFINITY || upper[k] == -INFINITY) return 0;
  return 1;
}

/// What is wrong with the numbers, NULL if nothing. GLPK checks indices itself, but not these.
static const char *complaint(const linear_program *program) {
  if (!(program->tolerance > 0 && program->tolerance < 1))
    return "the tolerance must lie between 0 and 1";
  if (!all_finite(program->objective, program->column_count))
    return "a coefficient of the objective is not finite";
  if (!all_finite(program->entry_values, program->entry_count))
    return "an entry of the matrix is not finite";
  if (!are_bounds(program->column_lower, program->column_upper, program->column_count))
    return "the lower bound of a column is above its upper bound, or a bound is not a number";
  if (!are_bounds(program->row_lower, program->row_upper, program->row_count))
    return "the lower bound of a row is above its upper bound, or a bound is not a number";
  return NULL;
}

// MARK: The calls to GLPK, any of which may not return

static int bound_kind(double lower, double upper) {
  if (lower == -INFINITY) return upper == INFINITY ? GLP_FR : GLP_UP;
  if (upper == INFINITY) return GLP_LO;
  return lower == upper ? GLP_FX : GLP_DB;
}

static void load(glp_prob *problem, const linear_program *program) {
  glp_set_obj_dir(problem, GLP_MIN);
  if (program->row_count > 0) glp_add_rows(problem, program->row_count);
  if (program->column_count > 0) glp_add_cols(problem, program->column_count);
  for (int i = 0; i < program->row_count; i++) {
    const double lower = program->row_lower[i], upper = program->row_upper[i];
    glp_set_row_bnds(problem, i + 1, bound_kind(lower, upper), lower, upper);
  }
  for (int j = 0; j < program->column_count; j++) {
    const double lower = program->column_lower[j], upper = program->column_upper[j];
    glp_set_col_bnds(problem, j + 1, bound_kind(lower, upper), lower, upper);
    glp_set_obj_coef(problem, j + 1, program->objective[j]);
  }
  const int count = program->entry_count;
  int *rows = glp_alloc(count + 1, sizeof(int));
  int *columns = glp_alloc(count + 1, sizeof(int));
  double *values = glp_alloc(count + 1, sizeof(double));
  for (int k = 0; k < count; k++) {
    // Unsigned, so that the largest index wraps to one that GLPK refuses.
    rows[k + 1] = (int)((uint32_t)program->entry_rows[k] + 1u);
    columns[k + 1] = (int)((uint32_t)program->entry_columns[k] + 1u);
    values[k + 1] = program->entry_values[k];
  }
  glp_load_matrix(problem, count, rows, columns, values);
  glp_free(rows);
  glp_free(columns);
  glp_free(values);
}

static guarded_lp_status unfinished(int code, message_buffer message) {
  switch (code) {
  case GLP_EITLIM: say(message, "the iteration limit was reached"); break;
  case GLP_ENOCVG: say(message, "the iteration converges very slowly or diverges"); break;
  case GLP_EINSTAB: say(message, "the iteration is numerically unstable"); break;
  case GLP_ESING:
  case GLP_ECOND: say(message, "a basis matrix is singular or ill-conditioned"); break;
  default: snprintf(message.text, message.capacity, "the method gave up with code %d", code);
  }
  return guarded_lp_not_converged;
}

static guarded_lp_status meaning(int status, message_buffer message) {
  switch (status) {
  case GLP_OPT: return guarded_lp_optimal;
  case GLP_NOFEAS: say(message, "no point satisfies all constraints"); return guarded_lp_infeasible;
  case GLP_UNBND: say(message, "the objective is unbounded"); return guarded_lp_unbounded;
  default: say(message, "no optimal point was found"); return guarded_lp_not_converged;
  }
}

static guarded_lp_status solve_simplex(
    glp_prob *problem, const linear_program *program, solution_buffers solution,
    message_buffer message) {
  glp_smcp options;
  glp_init_smcp(&options);
  // When GLPK reports, it can be told to stop.
  options.msg_lev = GLP_MSG_ALL;
  options.out_frq = 20;
  // With nonnegative costs or bounded columns the basis of all slacks is dual feasible.
  options.meth = GLP_DUALP;
  options.tol_bnd = program->tolerance;
  options.tol_dj = program->tolerance;
  // Transport takes a few pivots a row; this is to end what cycles.
  const long long limit = 10000 + 100LL * program->row_count + 10LL * program->column_count;
  options.it_lim = limit < INT_MAX ? (int)limit : INT_MAX;
  int code = glp_simplex(problem, &options);
  if (code == 0 && glp_get_dual_stat(problem) == GLP_NOFEAS) {
    // The dual method leaves open whether the program is infeasible or unbounded.
    options.meth = GLP_PRIMAL;
    code = glp_simplex(problem, &options);
  }
  if (code != 0) return unfinished(code, message);
  const guarded_lp_status status = meaning(glp_get_status(problem), message);
  if (status != guarded_lp_optimal) return status;
  for (int j = 0; j < program->column_count; j++) {
    solution.column_values[j] = glp_get_col_prim(problem, j + 1);
    solution.column_is_basic[j] = glp_get_col_stat(problem, j + 1) == GLP_BS;
  }
  for (int i = 0; i < program->row_count; i++)
    solution.row_duals[i] = glp_get_row_dual(problem, i + 1);
  *solution.iterations = glp_get_it_cnt(problem);
  return guarded_lp_optimal;
}

static guarded_lp_status solve_interior_point(
    glp_prob *problem, const linear_program *program, solution_buffers solution,
    message_buffer message) {
  glp_iptcp options;
  glp_init_iptcp(&options);
  options.msg_lev = GLP_MSG_ALL;
  const int code = glp_interior(problem, &options);
  if (code != 0) return unfinished(code, message);
  const guarded_lp_status status = meaning(glp_ipt_status(problem), message);
  if (status != guarded_lp_optimal) return status;
  for (int j = 0; j < program->column_count; j++) {
    solution.column_values[j] = glp_ipt_col_prim(problem, j + 1);
    solution.column_is_basic[j] = 0;
  }
  for (int i = 0; i < program->row_count; i++)
    solution.row_duals[i] = glp_ipt_row_dual(problem, i + 1);
  *solution.iterations = 0;
  return guarded_lp_optimal;
}

static guarded_lp_status solve(
    const linear_program *program, solution_buffers solution, message_buffer message) {
  glp_prob *problem = glp_create_prob();
  load(problem, program);
  const guarded_lp_status status =
      program->method == guarded_lp_interior_point
          ? solve_interior_point(problem, program, solution, message)
          : solve_simplex(problem, program, solution, message);
  glp_delete_prob(problem);
  return status;
}

// MARK: The guard

/// Takes what GLPK would print, and stops the work where that is asked for.
static int take_text(void *info, const char *text) {
  guard *guard = info;
  for (; *text != 0; text++) {
    char *line = guard->lines[0];
    if (*text == '\n') {
      memmove(guard->lines[1], guard->lines[0], 2 * line_capacity);
      line[0] = 0;
    } else {
      const size_t used = strlen(line);
      if (used + 1 < line_capacity) {
        line[used] = *text;
        line[used + 1] = 0;
      }
    }
  }
  if (guard->goes_on != NULL && !guard->goes_on()) {
    guard->is_stopped = 1;
    longjmp(guard->escape, 1);
  }
  return 1;
}

/// GLPK has said what is wrong in one line, and where in its own source in the next.
static void jump(void *info) {
  guard *guard = info;
  say(guard->message, guard->lines[2]);
  longjmp(guard->escape, 1);
}

static guarded_lp_status solve_guarded(
    const linear_program *program, solution_buffers solution, message_buffer message,
    guarded_lp_goes_on goes_on) {
  static const guard empty;
  guard guard = empty;
  guard.message = message;
  guard.goes_on = goes_on;
  const int environment = glp_init_env();
  if (environment > 1) {
    say(message, "there is no memory for its environment");
    return guarded_lp_failed;
  }
  // The hook takes all output, so that nothing is printed.
  const int terminal = glp_term_out(GLP_ON);
  glp_term_hook(take_text, &guard);
  glp_error_hook(jump, &guard);
  if (setjmp(guard.escape) != 0) {
    // What was under way is in no defined state; GLPK's own advice is to give everything back.
    glp_free_env();
    return guard.is_stopped ? guarded_lp_stopped : guarded_lp_failed;
  }
  const guarded_lp_status status = solve(program, solution, message);
  glp_error_hook(NULL, NULL);
  glp_term_hook(NULL, NULL);
  glp_term_out(terminal);
  // Of an environment made here nothing must stay with the thread.
  if (environment == 0) glp_free_env();
  return status;
}

/// Whether GLPK keeps a separate environment for each thread.
static int threads_are_separate(void) { return glp_config("TLS") != NULL; }

guarded_lp_status guarded_lp_solve(
    guarded_lp_method method, double tolerance, ptrdiff_t row_count, const double *row_lower,
    const double *row_upper, ptrdiff_t column_count, const double *column_lower,
    const double *column_upper, const double *objective, ptrdiff_t entry_count,
    const int32_t *entry_rows, const int32_t *entry_columns, const double *entry_values,
    double *column_values, int32_t *column_is_basic, double *row_duals, int64_t *iterations,
    char *message_text, ptrdiff_t message_capacity, guarded_lp_goes_on goes_on) {
  const message_buffer message = {message_text, (size_t)message_capacity};
  message_text[0] = 0;
  // GLPK's own limit for rows and columns; entries must leave room for a sentinel.
  const ptrdiff_t limit = 100000000, entry_limit = 500000000;
  if (row_count < 0 || row_count > limit || column_count < 0 || column_count > limit ||
      entry_count < 0 || entry_count > entry_limit) {
    say(message, "there may be 0 to 100 million rows and columns and 500 million entries");
    return guarded_lp_invalid;
  }
  const linear_program program = {
      method, tolerance, (int)row_count, (int)column_count, (int)entry_count,
      row_lower, row_upper, column_lower, column_upper, objective,
      entry_rows, entry_columns, entry_values};
  const char *wrong = complaint(&program);
  if (wrong != NULL) {
    say(message, wrong);
    return guarded_lp_invalid;
  }
  const solution_buffers solution = {column_values, column_is_basic, row_duals, iterations};
  const int separate = threads_are_separate();
  if (!separate) pthread_mutex_lock(&environment_lock);
  const guarded_lp_status status = solve_guarded(&program, solution, message, goes_on);
  if (!separate) pthread_mutex_unlock(&environment_lock);
  return status;
}

#else

// Without GLPK nothing calls this function; a file without a declaration is no C.
guarded_lp_goes_on guarded_lp_absent = 0;

#endif
