// The body of the nearest target. Included once for each instruction set, with SUFFIX(name) giving
// each copy its own names.

#include "EightLanesBody.h"

static int64_t SUFFIX(nearest_target)(const double *row, const double *prices, double base,
                                      int64_t source, double *distances, int64_t *origins,
                                      int64_t count) {
  eight least = INFINITY;
  eight_flags nearest = -1, lane = {0, 1, 2, 3, 4, 5, 6, 7};
  for (int64_t start = 0; start < count; start += TK_TARGET_LANES) {
    eight candidate = base + (load_eight(row + start) - load_eight(prices + start));
    eight known = load_eight(distances + start);
    eight_flags origin;
    __builtin_memcpy(&origin, origins + start, sizeof origin);
    // Comparisons with NaN are false.
    eight_flags is_nearer = candidate < known;
    known = is_nearer ? candidate : known;
    origin = is_nearer ? (eight_flags)source : origin;
    store_eight(distances + start, known);
    __builtin_memcpy(origins + start, &origin, sizeof origin);
    eight_flags is_least = known < least;
    least = is_least ? known : least;
    nearest = is_least ? lane + start : nearest;
  }
  int best = 0;
  for (int k = 1; k < TK_TARGET_LANES; k++)
    if (least[k] < least[best]) best = k;
  return nearest[best];
}
