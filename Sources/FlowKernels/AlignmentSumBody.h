// The body of the alignment sums. Included once for each instruction set.

#include "Exp2Body.h"

#define TARGETS 4
// As in the radial sums: so many agents before their sum is added to the total.
#define BLOCK 2048

// The logarithm of base 2 of numbers from 1 on.
ALWAYS_INLINE VEC SUFFIX(log2_of)(VEC x) {
  // The exponent that leaves a mantissa between sqrt(1/2) and sqrt(2).
  IVEC bits = (IVEC)x - 0x3fe6a09e667f3bcdLL;
  IVEC exponent = bits >> 52;
  VEC m = (VEC)((IVEC)x - (exponent << 52));
  VEC z = (m - 1.0) / (m + 1.0), s = z * z;
  // atanh(z)/z up to z^20, for |z| < 0.1716 off by less than 1e-17.
  VEC p = (VEC){} + 1.0 / 21;
  p = p * s + 1.0 / 19;
  p = p * s + 1.0 / 17;
  p = p * s + 1.0 / 15;
  p = p * s + 1.0 / 13;
  p = p * s + 1.0 / 11;
  p = p * s + 1.0 / 9;
  p = p * s + 1.0 / 7;
  p = p * s + 1.0 / 5;
  p = p * s + 1.0 / 3;
  p = p * s + 1.0;
  return __builtin_convertvector(exponent, VEC) + 0x1.71547652b82fep+1 * z * p;
}

ALWAYS_INLINE VEC SUFFIX(communication)(fk_communication_form form, VEC squares, double rate,
                                        double exponent, int64_t doubled) {
  if (form == fk_communication_constant) return (VEC){} + 1.0;
  if (form == fk_communication_gaussian) return SUFFIX(exp2_of)(-rate * squares);
  VEC base = 1.0 + rate * squares;
  if (form == fk_communication_power) return SUFFIX(exp2_of)(-exponent * SUFFIX(log2_of)(base));
  VEC power = doubled & 1 ? __builtin_elementwise_sqrt(base) : (VEC){} + 1.0;
  for (int64_t rest = doubled >> 1; rest > 0; rest >>= 1) {
    if (rest & 1) power *= base;
    base *= base;
  }
  return 1.0 / power;
}

ALWAYS_INLINE VEC SUFFIX(lanes)(const double *source, ptrdiff_t valid) {
  VEC result;
  if (valid >= LANES) {
    __builtin_memcpy(&result, source, sizeof result);
  } else {
    result = (VEC){};
    for (ptrdiff_t lane = 0; lane < valid; lane++) result[lane] = source[lane];
  }
  return result;
}

ALWAYS_INLINE void SUFFIX(alignment_rows)(fk_communication_form form, int dimension,
                                          const fk_communication *kernel, const fk_agents *agents,
                                          const double *targets, ptrdiff_t stride, ptrdiff_t start,
                                          ptrdiff_t end, double *densities, double *momenta) {
  double rate = kernel->rate, exponent = kernel->exponent, length[3], turns[3];
  int64_t doubled = (int64_t)(2 * exponent);
  for (int k = 0; k < dimension; k++) {
    length[k] = kernel->lengths[k];
    turns[k] = length[k] > 0 ? 1 / length[k] : 0;
  }
  ptrdiff_t count = agents->count;
  for (ptrdiff_t row = start; row < end; row += TARGETS) {
    ptrdiff_t rows = end - row < TARGETS ? end - row : TARGETS;
    double x[TARGETS][3], total[TARGETS][4] = {{0}};
    for (int t = 0; t < TARGETS; t++)
      for (int k = 0; k < dimension; k++)
        x[t][k] = targets[k * stride + (t < rows ? row + t : row)];
    for (ptrdiff_t block = 0; block < count; block += BLOCK) {
      ptrdiff_t stop = count - block < BLOCK ? count : block + BLOCK;
      VEC partial[TARGETS][4] = {{{0}}};
      for (ptrdiff_t j = block; j < stop; j += LANES) {
        // Lanes beyond the end have mass 0.
        VEC mass = SUFFIX(lanes)(agents->masses + j, stop - j), y[3], v[3];
        for (int k = 0; k < dimension; k++) {
          y[k] = SUFFIX(lanes)(agents->positions + k * count + j, stop - j);
          v[k] = SUFFIX(lanes)(agents->velocities + k * count + j, stop - j);
        }
        _Pragma("clang loop unroll(full)") for (int t = 0; t < TARGETS; t++) {
          VEC squares = (VEC){};
          for (int k = 0; k < dimension; k++) {
            VEC difference = x[t][k] - y[k];
            // Rounding to the nearest whole number; right below 2^51 turns.
            VEC whole = (difference * turns[k] + 0x1.8p52) - 0x1.8p52;
            difference -= whole * length[k];
            squares += difference * difference;
          }
          VEC weight = mass * SUFFIX(communication)(form, squares, rate, exponent, doubled);
          partial[t][3] += weight;
          for (int k = 0; k < dimension; k++) partial[t][k] += weight * v[k];
        }
      }
      for (int t = 0; t < TARGETS; t++)
        for (int k = 0; k < 4; k++)
          for (int lane = 0; lane < LANES; lane++) total[t][k] += partial[t][k][lane];
    }
    for (int t = 0; t < rows; t++) {
      densities[row + t] = total[t][3];
      for (int k = 0; k < dimension; k++) momenta[k * stride + row + t] = total[t][k];
    }
  }
}

static void SUFFIX(alignment_sums)(const fk_communication *kernel, const fk_agents *agents,
                                   const double *targets, ptrdiff_t stride, ptrdiff_t start,
                                   ptrdiff_t end, double *densities, double *momenta) {
#define ROWS(form, dimension)                                                                     \
  SUFFIX(alignment_rows)                                                                          \
  (form, dimension, kernel, agents, targets, stride, start, end, densities, momenta)
#define EACH_DIMENSION(form)        \
  switch (kernel->dimension) {      \
    case 1: ROWS(form, 1); return;  \
    case 2: ROWS(form, 2); return;  \
    default: ROWS(form, 3); return; \
  }
  switch (kernel->form) {
    case fk_communication_constant: EACH_DIMENSION(fk_communication_constant)
    case fk_communication_gaussian: EACH_DIMENSION(fk_communication_gaussian)
    case fk_communication_half_power: EACH_DIMENSION(fk_communication_half_power)
    default: EACH_DIMENSION(fk_communication_power)
  }
#undef EACH_DIMENSION
#undef ROWS
}

#undef TARGETS
#undef BLOCK
#undef VEC
#undef IVEC
#undef ALWAYS_INLINE
