// The body of the box bounds. Included once for each instruction set, with SUFFIX(name) giving each
// copy its own names. Every loop over lanes becomes one vector instruction a step.

#define EACH_LANE for (int k = 0; k < TK_BOX_LANES; k++)

// The box's middle as seen from the point, on a circle the shorter way.
static inline __attribute__((always_inline)) void SUFFIX(differences)(
    const double *middle, double x, double length, double *restrict d) {
  EACH_LANE {
    double plain = middle[k] - x;
    double wrapped = plain > length / 2 ? plain - length : plain;
    d[k] = plain < -length / 2 ? plain + length : wrapped;
  }
}

// weight * squares^(exponent / 2)
static inline __attribute__((always_inline)) void SUFFIX(powers)(
    const double *squares, double weight, double exponent, double *restrict result) {
  if (exponent == 1) {
    EACH_LANE result[k] = weight * __builtin_elementwise_sqrt(squares[k]);
  } else {
    EACH_LANE result[k] = weight * pow(squares[k], 0.5 * exponent);
  }
}

// weight * exponent * squares^(exponent / 2 - 1), and 0 where that is not defined.
static inline __attribute__((always_inline)) void SUFFIX(slope_factors)(
    const double *squares, double weight, double exponent, double *restrict result) {
  if (exponent == 1) {
    EACH_LANE result[k] = squares[k] > 0 ? weight / __builtin_elementwise_sqrt(squares[k]) : 0;
  } else {
    EACH_LANE result[k] =
        squares[k] > 0 ? weight * exponent * pow(squares[k], 0.5 * exponent - 1) : 0;
  }
}

static void SUFFIX(box_bounds)(const tk_block_cost *cost, const double *point,
                               const double *restrict boxes, double *restrict bounds) {
  const double *greatest = boxes, *intercept = boxes + TK_BOX_LANES;
  const double *box = boxes + 2 * TK_BOX_LANES;
  double affine[TK_BOX_LANES] = {0}, constant[TK_BOX_LANES] = {0}, size[TK_BOX_LANES] = {0};
  double d[TK_BOX_LANES];
  int32_t axis = 0;
  for (int32_t block = 0; block < cost->block_count; block++) {
    double weight = cost->block_weights[block], exponent = cost->block_exponents[block];
    int32_t first = axis, end = cost->block_ends[block];
    if (exponent == 2) {
      double steepness = 1 / (2 * weight > DBL_MIN ? 2 * weight : DBL_MIN);
      for (; axis < end; axis++) {
        const double *middle = box + 3 * axis * TK_BOX_LANES;
        const double *half = middle + TK_BOX_LANES, *slope = half + TK_BOX_LANES;
        double length = cost->axis_lengths[axis];
        SUFFIX(differences)(middle, point[axis], length, d);
        EACH_LANE {
          double h = half[k], s = slope[k], far = fabs(d[k]) + h, steep = fabs(s) * h;
          double gap = fabs(d[k]) - h > 0 ? fabs(d[k]) - h : 0;
          double nearest = weight * gap * gap;
          double t = s * steepness - d[k];
          t = t > -h ? t : -h;
          t = t < h ? t : h;
          double convex = weight * (d[k] + t) * (d[k] + t) - s * t;
          affine[k] += far > length / 2 ? nearest - steep : convex;
          constant[k] += nearest;
          size[k] += weight * far * far + steep;
        }
      }
    } else {
      double nearest[TK_BOX_LANES] = {0}, squares[TK_BOX_LANES] = {0};
      double farthest[TK_BOX_LANES] = {0}, corner[TK_BOX_LANES] = {0};
      double reach[TK_BOX_LANES] = {0};
      for (; axis < end; axis++) {
        const double *middle = box + 3 * axis * TK_BOX_LANES;
        const double *half = middle + TK_BOX_LANES, *slope = half + TK_BOX_LANES;
        double length = cost->axis_lengths[axis];
        SUFFIX(differences)(middle, point[axis], length, d);
        EACH_LANE {
          double h = half[k], far = fabs(d[k]) + h;
          double gap = fabs(d[k]) - h > 0 ? fabs(d[k]) - h : 0;
          nearest[k] += gap * gap;
          squares[k] += d[k] * d[k];
          farthest[k] += far * far;
          corner[k] += fabs(slope[k]) * h;
          reach[k] = far > length / 2 ? 1 : reach[k];
        }
      }
      double least[TK_BOX_LANES], tangent[TK_BOX_LANES], factor[TK_BOX_LANES];
      double largest[TK_BOX_LANES];
      SUFFIX(powers)(nearest, weight, exponent, least);
      SUFFIX(powers)(squares, weight, exponent, tangent);
      SUFFIX(powers)(farthest, weight, exponent, largest);
      SUFFIX(slope_factors)(squares, weight, exponent, factor);
      for (int32_t a = first; a < end; a++) {
        const double *middle = box + 3 * a * TK_BOX_LANES;
        const double *half = middle + TK_BOX_LANES, *slope = half + TK_BOX_LANES;
        SUFFIX(differences)(middle, point[a], cost->axis_lengths[a], d);
        EACH_LANE tangent[k] -= fabs(factor[k] * d[k] - slope[k]) * half[k];
      }
      EACH_LANE {
        double best = least[k] - corner[k];
        affine[k] += reach[k] == 0 && tangent[k] > best ? tangent[k] : best;
        constant[k] += least[k];
        size[k] += largest[k] * exponent + corner[k];
      }
    }
  }
  double unit = 4 * (axis + 16) * DBL_EPSILON;
  EACH_LANE {
    double low = affine[k] - intercept[k], other = constant[k] - greatest[k];
    double rounding = unit * (size[k] + fabs(intercept[k]) + fabs(greatest[k]));
    bounds[k] = (low > other ? low : other) - rounding;
  }
}

#undef EACH_LANE
