// The body of the block cost kernels. Included once for each instruction set, with SUFFIX(name)
// giving each copy its own names. No contraction to fused multiply-add: every copy gives the same
// bits.

#include "EightLanesBody.h"

#define CHUNK 256

static inline __attribute__((always_inline)) void SUFFIX(add_block)(
    const double *restrict squares, double weight, double exponent, double square,
    ptrdiff_t count, double *restrict costs) {
  if (square != 0) {
    for (ptrdiff_t j = 0; j < count; j++) costs[j] += square * squares[j];
  }
  if (exponent == 2) {
    for (ptrdiff_t j = 0; j < count; j++) costs[j] += weight * squares[j];
  } else if (exponent == 1) {
    for (ptrdiff_t j = 0; j < count; j++) costs[j] += weight * __builtin_elementwise_sqrt(squares[j]);
  } else if (exponent == 3) {
    for (ptrdiff_t j = 0; j < count; j++)
      costs[j] += weight * (squares[j] * __builtin_elementwise_sqrt(squares[j]));
  } else if (exponent == 1.5) {
    for (ptrdiff_t j = 0; j < count; j++) {
      double root = __builtin_elementwise_sqrt(squares[j]);
      costs[j] += weight * (root * __builtin_elementwise_sqrt(root));
    }
  } else if (exponent == 4) {
    for (ptrdiff_t j = 0; j < count; j++) costs[j] += weight * (squares[j] * squares[j]);
  } else {
    for (ptrdiff_t j = 0; j < count; j++) costs[j] += weight * pow(squares[j], 0.5 * exponent);
  }
}

static void SUFFIX(costs_chunk)(const tk_block_cost *cost, const double *point,
                                const double *targets, ptrdiff_t stride, ptrdiff_t count,
                                double *restrict costs) {
  double squares[CHUNK];
  for (ptrdiff_t j = 0; j < count; j++) costs[j] = 0;
  int32_t axis = 0;
  for (int32_t block = 0; block < cost->block_count; block++) {
    for (ptrdiff_t j = 0; j < count; j++) squares[j] = 0;
    for (; axis < cost->block_ends[block]; axis++) {
      const double *restrict coordinate = targets + axis * stride;
      double x = point[axis], length = cost->axis_lengths[axis];
      for (ptrdiff_t j = 0; j < count; j++) {
        double difference = axis_distance(x, coordinate[j], length);
        squares[j] += difference * difference;
      }
    }
    SUFFIX(add_block)(squares, cost->block_weights[block], cost->block_exponents[block],
                      cost->block_squares[block], count, costs);
  }
}

static void SUFFIX(costs)(const tk_block_cost *cost, const double *point, const double *targets,
                          ptrdiff_t stride, ptrdiff_t count, double *costs) {
  for (ptrdiff_t start = 0; start < count; start += CHUNK) {
    ptrdiff_t size = count - start < CHUNK ? count - start : CHUNK;
    SUFFIX(costs_chunk)(cost, point, targets + start, stride, size, costs + start);
  }
}

// One row of leaf values: costs to the same bits as `costs_chunk` gives.
EIGHT_INLINE eight SUFFIX(leaf_row)(const tk_block_cost *cost, const tk_leaf *sources, ptrdiff_t i,
                                    const tk_leaf *targets) {
  eight sum = 0;
  int32_t axis = 0;
  for (int32_t block = 0; block < cost->block_count; block++) {
    eight squares = 0;
    for (; axis < cost->block_ends[block]; axis++) {
      eight y = load_eight(targets->points + axis * targets->stride);
      eight x = sources->points[axis * sources->stride + i];
      double length = cost->axis_lengths[axis];
      eight way = x - y;
      if (length != INFINITY) {
        eight low = smaller(x, y), high = larger(x, y);
        way = smaller((length - high) + low, high - low);
      }
      squares += way * way;
    }
    double weight = cost->block_weights[block], exponent = cost->block_exponents[block];
    double square = cost->block_squares[block];
    if (square != 0) sum += square * squares;
    if (exponent == 2) {
      sum += weight * squares;
    } else if (exponent == 1) {
      sum += weight * square_root(squares);
    } else if (exponent == 3) {
      sum += weight * (squares * square_root(squares));
    } else if (exponent == 1.5) {
      eight root = square_root(squares);
      sum += weight * (root * square_root(root));
    } else if (exponent == 4) {
      sum += weight * (squares * squares);
    } else {
      sum += weight * power(squares, 0.5 * exponent);
    }
  }
  return sum;
}

static uint64_t SUFFIX(leaf_values)(const tk_block_cost *cost, const tk_leaf *sources,
                                    const tk_leaf *targets, const double *limits,
                                    double *restrict values) {
  uint64_t found = 0;
  uint32_t valid = (1u << targets->count) - 1;
  eight offsets = load_eight(targets->offsets);
  for (int32_t i = 0; i < sources->count; i++) {
    eight row = SUFFIX(leaf_row)(cost, sources, i, targets) - offsets;
    uint64_t below = bits_of(row < (eight)limits[i]) & valid;
    if (below == 0) continue;
    store_eight(values + TK_LEAF_POINTS * i, row);
    found |= below << (TK_LEAF_POINTS * i);
  }
  return found;
}

static double SUFFIX(minimum_reduced_cost)(const tk_block_cost *cost, const double *point,
                                           const double *targets, ptrdiff_t stride,
                                           ptrdiff_t count, const double *offsets,
                                           ptrdiff_t *argument) {
  double costs[CHUNK];
  double best = INFINITY;
  ptrdiff_t best_index = 0;
  for (ptrdiff_t start = 0; start < count; start += CHUNK) {
    ptrdiff_t size = count - start < CHUNK ? count - start : CHUNK;
    SUFFIX(costs_chunk)(cost, point, targets + start, stride, size, costs);
    const double *restrict offset = offsets + start;
    // Eight running minima, so that the loop becomes one vector instruction a step.
    double lanes[8] = {INFINITY, INFINITY, INFINITY, INFINITY,
                       INFINITY, INFINITY, INFINITY, INFINITY};
    ptrdiff_t j = 0;
    for (; j + 8 <= size; j += 8) {
      for (int lane = 0; lane < 8; lane++) {
        double reduced = costs[j + lane] - offset[j + lane];
        costs[j + lane] = reduced;
        lanes[lane] = reduced < lanes[lane] ? reduced : lanes[lane];
      }
    }
    for (; j < size; j++) {
      double reduced = costs[j] - offset[j];
      costs[j] = reduced;
      lanes[0] = reduced < lanes[0] ? reduced : lanes[0];
    }
    double least = lanes[0];
    for (int lane = 1; lane < 8; lane++) least = lanes[lane] < least ? lanes[lane] : least;
    if (least < best) {
      best = least;
      ptrdiff_t k = 0;
      while (costs[k] != least) k++;
      best_index = start + k;
    }
  }
  *argument = best_index;
  return best;
}

#undef CHUNK
