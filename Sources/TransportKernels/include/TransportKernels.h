/// The hot loops over pairs of points. Each has one body, compiled once for every instruction set
/// and chosen when the program starts.
#ifndef TRANSPORT_KERNELS_H
#define TRANSPORT_KERNELS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "GuardedLinearProgram.h"

/// A ground cost that is a sum over blocks of consecutive axes:
/// `sum over b of weights[b] * norm(difference on the axes of block b) ^ exponents[b]`.
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

/// The instruction sets for which the kernels can have bodies, from narrow to wide.
typedef enum { tk_portable = 0, tk_x86_64_v3, tk_x86_64_v4 } tk_instruction_set_id;

/// Whether this processor and this build have the bodies of an instruction set.
bool tk_has_instruction_set(tk_instruction_set_id set);

/// The environment variable that chooses among the instruction sets, for the whole process and once.
#define TK_INSTRUCTION_SET_VARIABLE "KWASS_INSTRUCTION_SET"

/// Finds the instruction set of a name: "portable", "avx2" (or "x86-64-v3"), "avx512" (or "x86-64-v4").
bool tk_instruction_set_named(const char *name, tk_instruction_set_id *set);

/// The instruction set whose bodies are in use: the one that the variable names, where this processor and
/// this build have it, else the widest that they have.
tk_instruction_set_id tk_chosen_instruction_set(void);

/// The name of the instruction set whose bodies are in use: "x86-64-v4", "x86-64-v3" or "portable".
const char *tk_instruction_set(void);

/// `tk_costs` by the body of one instruction set, which must be there.
void tk_costs_on(tk_instruction_set_id set, const tk_block_cost *cost, const double *point,
                 const double *targets, ptrdiff_t stride, ptrdiff_t count, double *costs);

#include "AlignmentSum.h"
#include "BoxBounds.h"
#include "LogSumExp.h"
#include "MeshShapes.h"
#include "RadialSum.h"

#endif
