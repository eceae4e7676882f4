/// Masses to a periodic mesh and fields back to the particles, by B-splines.
#ifndef FLOW_KERNELS_MESH_SHAPES_H
#define FLOW_KERNELS_MESH_SHAPES_H

#include <stddef.h>
#include <stdint.h>

/// Each axis of the array of a mesh has this many places more than cells: place p stands for the cell
/// p - 1, periodically, so that the points next to a particle are neighbours in memory wherever it is.
#define FK_MESH_MARGIN 4

/// A periodic mesh in one to three dimensions. Place (i, j, k) of its arrays stands at
/// `(i * (cells[1] + FK_MESH_MARGIN) + j) * (cells[2] + FK_MESH_MARGIN) + k`, in fewer dimensions without
/// the axes that are not there.
typedef struct {
  int32_t dimension;
  /// The degree of the shape: 2 for quadratic splines (three points an axis), 3 for cubic (four).
  int32_t degree;
  int32_t cells[3];
  /// One over the length of each axis.
  double per_length[3];
} fk_mesh;

/// Adds the masses of the particles from `start` to `end` to the places of the mesh. Coordinate k of
/// particle i stands at `positions[k * stride + i]`, of any finite value.
void fk_mesh_deposit(const fk_mesh *mesh, const double *positions, ptrdiff_t stride,
                     const double *masses, ptrdiff_t start, ptrdiff_t end, double *density);

/// Writes the fields at the particles from `start` to `end`. Component k of the field of place
/// p stands at `fields[p * dimension + k]`, in the margins as well; that of particle i goes to `values[k * stride + i]`.
void fk_mesh_gather(const fk_mesh *mesh, const double *positions, ptrdiff_t stride,
                    ptrdiff_t start, ptrdiff_t end, const double *fields, double *values);

#endif
