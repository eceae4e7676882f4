/// Lower bounds of reduced costs over pairs of boxes: what a search among many points prunes with.
#ifndef TRANSPORT_KERNELS_BOX_BOUNDS_H
#define TRANSPORT_KERNELS_BOX_BOUNDS_H

#include "BlockCost.h"

/// How many boxes are bounded at once.
#define TK_BOX_LANES 8

/// For each of TK_BOX_LANES boxes |y - middle| <= half, and another box that holds x, a lower bound
/// of c(x, y) - f(x) - g(y) for all functions f and g below a constant and an affine function,
/// g <= greatest and g(y) <= intercept + slope * (y - middle); lowered by what rounding may add, also
/// to the left side as computed from a cost that `tk_costs` gives.
///
/// `query` holds for the box of x: greatest, intercept, then middle, half and slope for every axis of
/// the cost; a single point is a box with half = 0. `boxes` holds the same for the boxes of y,
/// TK_BOX_LANES numbers each. All must be finite.
///
/// A convex cost lies above u * (z - d) + c(d), for z = y - x, the difference d of the middles and a
/// subgradient u at d; on each block the largest of such bounds is taken that are quickly known. With
/// exponent 2 the axes separate and the best supporting line of all is found. Otherwise it is the
/// tangent at d, and with exponent 1 also the line through the origin whose slope lies between those
/// of f and g. And the cost is at least that between the nearest points of both boxes, and each slope
/// at most its value at a corner. On a circle the cost is convex only as long as no two points of
/// the boxes are antipodes; otherwise only the last way is taken.
void tk_box_bounds(const tk_block_cost *cost, const double *query, const double *boxes,
                   double *bounds);

/// The same by the body of one instruction set, which must be there.
void tk_box_bounds_on(instruction_set set, const tk_block_cost *cost, const double *query,
                      const double *boxes, double *bounds);

#endif
