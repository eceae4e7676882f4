#include "AlignmentSum.h"

// As for the radial sums, no result is promised to the last bit across instruction sets.
#pragma clang fp contract(fast)

#define BODY "AlignmentSumBody.h"
#include "EachInstructionSet.h"

void fk_alignment_sums_on(instruction_set set, const fk_communication *kernel,
                          const fk_agents *agents, const double *targets, ptrdiff_t stride,
                          ptrdiff_t start, ptrdiff_t end, double *densities, double *momenta) {
  switch (set) {
#ifdef HAS_WIDE_BODIES
    case instruction_set_x86_64_v4:
      alignment_sums_v4(kernel, agents, targets, stride, start, end, densities, momenta);
      return;
    case instruction_set_x86_64_v3:
      alignment_sums_v3(kernel, agents, targets, stride, start, end, densities, momenta);
      return;
#endif
    default: alignment_sums_portable(kernel, agents, targets, stride, start, end, densities, momenta);
  }
}

void fk_alignment_sums(const fk_communication *kernel, const fk_agents *agents,
                       const double *targets, ptrdiff_t stride, ptrdiff_t start, ptrdiff_t end,
                       double *densities, double *momenta) {
  fk_alignment_sums_on(chosen_instruction_set(), kernel, agents, targets, stride, start, end,
                       densities, momenta);
}
