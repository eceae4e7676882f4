/* Calls the functions of libkwass with arguments that an input chooses: whatever they are, no call may end the
 * process, read what it was not given, or return an impossible status.
 *
 * What no library can check stays right: an array is as long as its count says. Counts are therefore either
 * small or such that they must be refused, and the same holds for strides. */
#include <kwass.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const uint8_t *next, *end;

static uint8_t byte(void) { return next < end ? *next++ : 0; }

static int below(int count) { return byte() % count; }

static double number(void) {
  static const double values[] = {0,    1,     -1,       0.5,    2,     3,          1e-3,     0.25,
                                  1e-9, 1e300, -1e300,   1e-308, 5e-324, NAN,       INFINITY, -INFINITY,
                                  1e150, 1e-150, 1.5,    0.999,  1e16,  -0.0,       10,       7};
  return values[below(sizeof values / sizeof values[0])];
}

/* Mostly what is right, so that inputs get far. */
static double usual(double value) { return byte() < 200 ? value : number(); }

static int32_t constant(int32_t count) {
  static const int32_t values[] = {-1, INT32_MIN, INT32_MAX, 100};
  return byte() < 230 ? below(count) : values[below(4)];
}

static int64_t count_of(int64_t most) {
  static const int64_t refused[] = {0, -1, INT64_MIN, INT64_MAX, (int64_t)INT32_MAX + 1, -8};
  return byte() < 230 ? 1 + below((int)most) : refused[below(6)];
}

static int64_t stride(void) {
  static const int64_t values[] = {0, 8, 16, 24, 4, 12, -8, -16, 1, 64, -64, INT64_MAX, INT64_MIN, INT64_MAX / 2};
  return values[below(14)];
}

enum { most_points = 8, most_axes = 4, room = 1 << 14 };
static char numbers[2 * room];

/* Somewhere amid numbers, aligned or not. */
static const void *data(void) {
  if (byte() > 245) return NULL;
  return numbers + room + (byte() < 200 ? 8 * below(64) : below(100));
}

static kwass_array array(int32_t dimension) {
  kwass_array array;
  memset(&array, 0, sizeof array);
  array.data = data();
  if (byte() > 128) {
    array.point_stride = stride();
    array.axis_stride = stride();
  }
  array.type = constant(2);
  array.dimension = dimension;
  return array;
}

static int32_t dimension(int least) {
  static const int32_t refused[] = {-1, INT32_MIN, INT32_MAX, 1025};
  return byte() < 235 ? least + below(most_axes + 1 - least) : refused[below(4)];
}

enum { pool = 6 };
static kwass_measure *measures[pool];
static kwass_result *results[pool];
static kwass_solver *solvers[2];

/* An object: mostly one that lives, or else NULL, a pointer to numbers, or an object of another kind. */
static void *object(void **own, int count, void *other) {
  const uint8_t choice = byte();
  if (choice > 250) return NULL;
  if (choice > 246) return numbers + room;
  if (choice > 242) return other;
  return own[choice % count];
}

#define MEASURE object((void **)measures, pool, results[0])
#define RESULT object((void **)results, pool, measures[0])
#define SOLVER object((void **)solvers, 2, measures[0])

static double phi(void *context, double s) {
  (void)context;
  switch (numbers[0] & 3) {
    case 0: return 1 / (1 + s);
    case 1: return NAN;
    case 2: return -1;
    default: return 1e300;
  }
}

static int32_t listen(void *context, const char *stage, double fraction) {
  if (strlen(stage) == 0 || !(isnan(fraction) || (fraction >= 0 && fraction <= 1))) abort();
  return context != NULL;
}

static uint64_t size_of(uint64_t size) {
  static const uint64_t wrong[] = {0, 1, 8, UINT64_MAX, 1 << 20};
  return byte() < 240 ? size : wrong[below(5)];
}

static kwass_metric *metric(kwass_metric *metric) {
  if (byte() < 100) return NULL;
  kwass_metric_init(metric, sizeof *metric);
  metric->exponent = usual(1 + below(3));
  metric->form = constant(2);
  metric->space = constant(4);
  metric->position_weight = usual(1);
  metric->velocity_weight = usual(1);
  metric->shear = usual(0);
  metric->nonlinearity = byte() < 160 ? 0 : constant(5);
  metric->convention = constant(2);
  metric->epsilon = usual(1);
  metric->power = usual(0.5);
  numbers[0] = (char)byte();
  metric->function = byte() < 200 ? phi : NULL;
  metric->function_bound = usual(INFINITY);
  if (byte() > 200) kwass_metric_set_twisted(metric, usual(1), usual(0.1), usual(1), usual(2));
  if (byte() > 200) kwass_metric_set_free_flow(metric, usual(1), usual(2));
  if (byte() > 200) kwass_metric_set_anisotropic(metric, usual(1), usual(2));
  metric->size = size_of(metric->size);
  return metric;
}

static kwass_options *options(kwass_options *options) {
  if (byte() < 60) return NULL;
  kwass_options_init(options, sizeof *options);
  options->method = constant(6);
  options->threads = byte() < 240 ? below(3) : constant(1);
  options->tolerance = byte() < 150 ? 0 : usual(0.1);
  options->threshold = byte() < 150 ? NAN : usual(1);
  options->regularization_kind = constant(3);
  options->regularization = usual(0.1);
  options->relaxation = constant(3);
  options->strength = usual(0.5);
  options->marginal_tolerance = byte() < 150 ? 0 : usual(1e-3);
  options->maximum_iterations = byte() < 240 ? 1 + below(200) : -byte();
  options->maximum_plan_entries = byte() < 200 ? below(100) : count_of(10);
  options->wants = byte() < 240 ? byte() & 7 : byte();
  /* Always one, so that no input takes long. */
  const double limit = number();
  options->time_limit = limit > 0 && limit < 0.5 ? limit : limit < 0 ? limit : 0.05;
  options->progress = byte() < 100 ? listen : NULL;
  options->progress_context = byte() > 250 ? options : NULL;
  options->reserved = byte() > 250;
  options->size = size_of(options->size);
  return options;
}

static void check(int32_t status) {
  if (strcmp(kwass_status_name(status), "unknown status") == 0) abort();
  if (status != KWASS_OK && strlen(kwass_last_message()) == 0) abort();
}

static void particles(kwass_measure **place) {
  kwass_particles particles;
  double box[most_axes];
  kwass_particles_init(&particles, sizeof particles);
  particles.count = count_of(most_points);
  particles.positions = array(dimension(1));
  if (byte() < 150) particles.velocities = array(dimension(0));
  if (byte() < 100) particles.weights = array(byte() < 240 ? 1 : dimension(0));
  for (int axis = 0; axis < most_axes; axis++) box[axis] = usual(axis == 0 ? 10 : 0);
  if (byte() < 100) particles.box = box;
  particles.size = size_of(particles.size);
  check(kwass_measure_from_particles(&particles, place));
}

static void grid(kwass_measure **place) {
  kwass_grid grid;
  int64_t counts[2 * most_axes], strides[2 * most_axes];
  const double *nodes[2 * most_axes];
  double box[2 * most_axes];
  kwass_grid_init(&grid, sizeof grid);
  grid.position_axes = byte() < 240 ? 1 + below(2) : dimension(0);
  grid.velocity_axes = byte() < 240 ? below(2) : -byte();
  for (int axis = 0; axis < 2 * most_axes; axis++) {
    counts[axis] = count_of(3);
    strides[axis] = stride();
    nodes[axis] = (const double *)data();
    box[axis] = usual(0);
  }
  grid.counts = byte() < 250 ? counts : NULL;
  grid.nodes = byte() < 250 ? nodes : NULL;
  grid.masses = data();
  grid.mass_strides = byte() < 100 ? strides : NULL;
  grid.type = constant(2);
  grid.reserved = byte() > 250;
  grid.box = byte() < 100 ? box : NULL;
  grid.size = size_of(grid.size);
  check(kwass_measure_from_grid(&grid, place));
}

static void look_at(kwass_result *result) {
  kwass_summary summary;
  const int32_t *from, *to;
  const double *mass, *first, *second;
  int64_t count;
  double sum = 0;
  int32_t status = kwass_result_summary(result, &summary, size_of(sizeof summary));
  check(status);
  if (status != KWASS_OK) return;
  if (!(summary.lower <= summary.upper) || isnan(summary.lower)) abort();
  sum += (double)strlen(summary.method) + (double)strlen(summary.reason) + (double)strlen(summary.metric);
  status = kwass_result_plan(result, &from, &to, &mass, byte() < 250 ? &count : NULL);
  check(status);
  if (status == KWASS_OK)
    for (int64_t k = 0; k < summary.plan_count; k++) {
      if (from[k] < 0 || from[k] >= summary.source_count) abort();
      if (to[k] < 0 || to[k] >= summary.target_count || !(mass[k] >= 0)) abort();
    }
  status = kwass_result_potentials(result, &first, &second);
  check(status);
  if (status == KWASS_OK) {
    for (int64_t k = 0; k < summary.source_count; k++) sum += first[k];
    for (int64_t k = 0; k < summary.target_count; k++) sum += second[k];
  }
  check(kwass_result_marginals(result, &first, &second));
  status = kwass_result_gradient(result, constant(2), &first, &second, &mass);
  check(status);
  if (status == KWASS_OK && isnan(first[0])) abort();
  numbers[1] = (char)(sum > 0);
}

static void step(void) {
  kwass_metric m;
  kwass_options o;
  double values[3 * pool * pool];
  kwass_measure **measure = &measures[below(pool)];
  kwass_result **result = &results[below(pool)];
  switch (below(14)) {
    case 0: case 1: case 2:
      kwass_measure_free(*measure);
      particles(measure);
      break;
    case 3:
      kwass_measure_free(*measure);
      grid(measure);
      break;
    case 4:
      kwass_measure_free(*measure);
      check(kwass_measure_from_points((const double *)(numbers + room), count_of(most_points), dimension(0),
                                      byte() < 200 ? NULL : (const double *)data(), measure));
      break;
    case 5: case 6: case 7: case 8:
      kwass_result_free(*result);
      check(kwass_distance(MEASURE, MEASURE, metric(&m), options(&o), byte() < 250 ? result : NULL));
      look_at(*result);
      break;
    case 9:
      check(kwass_bounds(MEASURE, MEASURE, metric(&m), options(&o), values, byte() < 250 ? values + 1 : NULL));
      break;
    case 10: {
      const kwass_measure *all[pool];
      const int64_t count = count_of(3);
      for (int k = 0; k < pool; k++) all[k] = (kwass_measure *)MEASURE;
      check(kwass_matrix(all, count, metric(&m), options(&o), values, values + pool * pool,
                         byte() < 200 ? values + 2 * pool * pool : NULL));
      break;
    }
    case 11: {
      kwass_solver **solver = &solvers[below(2)];
      kwass_solver_free(*solver);
      check(kwass_solver_create(metric(&m), options(&o), solver));
      break;
    }
    case 12:
      kwass_result_free(*result);
      check(kwass_solver_distance((kwass_solver *)SOLVER, MEASURE, MEASURE, result));
      look_at(*result);
      if (byte() > 200) check(kwass_solver_reset((kwass_solver *)SOLVER));
      break;
    default: {
      /* Freed pointers stay in the pools. */
      const int which = below(3);
      check(which == 0   ? kwass_measure_free((kwass_measure *)MEASURE)
            : which == 1 ? kwass_result_free((kwass_result *)RESULT)
                         : kwass_solver_free((kwass_solver *)SOLVER));
      look_at((kwass_result *)RESULT);
    }
  }
}

int LLVMFuzzerTestOneInput(const uint8_t *input, size_t size) {
  next = input;
  end = input + size;
  /* The numbers of all arrays, of either type. */
  for (int k = 0; k < 2 * room / 8; k++) {
    const double value = k % 16 == 0 ? usual(k % 7) : (k * 37 % 101) / 10.0;
    memcpy(numbers + 8 * k, &value, 8);
  }
  if (byte() & 1)
    for (int k = 0; k < 2 * room / 4; k++) {
      const float value = (float)(k * 37 % 101) / 10;
      memcpy(numbers + 4 * k, &value, 4);
    }
  next = input;
  while (next < end) step();
  for (int k = 0; k < pool; k++) {
    kwass_measure_free(measures[k]);
    kwass_result_free(results[k]);
    measures[k] = NULL, results[k] = NULL;
  }
  for (int k = 0; k < 2; k++) kwass_solver_free(solvers[k]), solvers[k] = NULL;
  return 0;
}
