#include "MeshShapes.h"
#include "InstructionSet.h"

#pragma STDC FP_CONTRACT OFF

#define ALWAYS_INLINE static inline __attribute__((always_inline))

// The largest whole number not above x. Without an instruction for it a library would be called, but for
// rounding to the nearest one, which a sum does below 2^51.
#if defined(__x86_64__) && !defined(__SSE4_1__)
ALWAYS_INLINE double whole_below(double x) {
  if (__builtin_expect(__builtin_fabs(x) >= 0x1p51, 0)) return __builtin_floor(x);
  double nearest = (x + 0x1.8p52) - 0x1.8p52;
  return nearest > x ? nearest - 1 : nearest;
}
#define WHOLE_BELOW(x) whole_below(x)
#else
#define WHOLE_BELOW(x) __builtin_floor(x)
#endif

#define SUFFIX(name) name##_portable
#include "MeshShapesBody.h"
#undef SUFFIX
#undef WHOLE_BELOW

#ifdef HAS_WIDE_BODIES

#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#define WHOLE_BELOW(x) __builtin_floor(x)
#define SUFFIX(name) name##_v3
#include "MeshShapesBody.h"
#undef SUFFIX
#undef WHOLE_BELOW
#pragma clang attribute pop
#endif

void fk_mesh_deposit(const fk_mesh *mesh, const double *positions, ptrdiff_t stride,
                     const double *masses, ptrdiff_t start, ptrdiff_t end, double *density) {
  // A stencil of three or four points leaves nothing for registers of eight.
#ifdef HAS_WIDE_BODIES
  if (chosen_instruction_set() != instruction_set_portable) {
    deposit_v3(mesh, positions, stride, masses, start, end, density);
    return;
  }
#endif
  deposit_portable(mesh, positions, stride, masses, start, end, density);
}

void fk_mesh_gather(const fk_mesh *mesh, const double *positions, ptrdiff_t stride,
                    ptrdiff_t start, ptrdiff_t end, const double *fields, double *values) {
#ifdef HAS_WIDE_BODIES
  if (chosen_instruction_set() != instruction_set_portable) {
    gather_v3(mesh, positions, stride, start, end, fields, values);
    return;
  }
#endif
  gather_portable(mesh, positions, stride, start, end, fields, values);
}
