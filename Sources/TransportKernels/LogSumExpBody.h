// The body of the log-sum-exp kernels. Included once for each instruction set, with
// SUFFIX(name) giving each copy its own names and LANES the doubles of a vector register.
//
// Pairs are taken in groups of VECTORS registers: enough independent work to hide the latency of
// the polynomial, and the few branches on the form of the cost are paid once a group.

#define VECTORS 4
#define GROUP (VECTORS * LANES)
// Sums run over this many terms before they are added to the total, so that the rounding error
// grows like the number of blocks and not like the number of terms.
#define BLOCK 4096
#define EACH_VECTOR _Pragma("clang loop unroll(full)") for (int v = 0; v < VECTORS; v++)
#define ALWAYS_INLINE static inline __attribute__((always_inline))

#include "Exp2Body.h"

typedef struct {
  SUFFIX(vec) at[VECTORS];
} SUFFIX(group);

#define GROUP_OF_VECTORS SUFFIX(group)

ALWAYS_INLINE GROUP_OF_VECTORS SUFFIX(load)(const double *source, ptrdiff_t valid) {
  GROUP_OF_VECTORS result;
  if (valid >= GROUP) {
    __builtin_memcpy(&result, source, sizeof result);
  } else {
    double padded[GROUP] = {0};
    for (ptrdiff_t j = 0; j < valid; j++) padded[j] = source[j];
    __builtin_memcpy(&result, padded, sizeof result);
  }
  return result;
}

// x^power for x >= 0: within a few units in the last place where there is a fused multiply-add.
ALWAYS_INLINE VEC SUFFIX(power_of)(VEC x, double power) {
  // x = 2^exponent * m with m in [sqrt(1/2), sqrt(2)).
  IVEC bits = (IVEC)x;
  IVEC shifted = (bits - 0x3fe6a09e667f3bcd) >> 52;
  VEC m = (VEC)(bits - (shifted << 52));
  VEC exponent = (VEC)(shifted + 0x4338000000000000) - 0x1.8p52;
  // log2 m = (2 / ln 2) artanh z, by its Taylor series: |z| < 0.1716.
  VEC z = (m - 1.0) / (m + 1.0);
  VEC s = z * z;
  VEC p = (VEC){} + 2.0 / 21;
  p = p * s + 2.0 / 19;
  p = p * s + 2.0 / 17;
  p = p * s + 2.0 / 15;
  p = p * s + 2.0 / 13;
  p = p * s + 2.0 / 11;
  p = p * s + 2.0 / 9;
  p = p * s + 2.0 / 7;
  p = p * s + 2.0 / 5;
  p = p * s + 2.0 / 3;
  p = p * s + 2.0;
  VEC log2_m = z * p * 1.4426950408889634;
  VEC whole = (power * exponent + 0x1.8p52) - 0x1.8p52;
  VEC rest = (power * exponent - whole) + power * log2_m;
  VEC carry = (rest + 0x1.8p52) - 0x1.8p52;
  whole += carry;
  rest -= carry;
  IVEC normal = (x >= 0x1p-1022) & (whole >= -1020.0);
  whole = SUFFIX(select)(whole < 1020.0, whole, (VEC){} + 1020.0);
  return (VEC)((IVEC)SUFFIX(exp2_of_parts)(whole, rest) & normal);
}

// `result` - `scale` * cost of `valid` pairs from `start` on. With `accurate` general powers are those
// of the C library; else they are quick ones.
ALWAYS_INLINE GROUP_OF_VECTORS SUFFIX(minus_costs)(GROUP_OF_VECTORS result, const tk_exponents *e,
                                                   double scale, ptrdiff_t start, ptrdiff_t valid,
                                                   int accurate) {
  if (e->cost == 0) {
    GROUP_OF_VECTORS costs = SUFFIX(load)(e->costs + start, valid);
    EACH_VECTOR result.at[v] -= scale * costs.at[v];
    return result;
  }
  const tk_block_cost *cost = e->cost;
  int32_t axis = 0;
  for (int32_t block = 0; block < cost->block_count; block++) {
    GROUP_OF_VECTORS squares = {0};
    for (; axis < cost->block_ends[block]; axis++) {
      GROUP_OF_VECTORS y = SUFFIX(load)(e->targets + axis * e->stride + start, valid);
      double x = e->point[axis], length = cost->axis_lengths[axis];
      if (length == INFINITY) {
        EACH_VECTOR {
          VEC difference = x - y.at[v];
          squares.at[v] += difference * difference;
        }
      } else {
        EACH_VECTOR {
          VEC difference = x - y.at[v];
          VEC way = (VEC)((IVEC)difference & 0x7fffffffffffffff);
          VEC other = length - way;
          way = SUFFIX(select)(other < way, other, way);
          squares.at[v] += way * way;
        }
      }
    }
    double weight = scale * cost->block_weights[block];
    double exponent = cost->block_exponents[block], square = scale * cost->block_squares[block];
    if (square != 0) EACH_VECTOR result.at[v] -= square * squares.at[v];
    if (exponent == 2) {
      EACH_VECTOR result.at[v] -= weight * squares.at[v];
    } else if (exponent == 1) {
      EACH_VECTOR result.at[v] -= weight * __builtin_elementwise_sqrt(squares.at[v]);
    } else if (exponent == 3) {
      EACH_VECTOR {
        VEC root = __builtin_elementwise_sqrt(squares.at[v]);
        result.at[v] -= weight * (squares.at[v] * root);
      }
    } else if (exponent == 1.5) {
      EACH_VECTOR {
        VEC root = __builtin_elementwise_sqrt(squares.at[v]);
        result.at[v] -= weight * (root * __builtin_elementwise_sqrt(root));
      }
    } else if (exponent == 4) {
      EACH_VECTOR result.at[v] -= weight * (squares.at[v] * squares.at[v]);
    } else if (accurate) {
      EACH_VECTOR for (int lane = 0; lane < LANES; lane++) {
        result.at[v][lane] -= weight * pow(squares.at[v][lane], 0.5 * exponent);
      }
    } else {
      EACH_VECTOR result.at[v] -= weight * SUFFIX(power_of)(squares.at[v], 0.5 * exponent);
    }
  }
  return result;
}

// Lanes beyond `valid` become -INFINITY.
ALWAYS_INLINE GROUP_OF_VECTORS SUFFIX(masked)(GROUP_OF_VECTORS exponents, ptrdiff_t valid) {
  if (valid < GROUP) {
    EACH_VECTOR for (int lane = 0; lane < LANES; lane++) {
      if (v * LANES + lane >= valid) exponents.at[v][lane] = -INFINITY;
    }
  }
  return exponents;
}

// The exponents of `valid` pairs from `start` on; lanes beyond them are -INFINITY.
ALWAYS_INLINE GROUP_OF_VECTORS SUFFIX(exponents_of)(const tk_exponents *e, ptrdiff_t start,
                                                    ptrdiff_t valid) {
  GROUP_OF_VECTORS offsets = SUFFIX(load)(e->offsets + start, valid);
  return SUFFIX(masked)(SUFFIX(minus_costs)(offsets, e, e->scale, start, valid, 0), valid);
}

ALWAYS_INLINE double SUFFIX(sum_of)(GROUP_OF_VECTORS terms) {
  VEC pairs = (terms.at[0] + terms.at[1]) + (terms.at[2] + terms.at[3]);
  double sum = 0;
  for (int lane = 0; lane < LANES; lane++) sum += pairs[lane];
  return sum;
}

// The sum of 2^(shift + exponent_j).
static double SUFFIX(sum_exp2)(const tk_exponents *e, double shift) {
  double total = 0;
  for (ptrdiff_t block = 0; block < e->count; block += BLOCK) {
    ptrdiff_t end = e->count - block < BLOCK ? e->count : block + BLOCK;
    GROUP_OF_VECTORS sums = {0};
    ptrdiff_t j = block;
    for (; j + GROUP <= end; j += GROUP) {
      GROUP_OF_VECTORS y = SUFFIX(exponents_of)(e, j, GROUP);
      EACH_VECTOR sums.at[v] += SUFFIX(exp2_of)(y.at[v] + shift);
    }
    if (j < end) {
      GROUP_OF_VECTORS y = SUFFIX(exponents_of)(e, j, end - j);
      EACH_VECTOR sums.at[v] += SUFFIX(exp2_of)(y.at[v] + shift);
    }
    total += SUFFIX(sum_of)(sums);
  }
  return total;
}

// The sums of 2^(shift + exponent_j) and of cost_j * 2^(shift + exponent_j).
static tk_sums SUFFIX(sums_with_costs)(const tk_exponents *e, double shift) {
  tk_sums total = {0, 0};
  for (ptrdiff_t block = 0; block < e->count; block += BLOCK) {
    ptrdiff_t end = e->count - block < BLOCK ? e->count : block + BLOCK;
    GROUP_OF_VECTORS masses = {0}, costs = {0};
    for (ptrdiff_t j = block; j < end; j += GROUP) {
      ptrdiff_t valid = end - j < GROUP ? end - j : GROUP;
      GROUP_OF_VECTORS y = SUFFIX(load)(e->offsets + j, valid), none = {0};
      GROUP_OF_VECTORS negative = SUFFIX(minus_costs)(none, e, 1, j, valid, 1);
      EACH_VECTOR y.at[v] += e->scale * negative.at[v];
      y = SUFFIX(masked)(y, valid);
      EACH_VECTOR {
        VEC term = SUFFIX(exp2_of)(y.at[v] + shift);
        masses.at[v] += term;
        costs.at[v] -= negative.at[v] * term;
      }
    }
    total.mass += SUFFIX(sum_of)(masses);
    total.cost += SUFFIX(sum_of)(costs);
  }
  return total;
}

static double SUFFIX(largest_exponent)(const tk_exponents *e) {
  GROUP_OF_VECTORS largest;
  EACH_VECTOR largest.at[v] = (VEC){} - INFINITY;
  for (ptrdiff_t j = 0; j < e->count; j += GROUP) {
    ptrdiff_t valid = e->count - j;
    GROUP_OF_VECTORS y = SUFFIX(exponents_of)(e, j, valid < GROUP ? valid : GROUP);
    EACH_VECTOR largest.at[v] =
        SUFFIX(select)(largest.at[v] < y.at[v], y.at[v], largest.at[v]);
  }
  double result = -INFINITY;
  EACH_VECTOR for (int lane = 0; lane < LANES; lane++) {
    result = largest.at[v][lane] > result ? largest.at[v][lane] : result;
  }
  return result;
}

static double SUFFIX(log2_sum_exp2)(const tk_exponents *e, double guess) {
  // Far inside the range of a double on both sides: no term that matters has underflowed.
  double sum = SUFFIX(sum_exp2)(e, -guess);
  if (sum > 0x1p-300 && sum < 0x1p300) return guess + log2(sum);
  double largest = SUFFIX(largest_exponent)(e);
  if (largest == -INFINITY) return largest;
  return largest + log2(SUFFIX(sum_exp2)(e, -largest));
}

static void SUFFIX(exp2)(const tk_exponents *e, double shift, double *terms) {
  ptrdiff_t j = 0;
  for (; j + GROUP <= e->count; j += GROUP) {
    GROUP_OF_VECTORS y = SUFFIX(exponents_of)(e, j, GROUP);
    EACH_VECTOR y.at[v] = SUFFIX(exp2_of)(y.at[v] + shift);
    __builtin_memcpy(terms + j, &y, sizeof y);
  }
  if (j < e->count) {
    GROUP_OF_VECTORS y = SUFFIX(exponents_of)(e, j, e->count - j);
    EACH_VECTOR y.at[v] = SUFFIX(exp2_of)(y.at[v] + shift);
    __builtin_memcpy(terms + j, &y, (size_t)(e->count - j) * sizeof(double));
  }
}

#undef VEC
#undef IVEC
#undef GROUP_OF_VECTORS
#undef VECTORS
#undef GROUP
#undef BLOCK
#undef EACH_VECTOR
#undef ALWAYS_INLINE
