/// Sums over all pairs of particles of a radial kernel, in free space.
#ifndef FLOW_KERNELS_RADIAL_SUM_H
#define FLOW_KERNELS_RADIAL_SUM_H

#include <stddef.h>
#include <stdint.h>

/// The radial factor g(r^2) of a force g(r^2) * (x - y).
typedef enum {
  /// 2^(-rate * r^2)
  fk_radial_gaussian = 0,
  /// (r^2 + softening)^(-1/2)
  fk_radial_inverse = 1,
  /// (r^2 + softening)^-1
  fk_radial_inverse_square = 2,
  /// (r^2 + softening)^(-3/2)
  fk_radial_inverse_cube = 3,
} fk_radial_form;

typedef struct {
  fk_radial_form form;
  /// One to three.
  int32_t dimension;
  double rate;
  /// Positive.
  double softening;
} fk_radial_kernel;

/// Writes sum over j of masses[j] * g(|x_i - x_j|^2) * (x_i - x_j) for the particles i from `start` to
/// `end` and all j below `count`. Coordinate k of particle i stands at `positions[k * count + i]`, of
/// its sum at `sums[k * count + i]`.
void fk_radial_sums(const fk_radial_kernel *kernel, const double *positions,
                    const double *masses, ptrdiff_t count, ptrdiff_t start, ptrdiff_t end,
                    double *sums);

#endif
