/*
 * kwass: Wasserstein distances of measures of positions and velocities, each with a proved bracket.
 *
 *   double x[1000][3], y[800][3];
 *   ...
 *   kwass_measure *mu, *nu;
 *   kwass_result *result;
 *   if (kwass_measure_from_points(&x[0][0], 1000, 3, NULL, &mu) == KWASS_OK &&
 *       kwass_measure_from_points(&y[0][0], 800, 3, NULL, &nu) == KWASS_OK &&
 *       kwass_distance(mu, nu, NULL, NULL, &result) == KWASS_OK)
 *     printf("W_2 = %g\n", kwass_result_distance(result));
 *   else
 *     fprintf(stderr, "%s\n", kwass_last_message());
 *
 * Conventions
 *
 * - A function that can fail returns a status: 0 (KWASS_OK); a positive number where the work ended
 *   early but something is proved, with a result that holds it; a negative number for an error, with no
 *   result. kwass_last_message() says in a sentence what was found and what would be right.
 * - Objects (measures, results, solvers) are opaque. Each is freed with its own _free, which accepts
 *   NULL. A pointer that is no such object, or one that was freed already, gives KWASS_ERROR_OBJECT.
 * - Structs start with their own size in bytes. Fill them with their _init function first, which sets
 *   the size and every default, then change what matters: programs keep working when a later version
 *   adds fields.
 * - Arrays that a function gives belong to the result or measure and live as long as it does.
 * - Indices count from 0.
 * - Every function may be called from any thread, and the same measure or result from several threads
 *   at once. Only a solver works for one call at a time.
 * - The same input gives the same bits, for any number of threads.
 *
 * No value of an argument ends the process. What cannot be checked is whether there are numbers wherever a
 * pointer, its counts and its strides say.
 */
#ifndef KWASS_H
#define KWASS_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ------------------------------------------------------------------------------------------------ */
/* Version and licences                                                                             */

/* The version of this header. */
#define KWASS_VERSION_MAJOR 0
#define KWASS_VERSION_MINOR 1
#define KWASS_VERSION_PATCH 0

/* The version of the library, such as "0.1.0". */
const char *kwass_version(void);

/* The libraries that are part of the binary and their licences, a line each. */
const char *kwass_licenses(void);

/* ------------------------------------------------------------------------------------------------ */
/* Statuses                                                                                         */

enum {
  /* The answer is there. */
  KWASS_OK = 0,

  /* Ended early. There is a result, which holds the bracket that was proved by then: its lower and
   * upper ends are numbers (the upper one may be infinite), its distance is NaN, and it has neither
   * plan nor potentials. */
  KWASS_STOPPED = 1,        /* The progress function asked to stop. */
  KWASS_TIME_LIMIT = 2,     /* The time limit was reached. */
  KWASS_NOT_REACHED = 3,    /* The accuracy that was asked for cannot be reached. */

  /* Errors. */
  KWASS_ERROR_ARGUMENT = -1,      /* An argument, a field, a constant, a size or a stride is wrong. */
  KWASS_ERROR_DATA = -2,          /* A coordinate, a weight or a length is impossible. */
  KWASS_ERROR_METRIC = -3,        /* A parameter of the metric is impossible, or does not fit the measures. */
  KWASS_ERROR_UNSUITABLE = -4,    /* The method does not solve such a problem. */
  KWASS_ERROR_NOT_CONVERGED = -5, /* The iteration ended short of its criterion. */
  KWASS_ERROR_MEMORY = -6,        /* There is not enough memory, or the problem exceeds a limit. */
  KWASS_ERROR_RANGE = -7,         /* The numbers leave the range of double precision. */
  KWASS_ERROR_BUSY = -8,          /* The solver works on another call. */
  KWASS_ERROR_OBJECT = -9,        /* A pointer is no living object of the kind that was expected. */
  KWASS_ERROR_NOT_AVAILABLE = -10, /* The result does not have what was asked for. */
  KWASS_ERROR_GROUP = -11          /* Processes cannot exchange what they have, or their arguments differ. */
};

/* The name of a status, such as "KWASS_ERROR_DATA"; "unknown status" for any other number. */
const char *kwass_status_name(int32_t status);

/* What the last call on this thread that did not return KWASS_OK has to say: a full sentence, UTF-8.
 * Empty if there was none. Valid until the next such call on this thread. */
const char *kwass_last_message(void);

/* ------------------------------------------------------------------------------------------------ */
/* Measures                                                                                         */

/* The type of the numbers in an array. */
enum {
  KWASS_DOUBLE = 0, /* 64 bits */
  KWASS_FLOAT = 1   /* 32 bits */
};

/* Where the coordinates of points stand: coordinate k of point i at
 *
 *     (const char *)data + i * point_stride + k * axis_stride,
 *
 * both strides in bytes. They may be negative, and data need not be aligned, so that fields of structs
 * and slices are read in place. Both strides 0 stand for the C layout without gaps, one point after
 * another. For n points in d dimensions and numbers of b bytes:
 *
 *     C, numpy (row-major)        double x[n][d]       point_stride = d * b,  axis_stride = b
 *     Fortran, Julia (by column)  real :: x(n, d)      point_stride = b,      axis_stride = n * b
 *     a field of a struct         particles[i].x[k]    point_stride = sizeof(particles[0])
 */
typedef struct kwass_array {
  const void *data;
  int64_t point_stride;
  int64_t axis_stride;
  int32_t type;      /* KWASS_DOUBLE or KWASS_FLOAT */
  int32_t dimension; /* the number of coordinates; 0 where there is no array */
} kwass_array;

/* Points, or particles with velocities. */
typedef struct kwass_particles {
  uint64_t size;
  int64_t count;
  kwass_array positions;
  /* May have fewer or more coordinates than positions. Default: none. */
  kwass_array velocities;
  /* Nonnegative, of any total, dimension 1. Distances are those of the measures with total mass 1, but
   * for unbalanced transport, which takes masses as they are. Default: none, equal masses that sum
   * to 1. */
  kwass_array weights;
  /* One number for each position axis: its period, or 0 for an axis that is not periodic.
   * Default: NULL, no axis is periodic. */
  const double *box;
} kwass_particles;

/* A density on a tensor grid of positions and velocities. Sinkhorn's iteration between two grids works
 * axis by axis where the cost is a sum over the axes (p = 2 without shear, or single axes). */
typedef struct kwass_grid {
  uint64_t size;
  int32_t position_axes; /* at least 1 */
  int32_t velocity_axes; /* may be 0 */
  /* For each axis, those of positions first, the number of its nodes and their coordinates. */
  const int64_t *counts;
  const double *const *nodes;
  /* One nonnegative mass for each node: the density times the volume of its cell. */
  const void *masses;
  /* For each axis the distance of neighbours in bytes. Default: NULL, the C layout without gaps, in
   * which the last axis runs fastest. */
  const int64_t *mass_strides;
  int32_t type; /* of the masses: KWASS_DOUBLE or KWASS_FLOAT */
  int32_t reserved; /* 0 */
  /* As in kwass_particles. */
  const double *box;
} kwass_grid;

/* A measure: points with masses, whose numbers were checked and copied. */
typedef struct kwass_measure kwass_measure;

/* Set the size and the defaults. `size` is that of the struct: kwass_particles_init(&p, sizeof p). */
int32_t kwass_particles_init(kwass_particles *particles, uint64_t size);
int32_t kwass_grid_init(kwass_grid *grid, uint64_t size);

/* A measure of particles. O(count) */
int32_t kwass_measure_from_particles(const kwass_particles *particles, kwass_measure **measure);

/* A measure of points in C layout, double x[count][dimension]. `weights` may be NULL. */
int32_t kwass_measure_from_points(const double *points, int64_t count, int32_t dimension,
                                  const double *weights, kwass_measure **measure);

/* A measure on a grid. O(nodes) */
int32_t kwass_measure_from_grid(const kwass_grid *grid, kwass_measure **measure);

/* What a measure consists of; outputs may be NULL. `total_mass` is the sum of the weights as given. */
int32_t kwass_measure_shape(const kwass_measure *measure, int64_t *count, int32_t *position_axes,
                            int32_t *velocity_axes, double *total_mass);

/* Results keep what they need: a measure may be freed before them. */
int32_t kwass_measure_free(kwass_measure *measure);

/* ------------------------------------------------------------------------------------------------ */
/* Metrics                                                                                          */

/* How the costs of positions and velocities are combined, with x sheared to x + shear * v. */
enum {
  KWASS_SPLIT = 0, /* position_weight |x - y|^p + velocity_weight |v - w|^p */
  KWASS_JOINT = 1  /* (position_weight |x - y|^2 + velocity_weight |v - w|^2)^(p/2) */
};

/* Which coordinates are compared. */
enum {
  KWASS_SPACE_AUTOMATIC = 0, /* phase space where the measures have velocities, else positions */
  KWASS_SPACE_PHASE = 1,
  KWASS_SPACE_POSITION = 2,
  KWASS_SPACE_VELOCITY = 3
};

/* The function Phi of a nonlinear distance W_{Phi,p}: the root s of s = Phi(s) A + B, in which A and B are
 * the parts that positions and velocities have in the cost. */
enum {
  KWASS_LINEAR = 0,               /* no Phi: W^p = A + B */
  KWASS_LOGARITHMIC = 1,          /* |log s| / epsilon^2, for s < 1 */
  KWASS_EXTENDED_LOGARITHMIC = 2, /* the same to s = 1/e, and 1 / (e s epsilon^2) beyond */
  KWASS_POWER = 3,                /* s^(-power) / epsilon^2 */
  KWASS_FUNCTION = 4              /* a function of the caller */
};

enum {
  KWASS_FULL = 0,  /* s = Phi(s) A + B */
  KWASS_HALVED = 1 /* s = (Phi(s) A + B) / 2 */
};

/* A function Phi: nonnegative, continuous, not increasing. Called on the thread of the caller. It must
 * return: no longjmp, no exception. */
typedef double (*kwass_function)(void *context, double s);

typedef struct kwass_metric {
  uint64_t size;
  double exponent;        /* p >= 1. Default: 2 */
  int32_t form;           /* Default: KWASS_SPLIT */
  int32_t space;          /* Default: KWASS_SPACE_AUTOMATIC */
  double position_weight; /* > 0. Default: 1 */
  double velocity_weight; /* > 0. Default: 1 */
  double shear;           /* positions become x + shear * v. Default: 0 */
  int32_t nonlinearity;   /* Default: KWASS_LINEAR */
  int32_t convention;     /* Default: KWASS_FULL */
  double epsilon;         /* > 0. Default: 1 */
  double power;           /* >= 0. Default: 0 */
  kwass_function function;
  void *function_context;
  double function_bound;  /* function is defined below it. Default: infinity */
} kwass_metric;

/* Sets the size and the defaults: W_2 of positions and velocities, both with weight 1. Where a function
 * takes a metric, NULL stands for this one. */
int32_t kwass_metric_init(kwass_metric *metric, uint64_t size);

/* Change an initialised metric. They set its exponent, form, weights and shear, and leave the rest. */

/* weight |x - y|^p + |v - w|^p */
int32_t kwass_metric_set_anisotropic(kwass_metric *metric, double weight, double exponent);
/* (a |x - y|^2 + 2b (x - y).(v - w) + c |v - w|^2)^(p/2), with a, c > 0 and b^2 < ac */
int32_t kwass_metric_set_twisted(kwass_metric *metric, double a, double b, double c, double exponent);
/* |(x - tv) - (y - tw)|^p + |v - w|^p */
int32_t kwass_metric_set_free_flow(kwass_metric *metric, double time, double exponent);

/* ------------------------------------------------------------------------------------------------ */
/* Groups of processes                                                                              */

/* Brings together what the processes of a group have. `bytes` has offsets[count] bytes, of which this process has
 * filled those from offsets[rank] to offsets[rank + 1]. The function fills the others with what their processes
 * have there, and returns 0, or another number where it cannot. All processes call it as often as each other,
 * with the same offsets. Called on the thread of the caller only. It must return: no longjmp, no exception. */
typedef int32_t (*kwass_share)(void *context, void *bytes, const int64_t *offsets);

/* Processes that share the work of a call, such as the ranks of MPI (kwass_mpi.h fills it from a communicator).
 *
 * All of them make the same call with the same arguments, and get the same result, with the bits of one process;
 * only an early end may leave them with different brackets. Where one is stopped, all are. Arguments that
 * differ or fail in one of them give an error in all. */
typedef struct kwass_group {
  uint64_t size;
  int32_t rank;  /* which of the processes this is, from 0 */
  int32_t count; /* how many there are. Default: 1 */
  void *context;
  kwass_share share; /* NULL (default) for one process */
} kwass_group;

/* Sets the size and the defaults. */
int32_t kwass_group_init(kwass_group *group, uint64_t size);

/* ------------------------------------------------------------------------------------------------ */
/* Options                                                                                          */

enum {
  KWASS_AUTOMATIC = 0,      /* an exact method: line or circle where it fits, else the network simplex */
  KWASS_NETWORK_SIMPLEX = 1,
  KWASS_LINE = 2,           /* one coordinate: by sorting */
  KWASS_CIRCLE = 3,         /* one periodic coordinate: by the best cut */
  KWASS_SINKHORN = 4,       /* entropic regularisation */
  KWASS_UNBALANCED = 5      /* entropic, and marginals may differ: see `relaxation` */
};

enum {
  KWASS_REGULARIZATION_AUTOMATIC = 0, /* the largest that proves the distance to `tolerance` */
  KWASS_REGULARIZATION_ABSOLUTE = 1,  /* in the unit of the cost W^p */
  KWASS_REGULARIZATION_RELATIVE = 2   /* as a part of the largest cost, rounded up to a power of two */
};

enum {
  KWASS_KULLBACK_LEIBLER = 0, /* strength * KL(marginal | measure) */
  KWASS_TOTAL_VARIATION = 1,  /* strength * sum |marginal - measure| */
  KWASS_MOVED_MASS = 2        /* exactly the mass `strength` is moved, for the least cost */
};

/* What is computed besides the distance and its bracket; joined with |. */
enum {
  KWASS_WANT_PLAN = 1,      /* The plan. Exact methods always have it; Sinkhorn's needs memory. */
  KWASS_WANT_GRADIENT = 2,  /* Derivatives by points, velocities and masses. Not for KWASS_UNBALANCED. */
  KWASS_WANT_DIVERGENCE = 4 /* KWASS_SINKHORN: the debiased divergence; the gradient is then its. */
};

/* What a progress function answers. */
enum {
  KWASS_GO_ON = 0,
  KWASS_STOP = 1,   /* Stop. Proving what the work has come to may take most of a second more. */
  KWASS_ABANDON = 2 /* Stop at once: the bracket is what is known, from 0 to infinity if need be. */
};

/* Is told how far the work has come, and answers whether it goes on; other numbers count as KWASS_STOP.
 *
 * Called on the thread of the caller only, when the work starts and then at most a hundred times a
 * second. It must return: no longjmp, no exception.
 *
 *   stage     what is done, a few words of UTF-8, valid during the call
 *   fraction  how much of the stage is done, from 0 to 1; NaN where that cannot be told
 */
typedef int32_t (*kwass_progress)(void *context, const char *stage, double fraction);

typedef struct kwass_options {
  uint64_t size;
  int32_t method;  /* Default: KWASS_AUTOMATIC */
  int32_t threads; /* the most threads; 0 (default): one for each processor, or KWASS_THREADS */
  /* The solver may stop at (upper - lower) / upper <= tolerance for the distance. From 0 to below 1.
   * Default: 0, an optimal plan (and 0.01 for an automatic regularisation, which cannot be exact). */
  double tolerance;
  /* Where not NaN, the bracket must also tell whether the distance exceeds it; with `tolerance` 0 nothing
   * else is wanted. Default: NaN */
  double threshold;
  double time_limit; /* seconds; 0 (default): none */
  int32_t regularization_kind;
  int32_t relaxation;        /* for KWASS_UNBALANCED. Default: KWASS_KULLBACK_LEIBLER */
  double regularization;     /* > 0 unless automatic; KWASS_UNBALANCED needs one */
  double strength;           /* > 0, for KWASS_UNBALANCED */
  double marginal_tolerance; /* of Sinkhorn's iteration; 0 (default): 1e-6, or what the bracket needs */
  int64_t maximum_iterations;   /* of Sinkhorn's iteration; 0 (default): 10,000 */
  int64_t maximum_plan_entries; /* of Sinkhorn's plan, 16 bytes each; 0 (default): 10,000,000 */
  uint32_t wants;
  uint32_t reserved; /* 0 */
  kwass_progress progress;
  void *progress_context;
  /* The processes that share the sums over pairs of KWASS_SINKHORN and KWASS_UNBALANCED, or the pairs of
   * kwass_matrix; exact distances are found by one process. Read during calls that take these options, and copied
   * by kwass_solver_create. Default: NULL, this process alone */
  const kwass_group *group;
} kwass_options;

/* Sets the size and the defaults. Where a function takes options, NULL stands for the defaults. */
int32_t kwass_options_init(kwass_options *options, uint64_t size);

/* ------------------------------------------------------------------------------------------------ */
/* Distances                                                                                        */

typedef struct kwass_result kwass_result;

/* The distance of two measures.
 *
 * Returns KWASS_OK, a positive status with a result that holds a bracket only, or an error. `*result` is
 * NULL after an error. */
int32_t kwass_distance(const kwass_measure *source, const kwass_measure *target,
                       const kwass_metric *metric, const kwass_options *options,
                       kwass_result **result);

/* A proved bracket of the distance without solving, in O((n + m) log(n + m)). Not for a nonlinear metric
 * (KWASS_ERROR_NOT_AVAILABLE). Of the options, only `threads` counts. */
int32_t kwass_bounds(const kwass_measure *source, const kwass_measure *target,
                     const kwass_metric *metric, const kwass_options *options,
                     double *lower, double *upper);

/* The distances of all pairs of `count` measures, as symmetric count × count matrices without gaps.
 * `lower` and `upper`, the ends of the brackets, may be NULL. The time limit is for all pairs together;
 * where it, or the progress function, ends the work, pairs without an answer are NaN in `distance`, and
 * from 0 to infinity in `lower` and `upper`. `wants` must be 0. The fraction that the progress function
 * is told is that of the pairs. Pairs are measured at the same time, on `threads` threads, unless the
 * metric calls a function of the caller, or a progress function is to be called in the middle of pairs of
 * more than 4096 points. */
int32_t kwass_matrix(const kwass_measure *const *measures, int64_t count, const kwass_metric *metric,
                     const kwass_options *options, double *distance, double *lower, double *upper);

/* A solver for series of similar problems: it keeps the basis of the last solution and starts from it
 * where the next problem has as many points. The answers are as exact as those of kwass_distance. */
typedef struct kwass_solver kwass_solver;

/* `metric` and `options` are copied; their contexts must outlive the solver. */
int32_t kwass_solver_create(const kwass_metric *metric, const kwass_options *options,
                            kwass_solver **solver);
int32_t kwass_solver_distance(kwass_solver *solver, const kwass_measure *source,
                              const kwass_measure *target, kwass_result **result);
/* Forgets the last solution. */
int32_t kwass_solver_reset(kwass_solver *solver);
int32_t kwass_solver_free(kwass_solver *solver);

/* ------------------------------------------------------------------------------------------------ */
/* Results                                                                                          */

/* Where the work ended. */
enum {
  KWASS_ENDED_OPTIMAL = 0,     /* at an optimal plan; the bracket shows roundings only */
  KWASS_ENDED_TOLERANCE = 1,   /* at a bracket as narrow as wanted */
  KWASS_ENDED_DECIDED = 2,     /* at a bracket on one side of the threshold */
  KWASS_ENDED_APPROXIMATE = 3, /* at an entropic plan */
  KWASS_ENDED_STOPPED = 4,     /* the progress function asked for it */
  KWASS_ENDED_TIME_LIMIT = 5,  /* the time was up */
  KWASS_ENDED_NOT_REACHED = 6  /* the accuracy cannot be reached */
};

/* What a result says in numbers; NaN stands for what it does not have. Costs are W^p (times mass for
 * unbalanced transport); for a nonlinear metric the fixed point s = W^p. */
typedef struct kwass_summary {
  uint64_t size;
  double distance;     /* W = cost^(1/p) */
  double lower, upper; /* the proved bracket of W, without regularisation */
  double cost;         /* exact: that of the plan. Entropic: cost_upper */
  double cost_lower, cost_upper;
  double position_part, velocity_part; /* of the plan's cost, where both are compared */
  double exponent;
  double regularization; /* Sinkhorn: epsilon, in the unit of the cost */
  double transport_cost; /* Sinkhorn: of the entropic plan as it is */
  double entropic_cost;  /* Sinkhorn: with the entropy; unbalanced: all terms */
  double dual_cost;      /* Sinkhorn: a lower bound of the least entropic cost */
  double divergence;     /* KWASS_WANT_DIVERGENCE */
  double divergence_error;
  double marginal_error; /* Sinkhorn; unbalanced: the residual */
  double moved_mass;     /* unbalanced */
  double fixed_point_factor;   /* nonlinear: Phi(s) */
  double fixed_point_residual; /* nonlinear */
  double seconds;
  int64_t iterations; /* pivots, or iterations */
  int64_t source_count, target_count; /* points */
  int64_t plan_count;                 /* entries of the plan; -1 where there is none */
  int32_t position_axes, velocity_axes;
  int32_t ending; /* KWASS_ENDED_… */
  int32_t is_warm; /* 1 where the solver started from its last solution */
  const char *method; /* such as "network simplex"; lives as long as the result */
  const char *reason; /* why this method or regularisation, in a phrase; empty where the caller chose */
  const char *metric; /* such as "split, p = 2" */
} kwass_summary;

/* Fills `size` bytes of the summary: kwass_result_summary(result, &s, sizeof s). */
int32_t kwass_result_summary(const kwass_result *result, kwass_summary *summary, uint64_t size);

/* NaN where the pointer is no result. */
double kwass_result_distance(const kwass_result *result);
double kwass_result_lower(const kwass_result *result);
double kwass_result_upper(const kwass_result *result);
double kwass_result_cost(const kwass_result *result);

/* The plan as triplets: masses[k] moves from point sources[k] to point targets[k]. The masses sum to 1.
 * Outputs may be NULL. */
int32_t kwass_result_plan(const kwass_result *result, const int32_t **sources, const int32_t **targets,
                          const double **masses, int64_t *count);

/* Potentials in the unit of the cost, one number for each point of the source and of the target:
 * feasible ones of exact methods, Schrödinger's of Sinkhorn. Outputs may be NULL. */
int32_t kwass_result_potentials(const kwass_result *result, const double **source,
                                const double **target);

/* The marginals of unbalanced transport: what leaves each source point and arrives at each target point.
 * Outputs may be NULL. */
int32_t kwass_result_marginals(const kwass_result *result, const double **source,
                               const double **target);

enum {
  KWASS_SOURCE = 0,
  KWASS_TARGET = 1
};

/* With KWASS_WANT_GRADIENT: the derivatives of the cost W^p (of the least entropic cost for Sinkhorn, of
 * the divergence where that was wanted) by the points, velocities and masses of one of the measures, in
 * the coordinates in which they were given.
 *
 * `positions` is count × position_axes in C layout, `velocities` count × velocity_axes (NULL where there
 * are none), `masses` has count numbers, shifted so that they average to 0 over the measure: for a change
 * of masses with sum 0, the cost changes by their product. That of W is that of W^p over p W^(p-1). Where
 * a norm is not differentiable, 0 stands for its derivative. Outputs may be NULL. */
int32_t kwass_result_gradient(const kwass_result *result, int32_t side, const double **positions,
                              const double **velocities, const double **masses);

int32_t kwass_result_free(kwass_result *result);

#ifdef __cplusplus
}
#endif

#endif /* KWASS_H */
