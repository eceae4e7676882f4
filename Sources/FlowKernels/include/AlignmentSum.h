/// Sums over all pairs of agents of a communication kernel and of velocities.
#ifndef FLOW_KERNELS_ALIGNMENT_SUM_H
#define FLOW_KERNELS_ALIGNMENT_SUM_H

#include <stddef.h>
#include <stdint.h>

#include "InstructionSet.h"

/// The kernel phi(r) as a function of r^2.
typedef enum {
  /// 1
  fk_communication_constant = 0,
  /// 2^(-rate * r^2)
  fk_communication_gaussian = 1,
  /// (1 + rate * r^2)^(-exponent) for an exponent of which the double is a whole number
  fk_communication_half_power = 2,
  /// (1 + rate * r^2)^(-exponent)
  fk_communication_power = 3,
} fk_communication_form;

typedef struct {
  fk_communication_form form;
  /// One to three.
  int32_t dimension;
  /// Nonnegative.
  double rate;
  /// Nonnegative.
  double exponent;
  /// The length of each axis, 0 for a line. On a circle the distance is that of the nearest image.
  double lengths[3];
} fk_communication;

/// Agents that are heard. Coordinate k of agent j stands at `positions[k * count + j]`, of its velocity
/// at `velocities[k * count + j]`.
typedef struct {
  const double *positions;
  const double *velocities;
  const double *masses;
  ptrdiff_t count;
} fk_agents;

/// Writes, for the targets i from `start` to `end`, the sum over all agents j of masses[j] * phi(|y_i - x_j|)
/// to `densities[i]`, and that of masses[j] * phi * v_j, component k, to `momenta[k * stride + i]`.
/// Coordinate k of target i stands at `targets[k * stride + i]`.
void fk_alignment_sums(const fk_communication *kernel, const fk_agents *agents,
                       const double *targets, ptrdiff_t stride, ptrdiff_t start, ptrdiff_t end,
                       double *densities, double *momenta);

/// The same by the body of one instruction set, which must be there.
void fk_alignment_sums_on(instruction_set set, const fk_communication *kernel,
                          const fk_agents *agents, const double *targets, ptrdiff_t stride,
                          ptrdiff_t start, ptrdiff_t end, double *densities, double *momenta);

#endif
