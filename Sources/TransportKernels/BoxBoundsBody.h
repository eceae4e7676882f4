// The body of the box bounds. Included once for each instruction set, with SUFFIX(name) giving each
// copy its own names.

#include "EightLanesBody.h"

// One axis of a pair of boxes.
typedef struct {
  // The middle of the box of y as seen from that of the box of x, on a circle the shorter way.
  eight d;
  // The half width and the slope of the box of y.
  eight half, slope;
  // Those of the box of x.
  double own_half, own_slope;
} SUFFIX(axis_pair);

EIGHT_INLINE SUFFIX(axis_pair) SUFFIX(pair_on)(const double *query, const double *box,
                                               double length) {
  SUFFIX(axis_pair) pair;
  eight plain = load_eight(box) - query[0];
  if (length != INFINITY) {
    eight wrapped = plain > length / 2 ? plain - length : plain;
    plain = plain < -length / 2 ? plain + length : wrapped;
  }
  pair.d = plain;
  pair.half = load_eight(box + TK_BOX_LANES);
  pair.slope = load_eight(box + 2 * TK_BOX_LANES);
  pair.own_half = query[1];
  pair.own_slope = query[2];
  return pair;
}

// What sums over blocks and axes are kept.
typedef struct {
  eight affine, constant, size;
} SUFFIX(bound_sums);

// Adds one axis of exponent 2. For every u the cost weight * z * z is at least u * z - u * u /
// (4 * weight), which makes the bound concave and piecewise quadratic in u, with kinks at the slopes
// of both functions; u is where it is largest.
EIGHT_INLINE void SUFFIX(add_quadratic)(SUFFIX(bound_sums) *sums, SUFFIX(axis_pair) p,
                                        double length, double weight) {
  double twice = 2 * weight, quarter = 1 / (4 * weight > DBL_MIN ? 4 * weight : DBL_MIN);
  eight h = p.half, s = p.slope, other = -p.own_slope, both = h + p.own_half;
  eight far = absolute(p.d) + both, gap = larger(absolute(p.d) - both, 0);
  eight steep = absolute(s) * h + fabs(p.own_slope) * p.own_half;
  eight nearest = weight * gap * gap;
  eight turn = s < other ? p.own_half - h : h - p.own_half;
  eight u = smaller(twice * (p.d + both), smaller(s, other));
  u = larger(u, smaller(twice * (p.d + turn), larger(s, other)));
  u = larger(u, twice * (p.d - both));
  eight convex = (u * p.d - u * u * quarter) - absolute(u - s) * h - absolute(u - other) * p.own_half;
  sums->affine += far > length / 2 ? nearest - steep : convex;
  sums->constant += nearest;
  sums->size += 2 * weight * far * far + steep;
}

// weight * squares^(exponent / 2) + square * squares
EIGHT_INLINE eight SUFFIX(block_power)(eight squares, double weight, double exponent,
                                       double square) {
  if (exponent == 4) return weight * (squares * squares) + square * squares;
  if (exponent != 1 && exponent != 1.5 && exponent != 3) {
    return weight * power(squares, 0.5 * exponent) + square * squares;
  }
  eight root = square_root(squares);
  eight factor = exponent == 1 ? 1 : exponent == 3 ? squares : square_root(root);
  return weight * (root * factor) + square * squares;
}

// What the difference is multiplied with to give the gradient:
// weight * exponent * squares^(exponent / 2 - 1), and 0 where that is not defined, + 2 * square.
EIGHT_INLINE eight SUFFIX(slope_factor)(eight squares, double weight, double exponent,
                                        double square) {
  if (exponent == 3) return 3 * weight * square_root(squares) + 2 * square;
  if (exponent == 4) return 4 * weight * squares + 2 * square;
  eight factor = exponent == 1     ? weight / square_root(squares)
                 : exponent == 1.5 ? 1.5 * weight / square_root(square_root(squares))
                                   : weight * exponent * power(squares, 0.5 * exponent - 1);
  return (squares > 0 ? factor : 0) + 2 * square;
}

// Adds one block of any other exponent.
EIGHT_INLINE void SUFFIX(add_convex)(SUFFIX(bound_sums) *sums, const tk_block_cost *cost,
                                     int32_t block, int32_t first, int32_t end,
                                     const double *query, const double *box) {
  double weight = cost->block_weights[block], exponent = cost->block_exponents[block];
  double square = cost->block_squares[block];
  eight nearest = 0, squares = 0, farthest = 0, corner = 0, wanted = 0;
  eight_flags reaches = 0;
  for (int32_t axis = first; axis < end; axis++) {
    double length = cost->axis_lengths[axis];
    SUFFIX(axis_pair) p =
        SUFFIX(pair_on)(query + 3 * axis, box + 3 * axis * TK_BOX_LANES, length);
    eight both = p.half + p.own_half, far = absolute(p.d) + both;
    eight gap = larger(absolute(p.d) - both, 0);
    nearest += gap * gap;
    squares += p.d * p.d;
    farthest += far * far;
    corner += absolute(p.slope) * p.half + fabs(p.own_slope) * p.own_half;
    reaches |= far > length / 2;
    if (exponent == 1) {
      eight v = (p.slope * p.half - p.own_slope * p.own_half) / larger(both, DBL_MIN) -
                2 * square * p.d;
      wanted += v * v;
    }
  }
  eight factor = SUFFIX(slope_factor)(squares, weight, exponent, square);
  eight tangent = SUFFIX(block_power)(squares, weight, exponent, square);
  eight norm = square_root(wanted), shrink = norm > weight ? weight / norm : 1;
  // The line through the origin, for exponent 1.
  eight ray = square * squares;
  for (int32_t axis = first; axis < end; axis++) {
    SUFFIX(axis_pair) p = SUFFIX(pair_on)(query + 3 * axis, box + 3 * axis * TK_BOX_LANES,
                                          cost->axis_lengths[axis]);
    eight u = factor * p.d;
    tangent -= absolute(u - p.slope) * p.half + absolute(u + p.own_slope) * p.own_half;
    if (exponent == 1) {
      eight both = p.half + p.own_half;
      eight v = (p.slope * p.half - p.own_slope * p.own_half) / larger(both, DBL_MIN) -
                2 * square * p.d;
      eight t = v * shrink;
      ray += t * p.d;
      t += 2 * square * p.d;
      ray -= absolute(t - p.slope) * p.half + absolute(t + p.own_slope) * p.own_half;
    }
  }
  eight least = SUFFIX(block_power)(nearest, weight, exponent, square);
  eight best = least - corner;
  eight convex = exponent == 1 ? larger(ray, tangent) : tangent;
  sums->affine += reaches ? best : larger(convex, best);
  sums->constant += least;
  sums->size +=
      SUFFIX(block_power)(farthest, weight, exponent, square) * exponent + corner;
}

static void SUFFIX(box_bounds)(const tk_block_cost *cost, const double *query,
                               const double *boxes, double *bounds) {
  SUFFIX(bound_sums) sums = {0, 0, 0};
  const double *own = query + 2, *box = boxes + 2 * TK_BOX_LANES;
  int32_t axis = 0;
  for (int32_t block = 0; block < cost->block_count; block++) {
    int32_t end = cost->block_ends[block];
    if (cost->block_exponents[block] == 2) {
      double weight = cost->block_weights[block] + cost->block_squares[block];
      for (; axis < end; axis++) {
        double length = cost->axis_lengths[axis];
        SUFFIX(add_quadratic)(
            &sums, SUFFIX(pair_on)(own + 3 * axis, box + 3 * axis * TK_BOX_LANES, length), length,
            weight);
      }
    } else {
      SUFFIX(add_convex)(&sums, cost, block, axis, end, own, box);
    }
    axis = end;
  }
  eight greatest = load_eight(boxes), intercept = load_eight(boxes + TK_BOX_LANES);
  double unit = (1.5 * axis + 6) * DBL_EPSILON;
  eight affine = sums.affine - query[1] - intercept;
  eight constant = sums.constant - query[0] - greatest;
  affine -= unit * (sums.size + fabs(query[1]) + absolute(intercept));
  constant -= unit * (sums.size + fabs(query[0]) + absolute(greatest));
  store_eight(bounds, larger(affine, constant));
}
