// Eight doubles as one value, whatever the width of a register; for the bodies of the kernels of the
// search trees, which include this once each.

#ifndef EIGHT_INLINE
// Values of this size never cross a call: all that takes or returns them is inlined.
#pragma clang diagnostic ignored "-Wpsabi"
#define EIGHT_INLINE static inline __attribute__((always_inline))

#include <math.h>
#include <stdint.h>

typedef double eight __attribute__((ext_vector_type(8)));
// What a comparison gives: all bits of a lane set, or none.
typedef int64_t eight_flags __attribute__((ext_vector_type(8)));

#define load_eight SUFFIX(load_eight)
#define store_eight SUFFIX(store_eight)
#define larger SUFFIX(larger)
#define smaller SUFFIX(smaller)
#define absolute SUFFIX(absolute)
#define square_root SUFFIX(square_root)
#define power SUFFIX(power)
#define bits_of SUFFIX(bits_of)
#endif

EIGHT_INLINE eight load_eight(const double *source) {
  eight result;
  __builtin_memcpy(&result, source, sizeof result);
  return result;
}

EIGHT_INLINE void store_eight(double *target, eight value) {
  __builtin_memcpy(target, &value, sizeof value);
}

EIGHT_INLINE eight larger(eight a, eight b) { return a > b ? a : b; }

EIGHT_INLINE eight smaller(eight a, eight b) { return a < b ? a : b; }

EIGHT_INLINE eight absolute(eight a) { return __builtin_elementwise_abs(a); }

EIGHT_INLINE eight square_root(eight a) { return __builtin_elementwise_sqrt(a); }

EIGHT_INLINE eight power(eight a, double exponent) {
  for (int k = 0; k < 8; k++) a[k] = pow(a[k], exponent);
  return a;
}

// Bit k tells of lane k.
EIGHT_INLINE uint32_t bits_of(eight_flags flags) {
  typedef _Bool eight_bits __attribute__((ext_vector_type(8)));
  eight_bits bits = __builtin_convertvector(flags, eight_bits);
  uint8_t result;
  __builtin_memcpy(&result, &bits, 1);
  return result;
}
