// Includes BODY once for every instruction set that a build can have. The body gives its functions
// names by SUFFIX(name), and may ask for LANES, the number of doubles in a register. No guard: a
// file of kernels includes this once for each of its bodies.

#define SUFFIX(name) name##_portable
#define LANES 2
#include BODY
#undef LANES
#undef SUFFIX

#ifdef HAS_WIDE_BODIES

#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#define SUFFIX(name) name##_v3
#define LANES 4
#include BODY
#undef LANES
#undef SUFFIX
#pragma clang attribute pop

#pragma clang attribute push( \
    __attribute__((target("avx512f,avx512dq,avx512vl,avx512bw,avx2,fma"))), \
    apply_to = function)
#define SUFFIX(name) name##_v4
#define LANES 8
#include BODY
#undef LANES
#undef SUFFIX
#pragma clang attribute pop
#endif

#undef BODY
