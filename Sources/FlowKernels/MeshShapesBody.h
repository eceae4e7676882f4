// The body of the mesh kernels. Included once for each instruction set, with SUFFIX(name) giving each copy
// its own names. No contraction to fused multiply-add: every copy gives the same bits.

#ifndef TK_MESH_ROW
#define TK_MESH_ROW
// Four neighbouring numbers of a row, wherever they stand.
typedef double tk_row __attribute__((vector_size(32), aligned(8), may_alias));
#endif

// The weights of the four mesh points from `first` on next to a place on one axis; for a shape of three
// points the last one is 0. `first` is counted from the point before the first cell, so it lies between 0
// and the number of cells.
ALWAYS_INLINE void SUFFIX(axis_weights)(int degree, double turns, int32_t cells, tk_row *weights,
                                int32_t *first) {
  double rest = turns - WHOLE_BELOW(turns);
  // A tiny negative number of turns leaves 1, which is the origin; what is no number is put there too.
  double turned = (rest < 1 ? rest : 0) * cells;
  if (degree == 2) {
    int32_t nearest = (int32_t)(turned + 0.5);
    double d = turned - nearest;
    *first = nearest;
    *weights =
        (tk_row){0.5 * (0.5 - d) * (0.5 - d), 0.75 - d * d, 0.5 * (0.5 + d) * (0.5 + d), 0};
    return;
  }
  int32_t below = (int32_t)turned;
  double d = turned - below, e = 1 - d;
  *first = below;
  *weights = (tk_row){e * e * e / 6, (4 - 6 * d * d + 3 * d * d * d) / 6,
                  (4 - 6 * e * e + 3 * e * e * e) / 6, d * d * d / 6};
}

// The body of both loops: the constants let the compiler unroll them.
ALWAYS_INLINE void SUFFIX(deposit_form)(int dimension, int degree, const fk_mesh *mesh,
                           const double *positions, ptrdiff_t stride, const double *masses,
                           ptrdiff_t start, ptrdiff_t end, double *density) {
  ptrdiff_t second_size = mesh->cells[1] + FK_MESH_MARGIN, third_size = mesh->cells[2] + FK_MESH_MARGIN;
  for (ptrdiff_t i = start; i < end; i++) {
    tk_row weights[3];
    int32_t first[3];
    for (int axis = 0; axis < dimension; axis++)
      SUFFIX(axis_weights)(degree, positions[axis * stride + i] * mesh->per_length[axis],
                   mesh->cells[axis], &weights[axis], &first[axis]);
    double mass = masses[i];
    if (dimension == 1) {
      *(tk_row *)(density + first[0]) += mass * weights[0];
      continue;
    }
    for (int a = 0; a <= degree; a++) {
      double left = mass * weights[0][a];
      ptrdiff_t row = (first[0] + a) * second_size + first[1];
      if (dimension == 2) {
        *(tk_row *)(density + row) += left * weights[1];
        continue;
      }
      for (int b = 0; b <= degree; b++)
        *(tk_row *)(density + (row + b) * third_size + first[2]) += left * weights[1][b] * weights[2];
    }
  }
}

ALWAYS_INLINE void SUFFIX(gather_form)(int dimension, int degree, const fk_mesh *mesh,
                          const double *positions, ptrdiff_t stride, ptrdiff_t start,
                          ptrdiff_t end, const double *fields, double *values) {
  ptrdiff_t second_size = mesh->cells[1] + FK_MESH_MARGIN, third_size = mesh->cells[2] + FK_MESH_MARGIN;
  for (ptrdiff_t i = start; i < end; i++) {
    tk_row weights[3];
    int32_t first[3];
    for (int axis = 0; axis < dimension; axis++)
      SUFFIX(axis_weights)(degree, positions[axis * stride + i] * mesh->per_length[axis],
                   mesh->cells[axis], &weights[axis], &first[axis]);
    if (dimension == 1) {
      tk_row sum = weights[0] * *(const tk_row *)(fields + first[0]);
      values[i] = (sum[0] + sum[1]) + (sum[2] + sum[3]);
      continue;
    }
    if (dimension == 2) {
      // Two components a point, four points a row.
      tk_row low = {0}, high = {0};
      for (int a = 0; a <= degree; a++) {
        const double *row = fields + ((first[0] + a) * second_size + first[1]) * 2;
        low += weights[0][a] * *(const tk_row *)row;
        high += weights[0][a] * *(const tk_row *)(row + 4);
      }
      tk_row w = weights[1];
      low *= __builtin_shufflevector(w, w, 0, 0, 1, 1);
      high *= __builtin_shufflevector(w, w, 2, 2, 3, 3);
      tk_row sum = low + high;
      values[i] = sum[0] + sum[2];
      values[stride + i] = sum[1] + sum[3];
      continue;
    }
    // Three components a point, four points a row: (xyzx)(yzxy)(zxyz).
    tk_row sums[3] = {{0}, {0}, {0}};
    for (int a = 0; a <= degree; a++) {
      for (int b = 0; b <= degree; b++) {
        double left = weights[0][a] * weights[1][b];
        ptrdiff_t row = ((first[0] + a) * second_size + first[1] + b) * third_size + first[2];
        for (int part = 0; part < 3; part++)
          sums[part] += left * *(const tk_row *)(fields + row * 3 + 4 * part);
      }
    }
    tk_row w = weights[2];
    sums[0] *= __builtin_shufflevector(w, w, 0, 0, 0, 1);
    sums[1] *= __builtin_shufflevector(w, w, 1, 1, 2, 2);
    sums[2] *= __builtin_shufflevector(w, w, 2, 3, 3, 3);
    values[i] = (sums[0][0] + sums[0][3]) + (sums[1][2] + sums[2][1]);
    values[stride + i] = (sums[0][1] + sums[1][0]) + (sums[1][3] + sums[2][2]);
    values[2 * stride + i] = (sums[0][2] + sums[1][1]) + (sums[2][0] + sums[2][3]);
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

static void SUFFIX(deposit)(const fk_mesh *mesh, const double *positions, ptrdiff_t stride,
                            const double *masses, ptrdiff_t start, ptrdiff_t end,
                            double *density) {
#define CALL(dimension, degree) \
  SUFFIX(deposit_form)(dimension, degree, mesh, positions, stride, masses, start, end, density)
  EACH_FORM(CALL)
#undef CALL
}

static void SUFFIX(gather)(const fk_mesh *mesh, const double *positions, ptrdiff_t stride,
                           ptrdiff_t start, ptrdiff_t end, const double *fields,
                           double *values) {
#define CALL(dimension, degree) \
  SUFFIX(gather_form)(dimension, degree, mesh, positions, stride, start, end, fields, values)
  EACH_FORM(CALL)
#undef CALL
}

#undef EACH_FORM
