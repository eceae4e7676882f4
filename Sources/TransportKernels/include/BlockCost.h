/// Ground costs of blocks of axes, for many pairs of points at once.
#ifndef TRANSPORT_KERNELS_BLOCK_COST_H
#define TRANSPORT_KERNELS_BLOCK_COST_H

#include <stddef.h>
#include <stdint.h>

#include "InstructionSet.h"

/// A ground cost that is a sum over blocks of consecutive axes:
/// `sum over b of weights[b] * r_b ^ exponents[b] + squares[b] * r_b ^ 2`, r_b the norm of the
/// difference on the axes of block b.
/// On an axis of finite length the difference is the shorter way round a circle; coordinates on
/// such an axis must lie in one interval of that length. A line has length INFINITY.
typedef struct {
  int32_t axis_count;
  int32_t block_count;
  const double *axis_lengths;
  /// For each block, one past its last axis.
  const int32_t *block_ends;
  const double *block_weights;
  const double *block_exponents;
  const double *block_squares;
} tk_block_cost;

/// Writes the costs of moving `point` (axis_count coordinates) to `count` targets.
/// Coordinate k of target j stands at `targets[k * stride + j]`.
/// The same bits come out on every instruction set.
void tk_costs(const tk_block_cost *cost, const double *point, const double *targets,
              ptrdiff_t stride, ptrdiff_t count, double *costs);

/// The cost of one pair, to the same bits as `tk_costs` gives. Coordinate k of the points stands at
/// `source[k * source_stride]` and `target[k * target_stride]`.
double tk_pair_cost(const tk_block_cost *cost, const double *source, ptrdiff_t source_stride,
                    const double *target, ptrdiff_t target_stride);

/// The smallest of `cost - offsets[j]` over the targets, as in `tk_costs`, and the first index at
/// which it is reached. `count` must be positive.
double tk_minimum_reduced_cost(const tk_block_cost *cost, const double *point,
                               const double *targets, ptrdiff_t stride, ptrdiff_t count,
                               const double *offsets, ptrdiff_t *argument);

/// `tk_costs` by the body of one instruction set, which must be there.
void tk_costs_on(instruction_set set, const tk_block_cost *cost, const double *point,
                 const double *targets, ptrdiff_t stride, ptrdiff_t count, double *costs);

/// At most how many points a leaf of a search tree has.
#define TK_LEAF_POINTS 8

/// Some consecutive points of a cloud: coordinate k of point i at `points[k * stride + i]`. Of the
/// leaf whose points carry offsets TK_LEAF_POINTS places must be readable, points and offsets.
typedef struct {
  const double *points;
  const double *offsets;
  ptrdiff_t stride;
  int32_t count;
} tk_leaf;

/// Of the numbers `cost - offsets[j]` for all pairs of a source i and a target j of two leaves those
/// below limits[i]: the bits TK_LEAF_POINTS * i + j of the result tell which they are, and they stand
/// at `values[TK_LEAF_POINTS * i + j]`; other values mean nothing. Costs have the bits of `tk_costs`.
uint64_t tk_leaf_values(const tk_block_cost *cost, const tk_leaf *sources, const tk_leaf *targets,
                        const double *limits, double *values);

/// The same by the body of one instruction set, which must be there.
uint64_t tk_leaf_values_on(instruction_set set, const tk_block_cost *cost,
                           const tk_leaf *sources, const tk_leaf *targets, const double *limits,
                           double *values);

#endif
