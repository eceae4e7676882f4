/* Calls every function of the header, with right and with wrong arguments: C99, and C++ too.
 * Prints "ok" and exits with 0 unless something is not as it should be. */
#include <kwass.h>
#include <math.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

static int failures = 0;

static void check(int holds, const char *what, int line) {
  if (holds) return;
  fprintf(stderr, "line %d: %s\n", line, what);
  failures++;
}

#define CHECK(condition) check((condition) != 0, #condition, __LINE__)

/* A call that must be refused with a status, and say why in a sentence. */
static void refuse(int32_t found, int32_t expected, const char *what, int line) {
  const char *message = kwass_last_message();
  const size_t length = strlen(message);
  if (found == expected && length > 20 && message[length - 1] == '.') return;
  fprintf(stderr, "line %d: %s gave %s, not %s: %s\n", line, what, kwass_status_name(found),
          kwass_status_name(expected), message);
  failures++;
}

#define REFUSE(status, call) refuse((call), (status), #call, __LINE__)

static const double points[6] = {0, 0, 1, 0, 0, 2};
static const double moved[6] = {3, 4, 4, 4, 3, 6};

static int32_t count_calls(void *context, const char *stage, double fraction) {
  CHECK(strlen(stage) > 0);
  CHECK(isnan(fraction) || (fraction >= 0 && fraction <= 1));
  ++*(int *)context;
  return 0;
}

static int32_t stop(void *context, const char *stage, double fraction) {
  (void)context, (void)stage, (void)fraction;
  return 1;
}

static int32_t abandon(void *context, const char *stage, double fraction) {
  (void)context, (void)stage, (void)fraction;
  return KWASS_ABANDON;
}

static double inverse(void *context, double s) { return *(double *)context / s; }
static double negative(void *context, double s) {
  (void)context;
  return -s;
}

struct callers_thread {
  pthread_t thread;
  int calls;
};

static double inverse_on_callers_thread(void *context, double s) {
  struct callers_thread *caller = (struct callers_thread *)context;
  CHECK(pthread_equal(pthread_self(), caller->thread));
  caller->calls++;
  return 1 / s;
}

static int32_t count_on_callers_thread(void *context, const char *stage, double fraction) {
  struct callers_thread *caller = (struct callers_thread *)context;
  (void)stage, (void)fraction;
  CHECK(pthread_equal(pthread_self(), caller->thread));
  caller->calls++;
  return 0;
}

struct reentrant {
  kwass_solver *solver;
  const kwass_measure *measure;
  int32_t status;
};

static int32_t solve_again(void *context, const char *stage, double fraction) {
  struct reentrant *own = (struct reentrant *)context;
  kwass_result *result;
  (void)stage, (void)fraction;
  own->status = kwass_solver_distance(own->solver, own->measure, own->measure, &result);
  return 0;
}

static void measures(void) {
  kwass_measure *measure = NULL;
  int64_t count;
  int32_t d, e;
  double mass;
  const double weights[3] = {1, 2, 5};
  const double bad[6] = {0, 0, 1, NAN, 0, 2};
  const double negative_weights[3] = {1, -2, 5};
  const double nothing[3] = {0, 0, 0};

  CHECK(kwass_measure_from_points(points, 3, 2, weights, &measure) == KWASS_OK);
  CHECK(kwass_measure_shape(measure, &count, &d, &e, &mass) == KWASS_OK);
  CHECK(count == 3 && d == 2 && e == 0 && mass == 8);
  CHECK(kwass_measure_shape(measure, NULL, NULL, NULL, NULL) == KWASS_OK);
  CHECK(kwass_measure_free(measure) == KWASS_OK);
  REFUSE(KWASS_ERROR_OBJECT, kwass_measure_free(measure));
  REFUSE(KWASS_ERROR_OBJECT, kwass_measure_shape(measure, &count, NULL, NULL, NULL));
  REFUSE(KWASS_ERROR_OBJECT, kwass_measure_shape((kwass_measure *)points, &count, NULL, NULL, NULL));
  REFUSE(KWASS_ERROR_ARGUMENT, kwass_measure_shape(NULL, &count, NULL, NULL, NULL));
  CHECK(kwass_measure_free(NULL) == KWASS_OK);

  REFUSE(KWASS_ERROR_ARGUMENT, kwass_measure_from_points(NULL, 3, 2, NULL, &measure));
  CHECK(measure == NULL);
  REFUSE(KWASS_ERROR_ARGUMENT, kwass_measure_from_points(points, 3, 2, NULL, NULL));
  REFUSE(KWASS_ERROR_ARGUMENT, kwass_measure_from_points(points, -1, 2, NULL, &measure));
  REFUSE(KWASS_ERROR_ARGUMENT, kwass_measure_from_points(points, 0, 2, NULL, &measure));
  REFUSE(KWASS_ERROR_ARGUMENT, kwass_measure_from_points(points, INT64_MAX, 2, NULL, &measure));
  REFUSE(KWASS_ERROR_ARGUMENT, kwass_measure_from_points(points, INT64_MIN, 2, NULL, &measure));
  REFUSE(KWASS_ERROR_ARGUMENT, kwass_measure_from_points(points, 3, 0, NULL, &measure));
  REFUSE(KWASS_ERROR_ARGUMENT, kwass_measure_from_points(points, 3, -1, NULL, &measure));
  REFUSE(KWASS_ERROR_ARGUMENT, kwass_measure_from_points(points, 3, INT32_MAX, NULL, &measure));
  REFUSE(KWASS_ERROR_MEMORY, kwass_measure_from_points(points, INT32_MAX, 1024, NULL, &measure));
  REFUSE(KWASS_ERROR_DATA, kwass_measure_from_points(bad, 3, 2, NULL, &measure));
  CHECK(strstr(kwass_last_message(), "x2 of particle 2 is nan") != NULL);
  REFUSE(KWASS_ERROR_DATA, kwass_measure_from_points(points, 3, 2, negative_weights, &measure));
  REFUSE(KWASS_ERROR_DATA, kwass_measure_from_points(points, 3, 2, nothing, &measure));

  kwass_particles particles;
  REFUSE(KWASS_ERROR_ARGUMENT, kwass_particles_init(NULL, sizeof particles));
  REFUSE(KWASS_ERROR_ARGUMENT, kwass_particles_init(&particles, 0));
  REFUSE(KWASS_ERROR_ARGUMENT, kwass_particles_init(&particles, UINT64_MAX));
  REFUSE(KWASS_ERROR_ARGUMENT, kwass_measure_from_particles(NULL, &measure));
#define PARTICLES(change)                                                    \
  (kwass_particles_init(&particles, sizeof particles), particles.count = 3,  \
   particles.positions.data = points, particles.positions.dimension = 2,     \
   change, kwass_measure_from_particles(&particles, &measure))
  CHECK(PARTICLES((void)0) == KWASS_OK);
  kwass_measure_free(measure);
  REFUSE(KWASS_ERROR_ARGUMENT, PARTICLES(particles.size = 8));
  REFUSE(KWASS_ERROR_ARGUMENT, PARTICLES(particles.size += 8));
  REFUSE(KWASS_ERROR_ARGUMENT, PARTICLES(particles.positions.type = 7));
  REFUSE(KWASS_ERROR_ARGUMENT, PARTICLES(particles.positions.point_stride = INT64_MAX));
  REFUSE(KWASS_ERROR_ARGUMENT, PARTICLES(particles.positions.point_stride = INT64_MIN));
  REFUSE(KWASS_ERROR_ARGUMENT, PARTICLES(particles.positions.axis_stride = INT64_MIN / 2));
  REFUSE(KWASS_ERROR_ARGUMENT, PARTICLES(particles.velocities.dimension = 2));
  REFUSE(KWASS_ERROR_ARGUMENT, PARTICLES((particles.weights.data = weights, particles.weights.dimension = 2)));
  REFUSE(KWASS_ERROR_DATA, PARTICLES(particles.box = bad + 3 - 1));
  REFUSE(KWASS_ERROR_DATA, PARTICLES(particles.box = negative_weights));
}

static void grids(void) {
  const double x[3] = {0, 1, 2}, v[2] = {-1, 1};
  const double *nodes[2];
  const int64_t counts[2] = {3, 2};
  const int64_t by_column[2] = {sizeof(double), 3 * sizeof(double)};
  const int64_t negative[2] = {3, -2};
  const int64_t huge[2] = {INT32_MAX, INT32_MAX};
  const double masses[6] = {1, 2, 3, 4, 5, 6};
  kwass_grid grid;
  kwass_measure *measure;
  int64_t count;
  int32_t d, e;
  double mass;
  nodes[0] = x;
  nodes[1] = v;
#define GRID(change)                                                                           \
  (kwass_grid_init(&grid, sizeof grid), grid.position_axes = 1, grid.velocity_axes = 1,        \
   grid.counts = counts, grid.nodes = nodes, grid.masses = masses, change,                     \
   kwass_measure_from_grid(&grid, &measure))
  CHECK(GRID((void)0) == KWASS_OK);
  CHECK(kwass_measure_shape(measure, &count, &d, &e, &mass) == KWASS_OK);
  CHECK(count == 6 && d == 1 && e == 1 && mass == 21);
  kwass_measure_free(measure);
  CHECK(GRID(grid.mass_strides = by_column) == KWASS_OK);
  kwass_measure_free(measure);
  REFUSE(KWASS_ERROR_ARGUMENT, kwass_grid_init(NULL, sizeof grid));
  REFUSE(KWASS_ERROR_ARGUMENT, kwass_measure_from_grid(NULL, &measure));
  REFUSE(KWASS_ERROR_ARGUMENT, GRID(grid.size = 0));
  REFUSE(KWASS_ERROR_ARGUMENT, GRID(grid.position_axes = 0));
  REFUSE(KWASS_ERROR_ARGUMENT, GRID(grid.velocity_axes = -1));
  REFUSE(KWASS_ERROR_ARGUMENT, GRID(grid.position_axes = INT32_MAX));
  REFUSE(KWASS_ERROR_ARGUMENT, GRID(grid.counts = NULL));
  REFUSE(KWASS_ERROR_ARGUMENT, GRID(grid.counts = negative));
  REFUSE(KWASS_ERROR_ARGUMENT, GRID(grid.counts = huge));
  REFUSE(KWASS_ERROR_ARGUMENT, GRID(grid.nodes = NULL));
  REFUSE(KWASS_ERROR_ARGUMENT, GRID(nodes[1] = NULL));
  nodes[1] = v;
  REFUSE(KWASS_ERROR_ARGUMENT, GRID(grid.masses = NULL));
  REFUSE(KWASS_ERROR_ARGUMENT, GRID(grid.type = -3));
  REFUSE(KWASS_ERROR_ARGUMENT, GRID(grid.reserved = 1));
}

static void metrics(const kwass_measure *mu, const kwass_measure *nu) {
  kwass_metric metric;
  kwass_result *result;
  double scale = 4;
  REFUSE(KWASS_ERROR_ARGUMENT, kwass_metric_init(NULL, sizeof metric));
  REFUSE(KWASS_ERROR_ARGUMENT, kwass_metric_init(&metric, 3));
#define METRIC(change) \
  (kwass_metric_init(&metric, sizeof metric), change, kwass_distance(mu, nu, &metric, NULL, &result))
  REFUSE(KWASS_ERROR_ARGUMENT, METRIC(metric.size = 1));
  REFUSE(KWASS_ERROR_METRIC, METRIC(metric.exponent = 0.5));
  REFUSE(KWASS_ERROR_METRIC, METRIC(metric.exponent = NAN));
  REFUSE(KWASS_ERROR_METRIC, METRIC(metric.position_weight = -1));
  REFUSE(KWASS_ERROR_METRIC, METRIC(metric.velocity_weight = INFINITY));
  REFUSE(KWASS_ERROR_METRIC, METRIC(metric.shear = NAN));
  REFUSE(KWASS_ERROR_ARGUMENT, METRIC(metric.form = 9));
  REFUSE(KWASS_ERROR_ARGUMENT, METRIC(metric.space = -1));
  REFUSE(KWASS_ERROR_ARGUMENT, METRIC(metric.nonlinearity = 77));
  REFUSE(KWASS_ERROR_ARGUMENT, METRIC(metric.convention = 2));
  REFUSE(KWASS_ERROR_ARGUMENT, METRIC(metric.nonlinearity = KWASS_FUNCTION));
  REFUSE(KWASS_ERROR_METRIC, METRIC((metric.nonlinearity = KWASS_LOGARITHMIC, metric.epsilon = 0)));
  REFUSE(KWASS_ERROR_METRIC, METRIC((metric.nonlinearity = KWASS_POWER, metric.power = -1)));
  REFUSE(KWASS_ERROR_METRIC, METRIC(metric.space = KWASS_SPACE_VELOCITY));
  /* Points without velocities. */
  REFUSE(KWASS_ERROR_METRIC, METRIC(metric.nonlinearity = KWASS_EXTENDED_LOGARITHMIC));
  REFUSE(KWASS_ERROR_METRIC, METRIC(metric.shear = 1));
  CHECK(kwass_metric_set_anisotropic(&metric, 25, 1) == KWASS_OK);
  CHECK(metric.position_weight == 25 && metric.exponent == 1);
  REFUSE(KWASS_ERROR_METRIC, kwass_metric_set_anisotropic(&metric, -25, 1));
  CHECK(kwass_metric_set_twisted(&metric, 4, 1, 2, 2) == KWASS_OK);
  CHECK(metric.form == KWASS_JOINT && metric.shear == 0.25 && metric.velocity_weight == 1.75);
  REFUSE(KWASS_ERROR_METRIC, kwass_metric_set_twisted(&metric, 1, 1, 1, 2));
  CHECK(kwass_metric_set_free_flow(&metric, 3, 2) == KWASS_OK);
  CHECK(metric.shear == -3);
  REFUSE(KWASS_ERROR_METRIC, kwass_metric_set_free_flow(&metric, INFINITY, 2));
  REFUSE(KWASS_ERROR_ARGUMENT, kwass_metric_set_free_flow(NULL, 1, 2));
  metric.size = 0;
  REFUSE(KWASS_ERROR_ARGUMENT, kwass_metric_set_free_flow(&metric, 1, 2));

  /* One particle: the position part is 9, the velocity part 16, and s = 4/s 9 + 16. */
  const double x = 0, y = 3, v = 0, w = 4;
  kwass_particles one;
  kwass_measure *a, *b;
  kwass_particles_init(&one, sizeof one);
  one.count = 1;
  one.positions.data = &x, one.positions.dimension = 1;
  one.velocities.data = &v, one.velocities.dimension = 1;
  CHECK(kwass_measure_from_particles(&one, &a) == KWASS_OK);
  one.positions.data = &y;
  one.velocities.data = &w;
  CHECK(kwass_measure_from_particles(&one, &b) == KWASS_OK);
  kwass_metric_init(&metric, sizeof metric);
  metric.nonlinearity = KWASS_FUNCTION;
  metric.function = inverse;
  metric.function_context = &scale;
  CHECK(kwass_distance(a, b, &metric, NULL, &result) == KWASS_OK);
  CHECK(fabs(kwass_result_cost(result) - 18) < 1e-12);
  kwass_result_free(result);
  metric.function = negative;
  REFUSE(KWASS_ERROR_METRIC, kwass_distance(a, b, &metric, NULL, &result));
  metric.function = inverse;
  metric.function_bound = NAN;
  REFUSE(KWASS_ERROR_METRIC, kwass_distance(a, b, &metric, NULL, &result));
  kwass_measure_free(a);
  kwass_measure_free(b);
}

/* Brings nothing together. */
static int32_t share_nothing(void *context, void *bytes, const int64_t *offsets) {
  CHECK(bytes != NULL && offsets[0] == 0 && offsets[1] == 8 && offsets[2] == 16);
  ++*(int *)context;
  return 3;
}

static void options(const kwass_measure *mu, const kwass_measure *nu) {
  kwass_options options;
  kwass_group group;
  kwass_result *result;
  int calls = 0, shares = 0;
  REFUSE(KWASS_ERROR_ARGUMENT, kwass_options_init(NULL, sizeof options));
  REFUSE(KWASS_ERROR_ARGUMENT, kwass_options_init(&options, sizeof options + 8));
#define OPTIONS(change)                                   \
  (kwass_options_init(&options, sizeof options), change,  \
   kwass_distance(mu, nu, NULL, &options, &result))
  REFUSE(KWASS_ERROR_ARGUMENT, OPTIONS(options.size = 0));
  REFUSE(KWASS_ERROR_ARGUMENT, OPTIONS(options.method = 6));
  REFUSE(KWASS_ERROR_ARGUMENT, OPTIONS(options.method = INT32_MIN));
  REFUSE(KWASS_ERROR_ARGUMENT, OPTIONS(options.threads = -1));
  REFUSE(KWASS_ERROR_ARGUMENT, OPTIONS(options.tolerance = 1));
  REFUSE(KWASS_ERROR_ARGUMENT, OPTIONS(options.tolerance = NAN));
  REFUSE(KWASS_ERROR_ARGUMENT, OPTIONS(options.threshold = -1));
  REFUSE(KWASS_ERROR_ARGUMENT, OPTIONS(options.time_limit = -1));
  REFUSE(KWASS_ERROR_ARGUMENT, OPTIONS(options.regularization_kind = 3));
  REFUSE(KWASS_ERROR_ARGUMENT, OPTIONS(options.regularization_kind = KWASS_REGULARIZATION_ABSOLUTE));
  REFUSE(KWASS_ERROR_ARGUMENT, OPTIONS((options.regularization_kind = 1, options.regularization = 1)));
  REFUSE(KWASS_ERROR_ARGUMENT, OPTIONS(options.maximum_iterations = -1));
  REFUSE(KWASS_ERROR_ARGUMENT, OPTIONS(options.maximum_plan_entries = INT64_MAX));
  REFUSE(KWASS_ERROR_ARGUMENT, OPTIONS(options.marginal_tolerance = 2));
  REFUSE(KWASS_ERROR_ARGUMENT, OPTIONS(options.wants = 8));
  REFUSE(KWASS_ERROR_ARGUMENT, OPTIONS(options.wants = KWASS_WANT_DIVERGENCE));
  REFUSE(KWASS_ERROR_ARGUMENT, OPTIONS(options.reserved = 1));
  REFUSE(KWASS_ERROR_ARGUMENT, OPTIONS(options.method = KWASS_UNBALANCED));
  REFUSE(KWASS_ERROR_UNSUITABLE, OPTIONS(options.method = KWASS_LINE));
  REFUSE(KWASS_ERROR_UNSUITABLE, OPTIONS(options.method = KWASS_CIRCLE));
#define GROUP(change)                                                                        \
  OPTIONS((kwass_group_init(&group, sizeof group), change, options.method = KWASS_SINKHORN,   \
           options.group = &group))
  REFUSE(KWASS_ERROR_ARGUMENT, kwass_group_init(NULL, sizeof group));
  REFUSE(KWASS_ERROR_ARGUMENT, kwass_group_init(&group, sizeof group - 8));
  REFUSE(KWASS_ERROR_ARGUMENT, GROUP(group.size = 0));
  REFUSE(KWASS_ERROR_ARGUMENT, GROUP(group.count = INT32_MIN));
  REFUSE(KWASS_ERROR_ARGUMENT, GROUP(group.rank = 1));
  REFUSE(KWASS_ERROR_ARGUMENT, GROUP(group.count = 2));
  REFUSE(KWASS_ERROR_GROUP, GROUP((group.count = 2, group.share = share_nothing, group.context = &shares)));
  CHECK(shares == 1);
#define UNBALANCED(change)                                                                       \
  OPTIONS((options.method = KWASS_UNBALANCED, options.regularization_kind = 1,                   \
           options.regularization = 0.1, options.strength = 1, change))
  REFUSE(KWASS_ERROR_ARGUMENT, UNBALANCED(options.strength = 0));
  REFUSE(KWASS_ERROR_ARGUMENT, UNBALANCED(options.relaxation = -1));
  REFUSE(KWASS_ERROR_ARGUMENT, UNBALANCED(options.wants = KWASS_WANT_PLAN));
  REFUSE(KWASS_ERROR_ARGUMENT, UNBALANCED(options.tolerance = 0.1));
  REFUSE(KWASS_ERROR_ARGUMENT, UNBALANCED((options.relaxation = KWASS_MOVED_MASS, options.strength = 2)));

  /* Progress, and what ends early. */
  CHECK(OPTIONS((options.progress = count_calls, options.progress_context = &calls)) == KWASS_OK);
  CHECK(calls >= 1);
  kwass_result_free(result);
  REFUSE(KWASS_STOPPED, OPTIONS(options.progress = stop));
  kwass_summary summary;
  CHECK(kwass_result_summary(result, &summary, sizeof summary) == KWASS_OK);
  CHECK(isnan(summary.distance) && summary.lower <= 5 && summary.upper >= 5);
  CHECK(summary.ending == KWASS_ENDED_STOPPED && summary.plan_count == -1);
  REFUSE(KWASS_ERROR_NOT_AVAILABLE, kwass_result_plan(result, NULL, NULL, NULL, NULL));
  REFUSE(KWASS_ERROR_NOT_AVAILABLE, kwass_result_potentials(result, NULL, NULL));
  kwass_result_free(result);
  REFUSE(KWASS_STOPPED, OPTIONS(options.progress = abandon));
  CHECK(isnan(kwass_result_distance(result)));
  CHECK(kwass_result_lower(result) <= 5 && kwass_result_upper(result) >= 5);
  kwass_result_free(result);
  REFUSE(KWASS_TIME_LIMIT, OPTIONS(options.time_limit = 1e-300));
  CHECK(kwass_result_lower(result) <= 5 && kwass_result_upper(result) >= 5);
  kwass_result_free(result);
}

static void distances(const kwass_measure *mu, const kwass_measure *nu) {
  kwass_result *result = NULL;
  kwass_summary summary;
  const int32_t *from, *to;
  const double *mass, *f, *g, *x, *v;
  int64_t count;
  REFUSE(KWASS_ERROR_ARGUMENT, kwass_distance(NULL, nu, NULL, NULL, &result));
  REFUSE(KWASS_ERROR_ARGUMENT, kwass_distance(mu, NULL, NULL, NULL, &result));
  REFUSE(KWASS_ERROR_ARGUMENT, kwass_distance(mu, nu, NULL, NULL, NULL));
  REFUSE(KWASS_ERROR_OBJECT, kwass_distance((kwass_measure *)points, nu, NULL, NULL, &result));
  CHECK(result == NULL);
  CHECK(kwass_distance(mu, nu, NULL, NULL, &result) == KWASS_OK);
  /* A translation by (3, 4). */
  CHECK(fabs(kwass_result_distance(result) - 5) < 1e-14);
  CHECK(kwass_result_lower(result) <= 5 && kwass_result_upper(result) >= 5);
  CHECK(kwass_result_upper(result) - kwass_result_lower(result) < 1e-13);
  CHECK(fabs(kwass_result_cost(result) - 25) < 1e-13);
  CHECK(kwass_result_summary(result, &summary, sizeof summary) == KWASS_OK);
  CHECK(summary.plan_count == 3 && summary.source_count == 3 && summary.target_count == 3);
  CHECK(summary.position_axes == 2 && summary.velocity_axes == 0);
  CHECK(summary.ending == KWASS_ENDED_OPTIMAL && summary.is_warm == 0);
  CHECK(strcmp(summary.method, "network simplex") == 0 && strstr(summary.metric, "p = 2") != NULL);
  REFUSE(KWASS_ERROR_ARGUMENT, kwass_result_summary(result, &summary, sizeof summary - 1));
  REFUSE(KWASS_ERROR_ARGUMENT, kwass_result_summary(result, NULL, sizeof summary));
  CHECK(kwass_result_plan(result, &from, &to, &mass, &count) == KWASS_OK);
  CHECK(count == 3);
  for (int64_t k = 0; k < count; k++) CHECK(from[k] == to[k] && fabs(mass[k] - 1.0 / 3) < 1e-15);
  CHECK(kwass_result_plan(result, NULL, NULL, NULL, NULL) == KWASS_OK);
  CHECK(kwass_result_potentials(result, &f, &g) == KWASS_OK);
  CHECK(fabs((f[0] + f[1] + f[2] + g[0] + g[1] + g[2]) / 3 - 25) < 1e-12);
  REFUSE(KWASS_ERROR_NOT_AVAILABLE, kwass_result_marginals(result, &f, &g));
  REFUSE(KWASS_ERROR_NOT_AVAILABLE, kwass_result_gradient(result, KWASS_SOURCE, &x, &v, &mass));
  CHECK(kwass_result_free(result) == KWASS_OK);
  REFUSE(KWASS_ERROR_OBJECT, kwass_result_free(result));
  CHECK(isnan(kwass_result_distance(result)) && isnan(kwass_result_lower(NULL)));
  CHECK(isnan(kwass_result_upper(result)) && isnan(kwass_result_cost(NULL)));
  REFUSE(KWASS_ERROR_OBJECT, kwass_result_summary(result, &summary, sizeof summary));
  REFUSE(KWASS_ERROR_OBJECT, kwass_result_plan(result, NULL, NULL, NULL, NULL));
  CHECK(kwass_result_free(NULL) == KWASS_OK);

  kwass_options options;
  kwass_options_init(&options, sizeof options);
  options.wants = KWASS_WANT_GRADIENT;
  CHECK(kwass_distance(mu, nu, NULL, &options, &result) == KWASS_OK);
  CHECK(kwass_result_gradient(result, KWASS_SOURCE, &x, &v, NULL) == KWASS_OK);
  /* 2 (x - y) / 3 for each of three points of mass 1/3. */
  CHECK(fabs(x[0] + 2) < 1e-14 && fabs(x[1] + 8.0 / 3) < 1e-14 && v == NULL);
  CHECK(kwass_result_gradient(result, KWASS_TARGET, &x, NULL, &mass) == KWASS_OK);
  CHECK(fabs(x[4] - 2) < 1e-14 && fabs(mass[0] + mass[1] + mass[2]) < 1e-12);
  REFUSE(KWASS_ERROR_ARGUMENT, kwass_result_gradient(result, 2, &x, NULL, NULL));
  kwass_result_free(result);

  options.wants = KWASS_WANT_PLAN | KWASS_WANT_GRADIENT | KWASS_WANT_DIVERGENCE;
  options.method = KWASS_SINKHORN;
  CHECK(kwass_distance(mu, nu, NULL, &options, &result) == KWASS_OK);
  CHECK(kwass_result_summary(result, &summary, sizeof summary) == KWASS_OK);
  CHECK(summary.lower <= 5 && summary.upper >= 5 && summary.upper - summary.lower < 0.06);
  CHECK(fabs(summary.divergence - 25) < 1e-4 && summary.plan_count > 0);
  kwass_result_free(result);

  kwass_options_init(&options, sizeof options);
  options.method = KWASS_UNBALANCED;
  options.regularization_kind = KWASS_REGULARIZATION_RELATIVE;
  options.regularization = 1e-3;
  options.relaxation = KWASS_MOVED_MASS;
  options.strength = 0.5;
  CHECK(kwass_distance(mu, nu, NULL, &options, &result) == KWASS_OK);
  CHECK(kwass_result_marginals(result, &f, &g) == KWASS_OK);
  CHECK(fabs(f[0] + f[1] + f[2] - 0.5) < 1e-4 && fabs(g[0] + g[1] + g[2] - 0.5) < 1e-4);
  kwass_result_free(result);

  double lower, upper;
  CHECK(kwass_bounds(mu, nu, NULL, NULL, &lower, &upper) == KWASS_OK);
  CHECK(lower <= 5 && upper >= 5 && lower > 3);
  REFUSE(KWASS_ERROR_ARGUMENT, kwass_bounds(mu, nu, NULL, NULL, NULL, &upper));
  REFUSE(KWASS_ERROR_ARGUMENT, kwass_bounds(mu, nu, NULL, NULL, &lower, NULL));
  REFUSE(KWASS_ERROR_ARGUMENT, kwass_bounds(NULL, nu, NULL, NULL, &lower, &upper));

  const kwass_measure *all[3];
  double matrix[9], low[9], high[9];
  all[0] = mu, all[1] = nu, all[2] = mu;
  CHECK(kwass_matrix(all, 3, NULL, NULL, matrix, low, high) == KWASS_OK);
  CHECK(matrix[0] == 0 && fabs(matrix[1] - 5) < 1e-14 && matrix[1] == matrix[3] && matrix[2] == 0);
  CHECK(low[1] <= 5 && high[1] >= 5);
  CHECK(kwass_matrix(all, 3, NULL, NULL, matrix, NULL, NULL) == KWASS_OK);
  REFUSE(KWASS_ERROR_ARGUMENT, kwass_matrix(NULL, 3, NULL, NULL, matrix, NULL, NULL));
  REFUSE(KWASS_ERROR_ARGUMENT, kwass_matrix(all, 3, NULL, NULL, NULL, NULL, NULL));
  REFUSE(KWASS_ERROR_ARGUMENT, kwass_matrix(all, -3, NULL, NULL, matrix, NULL, NULL));
  REFUSE(KWASS_ERROR_ARGUMENT, kwass_matrix(all, INT64_MAX, NULL, NULL, matrix, NULL, NULL));
  kwass_options_init(&options, sizeof options);
  options.progress = stop;
  REFUSE(KWASS_STOPPED, kwass_matrix(all, 3, NULL, &options, matrix, low, high));
  CHECK(isnan(matrix[1]) && low[1] == 0 && isinf(high[1]));
  options.wants = KWASS_WANT_PLAN;
  REFUSE(KWASS_ERROR_ARGUMENT, kwass_matrix(all, 3, NULL, &options, matrix, low, high));
}

/* All pairs of twelve clouds: on one thread, on all, and with functions that only the caller's may call. */
static void matrices(void) {
  enum { clouds = 12, size = 60, entries = clouds * clouds };
  static double coordinates[2 * size], serial[entries], found[entries];
  kwass_measure *all[clouds];
  kwass_particles particles;
  kwass_options options;
  kwass_metric metric;
  struct callers_thread caller = {pthread_self(), 0};
  for (int cloud = 0; cloud < clouds; cloud++) {
    for (int i = 0; i < 2 * size; i++) coordinates[i] = fmod((i + 1) * (cloud + 2) * 0.618034, 1.0);
    kwass_particles_init(&particles, sizeof particles);
    particles.count = size;
    particles.positions.data = coordinates, particles.positions.dimension = 1;
    particles.velocities.data = coordinates + size, particles.velocities.dimension = 1;
    CHECK(kwass_measure_from_particles(&particles, &all[cloud]) == KWASS_OK);
  }
  const kwass_measure *const *list = (const kwass_measure *const *)all;
  kwass_options_init(&options, sizeof options);
  options.threads = 1;
  CHECK(kwass_matrix(list, clouds, NULL, &options, serial, NULL, NULL) == KWASS_OK);
  options.threads = 0;
  options.progress = count_on_callers_thread;
  options.progress_context = &caller;
  CHECK(kwass_matrix(list, clouds, NULL, &options, found, NULL, NULL) == KWASS_OK);
  CHECK(memcmp(serial, found, sizeof found) == 0);
  CHECK(caller.calls > 0);
  options.progress = stop;
  REFUSE(KWASS_STOPPED, kwass_matrix(list, clouds, NULL, &options, found, NULL, NULL));
  CHECK(found[0] == 0 && isnan(found[1]) && isnan(found[entries - 2]));

  kwass_metric_init(&metric, sizeof metric);
  metric.nonlinearity = KWASS_FUNCTION;
  metric.function = inverse_on_callers_thread;
  metric.function_context = &caller;
  caller.calls = 0;
  CHECK(kwass_matrix(list, clouds, &metric, NULL, found, NULL, NULL) == KWASS_OK);
  CHECK(caller.calls >= clouds * (clouds - 1) / 2);
  for (int cloud = 0; cloud < clouds; cloud++) kwass_measure_free(all[cloud]);
}

static void solvers(const kwass_measure *mu, const kwass_measure *nu) {
  kwass_solver *solver;
  kwass_result *result;
  kwass_summary summary;
  REFUSE(KWASS_ERROR_ARGUMENT, kwass_solver_create(NULL, NULL, NULL));
  CHECK(kwass_solver_create(NULL, NULL, &solver) == KWASS_OK);
  for (int round = 0; round < 3; round++) {
    CHECK(kwass_solver_distance(solver, mu, nu, &result) == KWASS_OK);
    CHECK(fabs(kwass_result_distance(result) - 5) < 1e-14);
    CHECK(kwass_result_summary(result, &summary, sizeof summary) == KWASS_OK);
    CHECK(summary.is_warm == (round == 1));
    kwass_result_free(result);
    if (round == 1) CHECK(kwass_solver_reset(solver) == KWASS_OK);
  }
  REFUSE(KWASS_ERROR_ARGUMENT, kwass_solver_distance(solver, mu, nu, NULL));
  REFUSE(KWASS_ERROR_ARGUMENT, kwass_solver_distance(NULL, mu, nu, &result));
  REFUSE(KWASS_ERROR_OBJECT, kwass_solver_distance((kwass_solver *)(void *)mu, mu, nu, &result));
  CHECK(kwass_solver_free(solver) == KWASS_OK);
  REFUSE(KWASS_ERROR_OBJECT, kwass_solver_free(solver));
  REFUSE(KWASS_ERROR_OBJECT, kwass_solver_reset(solver));
  CHECK(kwass_solver_free(NULL) == KWASS_OK);

  /* A solver is not used within its own progress function. */
  kwass_options options;
  struct reentrant own = {NULL, NULL, 0};
  kwass_options_init(&options, sizeof options);
  options.progress = solve_again;
  options.progress_context = &own;
  CHECK(kwass_solver_create(NULL, &options, &own.solver) == KWASS_OK);
  own.measure = mu;
  CHECK(kwass_solver_distance(own.solver, mu, nu, &result) == KWASS_OK);
  CHECK(own.status == KWASS_ERROR_BUSY);
  kwass_result_free(result);
  kwass_solver_free(own.solver);
}

int main(void) {
  kwass_measure *mu, *nu;
  char version[32];
  snprintf(version, sizeof version, "%d.%d.%d", KWASS_VERSION_MAJOR, KWASS_VERSION_MINOR,
           KWASS_VERSION_PATCH);
  CHECK(strcmp(version, kwass_version()) == 0);
  CHECK(strstr(kwass_licenses(), "MIT") != NULL && strstr(kwass_licenses(), "GLPK") == NULL);
  CHECK(strcmp(kwass_last_message(), "") == 0);
  CHECK(strcmp(kwass_status_name(KWASS_ERROR_DATA), "KWASS_ERROR_DATA") == 0);
  CHECK(strcmp(kwass_status_name(12345), "unknown status") == 0);
  measures();
  grids();
  CHECK(kwass_measure_from_points(points, 3, 2, NULL, &mu) == KWASS_OK);
  CHECK(kwass_measure_from_points(moved, 3, 2, NULL, &nu) == KWASS_OK);
  metrics(mu, nu);
  options(mu, nu);
  distances(mu, nu);
  matrices();
  solvers(mu, nu);
  kwass_measure_free(mu);
  kwass_measure_free(nu);
  if (failures == 0) puts("ok");
  return failures != 0;
}
