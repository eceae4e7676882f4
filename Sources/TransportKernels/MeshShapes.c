#include "InstructionSet.h"

#pragma STDC FP_CONTRACT OFF

#define ALWAYS_INLINE static inline __attribute__((always_inline))

#define SUFFIX(name) name##_portable
#include "MeshShapesBody.h"
#undef SUFFIX

#ifdef TK_HAS_WIDE_BODIES

#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#define SUFFIX(name) name##_v3
#include "MeshShapesBody.h"
#undef SUFFIX
#pragma clang attribute pop
#endif

void tk_mesh_deposit(const tk_mesh *mesh, const double *positions, ptrdiff_t stride,
                     const double *masses, ptrdiff_t start, ptrdiff_t end, double *density) {
  // A stencil of three or four points leaves nothing for registers of eight.
#ifdef TK_HAS_WIDE_BODIES
  if (tk_widest_instruction_set() != tk_portable) {
    deposit_v3(mesh, positions, stride, masses, start, end, density);
    return;
  }
#endif
  deposit_portable(mesh, positions, stride, masses, start, end, density);
}

void tk_mesh_gather(const tk_mesh *mesh, const double *positions, ptrdiff_t stride,
                    ptrdiff_t start, ptrdiff_t end, const double *fields, double *values) {
#ifdef TK_HAS_WIDE_BODIES
  if (tk_widest_instruction_set() != tk_portable) {
    gather_v3(mesh, positions, stride, start, end, fields, values);
    return;
  }
#endif
  gather_portable(mesh, positions, stride, start, end, fields, values);
}
