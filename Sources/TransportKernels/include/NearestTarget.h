/// The inner loop of shortest paths through a dense matrix of costs.
#ifndef TRANSPORT_KERNELS_NEAREST_TARGET_H
#define TRANSPORT_KERNELS_NEAREST_TARGET_H

#include <stdint.h>

#include "InstructionSet.h"

/// Arrays of the nearest target have a multiple of so many numbers.
#define TK_TARGET_LANES 8

/// Lowers distances by way of one source, and finds the nearest target: where base + (row[j] -
/// prices[j]) is below distances[j], it takes its place, and origins[j] becomes `source`.
///
/// A target whose distance is NaN is left alone and not found. All arrays have `count` numbers, a
/// multiple of TK_TARGET_LANES; what stands in a row behind the last target is read, but does not
/// matter where the distance is NaN.
///
/// Returns the target of the least distance, of equal ones the first in the first lane that has one; -1
/// when all distances are NaN or infinite.
int64_t tk_nearest_target(const double *row, const double *prices, double base, int64_t source,
                          double *distances, int64_t *origins, int64_t count);

/// The same by the body of one instruction set, which must be there.
int64_t tk_nearest_target_on(instruction_set set, const double *row, const double *prices,
                             double base, int64_t source, double *distances, int64_t *origins,
                             int64_t count);

#endif
