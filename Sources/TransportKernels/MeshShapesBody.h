// The body of the mesh kernels. Included once for each instruction set, with SUFFIX(name) giving each copy
// its own names. No contraction to fused multiply-add: every copy gives the same bits.

// The weights of the degree + 1 mesh points next to a place on one axis, and the points.
ALWAYS_INLINE void SUFFIX(axis_weights)(int degree, double turns, int32_t cells, double *weights,
                                int32_t *points) {
  // Rounding to the nearest whole number without a library call; right below 2^51 turns.
  double rest = turns - ((turns + 0x1.8p52) - 0x1.8p52);
  rest = rest < 0 ? rest + 1 : rest;
  double turned = (rest < 1 ? rest : 0) * cells;
  int32_t first;
  if (degree == 2) {
    int32_t nearest = (int32_t)(turned + 0.5);
    double d = turned - nearest;
    weights[0] = 0.5 * (0.5 - d) * (0.5 - d);
    weights[1] = 0.75 - d * d;
    weights[2] = 0.5 * (0.5 + d) * (0.5 + d);
    first = nearest - 1;
  } else {
    int32_t below = (int32_t)turned;
    double d = turned - below, e = 1 - d;
    weights[0] = e * e * e / 6;
    weights[1] = (4 - 6 * d * d + 3 * d * d * d) / 6;
    weights[2] = (4 - 6 * e * e + 3 * e * e * e) / 6;
    weights[3] = d * d * d / 6;
    first = below - 1;
  }
  for (int m = 0; m <= degree; m++) {
    int32_t point = first + m;
    // Rounding may turn a place to the far end itself, so a point may be one turn too far.
    point = point < 0 ? point + cells : point;
    points[m] = point >= cells ? point - cells : point;
  }
}

// The body of both loops: the constants let the compiler unroll them.
ALWAYS_INLINE void SUFFIX(deposit_form)(int dimension, int degree, const tk_mesh *mesh,
                           const double *positions, ptrdiff_t stride, const double *masses,
                           ptrdiff_t start, ptrdiff_t end, double *density) {
  for (ptrdiff_t i = start; i < end; i++) {
    double weights[3][4];
    int32_t points[3][4];
    for (int axis = 0; axis < dimension; axis++)
      SUFFIX(axis_weights)(degree, positions[axis * stride + i] * mesh->per_length[axis],
                   mesh->cells[axis], weights[axis], points[axis]);
    double mass = masses[i];
    for (int a = 0; a <= degree; a++) {
      double first = mass * weights[0][a];
      if (dimension == 1) {
        density[points[0][a]] += first;
        continue;
      }
      for (int b = 0; b <= degree; b++) {
        double second = first * weights[1][b];
        ptrdiff_t row = (ptrdiff_t)points[0][a] * mesh->cells[1] + points[1][b];
        if (dimension == 2) {
          density[row] += second;
          continue;
        }
        for (int c = 0; c <= degree; c++)
          density[row * mesh->cells[2] + points[2][c]] += second * weights[2][c];
      }
    }
  }
}

ALWAYS_INLINE void SUFFIX(gather_form)(int dimension, int degree, const tk_mesh *mesh,
                          const double *positions, ptrdiff_t stride, ptrdiff_t start,
                          ptrdiff_t end, const double *fields, double *values) {
  for (ptrdiff_t i = start; i < end; i++) {
    double weights[3][4];
    int32_t points[3][4];
    for (int axis = 0; axis < dimension; axis++)
      SUFFIX(axis_weights)(degree, positions[axis * stride + i] * mesh->per_length[axis],
                   mesh->cells[axis], weights[axis], points[axis]);
    double sums[3] = {0, 0, 0};
    for (int a = 0; a <= degree; a++) {
      if (dimension == 1) {
        sums[0] += weights[0][a] * fields[points[0][a]];
        continue;
      }
      for (int b = 0; b <= degree; b++) {
        double second = weights[0][a] * weights[1][b];
        ptrdiff_t row = (ptrdiff_t)points[0][a] * mesh->cells[1] + points[1][b];
        if (dimension == 2) {
          for (int k = 0; k < 2; k++) sums[k] += second * fields[row * 2 + k];
          continue;
        }
        for (int c = 0; c <= degree; c++) {
          double third = second * weights[2][c];
          ptrdiff_t cell = row * mesh->cells[2] + points[2][c];
          for (int k = 0; k < 3; k++) sums[k] += third * fields[cell * 3 + k];
        }
      }
    }
    for (int k = 0; k < dimension; k++) values[k * stride + i] = sums[k];
  }
}

#define EACH_FORM(call)                                \
  switch (mesh->dimension * 2 + (mesh->degree == 3)) { \
    case 2: call(1, 2); return;                        \
    case 3: call(1, 3); return;                        \
    case 4: call(2, 2); return;                        \
    case 5: call(2, 3); return;                        \
    case 6: call(3, 2); return;                        \
    default: call(3, 3);                               \
  }

static void SUFFIX(deposit)(const tk_mesh *mesh, const double *positions, ptrdiff_t stride,
                            const double *masses, ptrdiff_t start, ptrdiff_t end,
                            double *density) {
#define CALL(dimension, degree) \
  SUFFIX(deposit_form)(dimension, degree, mesh, positions, stride, masses, start, end, density)
  EACH_FORM(CALL)
#undef CALL
}

static void SUFFIX(gather)(const tk_mesh *mesh, const double *positions, ptrdiff_t stride,
                           ptrdiff_t start, ptrdiff_t end, const double *fields,
                           double *values) {
#define CALL(dimension, degree) \
  SUFFIX(gather_form)(dimension, degree, mesh, positions, stride, start, end, fields, values)
  EACH_FORM(CALL)
#undef CALL
}

#undef EACH_FORM
