#include "InstructionSet.h"

// As for the radial sums, no result is promised to the last bit across instruction sets.
#pragma clang fp contract(fast)

#define BODY "AlignmentSumBody.h"
#include "EachInstructionSet.h"

void tk_alignment_sums_on(tk_instruction_set_id set, const tk_communication *kernel,
                          const tk_agents *agents, const double *targets, ptrdiff_t stride,
                          ptrdiff_t start, ptrdiff_t end, double *densities, double *momenta) {
  switch (set) {
#ifdef TK_HAS_WIDE_BODIES
    case tk_x86_64_v4:
      alignment_sums_v4(kernel, agents, targets, stride, start, end, densities, momenta);
      return;
    case tk_x86_64_v3:
      alignment_sums_v3(kernel, agents, targets, stride, start, end, densities, momenta);
      return;
#endif
    default: alignment_sums_portable(kernel, agents, targets, stride, start, end, densities, momenta);
  }
}

void tk_alignment_sums(const tk_communication *kernel, const tk_agents *agents,
                       const double *targets, ptrdiff_t stride, ptrdiff_t start, ptrdiff_t end,
                       double *densities, double *momenta) {
  tk_alignment_sums_on(tk_chosen_instruction_set(), kernel, agents, targets, stride, start, end,
                       densities, momenta);
}
