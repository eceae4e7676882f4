#include "BlockCost.h"

#include <math.h>

#pragma STDC FP_CONTRACT OFF

// The distance of two points on a circle, right to one rounding. (length - |x - y| would carry the
// rounding of the long way into the short one.) Where the way through the origin is the shorter one,
// high is at least length / 2, and length - high is exact. On a line, length is infinite.
static inline __attribute__((always_inline)) double axis_distance(double x, double y,
                                                                  double length) {
  double low = x < y ? x : y;
  double high = x < y ? y : x;
  double way = high - low;
  double other = (length - high) + low;
  return other < way ? other : way;
}

#define BODY "BlockCostBody.h"
#include "EachInstructionSet.h"

void tk_costs_on(instruction_set set, const tk_block_cost *cost, const double *point,
                 const double *targets, ptrdiff_t stride, ptrdiff_t count, double *costs) {
  switch (set) {
#ifdef HAS_WIDE_BODIES
    case instruction_set_x86_64_v4: costs_v4(cost, point, targets, stride, count, costs); return;
    case instruction_set_x86_64_v3: costs_v3(cost, point, targets, stride, count, costs); return;
#endif
    default: costs_portable(cost, point, targets, stride, count, costs);
  }
}

void tk_costs(const tk_block_cost *cost, const double *point, const double *targets,
              ptrdiff_t stride, ptrdiff_t count, double *costs) {
  tk_costs_on(chosen_instruction_set(), cost, point, targets, stride, count, costs);
}

double tk_pair_cost(const tk_block_cost *cost, const double *source, ptrdiff_t source_stride,
                    const double *target, ptrdiff_t target_stride) {
  double sum = 0;
  int32_t axis = 0;
  for (int32_t block = 0; block < cost->block_count; block++) {
    double squares = 0;
    for (; axis < cost->block_ends[block]; axis++) {
      double difference =
          axis_distance(source[axis * source_stride], target[axis * target_stride],
                        cost->axis_lengths[axis]);
      squares += difference * difference;
    }
    add_block_portable(&squares, cost->block_weights[block], cost->block_exponents[block],
                       cost->block_squares[block], 1, &sum);
  }
  return sum;
}

double tk_minimum_reduced_cost(const tk_block_cost *cost, const double *point,
                               const double *targets, ptrdiff_t stride, ptrdiff_t count,
                               const double *offsets, ptrdiff_t *argument) {
  switch (chosen_instruction_set()) {
#ifdef HAS_WIDE_BODIES
    case instruction_set_x86_64_v4:
      return minimum_reduced_cost_v4(cost, point, targets, stride, count, offsets, argument);
    case instruction_set_x86_64_v3:
      return minimum_reduced_cost_v3(cost, point, targets, stride, count, offsets, argument);
#endif
    default:
      return minimum_reduced_cost_portable(cost, point, targets, stride, count, offsets,
                                           argument);
  }
}

uint64_t tk_leaf_values_on(instruction_set set, const tk_block_cost *cost,
                           const tk_leaf *sources, const tk_leaf *targets, const double *limits,
                           double *values) {
  switch (set) {
#ifdef HAS_WIDE_BODIES
    case instruction_set_x86_64_v4: return leaf_values_v4(cost, sources, targets, limits, values);
    case instruction_set_x86_64_v3: return leaf_values_v3(cost, sources, targets, limits, values);
#endif
    default: return leaf_values_portable(cost, sources, targets, limits, values);
  }
}

uint64_t tk_leaf_values(const tk_block_cost *cost, const tk_leaf *sources, const tk_leaf *targets,
                        const double *limits, double *values) {
  return tk_leaf_values_on(chosen_instruction_set(), cost, sources, targets, limits, values);
}
