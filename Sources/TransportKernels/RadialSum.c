#include "InstructionSet.h"

// As for the log-sum-exp kernels, no result is promised to the last bit across instruction sets.
#pragma clang fp contract(fast)

#define SUFFIX(name) name##_portable
#define LANES 2
#include "Exp2Body.h"
#include "RadialSumBody.h"
#undef LANES
#undef SUFFIX

#ifdef TK_HAS_WIDE_BODIES

#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#define SUFFIX(name) name##_v3
#define LANES 4
#include "Exp2Body.h"
#include "RadialSumBody.h"
#undef LANES
#undef SUFFIX
#pragma clang attribute pop

#pragma clang attribute push( \
    __attribute__((target("avx512f,avx512dq,avx512vl,avx512bw,avx2,fma"))), \
    apply_to = function)
#define SUFFIX(name) name##_v4
#define LANES 8
#include "Exp2Body.h"
#include "RadialSumBody.h"
#undef LANES
#undef SUFFIX
#pragma clang attribute pop
#endif

void tk_radial_sums(const tk_radial_kernel *kernel, const double *positions,
                    const double *masses, ptrdiff_t count, ptrdiff_t start, ptrdiff_t end,
                    double *sums) {
  switch (tk_widest_instruction_set()) {
#ifdef TK_HAS_WIDE_BODIES
    case tk_x86_64_v4:
      radial_sums_v4(kernel, positions, masses, count, start, end, sums);
      return;
    case tk_x86_64_v3:
      radial_sums_v3(kernel, positions, masses, count, start, end, sums);
      return;
#endif
    default: radial_sums_portable(kernel, positions, masses, count, start, end, sums);
  }
}
