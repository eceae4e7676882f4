#include <float.h>
#include <math.h>

#include "BoxBounds.h"

// The same bits on every instruction set: among several optimal plans every machine finds the same.
#pragma STDC FP_CONTRACT OFF

#define BODY "BoxBoundsBody.h"
#include "EachInstructionSet.h"

void tk_box_bounds_on(instruction_set set, const tk_block_cost *cost, const double *query,
                      const double *boxes, double *bounds) {
  switch (set) {
#ifdef HAS_WIDE_BODIES
    case instruction_set_x86_64_v4: box_bounds_v4(cost, query, boxes, bounds); return;
    case instruction_set_x86_64_v3: box_bounds_v3(cost, query, boxes, bounds); return;
#endif
    default: box_bounds_portable(cost, query, boxes, bounds);
  }
}

void tk_box_bounds(const tk_block_cost *cost, const double *query, const double *boxes,
                   double *bounds) {
  tk_box_bounds_on(chosen_instruction_set(), cost, query, boxes, bounds);
}
