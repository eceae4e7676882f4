/// Lower bounds of reduced costs over boxes: what a search among many points prunes with.
#ifndef TRANSPORT_KERNELS_BOX_BOUNDS_H
#define TRANSPORT_KERNELS_BOX_BOUNDS_H

/// How many boxes are bounded at once.
#define TK_BOX_LANES 8

/// For each of TK_BOX_LANES boxes |y - middle| <= half, a lower bound over the box of
/// c(point, y) - f(y) for every function f with f <= greatest and
/// f(y) <= intercept + slope * (y - middle); lowered by what rounding may add.
///
/// `boxes` holds, TK_BOX_LANES numbers each: greatest, intercept, then middle, half and slope for
/// every axis of the cost. All must be finite.
///
/// On each block the smallest of cost - slope * (y - middle) is bounded in one of three ways. With
/// exponent 2 the axes separate and each minimum is known. A convex cost lies above its tangent at
/// the middle. And the cost is at least that of the nearest point of the box, the slope at most its
/// value at a corner. On a circle the cost is convex on the box only when the box does not reach the
/// antipode of the point; otherwise the third way is taken.
void tk_box_bounds(const tk_block_cost *cost, const double *point, const double *boxes,
                   double *bounds);

/// The same by the body of one instruction set, which must be there.
void tk_box_bounds_on(tk_instruction_set_id set, const tk_block_cost *cost, const double *point,
                      const double *boxes, double *bounds);

#endif
