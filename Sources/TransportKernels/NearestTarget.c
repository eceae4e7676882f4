#include <math.h>

#include "NearestTarget.h"

// The same bits on every instruction set: among several optimal plans every machine finds the same.
#pragma STDC FP_CONTRACT OFF

#define BODY "NearestTargetBody.h"
#include "EachInstructionSet.h"

int64_t tk_nearest_target_on(instruction_set set, const double *row, const double *prices,
                             double base, int64_t source, double *distances, int64_t *origins,
                             int64_t count) {
  switch (set) {
#ifdef HAS_WIDE_BODIES
    case instruction_set_x86_64_v4:
      return nearest_target_v4(row, prices, base, source, distances, origins, count);
    case instruction_set_x86_64_v3:
      return nearest_target_v3(row, prices, base, source, distances, origins, count);
#endif
    default: return nearest_target_portable(row, prices, base, source, distances, origins, count);
  }
}

int64_t tk_nearest_target(const double *row, const double *prices, double base, int64_t source,
                          double *distances, int64_t *origins, int64_t count) {
  return tk_nearest_target_on(chosen_instruction_set(), row, prices, base, source, distances,
                              origins, count);
}
