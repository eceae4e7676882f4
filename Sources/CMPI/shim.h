// The calls to MPI that the program makes. What mpi.h states as macros, Swift does not see.
#ifndef CMPI_SHIM_H
#define CMPI_SHIM_H

#include <mpi.h>
#include <stdlib.h>

static void kwass_mpi_end(void) {
  int is_over = 0;
  MPI_Finalized(&is_over);
  if (!is_over) MPI_Finalize();
}

/// Joins the other ranks, of which all calls come from the main thread; leaves them where the process exits.
static inline int kwass_mpi_begin(int *rank, int *size) {
  int level = MPI_THREAD_SINGLE;
  int failure = MPI_Init_thread(NULL, NULL, MPI_THREAD_FUNNELED, &level);
  if (failure != MPI_SUCCESS) return failure;
  atexit(kwass_mpi_end);
  failure = MPI_Comm_rank(MPI_COMM_WORLD, rank);
  return failure != MPI_SUCCESS ? failure : MPI_Comm_size(MPI_COMM_WORLD, size);
}

/// Puts a number of each rank where all have it.
static inline int kwass_mpi_gather_counts(int count, int *counts) {
  return MPI_Allgather(&count, 1, MPI_INT, counts, 1, MPI_INT, MPI_COMM_WORLD);
}

/// Puts bytes of each rank where all have them, at the given offsets.
static inline int kwass_mpi_gather(
    const void *bytes, int count, void *all, const int *counts, const int *offsets) {
  return MPI_Allgatherv(
      bytes, count, MPI_BYTE, all, counts, offsets, MPI_BYTE, MPI_COMM_WORLD);
}

/// Ends all ranks.
static inline void kwass_mpi_abort(int status) { MPI_Abort(MPI_COMM_WORLD, status); }

#endif
