// Powers of two in vector registers. Included once for each instruction set, before the body that uses
// them, with SUFFIX(name) giving each copy its own names and LANES the doubles of a register. VEC, IVEC
// and ALWAYS_INLINE are defined here and undefined by that body.

typedef double SUFFIX(vec) __attribute__((vector_size(LANES * 8)));
typedef int64_t SUFFIX(ivec) __attribute__((vector_size(LANES * 8)));

#define VEC SUFFIX(vec)
#define IVEC SUFFIX(ivec)
#ifndef ALWAYS_INLINE
#define ALWAYS_INLINE static inline __attribute__((always_inline))
#endif

ALWAYS_INLINE VEC SUFFIX(select)(IVEC mask, VEC yes, VEC no) {
  return (VEC)((mask & (IVEC)yes) | (~mask & (IVEC)no));
}

// 2^(whole + rest) for an integral `whole` from -1020 to 1020 and |rest| <= 1/2.
ALWAYS_INLINE VEC SUFFIX(exp2_of_parts)(VEC whole, VEC rest) {
  // Near-minimax on [-1/2, 1/2], relative error 2e-17 with the coefficients as rounded.
  VEC p = (VEC){} + 0x1.e9ec1fcb69a7fp-32;
  p = p * rest + 0x1.e6228acd1c6e5p-28;
  p = p * rest + 0x1.b524ebd13a55fp-24;
  p = p * rest + 0x1.62bfc2c86d700p-20;
  p = p * rest + 0x1.ffcbfc6da6ed1p-17;
  p = p * rest + 0x1.430913112c61bp-13;
  p = p * rest + 0x1.5d87fe78a3f9cp-10;
  p = p * rest + 0x1.3b2ab6fb9f1a5p-7;
  p = p * rest + 0x1.c6b08d704a0c6p-5;
  p = p * rest + 0x1.ebfbdff82c5aep-3;
  p = p * rest + 0x1.62e42fefa39efp-1;
  p = p * rest + 1.0;
  // The low bits of whole + 1.5 * 2^52 are the integer in two's complement.
  IVEC bits = (IVEC)(whole + 0x1.8p52);
  return (VEC)((IVEC)p + (bits << 52));
}

// 2^y; 0 where y < -1020 or y is not a number; as at 1020 where y is above.
ALWAYS_INLINE VEC SUFFIX(exp2_of)(VEC y) {
  IVEC large_enough = y >= -1020.0;
  y = SUFFIX(select)(y < 1020.0, y, (VEC){} + 1020.0);
  VEC whole = (y + 0x1.8p52) - 0x1.8p52;
  return (VEC)((IVEC)SUFFIX(exp2_of_parts)(whole, y - whole) & large_enough);
}
