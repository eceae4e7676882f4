/* The distance of two clouds of particles, from C: cc two_clouds.c $(pkg-config --cflags --libs kwass) -lm */
#include <kwass.h>
#include <math.h>
#include <stdio.h>

enum { N = 200 };

/* Positions and velocities as a particle code has them. */
struct particle {
  float x[2];
  float v[2];
  double weight;
};

static int fail(const char *what) {
  fprintf(stderr, "%s: %s\n", what, kwass_last_message());
  return 1;
}

static int measure(const struct particle *cloud, kwass_measure **result) {
  static const double box[2] = {6.283185307179586, 0}; /* periodic in x, not in y */
  const int64_t stride = sizeof cloud[0];
  kwass_particles particles;
  kwass_particles_init(&particles, sizeof particles);
  particles.count = N;
  particles.positions = (kwass_array){cloud->x, stride, sizeof(float), KWASS_FLOAT, 2};
  particles.velocities = (kwass_array){cloud->v, stride, sizeof(float), KWASS_FLOAT, 2};
  particles.weights = (kwass_array){&cloud->weight, stride, 0, KWASS_DOUBLE, 1};
  particles.box = box;
  return kwass_measure_from_particles(&particles, result);
}

int main(void) {
  struct particle first[N], second[N];
  for (int i = 0; i < N; i++) {
    const double t = (double)i / N;
    first[i] = (struct particle){{(float)(6.28 * t), (float)sin(9 * t)}, {(float)t, 0}, 1};
    second[i] = first[i];
    second[i].x[0] += 0.25f; /* a quarter further on, around the circle */
    second[i].v[1] += 0.5f;
  }

  kwass_measure *mu, *nu;
  if (measure(first, &mu) != KWASS_OK || measure(second, &nu) != KWASS_OK) return fail("measure");

  kwass_result *result;
  if (kwass_distance(mu, nu, NULL, NULL, &result) != KWASS_OK) return fail("distance");
  kwass_summary summary;
  kwass_result_summary(result, &summary, sizeof summary);
  printf("W_2 = %.5f in [%.5f, %.5f], by the %s\n", summary.distance, summary.lower, summary.upper,
         summary.method);

  const int32_t *from, *to;
  const double *mass;
  int64_t count;
  if (kwass_result_plan(result, &from, &to, &mass, &count) != KWASS_OK) return fail("plan");
  printf("%lld moves, the first from %d to %d\n", (long long)count, (int)from[0], (int)to[0]);

  kwass_result_free(result);
  kwass_measure_free(mu);
  kwass_measure_free(nu);
  return 0;
}
