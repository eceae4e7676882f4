#include "RadialSum.h"
#include "InstructionSet.h"

// As for the log-sum-exp kernels, no result is promised to the last bit across instruction sets.
#pragma clang fp contract(fast)

#define BODY "RadialSumBody.h"
#include "EachInstructionSet.h"

void fk_radial_sums(const fk_radial_kernel *kernel, const double *positions,
                    const double *masses, ptrdiff_t count, ptrdiff_t start, ptrdiff_t end,
                    double *sums) {
  switch (chosen_instruction_set()) {
#ifdef HAS_WIDE_BODIES
    case instruction_set_x86_64_v4:
      radial_sums_v4(kernel, positions, masses, count, start, end, sums);
      return;
    case instruction_set_x86_64_v3:
      radial_sums_v3(kernel, positions, masses, count, start, end, sums);
      return;
#endif
    default: radial_sums_portable(kernel, positions, masses, count, start, end, sums);
  }
}
