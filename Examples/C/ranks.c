/* One distance by the ranks of MPI: mpicc ranks.c $(pkg-config --cflags --libs kwass) -lm; mpirun -n 4 ./a.out */
#include <kwass_mpi.h>
#include <math.h>
#include <stdio.h>

enum { N = 1500 };

static int fail(const char *what) {
  fprintf(stderr, "%s: %s\n", what, kwass_last_message());
  return MPI_Abort(MPI_COMM_WORLD, 1);
}

int main(int argc, char **argv) {
  MPI_Init(&argc, &argv);
  MPI_Comm comm;
  MPI_Comm_dup(MPI_COMM_WORLD, &comm);
  kwass_group group;
  if (kwass_mpi_group(&group, &comm) != KWASS_OK) return fail("group");

  /* All ranks hold all points. */
  static double x[N][2], y[N][2];
  for (int i = 0; i < N; i++) {
    const double t = (double)i / N;
    x[i][0] = t, x[i][1] = sin(40 * t);
    y[i][0] = t * t, y[i][1] = cos(40 * t) + 0.5;
  }
  kwass_measure *mu, *nu;
  if (kwass_measure_from_points(&x[0][0], N, 2, NULL, &mu) != KWASS_OK ||
      kwass_measure_from_points(&y[0][0], N, 2, NULL, &nu) != KWASS_OK)
    return fail("measure");

  kwass_options options;
  kwass_options_init(&options, sizeof options);
  options.method = KWASS_SINKHORN;
  options.tolerance = 0.02;
  options.group = &group;
  kwass_result *result;
  if (kwass_distance(mu, nu, NULL, &options, &result) != KWASS_OK) return fail("distance");
  if (group.rank == 0)
    printf("W_2 in [%.15g, %.15g]\n", kwass_result_lower(result), kwass_result_upper(result));

  kwass_result_free(result);
  kwass_measure_free(mu);
  kwass_measure_free(nu);
  MPI_Comm_free(&comm);
  return MPI_Finalize();
}
