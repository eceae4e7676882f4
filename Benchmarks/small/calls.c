/* How long one call from C takes: measures from arrays, the distance, everything freed.
 * Usage: calls [DIMENSION]; prints for each n the least and the median time of a call in microseconds. */
#include <kwass.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static double now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec + 1e-9 * t.tv_nsec;
}

static uint64_t state = 1;

static double uniform(void) {
  state = state * 6364136223846793005u + 1442695040888963407u;
  return (double)(state >> 11) * 0x1p-53;
}

static int compare(const void *a, const void *b) {
  const double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

int main(int argc, char **argv) {
  const int dimension = argc > 1 ? atoi(argv[1]) : 3;
  static const int sizes[] = {1, 10, 30, 60, 90, 100, 200, 300, 1000, 10000};
  printf("n,least_us,median_us,method\n");
  for (size_t s = 0; s < sizeof sizes / sizeof sizes[0]; s++) {
    const int n = sizes[s];
    const int calls = n >= 10000 ? 3 : n >= 1000 ? 20 : n >= 300 ? 100 : 1000;
    double *x = malloc(sizeof(double) * n * dimension), *y = malloc(sizeof(double) * n * dimension);
    double *times = malloc(sizeof(double) * calls);
    kwass_summary summary = {0};
    char method[64] = "";
    for (int call = 0; call < calls; call++) {
      for (int k = 0; k < n * dimension; k++) x[k] = uniform(), y[k] = uniform() + 0.3;
      const double start = now();
      kwass_measure *mu, *nu;
      kwass_result *result;
      if (kwass_measure_from_points(x, n, dimension, NULL, &mu) ||
          kwass_measure_from_points(y, n, dimension, NULL, &nu) ||
          kwass_distance(mu, nu, NULL, NULL, &result)) {
        fprintf(stderr, "%s\n", kwass_last_message());
        return 1;
      }
      kwass_result_distance(result);
      times[call] = now() - start;
      kwass_result_summary(result, &summary, sizeof summary);
      snprintf(method, sizeof method, "%s", summary.method);
      kwass_result_free(result);
      kwass_measure_free(mu);
      kwass_measure_free(nu);
    }
    qsort(times, calls, sizeof(double), compare);
    printf("%d,%.1f,%.1f,%s\n", n, 1e6 * times[0], 1e6 * times[calls / 2], method);
    fflush(stdout);
    free(x), free(y), free(times);
  }
  return 0;
}
