/*
 * kwass among the ranks of MPI: fills a kwass_group from a communicator.
 *
 *   MPI_Comm comm = MPI_COMM_WORLD;
 *   kwass_group group;
 *   kwass_options options;
 *   kwass_mpi_group(&group, &comm);
 *   kwass_options_init(&options, sizeof options);
 *   options.method = KWASS_SINKHORN;
 *   options.group = &group;
 *   kwass_distance(mu, nu, NULL, &options, &result); (in all ranks)
 *
 * Programs compile this header with their own MPI (mpicc, mpicxx); libkwass is linked with none. The library calls MPI on the
 * thread that calls it, so that MPI_THREAD_FUNNELED is enough. It does so by collective calls of the communicator:
 * give it one of its own (MPI_Comm_dup) where others of the same may be under way.
 */
#ifndef KWASS_MPI_H
#define KWASS_MPI_H

#include "kwass.h"

#include <limits.h>
#include <mpi.h>
#include <stdlib.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A kwass_share whose context points to a communicator. Returns 0, or the error code of MPI. */
static inline int32_t kwass_mpi_share(void *context, void *bytes, const int64_t *offsets) {
  MPI_Comm comm = *(MPI_Comm *)context;
  int count = 0, rank, failure = MPI_Comm_size(comm, &count);
  int *counts;
  if (failure != MPI_SUCCESS) return failure;
  /* MPI counts in an int; all ranks find the same here. */
  if (offsets[count] > INT_MAX) return MPI_ERR_COUNT;
  counts = (int *)malloc(2 * (size_t)count * sizeof *counts);
  if (counts == NULL) return MPI_ERR_NO_MEM;
  for (rank = 0; rank < count; rank++) {
    counts[rank] = (int)(offsets[rank + 1] - offsets[rank]);
    counts[count + rank] = (int)offsets[rank];
  }
  failure = MPI_Allgatherv(MPI_IN_PLACE, 0, MPI_DATATYPE_NULL, bytes, counts, counts + count, MPI_BYTE,
                           comm);
  free(counts);
  return failure;
}

/* The ranks of a communicator as a group. `*comm` must live, and the communicator with it, as long as calls use the
 * group. */
static inline int32_t kwass_mpi_group(kwass_group *group, MPI_Comm *comm) {
  int rank = 0, count = 0;
  int32_t status = kwass_group_init(group, sizeof *group);
  if (status != KWASS_OK) return status;
  if (MPI_Comm_rank(*comm, &rank) != MPI_SUCCESS || MPI_Comm_size(*comm, &count) != MPI_SUCCESS)
    return KWASS_ERROR_GROUP;
  group->rank = rank;
  group->count = count;
  group->context = comm;
  group->share = kwass_mpi_share;
  return KWASS_OK;
}

#ifdef __cplusplus
}
#endif

#endif /* KWASS_MPI_H */
