// The body of the radial sums. Included once for each instruction set.
//
// TARGETS particles are served by each load of a source: enough independent work to hide the latency
// of a division or an exponential.

#include "Exp2Body.h"

#define TARGETS 4
// Sums run over this many sources before they are added to the total, so that the rounding error
// grows like the number of blocks.
#define BLOCK 2048

ALWAYS_INLINE VEC SUFFIX(radial)(fk_radial_form form, VEC squares, double rate,
                                 double softening) {
  if (form == fk_radial_gaussian) return SUFFIX(exp2_of)(-rate * squares);
  VEC s = squares + softening;
  if (form == fk_radial_inverse_square) return 1.0 / s;
  VEC root = __builtin_elementwise_sqrt(s);
  return form == fk_radial_inverse ? 1.0 / root : 1.0 / (s * root);
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

ALWAYS_INLINE void SUFFIX(radial_rows)(fk_radial_form form, int dimension,
                                       const fk_radial_kernel *kernel, const double *positions,
                                       const double *masses, ptrdiff_t count, ptrdiff_t start,
                                       ptrdiff_t end, double *sums) {
  double rate = kernel->rate, softening = kernel->softening;
  for (ptrdiff_t row = start; row < end; row += TARGETS) {
    ptrdiff_t rows = end - row < TARGETS ? end - row : TARGETS;
    double x[TARGETS][3], total[TARGETS][3] = {{0}};
    for (int t = 0; t < TARGETS; t++)
      for (int k = 0; k < dimension; k++)
        x[t][k] = positions[k * count + (t < rows ? row + t : row)];
    for (ptrdiff_t block = 0; block < count; block += BLOCK) {
      ptrdiff_t stop = count - block < BLOCK ? count : block + BLOCK;
      VEC partial[TARGETS][3] = {{{0}}};
      for (ptrdiff_t j = block; j < stop; j += LANES) {
        // Lanes beyond the end have mass 0.
        VEC mass = SUFFIX(lanes)(masses + j, stop - j);
        VEC y[3];
        for (int k = 0; k < dimension; k++)
          y[k] = SUFFIX(lanes)(positions + k * count + j, stop - j);
        _Pragma("clang loop unroll(full)") for (int t = 0; t < TARGETS; t++) {
          VEC difference[3], squares = (VEC){};
          for (int k = 0; k < dimension; k++) {
            difference[k] = x[t][k] - y[k];
            squares += difference[k] * difference[k];
          }
          VEC weight = mass * SUFFIX(radial)(form, squares, rate, softening);
          for (int k = 0; k < dimension; k++) partial[t][k] += weight * difference[k];
        }
      }
      for (int t = 0; t < TARGETS; t++)
        for (int k = 0; k < dimension; k++)
          for (int lane = 0; lane < LANES; lane++) total[t][k] += partial[t][k][lane];
    }
    for (int t = 0; t < rows; t++)
      for (int k = 0; k < dimension; k++) sums[k * count + row + t] = total[t][k];
  }
}

static void SUFFIX(radial_sums)(const fk_radial_kernel *kernel, const double *positions,
                                const double *masses, ptrdiff_t count, ptrdiff_t start,
                                ptrdiff_t end, double *sums) {
#define ROWS(form, dimension)                                                                  \
  SUFFIX(radial_rows)                                                                          \
  (form, dimension, kernel, positions, masses, count, start, end, sums)
#define EACH_DIMENSION(form)        \
  switch (kernel->dimension) {      \
    case 1: ROWS(form, 1); return;  \
    case 2: ROWS(form, 2); return;  \
    default: ROWS(form, 3); return; \
  }
  switch (kernel->form) {
    case fk_radial_gaussian: EACH_DIMENSION(fk_radial_gaussian)
    case fk_radial_inverse: EACH_DIMENSION(fk_radial_inverse)
    case fk_radial_inverse_square: EACH_DIMENSION(fk_radial_inverse_square)
    default: EACH_DIMENSION(fk_radial_inverse_cube)
  }
#undef EACH_DIMENSION
#undef ROWS
}

#undef TARGETS
#undef BLOCK
#undef VEC
#undef IVEC
#undef ALWAYS_INLINE
